"""CDC PLACES county files, the wide form ("GIS friendly") and the long form, of every release since 2020."""

from collections import defaultdict

import duckdb

from healthsim.reference import gazetteer
from healthsim.reference.checking import Check, number
from healthsim.reference.file_kind import FileKind, Header, county_code
from healthsim.reference.official_csv import STAGED, quoted
from healthsim.reference.vocabulary import CONDITIONS

_INTERVAL = r"\(\s*[0-9.]+\s*,\s*[0-9.]+\s*\)"
_POINT = r"POINT \(-?[0-9.]+ -?[0-9.]+\)"
_YEARS_FROM_SURVEY_TO_RELEASE = 2
_OTHER_PLACES = (
    ("TractFIPS", "census tracts"),
    ("PlaceFIPS", "cities and towns"),
    ("ZCTA5", "ZIP code tabulation areas"),
)

_TABLE = """
    CREATE TABLE IF NOT EXISTS population.places_county (
        fips VARCHAR, release INTEGER, measure VARCHAR, value_type VARCHAR, value DOUBLE, low DOUBLE, high DOUBLE,
        population BIGINT
    )
"""


def _wide_measures(header: Header) -> list[str]:
    return [name.removesuffix("_CrudePrev") for name in header if name.endswith("_CrudePrev")]


def _wide_checks(header: Header) -> list[Check]:
    checks = [Check("TotalPopulation")]
    for measure in _wide_measures(header):
        for stem in ("Crude", "Adj"):
            checks += [Check(f"{measure}_{stem}Prev", high=100), Check(f"{measure}_{stem}95CI", pattern=_INTERVAL)]
    checks.append(Check("Geolocation", pattern=_POINT))
    return [check for check in checks if check.column in header]


def _wide_rows(header: Header) -> str:
    pieces = []
    for measure in _wide_measures(header):
        for stem, value_type in (("Crude", "crude"), ("Adj", "adjusted")):
            value, interval = f"{measure}_{stem}Prev", f"{measure}_{stem}95CI"
            if value not in header:
                continue
            bounds = [
                f"try_cast(regexp_extract({quoted(interval)}, '([0-9.]+)[^0-9.]+([0-9.]+)', {n}) AS DOUBLE)"
                for n in (1, 2)
            ]
            low, high = bounds if interval in header else ("NULL::DOUBLE", "NULL::DOUBLE")
            pieces.append(
                f"SELECT {_WIDE_PLACE} AS fips, '{measure}' AS measure, '{value_type}' AS value_type, "  # noqa: S608
                f"{number(value)} AS value, "
                f"{low} AS low, {high} AS high, {number('TotalPopulation')}::BIGINT AS population FROM {STAGED} "
                f"WHERE {number(value)} IS NOT NULL"
            )
    return " UNION ALL ".join(pieces)


def _long_checks(_header: Header) -> list[Check]:
    percent = [Check(name, high=100) for name in ("Data_Value", "Low_Confidence_Limit", "High_Confidence_Limit")]
    return [
        *percent,
        Check("TotalPopulation"),
        Check("Year", low=2011, high=2099),
        Check("DataValueTypeID", pattern="CrdPrv|AgeAdjPrv"),
    ]


def _long_rows(_header: Header) -> str:
    value_type = "CASE \"DataValueTypeID\" WHEN 'CrdPrv' THEN 'crude' ELSE 'adjusted' END"
    return (
        f'SELECT {_LONG_PLACE} AS fips, "MeasureId" AS measure, {value_type} AS value_type, '  # noqa: S608
        f"{number('Data_Value')} AS value, "
        f"{number('Low_Confidence_Limit')} AS low, {number('High_Confidence_Limit')} AS high, "
        f"{number('TotalPopulation')}::BIGINT AS population FROM {STAGED} WHERE {number('Data_Value')} IS NOT NULL"
    )


def _remarks(connection: duckdb.DuckDBPyConnection, rows: str) -> tuple[str, ...]:
    """Name the conditions that a release lacks, and the states without figures of some measures."""
    present = connection.execute(f"SELECT DISTINCT left(fips, 2), measure FROM {rows}").fetchall()  # noqa: S608
    measures = {measure for _, measure in present}
    by_state: dict[str, set[str]] = defaultdict(set)
    for state, measure in present:
        by_state[state].add(measure)
    absent = [name for name in CONDITIONS if name not in measures]
    remarks = [f"this release has no {', '.join(absent)}"] if absent else []
    for state, own in sorted(by_state.items()):
        lacking = sorted(measures - own)
        if state != gazetteer.NATION and lacking:
            remarks.append(f"{gazetteer.place_name(state)[0]}: the file has no {', '.join(lacking)}")
    return tuple(remarks)


_WIDE_PLACE = county_code("CountyFIPS")
_LONG_PLACE = f"CASE WHEN \"StateAbbr\" = 'US' THEN '00' ELSE {county_code('LocationID')} END"

PLACES_WIDE = FileKind(
    title="CDC PLACES county data, GIS-friendly form",
    table="places_county",
    create=_TABLE,
    columns=("CountyFIPS", "TotalPopulation"),
    place=_WIDE_PLACE,
    key=(_WIDE_PLACE,),
    checks=_wide_checks,
    rows=_wide_rows,
    measures=_wide_measures,
    other_places=_OTHER_PLACES,
    remarks=_remarks,
)

PLACES_LONG = FileKind(
    title="CDC PLACES county data, long form",
    table="places_county",
    create=_TABLE,
    columns=(
        *("Year", "StateAbbr", "LocationID", "MeasureId", "DataValueTypeID", "Data_Value", "TotalPopulation"),
        *("Low_Confidence_Limit", "High_Confidence_Limit"),
    ),
    place=_LONG_PLACE,
    key=(_LONG_PLACE, '"MeasureId"', '"DataValueTypeID"'),
    checks=_long_checks,
    rows=_long_rows,
    measures=lambda _header: ["Data_Value"],
    release=f"max({number('Year')})::INTEGER + {_YEARS_FROM_SURVEY_TO_RELEASE}",
    other_places=_OTHER_PLACES,
    remarks=_remarks,
)

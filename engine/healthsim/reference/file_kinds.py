"""The kinds of official files: what tells them apart, what they must hold, and the rows they become."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from healthsim.reference.checking import Check, number
from healthsim.reference.official_csv import STAGED, quoted

Header = Sequence[str]

_INTERVAL = r"\(\s*[0-9.]+\s*,\s*[0-9.]+\s*\)"
_POINT = r"POINT \(-?[0-9.]+ -?[0-9.]+\)"
_SVI_MISSING = -999
_SVI_COLUMN = re.compile(r"(E|EP|RPL)_\w+")
_YEARS_FROM_SURVEY_TO_RELEASE = 2
_AGES_YEAR = 2018
_AGE_BANDS = {"0-17": "{sex}_age0to17", "18-64": "{sex}_age18to64", "65+": "{sex}_age65plus", "85+": "{sex}_age85plusr"}
_SEXES = {"F": "Female", "M": "Male"}

PLACES_TABLE = """
    CREATE TABLE IF NOT EXISTS population.places_county (
        fips VARCHAR, release INTEGER, measure VARCHAR, value_type VARCHAR, value DOUBLE, low DOUBLE, high DOUBLE,
        population BIGINT
    )
"""
AGE_SEX_TABLE = """
    CREATE TABLE IF NOT EXISTS population.age_sex_county (
        fips VARCHAR, release INTEGER, age_band VARCHAR, sex VARCHAR, count BIGINT
    )
"""
SVI_TABLE = "CREATE TABLE IF NOT EXISTS population.svi_county (fips VARCHAR, release INTEGER)"


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of official file.

    Attributes:
        title: What it is, for messages.
        table: The table in schema `population` that its rows go to.
        create: SQL that makes the table where it is not there.
        columns: Columns that the header must hold; by them the kind is recognised.
        place: SQL of a row's place: five digits, `00` for the nation.
        key: SQL of what may come only once in a file.
        checks: Gives what the columns of a header must hold.
        rows: Gives the SQL of the table's rows, without their release.
        measures: Gives the columns with figures; a header without any is of no use.
        release: SQL of the release year over the staged rows, None where only the file's name can tell.
    """

    title: str
    table: str
    create: str
    columns: tuple[str, ...]
    place: str
    key: tuple[str, ...]
    checks: Callable[[Header], list[Check]]
    rows: Callable[[Header], str]
    measures: Callable[[Header], list[str]]
    release: str | None = None


def _padded(column: str) -> str:
    return f"lpad({quoted(column)}, greatest(5, length({quoted(column)}))::INTEGER, '0')"


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


def _svi_columns(header: Header) -> list[str]:
    return [name for name in header if _SVI_COLUMN.fullmatch(name)]


def _svi_checks(header: Header) -> list[Check]:
    limits = {"E": None, "EP": 100.0, "RPL": 1.0}
    return [Check(name, high=limits[name.partition("_")[0]], missing=_SVI_MISSING) for name in _svi_columns(header)]


def _svi_rows(header: Header) -> str:
    figures = ", ".join(f"{number(name, _SVI_MISSING)} AS {quoted(name)}" for name in _svi_columns(header))
    return f"SELECT {_SVI_PLACE} AS fips, {figures} FROM {STAGED}"  # noqa: S608 - names of the header, quoted


def _age_columns(_header: Header) -> list[str]:
    return [stem.format(sex=word) for stem in _AGE_BANDS.values() for word in _SEXES.values()]


def _age_rows(header: Header) -> str:
    pieces = []
    known = " AND ".join(f"{number(name)} IS NOT NULL" for name in _age_columns(header))
    for sex, word in _SEXES.items():
        counts = {band: number(stem.format(sex=word)) for band, stem in _AGE_BANDS.items()}
        counts["65-84"] = f"{counts.pop('65+')} - {counts['85+']}"
        pieces += [
            f"SELECT {_AGE_PLACE} AS fips, '{band}' AS age_band, '{sex}' AS sex, ({count})::BIGINT AS count "  # noqa: S608
            f"FROM {STAGED} WHERE {known}"
            for band, count in counts.items()
        ]
    return " UNION ALL ".join(pieces)


_WIDE_PLACE = _padded("CountyFIPS")
_LONG_PLACE = f"CASE WHEN \"StateAbbr\" = 'US' THEN '00' ELSE {_padded('LocationID')} END"
_SVI_PLACE = _padded("FIPS")
_AGE_PLACE = f"CASE WHEN \"id\" = '0' THEN '00' ELSE {_padded('id')} END"

FILE_KINDS = (
    FileKind(
        title="CDC PLACES county data, GIS-friendly form",
        table="places_county",
        create=PLACES_TABLE,
        columns=("CountyFIPS", "TotalPopulation"),
        place=_WIDE_PLACE,
        key=(_WIDE_PLACE,),
        checks=_wide_checks,
        rows=_wide_rows,
        measures=_wide_measures,
    ),
    FileKind(
        title="CDC PLACES county data, long form",
        table="places_county",
        create=PLACES_TABLE,
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
    ),
    FileKind(
        title="CDC/ATSDR SVI county data",
        table="svi_county",
        create=SVI_TABLE,
        columns=(
            "FIPS",
            "E_TOTPOP",
            "E_AGE65",
            "E_AGE17",
            "RPL_THEMES",
            "E_AFAM",
            "E_HISP",
            "E_ASIAN",
            "E_AIAN",
            "E_NHPI",
            "E_TWOMORE",
            "E_OTHERRACE",
        ),
        place=_SVI_PLACE,
        key=(_SVI_PLACE,),
        checks=_svi_checks,
        rows=_svi_rows,
        measures=_svi_columns,
    ),
    FileKind(
        title="county counts by age and sex, 2018",
        table="age_sex_county",
        create=AGE_SEX_TABLE,
        columns=("id", "geography", *_age_columns(())),
        place=_AGE_PLACE,
        key=(_AGE_PLACE,),
        checks=lambda header: [Check(name) for name in _age_columns(header)],
        rows=_age_rows,
        measures=_age_columns,
        release=str(_AGES_YEAR),
    ),
)

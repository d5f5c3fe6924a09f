"""The Census Bureau's annual county estimates by age, sex, race and Hispanic origin, as it publishes them: CC-EST."""

import duckdb

from healthsim.reference.age_sex_files import AGE_SEX_TABLE, GROUP_STEMS, RACE_SEX_TABLE, SEX_WORDS
from healthsim.reference.checking import Check, number
from healthsim.reference.file_kind import FileKind, Header, Target
from healthsim.reference.official_csv import STAGED

_ALL_AGES, _OLDEST = 0, 18
_GROUPS_OF_AGE = _OLDEST + 1
"""Rows of a county and year: all ages, then five years of age each, 85 and over the last."""

_TEENAGERS = 4
"""The group 15 to 19, which is divided at 18."""

_BANDS = {"0-17": (1, 3), "18-64": (5, 13), "65-84": (14, 17), "85+": (_OLDEST, _OLDEST)}
_OF_TEENAGERS = {"0-17": 0.6, "18-64": 0.4}
"""Three of their five years, taken as equally many: 12.5 of 21.0 million in the nation's estimates of 2019."""

_PLACE = "lpad(\"STATE\", 2, '0') || lpad(\"COUNTY\", 3, '0')"
_AGE = f"{number('AGEGRP')}::INTEGER"
_LATEST = (
    f"WITH latest AS MATERIALIZED (SELECT *, {_PLACE} AS place, {_AGE} AS age FROM {STAGED} "  # noqa: S608 - our own names
    f"WHERE {number('YEAR')} = (SELECT max({number('YEAR')}) FROM {STAGED})) "
)
_WHOLE = f"HAVING count(*) = {_GROUPS_OF_AGE}"


def _columns() -> list[str]:
    return [_column(stem, sex) for stem in ("TOT", *GROUP_STEMS.values()) for sex in SEX_WORDS]


def _column(stem: str, sex: str) -> str:
    return f"{stem}_{SEX_WORDS[sex].upper()}"


def _checks(_header: Header) -> list[Check]:
    ages = [Check("YEAR", low=1, high=99), Check("AGEGRP", high=_OLDEST)]
    return [*ages, *(Check(name, is_needed=True) for name in _columns())]


def _age_rows(_header: Header) -> str:
    return _LATEST + " UNION ALL ".join(
        f"SELECT place AS fips, '{band}' AS age_band, '{sex}' AS sex, "  # noqa: S608 - our own names
        f"round(sum({number(_column('TOT', sex))} * {_share(band)}))::BIGINT AS count "
        f"FROM latest GROUP BY place {_WHOLE}"
        for band in _BANDS
        for sex in SEX_WORDS
    )


def _share(band: str) -> str:
    """Give SQL of the share of a row's people who are of a band."""
    first, last = _BANDS[band]
    teenagers = _OF_TEENAGERS.get(band, 0.0)
    return f"CASE WHEN age BETWEEN {first} AND {last} THEN 1.0 WHEN age = {_TEENAGERS} THEN {teenagers} ELSE 0.0 END"


def _race_rows(_header: Header) -> str:
    return _LATEST + " UNION ALL ".join(
        f"SELECT place AS fips, '{group}' AS race, '{sex}' AS sex, "  # noqa: S608 - our own names
        f"max({number(_column(stem, sex))}) FILTER (age = {_ALL_AGES})::BIGINT AS count "
        f"FROM latest GROUP BY place {_WHOLE}"
        for group, stem in GROUP_STEMS.items()
        for sex in SEX_WORDS
    )


def _remarks(connection: duckdb.DuckDBPyConnection, rows: str) -> tuple[str, ...]:
    """Say how many counties were left out because their ages are not all there."""
    (counted,) = connection.execute(
        f"SELECT count(DISTINCT {_PLACE}) - (SELECT count(DISTINCT fips) FROM {rows}) FROM {STAGED} "  # noqa: S608
        f"WHERE {_PLACE} IN (SELECT code FROM reference_places)"
    ).fetchall()
    return (f"{counted[0]} counties left out: their ages are not all there in the latest year",) if counted[0] else ()


CENSUS = FileKind(
    title="Census county estimates by age, sex, race and Hispanic origin",
    table="age_sex_county",
    create=AGE_SEX_TABLE,
    columns=("SUMLEV", "STATE", "COUNTY", "YEAR", "AGEGRP", *_columns()),
    place=_PLACE,
    key=(_PLACE, '"YEAR"', '"AGEGRP"'),
    checks=_checks,
    rows=_age_rows,
    measures=lambda _header: _columns(),
    more=(Target("race_sex_county", RACE_SEX_TABLE, _race_rows),),
    remarks=_remarks,
)

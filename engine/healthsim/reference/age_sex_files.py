"""County counts by age and sex, and by race, Hispanic origin and sex: the Census Bureau's estimates of 2018."""

from healthsim.reference.checking import Check, number
from healthsim.reference.file_kind import FileKind, Header, Target, county_code
from healthsim.reference.official_csv import STAGED

_YEAR = 2018
SEX_WORDS = {"F": "Female", "M": "Male"}
_AGE_BANDS = {"0-17": "{sex}_age0to17", "18-64": "{sex}_age18to64", "65+": "{sex}_age65plus", "85+": "{sex}_age85plusr"}
GROUP_STEMS = {
    "white": "NHWA",
    "black": "NHBA",
    "asian": "NHAA",
    "aian": "NHIA",
    "nhpi": "NHNA",
    "two_or_more": "NHTOM",
    "hispanic": "H",
}
"""Groups by the Census Bureau's stems: not Hispanic (NH) of one race alone (A) or of two and more (TOM), and Hispanic.
Its estimates know no other race."""

AGE_SEX_TABLE = """
    CREATE TABLE IF NOT EXISTS population.age_sex_county (
        fips VARCHAR, release INTEGER, age_band VARCHAR, sex VARCHAR, count BIGINT
    )
"""
RACE_SEX_TABLE = """
    CREATE TABLE IF NOT EXISTS population.race_sex_county (
        fips VARCHAR, release INTEGER, race VARCHAR, sex VARCHAR, count BIGINT
    )
"""


def _age_columns(_header: Header) -> list[str]:
    return [stem.format(sex=word) for stem in _AGE_BANDS.values() for word in SEX_WORDS.values()]


def _race_columns(header: Header) -> list[str]:
    """Give the columns by race and sex, none where the header lacks some."""
    wanted = [_race_column(group, sex) for group in GROUP_STEMS for sex in SEX_WORDS]
    return wanted if set(wanted) <= set(header) else []


def _race_column(group: str, sex: str) -> str:
    return f"{GROUP_STEMS[group]}_{SEX_WORDS[sex].upper()}"


def _checks(header: Header) -> list[Check]:
    return [Check(name) for name in (*_age_columns(header), *_race_columns(header))]


def _age_rows(header: Header) -> str:
    pieces = []
    known = _known(_age_columns(header))
    for sex, word in SEX_WORDS.items():
        counts = {band: number(stem.format(sex=word)) for band, stem in _AGE_BANDS.items()}
        counts["65-84"] = f"{counts.pop('65+')} - {counts['85+']}"
        pieces += [
            f"SELECT {_PLACE} AS fips, '{band}' AS age_band, '{sex}' AS sex, ({count})::BIGINT AS count "  # noqa: S608
            f"FROM {STAGED} WHERE {known}"
            for band, count in counts.items()
        ]
    return " UNION ALL ".join(pieces)


def _race_rows(header: Header) -> str | None:
    columns = _race_columns(header)
    if not columns:
        return None
    return " UNION ALL ".join(
        f"SELECT {_PLACE} AS fips, '{group}' AS race, '{sex}' AS sex, "  # noqa: S608 - our own names
        f"{number(_race_column(group, sex))}::BIGINT AS count FROM {STAGED} WHERE {_known(columns)}"
        for group in GROUP_STEMS
        for sex in SEX_WORDS
    )


def _known(columns: list[str]) -> str:
    return " AND ".join(f"{number(name)} IS NOT NULL" for name in columns)


_PLACE = f"CASE WHEN \"id\" = '0' THEN '00' ELSE {county_code('id')} END"

AGE_SEX = FileKind(
    title="county counts by age and sex, 2018",
    table="age_sex_county",
    create=AGE_SEX_TABLE,
    columns=("id", "geography", *_age_columns(())),
    place=_PLACE,
    key=(_PLACE,),
    checks=_checks,
    rows=_age_rows,
    measures=_age_columns,
    release=str(_YEAR),
    more=(Target("race_sex_county", RACE_SEX_TABLE, _race_rows),),
)

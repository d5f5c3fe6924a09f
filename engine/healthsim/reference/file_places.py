"""The places a file is about: counties, codes that changed since, and those of other places, which are not kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import duckdb

from healthsim.errors import Problem, rendered
from healthsim.reference import gazetteer
from healthsim.reference.official_csv import STAGED
from healthsim.reference.starter import read_table

KNOWN = "reference_places"
"""Temporary table of the codes in a file that are kept, and the county of today that each is."""

_SHOWN = 20
_NEEDED_SHARE_OF_COUNTIES = 0.5
_STATE_TOTAL = "000"
_LENGTHS = {7: "cities and towns", 10: "census tracts", 11: "census tracts", 12: "block groups"}
_TERRITORIES = {
    "60": "American Samoa",
    "66": "Guam",
    "69": "the Northern Mariana Islands",
    "72": "Puerto Rico",
    "78": "the Virgin Islands",
}
_CONNECTICUT = "09"
_NAMED = 5


@dataclass(frozen=True, slots=True)
class _FormerCounty:
    """A county that is no more.

    Attributes:
        name: Its name.
        change: `renamed`, with a new code for the same land; `divided`; or `joined` to another.
        became: Codes of the counties that its land is in.
    """

    name: str
    change: str
    became: tuple[str, ...]


def place_problems(connection: duckdb.DuckDBPyConnection, place: str) -> list[Problem]:
    """Complain of codes that are none, and of a file that is about other places than counties.

    Args:
        connection: Where the rows are staged.
        place: SQL of the code of a row.
    """
    other = _other_places(_codes(connection, place))
    if other is not None:
        return [other]
    rows = connection.execute(
        f"SELECT line, {place} FROM {STAGED} WHERE NOT coalesce(regexp_full_match({place}, '[0-9]{{5}}|00'), false) "  # noqa: S608
        f"ORDER BY line LIMIT {_SHOWN + 1}"
    ).fetchall()
    return [Problem(f"line {line}", "not a county's FIPS code", rendered(code)) for line, code in rows]


def other_places_problem(places: str) -> Problem:
    """Say that a file is about other places."""
    return Problem("$", f"the file is of {places}", hint="the county file of the same release is wanted")


def keep_places(connection: duckdb.DuckDBPyConnection, place: str) -> tuple[str, ...]:
    """Put the codes that are kept, each with the county of today that it is, into the temporary table.

    Args:
        connection: Where the rows are staged; their codes have no problems.
        place: SQL of the code of a row.

    Returns:
        What is left out, a sentence each.
    """
    codes = _codes(connection, place)
    own = {code: code for code in codes if code == gazetteer.NATION or code in gazetteer.counties()}
    renamed = {
        old: former.became[0]
        for old, former in _former().items()
        if old in codes and former.change == "renamed" and former.became[0] not in own
    }
    kept = {**own, **renamed}
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {KNOWN} (code VARCHAR, fips VARCHAR)")
    connection.execute(
        f"INSERT INTO {KNOWN} SELECT unnest($codes), unnest($counties)",
        {"codes": list(kept), "counties": list(kept.values())},
    )
    return (*_notes(code for code in codes if code not in kept), *_connecticut(codes))


def _codes(connection: duckdb.DuckDBPyConnection, place: str) -> list[str]:
    rows = connection.execute(f"SELECT DISTINCT {place} AS code FROM {STAGED} ORDER BY code").fetchall()  # noqa: S608
    return [code for (code,) in rows if code is not None]


def _other_places(codes: Sequence[str]) -> Problem | None:
    """Tell a file of other places by the length of its codes, or by how few are those of counties."""
    lengths = [len(code) for code in codes]
    for length, places in _LENGTHS.items():
        if lengths.count(length) > _NEEDED_SHARE_OF_COUNTIES * len(codes):
            return other_places_problem(places)
    local = [code for code in codes if not code.endswith(_STATE_TOTAL) and code != gazetteer.NATION]
    territories = sorted({code[:2] for code in local if code[:2] in _TERRITORIES})
    if local and all(code[:2] in territories for code in local):
        return other_places_problem(" and ".join(_TERRITORIES[digits] for digits in territories))
    known = sum(code in gazetteer.counties() or code in _former() for code in local)
    if known < _NEEDED_SHARE_OF_COUNTIES * len(local):
        hint = "use the file of counties, not of tracts, places or ZIP codes"
        return Problem("$", f"only {known} of {len(local)} codes are those of counties", hint=hint)
    return None


def _notes(left_out: Iterable[str]) -> list[str]:
    notes, territories, unknown = [], [], []
    for code in left_out:
        if code in _former():
            former = _former()[code]
            heirs = " and ".join(gazetteer.place_name(fips)[0] for fips in former.became)
            notes.append(f"{code} {former.name}: left out, it is no county any more; its land is now that of {heirs}")
        elif code[:2] in _TERRITORIES:
            territories.append(_TERRITORIES[code[:2]])
        elif not code.endswith(_STATE_TOTAL):
            unknown.append(code)
    notes += [f"{name}: left out, there are no people of territories" for name in dict.fromkeys(territories)]
    if unknown:
        more = f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else ""
        notes.append(f"{', '.join(unknown[:_NAMED])}{more}: left out, no county has this code")
    return notes


def _connecticut(codes: Sequence[str]) -> list[str]:
    """Say what a file by planning regions means for Connecticut's counties, where people are made to live."""
    of_state = [code for code in codes if code.startswith(_CONNECTICUT) and code in gazetteer.counties()]
    if not of_state or any(gazetteer.counties()[code].is_current for code in of_state):
        return []
    return ["Connecticut: by planning region; its counties until 2022 take another release's figures or the state's"]


@cache
def _former() -> Mapping[str, _FormerCounty]:
    """Give the counties that are no more, by their codes."""
    return {
        row["fips"]: _FormerCounty(row["name"], row["change"], tuple(row["became"].split(";")))
        for row in read_table("former_counties.csv")
    }

"""The nation, the states and the counties: their codes and names, and how to find one."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from healthsim.errors import InvalidInputError, NotFoundError, Problem, rendered
from healthsim.reference.starter import read_table

NATION = "00"
COUNTY_DIGITS = 5

_STATE_DIGITS = 2
_SUFFIXES = (
    "city and borough",
    "census area",
    "planning region",
    "municipality",
    "borough",
    "county",
    "parish",
)
_PREFIXES = ("city and borough of", "municipality of")
_SAME_WORDS = {"saint": "st", "sainte": "ste"}


@dataclass(frozen=True, slots=True)
class County:
    """A county, or what counts as one: a parish, a borough, an independent city, a planning region.

    Attributes:
        fips: Five digits.
        name: Name without its kind, such as `Harris`.
        full_name: Name with its kind, such as `Harris County`.
        state: The state's two letters.
        state_name: The state's name.
        population: People, after CDC PLACES 2022.
        is_current: Whether it is one of the counties that make up the nation in the package's tables; Connecticut's
            planning regions overlap its counties and are not.
        latitude: Degrees north of its centre, None where unknown.
        longitude: Degrees east of its centre, None where unknown.
    """

    fips: str
    name: str
    full_name: str
    state: str
    state_name: str
    population: int
    is_current: bool
    latitude: float | None
    longitude: float | None


@cache
def counties() -> Mapping[str, County]:
    """Give every county by its FIPS code, in the order of codes within each kind."""
    return {row["fips"]: _county(row) for row in read_table("gazetteer.csv")}


@cache
def states() -> Mapping[str, tuple[str, str]]:
    """Give the two letters and the name of every state by its two digits."""
    return {fips[:_STATE_DIGITS]: (county.state, county.state_name) for fips, county in sorted(counties().items())}


def place_name(fips: str) -> tuple[str, str]:
    """Give the full name and the state's letters of the nation, a state or a county."""
    if fips == NATION:
        return "United States", "US"
    if len(fips) == _STATE_DIGITS:
        letters, name = states()[fips]
        return name, letters
    county = counties()[fips]
    return county.full_name, county.state


def state_fips(state: str | int, *, path: str = "$.state") -> str:
    """Give the two digits of a state named by its letters, name or code.

    Raises:
        NotFoundError: No state answers to it.
    """
    given = _written(state)
    wanted = given.strip().casefold()
    for digits, (letters, name) in states().items():
        if wanted in {letters.casefold(), name.casefold(), digits, digits.lstrip("0")}:
            return digits
    raise NotFoundError("state", given, _state_names(wanted), path=path)


def county_fips(fips: str | int, *, path: str = "$.fips") -> str:
    """Give a county's five digits from a code that may be a number or lack its leading zero.

    Raises:
        NotFoundError: No county has the code.
    """
    given = _written(fips)
    code = given.strip().zfill(COUNTY_DIGITS)
    if code not in counties():
        raise NotFoundError("county FIPS code", given, counties(), path=path, nearest=_codes_named(given) or None)
    return code


def _written(value: object) -> str:
    """Write what was received for a name or code."""
    return value if isinstance(value, str) else rendered(value)


def _codes_named(name: str) -> list[str]:
    """Give the codes, with their places, of up to three counties of a name such as `Cook` or `Cook, IL`, by size."""
    bare, _, letters = name.partition(",")
    found = [counties()[fips] for fips in _by_name().get(_folded(bare), ())]
    of_state = [county for county in found if county.state == letters.strip().upper()]
    largest = sorted(of_state or found, key=lambda county: -county.population)
    return [f"{county.fips} ({county.full_name}, {county.state})" for county in largest[:3]]


def county_named(name: str, state: str | int | None = None, *, path: str = "$.name") -> County:
    """Find a county by its name, with or without its kind.

    Args:
        name: Such as `Harris`, `Harris County` or `Harris, TX`.
        state: The state's letters, name or code; None where the name is unique in the nation.
        path: JSON path of the name, for errors.

    Raises:
        NotFoundError: No county, or no state, answers to it.
        InvalidInputError: Several states have a county of this name.
    """
    bare, _, letters = name.partition(",")
    state = letters.strip() or None if state is None else state
    within = state_fips(state) if state is not None else ""
    found = [fips for fips in _by_name().get(_folded(bare), ()) if fips.startswith(within)]
    exact = [fips for fips in found if _words(counties()[fips].name) == _words(bare)]
    found = exact if len(found) > 1 and exact else found
    if not found:
        among = (county for fips, county in counties().items() if fips.startswith(within))
        raise NotFoundError("county", name, sorted({county.name for county in among}), path=path)
    if len(found) > 1:
        places = ", ".join(f"{counties()[fips].full_name}, {counties()[fips].state} ({fips})" for fips in found[:4])
        hint = f"name the state, or use the FIPS code: {places}{', …' if len(found) > 4 else ''}"  # noqa: PLR2004 - as above
        raise InvalidInputError([Problem(path, f"{len(found)} counties have this name", rendered(name), hint)])
    return counties()[found[0]]


def current_counties(within: str = "") -> list[str]:
    """Give the codes of the counties that make up the nation or, given its digits, a state."""
    return [fips for fips, county in counties().items() if county.is_current and fips.startswith(within)]


def list_counties() -> list[dict[str, str | int]]:
    """List the counties of the nation with `fips`, `name`, `state` and `population`, the largest first."""
    current = sorted((counties()[fips] for fips in current_counties()), key=lambda county: -county.population)
    return [
        {"fips": each.fips, "name": each.full_name, "state": each.state, "population": each.population}
        for each in current
    ]


def fips_by_name(names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Match county names as other sources write them to FIPS codes; what has no match is left out.

    Args:
        names: Pairs of a state's letters and a county's name with its kind.
    """
    by_full_name: dict[tuple[str, str], str] = {}
    for fips, county in counties().items():
        if county.is_current:
            by_full_name[county.state, _words(county.full_name)] = fips
    by_bare_name = {
        (counties()[fips].state, key): fips for key, found in _by_name().items() for fips in reversed(found)
    }
    matched: dict[tuple[str, str], str] = {}
    for state, name in names:
        found = by_full_name.get((state, _words(name))) or by_bare_name.get((state, _folded(name)))
        if found:
            matched[state, name] = found
    return matched


@cache
def _by_name() -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for fips, county in counties().items():
        for key in dict.fromkeys((_folded(county.full_name), _folded(county.name))):
            found[key].append(fips)
    return found


def _folded(name: str) -> str:
    """Reduce a name to what identifies it: no case, no punctuation or spaces, no kind, `Saint` as `St`."""
    words = _words(name)
    for prefix in _PREFIXES:
        words = words.removeprefix(f"{prefix} ")
    for suffix in _SUFFIXES:
        words = words.removesuffix(f" {suffix}")
    return words.replace(" ", "")


def _words(name: str) -> str:
    words = re.sub(r"[^a-z ]", "", name.casefold().replace("-", " ").replace("ñ", "n").replace("?", "n"))
    for long, short in _SAME_WORDS.items():
        words = re.sub(rf"\b{long}\b", short, words)
    return " ".join(words.split())


def _state_names(wanted: str) -> list[str]:
    """Give the letters to compare short names with, the full names to compare longer ones with."""
    letters = len(wanted) <= _STATE_DIGITS
    return [pair[0] if letters else pair[1] for pair in states().values()]


def _county(row: Mapping[str, str]) -> County:
    return County(
        fips=row["fips"],
        name=row["name"],
        full_name=row["full_name"],
        state=row["state"],
        state_name=row["state_name"],
        population=int(row["population"]),
        is_current=row["kind"] == "county",
        latitude=float(row["latitude"]) if row["latitude"] else None,
        longitude=float(row["longitude"]) if row["longitude"] else None,
    )

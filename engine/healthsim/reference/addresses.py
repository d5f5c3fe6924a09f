"""Where people of a county can live: its ZIP codes with their cities, and names of streets."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import TypedDict

import numpy as np
import zipcodes
from numpy.typing import NDArray

from healthsim.reference import gazetteer
from healthsim.reference.gazetteer import County
from healthsim.reference.starter import read_table

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_HOMES = "STANDARD"
_BOXES = "PO BOX"


class _Zip(TypedDict):
    """What the `zipcodes` package says of a ZIP code, as far as it is used here."""

    zip_code: str
    zip_code_type: str
    active: bool
    city: str
    state: str
    county: str
    lat: str
    long: str
    area_codes: list[str]


@dataclass(frozen=True, slots=True)
class ZipTable:
    """The ZIP codes of some counties.

    Attributes:
        counties: The counties' codes, as asked.
        zips: ZIP codes in order, each once.
        cities: Names of cities in order, each once.
        zip_city: Index of each ZIP code's city, shape `(zips,)`.
        area_codes: Telephone area code of each ZIP code, the first where it has several, shape `(zips,)`.
        latitude: Degrees north of each ZIP code, shape `(zips,)`.
        longitude: Degrees east of each ZIP code, shape `(zips,)`.
        members: Indices of ZIP codes, county after county.
        offsets: Shape `(counties + 1,)`: the ZIP codes of county `i` are `members[offsets[i]:offsets[i + 1]]`, never
            none.
        notes: Counties that have no ZIP code with homes of their own, and what stands in.
    """

    counties: tuple[str, ...]
    zips: tuple[str, ...]
    cities: tuple[str, ...]
    zip_city: Ints
    area_codes: Ints
    latitude: Floats
    longitude: Floats
    members: Ints
    offsets: Ints
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ZipPlace:
    """Where a ZIP code is.

    Attributes:
        county_fips: Code of its county.
        latitude: Degrees north.
        longitude: Degrees east.
    """

    county_fips: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class StreetNames:
    """Parts of a street's name.

    Attributes:
        names: Such as `Oak`.
        suffixes: Such as `Street`.
        suffix_weights: Shares of the suffixes, shape `(suffixes,)`, summing to 1.
    """

    names: tuple[str, ...]
    suffixes: tuple[str, ...]
    suffix_weights: Floats


def zip_table(county_fips: Sequence[str]) -> ZipTable:
    """Give the ZIP codes of some counties.

    A county has the active ZIP codes with homes that the `zipcodes` package places in it. Where there are none, its
    post office boxes stand in, and where there are none of those either, the ZIP codes of its state's nearest county.

    Args:
        county_fips: Codes of five digits.

    Raises:
        NotFoundError: A code is not that of a county.
    """
    codes = tuple(gazetteer.county_fips(code, path=f"$[{index}]") for index, code in enumerate(county_fips))
    chosen = [_zips_of(code) for code in codes]
    records = {record["zip_code"]: record for found, _ in chosen for record in found}
    zips = tuple(sorted(records))
    cities = tuple(sorted({record["city"] for record in records.values()}))
    zip_index, city_index = _positions(zips), _positions(cities)
    return ZipTable(
        counties=codes,
        zips=zips,
        cities=cities,
        zip_city=np.array([city_index[records[code]["city"]] for code in zips], dtype=np.int64),
        area_codes=np.array([_area_code(records[code]) for code in zips], dtype=np.int64),
        latitude=np.array([float(records[code]["lat"]) for code in zips]),
        longitude=np.array([float(records[code]["long"]) for code in zips]),
        members=np.array([zip_index[record["zip_code"]] for found, _ in chosen for record in found], dtype=np.int64),
        offsets=np.array([0, *accumulate(len(found) for found, _ in chosen)], dtype=np.int64),
        notes=tuple(note for _, note in chosen if note),
    )


@cache
def zip_places() -> Mapping[str, ZipPlace]:
    """Give where every active ZIP code is, those of post office boxes and single organisations too."""
    return {
        record["zip_code"]: ZipPlace(fips, float(record["lat"]), float(record["long"]))
        for fips, found in _by_county().items()
        for record in found
    }


@cache
def street_names() -> StreetNames:
    """Give names of streets."""
    table = read_table("street_names.csv")
    suffixes = [row for row in table if row["kind"] == "suffix"]
    weights = np.array([float(row["weight"]) for row in suffixes])
    names = tuple(row["text"] for row in table if row["kind"] == "name")
    return StreetNames(names, tuple(row["text"] for row in suffixes), weights / weights.sum())


def _zips_of(fips: str) -> tuple[list[_Zip], str]:
    """Give a county's ZIP codes, and a note where others stand in."""
    own = _own_zips(fips)
    if own:
        boxes = own[0]["zip_code_type"] != _HOMES
        return own, f"{fips}: no ZIP code with homes; post office boxes stand in" if boxes else ""
    county = gazetteer.counties()[fips]
    nearest = _nearest_with_zips(county)
    return _own_zips(nearest.fips), f"{fips}: no ZIP code of its own; those of {nearest.full_name} stand in"


def _own_zips(fips: str) -> list[_Zip]:
    found = _by_county().get(fips, [])
    for kind in (_HOMES, _BOXES):
        of_kind = [record for record in found if record["zip_code_type"] == kind]
        if of_kind:
            return of_kind
    return found


def _nearest_with_zips(county: County) -> County:
    """Give the nearest county of the same state that has ZIP codes; for one without coordinates, the most populous."""
    digits = county.fips[:2]
    others = [gazetteer.counties()[fips] for fips in gazetteer.current_counties(digits) if fips in _by_county()]
    if county.latitude is None:
        return max(others, key=lambda other: other.population)
    return min(others, key=lambda other: _distance(county, other))


def _distance(one: County, other: County) -> float:
    """Give the squared distance in degrees, good enough to tell which neighbour is nearer."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return np.inf
    narrowing = np.cos(np.radians(one.latitude))
    return float((one.latitude - other.latitude) ** 2 + (narrowing * (one.longitude - other.longitude)) ** 2)


def _area_code(record: _Zip) -> int:
    """Give the first area code of a ZIP code, its state's most common one where it has none."""
    return int(record["area_codes"][0]) if record["area_codes"] else _common_area_codes()[record["state"]]


@cache
def _common_area_codes() -> Mapping[str, int]:
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for record in _active():
        counted[record["state"]].update(record["area_codes"][:1])
    return {state: int(counts.most_common(1)[0][0]) for state, counts in counted.items()}


@cache
def _by_county() -> Mapping[str, list[_Zip]]:
    """Sort the ZIP codes by county."""
    active = _active()
    matched = gazetteer.fips_by_name({(record["state"], record["county"]) for record in active})
    found: dict[str, list[_Zip]] = defaultdict(list)
    for record in active:
        fips = matched.get((record["state"], record["county"]))
        if fips:
            found[fips].append(record)
    return found


@cache
def _active() -> list[_Zip]:
    letters = {county.state for county in gazetteer.counties().values()}
    records = _listed()
    kept = [record for record in records if record["active"] and record["county"] and record["state"] in letters]
    return sorted(kept, key=lambda record: record["zip_code"])


def _listed() -> list[_Zip]:
    listed: list[_Zip] = zipcodes.list_all()  # type: ignore[no-untyped-call]  # the package has no types
    return listed


def _positions(names: Sequence[str]) -> dict[str, int]:
    return {name: index for index, name in enumerate(names)}

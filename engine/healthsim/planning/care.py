"""Who cares for people: for each ZIP code the providers to draw from, and the hospitals by distance and beds."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from healthsim.errors import InvalidProfileError, Problem
from healthsim.planning.care_plan import HOSPITALS, CarePlan, Near, Pool
from healthsim.planning.places import Residence
from healthsim.planning.plan import AddressPlan, Floats, Ints
from healthsim.planning.significance import rounded
from healthsim.randomness import CategoryTable
from healthsim.reference import gazetteer
from healthsim.reference.network import (
    STARTER_SOURCE,
    Calling,
    Directory,
    callings,
    facility_ids,
    hospital_beds,
    provider_npis,
    specialty_named,
    starter_hospitals,
    starter_providers,
)
from healthsim.spec import NetworkReference, NetworkRequest, Profile

_ADULTS = ("family_medicine", "internal_medicine")
_CHILDREN = ("family_medicine", "pediatrics")
_PRIMARY_CARE = ("family_medicine", "internal_medicine", "pediatrics")
_EARTH_KM = 6371.0
_AT_HOME_KM = 1.0

Level = tuple[Ints, Ints]
"""An area of each provider, -1 for none, and of each ZIP code."""


def planned_care(profile: Profile, home: Residence, address: AddressPlan) -> CarePlan | None:
    """Plan who cares for people: near home, where they live in a place of the data; else where the profile asks.

    Args:
        profile: What was asked; `care_problems` found nothing wrong with it.
        home: Where people live.
        address: Their ZIP codes.

    Raises:
        InvalidProfileError: Nobody and nothing in the directory is as asked.
    """
    if not (home.is_local or profile.providers or profile.facilities):
        return None
    asked = profile.providers or NetworkRequest()
    place = asked.reference or NetworkReference()
    counties = _counties(place, home.counties)
    primary = [callings()[name] for name in _PRIMARY_CARE]
    specialist = [specialty_named(place.specialty)] if place.specialty else []
    # A specialty is asked for besides primary care; without one the place is that of primary care.
    pool = _pool(starter_providers(home.counties if specialist else counties, primary), primary)
    pools = [pool, *([_pool(starter_providers(counties, specialist), specialist)] if specialist else [])]
    is_local = asked.assignment == "nearest"
    zips = _zip_areas(address, home)

    def served(which: int, names: Sequence[str], city: str | None) -> Near:
        listed, does = pools[which].directory, pools[which].callings
        rows = np.isin(listed.calling, [place for place, calling in enumerate(does) if calling.name in names])
        found = near(_levels(listed, address, home, zips), rows & _in_city(listed, city), is_local=is_local)
        return found.shifted(sum(len(each.npi) for each in pools[:which]))

    general_city = None if specialist else place.city
    hospitals, hospital_of, facilities = _hospitals(profile.facilities, home, address)
    _refuse_empty(
        {
            "providers": _in_city(pools[-1].directory, place.city).any(),
            "facilities": profile.facilities is None or len(facilities.ordinal) > 0,
        }
    )
    return CarePlan(
        assignment=asked.assignment,
        pools=tuple(pools),
        npi=np.concatenate([each.npi for each in pools]),
        adults=served(0, _ADULTS, general_city),
        children=served(0, _CHILDREN, general_city),
        requested=served(1, [specialist[0].name], place.city) if specialist else None,
        facilities=facilities,
        facility_id=facility_ids(facilities),
        hospitals=hospitals,
        hospital_of=hospital_of,
        sources=(STARTER_SOURCE,),
    )


def near(levels: Sequence[Level], rows: NDArray[np.bool_], *, is_local: bool = True) -> Near:
    """List which providers serve each ZIP code: those in it, else in its city, its county, its state, else anywhere.

    Args:
        levels: ZIP code, city, county and state of each provider and of each ZIP code.
        rows: Which providers count, shape `(providers,)`.
        is_local: Whether ZIP code and city count; else the lists are the counties'.
    """
    zips = len(levels[0][1])
    anywhere = (np.zeros(len(rows), np.int64), np.zeros(zips, np.int64))
    listed = [_listed(*level, rows) for level in [*(levels if is_local else levels[2:]), anywhere]]
    offsets = np.cumsum([0, *(len(each.members) for each in listed[:-1])]).tolist()
    level = np.stack([each.count > 0 for each in listed]).argmax(axis=0)
    every = np.arange(zips)
    return Near(
        members=np.concatenate([each.members for each in listed]),
        first=np.stack([each.first + offset for each, offset in zip(listed, offsets, strict=True)])[level, every],
        count=np.stack([each.count for each in listed])[level, every],
        start=np.stack([each.start for each in listed])[level, every],
        width=np.stack([each.width for each in listed])[level, every],
    )


def nearest_hospitals(
    beds: Ints, places: tuple[Floats, Floats], latitude: Floats, longitude: Floats
) -> tuple[CategoryTable, Ints]:
    """Weigh the hospitals near each ZIP code by beds over squared distance (Huff 1964).

    Args:
        beds: Of each hospital.
        places: Degrees north and east of each hospital.
        latitude: Of each ZIP code, degrees north, shape `(zips,)`.
        longitude: Of each ZIP code, degrees east.

    Returns:
        Which of its nearest hospitals a ZIP code's people go to, and their rows, flat, shape `(zips * HOSPITALS,)`;
        none where there are no hospitals.
    """
    if not beds.size:
        return CategoryTable.from_weights([1.0]), np.zeros(0, np.int64)
    tree = KDTree(_on_the_globe(*places))
    distance, found = tree.query(_on_the_globe(latitude, longitude), k=range(1, HOSPITALS + 1))
    is_there = found < beds.size
    found = np.where(is_there, found, 0)
    away = np.where(is_there, distance, 0.0)
    weights = np.where(is_there, np.maximum(beds[found], 1) / (away**2 + _AT_HOME_KM**2), 0.0)
    return CategoryTable.from_weights(rounded(weights / weights.sum(axis=1, keepdims=True))), found.ravel()


def _refuse_empty(has_any: Mapping[str, object]) -> None:
    problems = [
        Problem(f"$.{section}.reference", f"no {section} of the directory are as asked", None, "ask for less")
        for section, found in has_any.items()
        if not found
    ]
    if problems:
        raise InvalidProfileError(problems)


def _hospitals(
    asked: NetworkRequest | None, home: Residence, address: AddressPlan
) -> tuple[CategoryTable, Ints, Directory]:
    """Choose hospitals: those of the place asked for, else of the states where people live."""
    place = (asked.reference if asked else None) or NetworkReference()
    states = sorted({fips[:2] for fips in home.counties})
    around = [fips for state in states for fips in gazetteer.current_counties(state)]
    listed = starter_hospitals(_counties(place, around))
    keep = (hospital_beds(listed) >= (place.min_beds or 0)) & _in_city(listed, place.city)
    kept = listed.rows(np.flatnonzero(keep))
    where = kept.zips.latitude[kept.zip_code], kept.zips.longitude[kept.zip_code]
    return *nearest_hospitals(hospital_beds(kept), where, address.latitude, address.longitude), kept


def _counties(place: NetworkReference, otherwise: Sequence[str]) -> Sequence[str]:
    if place.fips is not None:
        return [gazetteer.county_fips(place.fips)]
    if place.state is not None:
        return gazetteer.current_counties(gazetteer.state_fips(place.state))
    return otherwise


def _pool(listed: Directory, does: Sequence[Calling]) -> Pool:
    return Pool(listed, tuple(does), provider_npis(listed))


def _in_city(listed: Directory, city: str | None) -> NDArray[np.bool_]:
    if city is None:
        return np.ones(len(listed.ordinal), dtype=bool)
    named = np.array([name.casefold() == city.casefold() for name in listed.zips.cities])
    is_there: NDArray[np.bool_] = named[listed.zips.zip_city[listed.zip_code]]
    return is_there


def _zip_areas(address: AddressPlan, home: Residence) -> tuple[Ints, Ints]:
    """Give the index of each ZIP code's county; where counties share one, the first; and the number of its state."""
    owner = np.zeros(len(address.zips), dtype=np.int64)
    owner[address.members[::-1]] = np.repeat(np.arange(len(home.counties)), address.member_count)[::-1]
    return owner, np.array([int(fips[:2]) for fips in home.counties])[owner]


def _levels(listed: Directory, address: AddressPlan, home: Residence, zips: tuple[Ints, Ints]) -> list[Level]:
    """Give ZIP code, city, county and state of providers, in the numbers of the plan."""
    county, state = zips
    by_zip, by_city = _numbered(address.zips), _numbered(address.cities)
    by_county = _numbered(home.counties)
    own_zip = np.array([by_zip.get(code, -1) for code in listed.zips.zips], np.int64)
    own_city = np.array([by_city.get(name, -1) for name in listed.zips.cities], np.int64)[listed.zips.zip_city]
    own_county = np.array([by_county.get(fips, -1) for fips in listed.zips.counties], np.int64)
    own_state = np.array([int(fips[:2]) for fips in listed.zips.counties])[listed.county]
    city = np.where(own_city >= 0, own_city * _STATES, -_STATES)[listed.zip_code] + own_state
    return [
        (own_zip[listed.zip_code], np.arange(len(address.zips))),
        (np.where(city >= 0, city, -1), address.zip_city * _STATES + state),
        (own_county[listed.county], county),
        (own_state, state),
    ]


_STATES = 100
"""Numbers of states have two digits."""


def _numbered(names: Sequence[str]) -> dict[str, int]:
    return {name: index for index, name in enumerate(names)}


def _listed(theirs: Ints, ours: Ints, rows: NDArray[np.bool_]) -> Near:
    """List the rows that are of a ZIP code's area."""
    areas, area = np.unique(ours, return_inverse=True)
    position = np.minimum(np.searchsorted(areas, theirs), len(areas) - 1)
    counted = np.flatnonzero(rows & (theirs >= 0) & (areas[position] == theirs))
    members = counted[np.argsort(position[counted], kind="stable")]
    count = np.bincount(position[counted], minlength=len(areas))
    first = np.cumsum(count) - count
    zips_of_area = np.bincount(area, minlength=len(areas))
    order = np.argsort(area, kind="stable")
    rank = np.empty(len(area), np.int64)
    rank[order] = np.arange(len(area)) - np.repeat(np.cumsum(zips_of_area) - zips_of_area, zips_of_area)
    width = rounded(1.0 / zips_of_area[area])
    return Near(members, first[area], count[area], rounded(rank * width), width)


def _on_the_globe(latitude: Floats, longitude: Floats) -> Floats:
    """Give points in space, km, whose distances are those through the globe."""
    north, east = np.radians(latitude), np.radians(longitude)
    points: Floats = _EARTH_KM * np.stack(
        [np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], axis=1
    )
    return points

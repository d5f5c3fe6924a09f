"""Who cares for people: for each ZIP code the providers to draw from, and the hospitals by distance and beds."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from healthsim.errors import InvalidProfileError, Problem
from healthsim.planning.care_choice import chosen_hospitals, chosen_providers
from healthsim.planning.care_plan import ADULT_CARE, CHILD_CARE, HOSPITALS, CarePlan, Near
from healthsim.planning.places import Residence
from healthsim.planning.plan import AddressPlan, Floats, Ints
from healthsim.planning.significance import rounded
from healthsim.randomness import CategoryTable
from healthsim.reference.network import Listing, LoadedNetwork, Whereabouts
from healthsim.spec import NetworkReference, NetworkRequest, Profile

_EARTH_KM = 6371.0
_AT_HOME_KM = 1.0

Level = tuple[Ints, Ints]
"""An area of each provider, -1 for none, and of each ZIP code."""


def planned_care(profile: Profile, home: Residence, address: AddressPlan, network: LoadedNetwork) -> CarePlan | None:
    """Plan who cares for people: near home, where they live in a place of the data; else where the profile asks.

    Args:
        profile: What was asked; `care_problems` found nothing wrong with it.
        home: Where people live.
        address: Their ZIP codes.
        network: The loaded directory. Its hospitals are taken where there are any, its providers only where the profile
            names their source, so that no living clinician appears unasked.

    Raises:
        InvalidProfileError: Nobody and nothing in the directory is as asked.
    """
    if not (home.is_local or profile.providers or profile.facilities):
        return None
    asked = profile.providers or NetworkRequest()
    place = asked.reference or NetworkReference()
    providers = chosen_providers(asked, home, network)
    hospitals = chosen_hospitals(profile.facilities, home, network)
    pools = (providers.primary, *([providers.specialists] if providers.specialists else []))
    _refuse_empty(
        {
            "providers": pools[-1].where.in_city(place.city).any(),
            "facilities": profile.facilities is None or len(hospitals.hospitals.beds) > 0,
        }
    )
    near_home = _Neighbourhoods(address, home, is_local=asked.assignment == "nearest")
    general_city = None if providers.specialists else place.city
    adults, children = (near_home.served(pools[0], names, general_city) for names in (ADULT_CARE, CHILD_CARE))
    requested = None
    if providers.specialists:
        requested = near_home.served(providers.specialists, (0,), place.city).shifted(len(pools[0].identifier))
    found = hospitals.hospitals
    weights, nearest = nearest_hospitals(
        found.beds, (found.latitude, found.longitude), address.latitude, address.longitude
    )
    return CarePlan(
        assignment=asked.assignment,
        pools=pools,
        npi=np.concatenate([each.identifier for each in pools]),
        adults=adults,
        children=children,
        requested=requested,
        facilities=found.listing,
        facility_id=found.listing.identifier,
        hospitals=weights,
        hospital_of=nearest,
        sources=tuple(dict.fromkeys((*providers.sources, hospitals.source))),
        notes=providers.notes,
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
    beds: Floats, places: tuple[Floats, Floats], latitude: Floats, longitude: Floats
) -> tuple[CategoryTable, Ints]:
    """Weigh the hospitals near each ZIP code by beds over squared distance (Huff 1964).

    Args:
        beds: Of each hospital.
        places: Degrees north and east of each hospital.
        latitude: Of each ZIP code, degrees north, shape `(zips,)`.
        longitude: Of each ZIP code, degrees east.

    Of hospitals equally far, the earlier ones count as nearer, so that others far away change nothing.

    Returns:
        Which of its nearest hospitals a ZIP code's people go to, and their rows, flat, shape `(zips * HOSPITALS,)`;
        none where there are no hospitals.
    """
    if not beds.size:
        return CategoryTable.from_weights([1.0]), np.zeros(0, np.int64)
    tree = KDTree(_on_the_globe(*places))
    around = tree.query(_on_the_globe(latitude, longitude), k=range(1, 2 * HOSPITALS + 1))
    distance, found = np.asarray(around[0], np.float64), np.asarray(around[1], np.int64)
    order = np.lexsort((found, distance))[:, :HOSPITALS]
    distance, found = np.take_along_axis(distance, order, 1), np.take_along_axis(found, order, 1)
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


class _Neighbourhoods:
    """Finds who serves the ZIP codes of a plan.

    Args:
        address: The ZIP codes.
        home: Their counties.
        is_local: Whether ZIP code and city count.
    """

    def __init__(self, address: AddressPlan, home: Residence, *, is_local: bool) -> None:
        self._address, self._home, self._is_local = address, home, is_local
        owner = np.zeros(len(address.zips), dtype=np.int64)
        # Where counties share a ZIP code, the first has it.
        owner[address.members[::-1]] = np.repeat(np.arange(len(home.counties)), address.member_count)[::-1]
        self._county, self._state = owner, np.array([int(fips[:2]) for fips in home.counties])[owner]

    def served(self, listed: Listing, callings: Sequence[int], city: str | None) -> Near:
        """List which of some providers, by what they do and where, serve each ZIP code."""
        rows = np.isin(listed.calling, callings) & listed.where.in_city(city)
        return near(self._levels(listed.where), rows, is_local=self._is_local)

    def _levels(self, theirs: Whereabouts) -> list[Level]:
        """Give ZIP code, city, county and state of providers, in the numbers of the plan."""
        cities = tuple(name.casefold() for name in self._address.cities)
        own_city = _renumbered(theirs.cities, cities)[theirs.city]
        in_state = np.where((own_city >= 0) & (theirs.state >= 0), own_city * _STATES + theirs.state, -1)
        return [
            (_renumbered(theirs.zips, self._address.zips)[theirs.zip_code], np.arange(len(self._address.zips))),
            (in_state, self._address.zip_city * _STATES + self._state),
            (_renumbered(theirs.counties, self._home.counties)[theirs.county], self._county),
            (theirs.state, self._state),
        ]


_STATES = 100
"""Numbers of states have two digits."""


def _renumbered(theirs: Sequence[str], ours: Sequence[str]) -> Ints:
    """Give our number of each of their names, and at the end, for their -1, and for names that are not ours, -1."""
    numbers = {name: index for index, name in enumerate(ours)}
    return np.array([*(numbers.get(name, -1) for name in theirs), -1], np.int64)


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

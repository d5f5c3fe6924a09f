"""Who cares for people: for each ZIP code the providers to draw from, and the hospitals by distance and beds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute
from scipy.spatial import KDTree

from healthsim.planning.care_plan import HOSPITALS, Near
from healthsim.planning.plan import AddressPlan, Floats, Ints
from healthsim.planning.significance import rounded
from healthsim.randomness import CategoryTable

_EARTH_KM = 6371.0
_AT_HOME_KM = 1.0
_UNKNOWN_BEDS = 25.0
"""Beds counted for a hospital whose beds nobody tells: those of a critical access hospital (42 CFR 485.620)."""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Where the ZIP codes of a plan lie.

    Attributes:
        zips: The ZIP codes.
        cities: State and city of each.
        counties: FIPS code of each one's county.
        states: Letters of each one's state.
    """

    zips: pa.Array
    cities: pa.Array
    counties: pa.Array
    states: pa.Array


def neighbourhood(address: AddressPlan, counties: Sequence[str], states: Sequence[str]) -> Neighbourhood:
    """Describe where the ZIP codes of people's addresses lie.

    Args:
        address: The plan of addresses.
        counties: FIPS codes of the counties, in the order of the plan.
        states: Letters of each county's state.
    """
    owner = np.zeros(len(address.zips), dtype=np.int64)
    # Where counties share a ZIP code, the first of them counts.
    owner[address.members[::-1]] = np.repeat(np.arange(len(counties)), address.member_count)[::-1]
    own_states = pa.array(states).take(pa.array(owner))
    cities = pa.array(address.cities).take(pa.array(address.zip_city))
    return Neighbourhood(
        zips=pa.array(address.zips),
        cities=_cities(own_states, cities),
        counties=pa.array(counties).take(pa.array(owner)),
        states=own_states,
    )


def near(providers: pa.Table, rows: NDArray[np.bool_], around: Neighbourhood, *, is_local: bool = True) -> Near:
    """List which providers serve each ZIP code: those in it, else in its city, else its county, else its state.

    Args:
        providers: The directory.
        rows: Which of them count, shape `(providers,)`.
        around: Where the ZIP codes lie.
        is_local: Whether ZIP code and city count; else the lists are the counties'.
    """
    columns = [
        (_cities(providers["state"], providers["city"]), around.cities),
        (providers["county_fips"], around.counties),
        (providers["state"], around.states),
    ]
    levels = [(providers["zip"], around.zips), *columns] if is_local else columns[1:]
    listed = [_listed(theirs, rows, ours) for theirs, ours in levels]
    members = np.concatenate([each.members for each in listed])
    offsets = np.cumsum([0, *(len(each.members) for each in listed[:-1])])
    has_any = np.stack([each.count > 0 for each in listed])
    level = has_any.argmax(axis=0)
    zips = np.arange(len(around.zips))

    first = [each.first + offset for each, offset in zip(listed, offsets.tolist(), strict=True)]
    return Near(
        members=members,
        first=np.stack(first)[level, zips],
        count=np.stack([each.count for each in listed])[level, zips],
        start=np.stack([each.start for each in listed])[level, zips],
        width=np.stack([each.width for each in listed])[level, zips],
    )


def nearest_hospitals(facilities: pa.Table, latitude: Floats, longitude: Floats) -> tuple[CategoryTable, Ints]:
    """Weigh the hospitals near each ZIP code by beds over squared distance (Huff 1964).

    Args:
        facilities: Hospitals.
        latitude: Of each ZIP code, degrees north, shape `(zips,)`.
        longitude: Of each ZIP code, degrees east.

    Returns:
        Which of its nearest hospitals a ZIP code's people go to, and their rows, flat, shape `(zips * HOSPITALS,)`.
    """
    places = np.asarray(facilities["latitude"], np.float64), np.asarray(facilities["longitude"], np.float64)
    located = np.flatnonzero(np.isfinite(places[0]) & np.isfinite(places[1]))
    if not located.size:
        return CategoryTable.from_weights([1.0]), np.zeros(0, np.int64)
    beds = np.nan_to_num(compute.cast(facilities["beds"], pa.float64()).to_numpy()[located], nan=_UNKNOWN_BEDS)
    tree = KDTree(_on_the_globe(places[0][located], places[1][located]))
    distance, found = tree.query(_on_the_globe(latitude, longitude), k=range(1, HOSPITALS + 1))
    is_there = found < located.size
    found = np.where(is_there, found, 0)
    weights = np.where(is_there, np.maximum(beds[found], 1.0) / (distance**2 + _AT_HOME_KM**2), 0.0)
    weights = np.where(np.isfinite(weights), weights, 0.0)
    return CategoryTable.from_weights(rounded(weights / weights.sum(axis=1, keepdims=True))), located[found].ravel()


def _listed(theirs: pa.ChunkedArray, rows: NDArray[np.bool_], ours: pa.Array) -> Near:
    """List the rows that have a ZIP code's value of some column."""
    areas = ours.unique()
    area_of_row = compute.fill_null(compute.index_in(theirs, value_set=areas), -1).to_numpy().astype(np.int64)
    area = compute.index_in(ours, value_set=areas).to_numpy().astype(np.int64)
    counted = np.flatnonzero(rows & (area_of_row >= 0))
    members = counted[np.argsort(area_of_row[counted], kind="stable")]
    count = np.bincount(area_of_row[counted], minlength=len(areas))
    first = np.cumsum(count) - count
    zips_of_area = np.bincount(area, minlength=len(areas))
    order = np.argsort(area, kind="stable")
    rank = np.empty(len(area), np.int64)
    rank[order] = np.arange(len(area)) - np.repeat(np.cumsum(zips_of_area) - zips_of_area, zips_of_area)
    width = rounded(1.0 / zips_of_area[area])
    return Near(members, first[area], count[area], rounded(rank * width), width)


def _cities(states: pa.Array, cities: pa.Array) -> pa.Array:
    return compute.binary_join_element_wise(states, compute.utf8_upper(cities), " ")


def _on_the_globe(latitude: Floats, longitude: Floats) -> Floats:
    """Give points in space, km, whose distances are those through the globe."""
    north, east = np.radians(latitude), np.radians(longitude)
    points: Floats = _EARTH_KM * np.stack(
        [np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], axis=1
    )
    return points

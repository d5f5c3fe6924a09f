"""Where people live and what they are called, as tables to draw from."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from healthsim.planning.plan import AddressPlan
from healthsim.planning.significance import rounded
from healthsim.randomness import CategoryTable
from healthsim.reference import family_names, given_names, street_names, zip_table

_MOST_NOTES = 3
_WITHOUT_HOMES = "{} counties have no ZIP code with homes of their own; post office boxes or a neighbour's stand in"


@lru_cache(maxsize=8)
def planned_addresses(counties: tuple[str, ...]) -> tuple[AddressPlan, tuple[str, ...]]:
    """Plan the addresses and names of people in some counties.

    Args:
        counties: FIPS codes.

    Returns:
        The plan, and notes on counties whose ZIP codes are not their own.
    """
    zips = zip_table(counties)
    streets = street_names()
    given, family = given_names(), family_names()
    plan = AddressPlan(
        zips=zips.zips,
        cities=zips.cities,
        zip_city=zips.zip_city,
        zip_area_code=zips.area_codes,
        latitude=zips.latitude,
        longitude=zips.longitude,
        members=zips.members,
        first_member=zips.offsets[:-1],
        member_count=np.diff(zips.offsets),
        streets=tuple(f"{name} {suffix}" for name in streets.names for suffix in streets.suffixes),
        street_name_count=len(streets.names),
        street_suffixes=CategoryTable.from_weights(rounded(streets.suffix_weights)),
        given_names=given.names,
        given=CategoryTable.from_weights(rounded(given.weights.reshape(-1, len(given.names)))),
        family_names=family.names,
        family=CategoryTable.from_weights(rounded(family.weights)),
    )
    return plan, condensed(zips.notes, _WITHOUT_HOMES)


def condensed(notes: Sequence[str], in_one: str) -> tuple[str, ...]:
    """Say many notes in one, a text with `{}` for their number."""
    return tuple(notes) if len(notes) <= _MOST_NOTES else (in_one.format(len(notes)),)

"""What a plan says of who cares for people: lists of providers and hospitals by ZIP code."""

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from healthsim.randomness import CategoryTable, Floats, Ints

Assignment = Literal["nearest", "random", "round_robin", "panel"]

HOSPITALS = 8
"""How many of the nearest hospitals people of a ZIP code go to."""


@dataclass(frozen=True, slots=True)
class Near:
    """Which rows of a table serve each ZIP code: `members[first[zip] : first[zip] + count[zip]]`.

    Attributes:
        members: Rows, list after list.
        first: Where each ZIP code's list begins, shape `(zips,)`.
        count: How long it is, shape `(zips,)`; 0 where nobody serves it.
        start: Share of the list's area that comes before the ZIP code, shape `(zips,)`.
        width: Share of the list's area that the ZIP code is, shape `(zips,)`.
    """

    members: Ints
    first: Ints
    count: Ints
    start: Floats
    width: Floats


@dataclass(frozen=True, slots=True)
class CarePlan:
    """Who cares for people.

    Attributes:
        assignment: How people find their providers.
        providers: Candidates, a row each, in the columns of `healthsim.reference.Network.providers`.
        npi: Their National Provider Identifiers, shape `(providers,)`.
        adults: Primary care of adults.
        children: Primary care of children.
        requested: Providers of the specialty the profile asks for, who see people for the primary condition.
        facilities: Candidates, a row each, in the columns of `healthsim.reference.Network.facilities`.
        facility_id: Their identifiers, shape `(facilities,)`.
        hospitals: Which of the nearest hospitals, by ZIP code.
        hospital_of: Rows of the hospitals nearest to each ZIP code, flat, shape `(zips * HOSPITALS,)`; empty without.
        sources: Where the directory is from.
    """

    assignment: Assignment
    providers: pa.Table
    npi: Ints
    adults: Near
    children: Near
    requested: Near | None
    facilities: pa.Table
    facility_id: Ints
    hospitals: CategoryTable
    hospital_of: Ints
    sources: tuple[str, ...]

"""What a plan says of who cares for people: lists of providers and hospitals by ZIP code."""

from dataclasses import dataclass, replace
from typing import Literal

from healthsim.randomness import CategoryTable, Floats, Ints
from healthsim.reference.network import Listing

PRIMARY_CARE = ("family_medicine", "internal_medicine", "pediatrics")
"""Specialties of primary care."""

ADULT_CARE, CHILD_CARE = (0, 1), (0, 2)
"""Numbers of those that care for adults and for children."""

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

    def shifted(self, rows: int) -> "Near":
        """Give the same lists of a table that stands after another one of so many rows."""
        return replace(self, members=self.members + rows)


@dataclass(frozen=True, slots=True)
class CarePlan:
    """Who cares for people.

    Attributes:
        assignment: How people find their providers.
        pools: Candidates; the rows of the lists below count through all of them.
        npi: National Provider Identifiers of all candidates, shape `(providers,)`.
        adults: Primary care of adults.
        children: Primary care of children.
        requested: Providers of the specialty the profile asks for, who see all, or those with the primary condition.
        facilities: Hospitals to go to.
        facility_id: Their identifiers, shape `(facilities,)`.
        hospitals: Which of the nearest hospitals, by ZIP code.
        hospital_of: Rows of the hospitals nearest to each ZIP code, flat, shape `(zips * HOSPITALS,)`; empty without.
        sources: Where the directory is from.
        notes: What the caller should know of it.
    """

    assignment: Assignment
    pools: tuple[Listing, ...]
    npi: Ints
    adults: Near
    children: Near
    requested: Near | None
    facilities: Listing
    facility_id: Ints
    hospitals: CategoryTable
    hospital_of: Ints
    sources: tuple[str, ...]
    notes: tuple[str, ...] = ()

"""Directories frozen into a profile: who serves its people, taken out of a plan of care."""

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from healthsim.planning.addresses import planned_addresses
from healthsim.planning.care import planned_care
from healthsim.planning.care_choice import HospitalChoice, ProviderChoice, chosen_hospitals, chosen_providers
from healthsim.planning.care_plan import CarePlan, Near
from healthsim.planning.places import reference_for, residence
from healthsim.planning.plan import Ints
from healthsim.reference import Reference
from healthsim.reference.network import Listing, StarterRows
from healthsim.spec import (
    FacilityListing,
    FacilityRequest,
    ListedFacility,
    ListedProvider,
    NetworkReference,
    PlaceReference,
    Profile,
    ProviderListing,
)

MOST_LISTED = 1_000
"""Providers of a kind, and hospitals, that a profile lists at most."""

_Row = TypeVar("_Row", ListedProvider, ListedFacility)


def with_listings(profile: Profile, reference: Reference) -> Profile:
    """Freeze into a profile who serves its people; what it lists already stays.

    Providers are those of its section; hospitals also where the profile names none, as people of a place have them.

    Args:
        profile: What was asked; nothing is wrong with it.
        reference: The figures, and the loaded directory.

    Raises:
        InvalidProfileError: Nobody and nothing in the directory is as asked.
    """
    home = residence(profile.demographics, reference_for(profile, reference))
    address, _ = planned_addresses(home.counties)
    care = planned_care(profile, home, address, reference.network)
    if care is None:
        return profile
    place, changes = profile.demographics.reference, dict[str, Any]()
    request = profile.providers
    if request is not None and request.listing is None:
        providers = chosen_providers(request, home, reference.network)
        listing = _provider_listing(providers, care, place, request.reference)
        changes["providers"] = request.model_copy(update={"listing": listing})
    facilities = profile.facilities or FacilityRequest()
    if facilities.listing is None:
        hospitals = chosen_hospitals(facilities, home, reference.network)
        listed = _facility_listing(hospitals, care, place, facilities.reference)
        changes["facilities"] = facilities.model_copy(update={"listing": listed})
    return profile.model_copy(update=changes)


def _provider_listing(
    choice: ProviderChoice, care: CarePlan, home: PlaceReference | None, wanted: NetworkReference | None
) -> ProviderListing:
    primary = np.union1d(_serving(care.adults), _serving(care.children))
    general, without = _kept(choice.primary, primary, "providers of primary care")
    special: tuple[ListedProvider, ...] = ()
    notes = [*choice.notes, *without]
    if choice.specialists is not None and care.requested is not None:
        rows = _serving(care.requested) - len(choice.primary.identifier)
        chosen, without = _kept(choice.specialists, rows, "specialists")
        special, notes = _rows(choice.specialists, chosen, ListedProvider), [*notes, *without]
    return ProviderListing(
        home=home,
        reference=wanted,
        sources=choice.sources,
        notes=tuple(notes),
        primary_care=_rows(choice.primary, general, ListedProvider),
        specialists=special,
    )


def _facility_listing(
    choice: HospitalChoice, care: CarePlan, home: PlaceReference | None, wanted: NetworkReference | None
) -> FacilityListing:
    found = choice.hospitals
    chosen, without = _kept(found.listing, np.unique(care.hospital_of), "hospitals")
    beds, north, east = (each[chosen].tolist() for each in (found.beds, found.latitude, found.longitude))
    placed = [{"assumed_beds": bed, "latitude": up, "longitude": right}
              for bed, up, right in zip(beds, north, east, strict=True)]  # fmt: skip
    return FacilityListing(
        home=home,
        reference=wanted,
        sources=(choice.source,),
        notes=without,
        hospitals=_rows(found.listing, chosen, ListedFacility, placed),
    )


def _serving(near: Near) -> Ints:
    """Give the rows that serve some ZIP code, in order."""
    edges = np.zeros(len(near.members) + 1, np.int64)
    np.add.at(edges, near.first, near.count > 0)
    np.add.at(edges, near.first + near.count, -(near.count > 0).astype(np.int64))
    return np.unique(near.members[np.cumsum(edges)[:-1] > 0])


def _kept(listing: Listing, rows: Ints, what: str) -> tuple[Ints, tuple[str, ...]]:
    """Give the rows to list, and a note on those left out.

    Too many of the starter are left to its rule, which makes the same ones anywhere; of too many loaded ones, every
    so-manieth stands for its neighbours.
    """
    if len(rows) <= MOST_LISTED:
        return rows, ()
    if isinstance(listing.rows, StarterRows):
        return rows[:0], ()
    spread = rows[np.arange(MOST_LISTED) * len(rows) // MOST_LISTED]
    return spread, (f"{MOST_LISTED:,} of {len(rows):,} {what} are listed, evenly by their number; the rows differ",)


def _rows(
    listing: Listing, chosen: Ints, kind: type[_Row], more: Sequence[dict[str, Any]] | None = None
) -> tuple[_Row, ...]:
    """Describe rows of a listing as a profile lists them, with more about each."""
    table = listing.kept(np.isin(np.arange(len(listing.identifier)), chosen)).rows.described()
    records = table.select([name for name in table.column_names if name in kind.model_fields]).to_pylist()
    beside = more or [{}] * len(records)
    return tuple(kind.model_validate({**record, **extra}) for record, extra in zip(records, beside, strict=True))

"""Providers and hospitals that a profile carries with it, as directories to choose from."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from healthsim.errors import Problem
from healthsim.planning.care_plan import PRIMARY_CARE
from healthsim.reference.network import (
    Calling,
    Hospitals,
    Listing,
    LoadedRows,
    callings,
    is_npi,
    loaded_hospital_listing,
    loaded_where,
    specialty_named,
)
from healthsim.spec import FacilityListing, ListedFacility, ListedProvider, Profile

_TYPES = {
    **dict.fromkeys(("npi", "facility_id"), pa.int64()),
    **dict.fromkeys(("beds", "rating"), pa.int32()),
    **dict.fromkeys(("assumed_beds", "latitude", "longitude"), pa.float64()),
    "is_synthetic": pa.bool_(),
}
_PROVIDERS = pa.schema([(name, _TYPES.get(name, pa.string())) for name in ListedProvider.model_fields])
_FACILITIES = pa.schema([(name, _TYPES.get(name, pa.string())) for name in ListedFacility.model_fields])


def listed_providers(providers: Sequence[ListedProvider], wanted: Sequence[Calling]) -> Listing:
    """Give providers as a listing to choose from.

    Args:
        providers: Each of a taxonomy code of one of the callings.
        wanted: What they do.
    """
    table = pa.Table.from_pylist([dict(each) for each in providers], _PROVIDERS)
    numbers = {code: number for number, calling in enumerate(wanted) for code in calling.taxonomies}
    calling = np.array([numbers[each.taxonomy] for each in providers], np.int64)
    return Listing(np.asarray(table["npi"]).astype(np.int64), calling, loaded_where(table), LoadedRows(table))


def listed_hospitals(listing: FacilityListing) -> Hospitals:
    """Give hospitals as a listing to choose from; unknown beds are those assumed."""
    table = pa.Table.from_pylist([dict(each) for each in listing.hospitals], _FACILITIES)
    beds = [each.assumed_beds if each.beds is None else each.beds for each in listing.hospitals]
    return loaded_hospital_listing(table).with_beds(np.array(beds, np.float64))


def listing_problems(profile: Profile) -> Iterator[Problem]:
    """Give what no provider and no hospital that a profile lists can be."""
    if profile.providers is not None and profile.providers.listing is not None:
        listing, wanted = profile.providers.listing, profile.providers.reference
        primary = [callings()[name] for name in PRIMARY_CARE]
        special = [specialty_named(wanted.specialty)] if wanted and wanted.specialty else []
        yield from _provider_problems(listing.primary_care, primary, "$.providers.listing.primary_care")
        yield from _provider_problems(listing.specialists, special, "$.providers.listing.specialists")
    if profile.facilities is not None and profile.facilities.listing is not None:
        path = "$.facilities.listing.hospitals"
        for index, each in enumerate(profile.facilities.listing.hospitals):
            if each.beds is None and each.assumed_beds is None:
                yield Problem(f"{path}[{index}]", "a hospital needs its beds, or those assumed", None)


def _provider_problems(providers: Sequence[ListedProvider], wanted: Sequence[Calling], path: str) -> Iterator[Problem]:
    codes = {code for calling in wanted for code in calling.taxonomies}
    seen: set[int] = set()
    for index, each in enumerate(providers):
        where = f"{path}[{index}]"
        if not is_npi(each.npi):
            yield Problem(f"{where}.npi", "its check digit is wrong", str(each.npi))
        if each.npi in seen:
            yield Problem(f"{where}.npi", "is listed twice", str(each.npi))
        if each.taxonomy not in codes:
            hint = f"known are {', '.join(sorted(codes))}" if codes else "no specialty is asked for"
            yield Problem(f"{where}.taxonomy", "is not a code of what is asked for", repr(each.taxonomy), hint)
        seen.add(each.npi)

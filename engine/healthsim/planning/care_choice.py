"""Whom the people of a plan choose among: providers and hospitals, loaded or of the starter."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from healthsim.planning.care_plan import PRIMARY_CARE
from healthsim.planning.listings import listed_hospitals, listed_providers
from healthsim.planning.places import Residence
from healthsim.planning.plan import Floats
from healthsim.reference import gazetteer
from healthsim.reference.network import (
    STARTER_SOURCE,
    Calling,
    Hospitals,
    Listing,
    LoadedNetwork,
    callings,
    loaded_hospital_listing,
    loaded_provider_listing,
    specialty_named,
    starter_hospital_listing,
    starter_provider_listing,
)
from healthsim.spec import FacilityRequest, NetworkReference, NetworkRequest, ProviderListing, ProviderRequest

_GENERAL = ("general_acute_care", "critical_access", "rural_emergency", "other")
"""Kinds of hospitals that treat everybody, whatever they have."""

_ANY = "hospital"
_NAMED_STATES = 5


@dataclass(frozen=True, slots=True)
class ProviderChoice:
    """Providers to choose among.

    Attributes:
        primary: Of primary care.
        specialists: Of the specialty the profile asks for; None where it asks for none.
        sources: Where they are from.
        notes: What the caller should know.
    """

    primary: Listing
    specialists: Listing | None
    sources: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HospitalChoice:
    """Hospitals to choose among.

    Attributes:
        hospitals: Which they are; unknown beds are the median of their kind.
        source: Where they are from.
    """

    hospitals: Hospitals
    source: str


def chosen_providers(asked: NetworkRequest, home: Residence, network: LoadedNetwork) -> ProviderChoice:
    """Choose providers: those of the place asked for, else of where people live.

    A specialty is asked for besides primary care; without one the place is that of primary care. Loaded providers are
    taken only where the profile names their source; where none of them does primary care, the starter's stand in. A
    profile that lists its providers has those.
    """
    if isinstance(asked, ProviderRequest) and asked.listing is not None:
        return _listed(asked.listing, asked, home)
    place = asked.reference or NetworkReference()
    loaded = network if network.has_providers and asked.source is not None else None
    primary = [callings()[name] for name in PRIMARY_CARE]
    if not place.specialty:
        listing = _providers(loaded, place, home.counties, primary)
        return ProviderChoice(listing, None, (_provider_source(loaded),), _without(loaded, listing, place, home))
    wanted = [specialty_named(place.specialty)]
    specialists = _providers(loaded, place, home.counties, wanted)
    listing = _providers(loaded, NetworkReference(), home.counties, primary)
    sources: tuple[str, ...] = (_provider_source(loaded),)
    if not len(listing.identifier):
        listing, sources = starter_provider_listing(home.counties, primary), (*sources, STARTER_SOURCE)
    return ProviderChoice(listing, specialists, sources, _without(loaded, listing, NetworkReference(), home))


def chosen_hospitals(asked: NetworkRequest | None, home: Residence, network: LoadedNetwork) -> HospitalChoice:
    """Choose hospitals: those of the place asked for, else of the states where people live.

    Without a kind in the profile, or with `hospital`, these are the kinds that treat everybody. A profile that lists
    its hospitals has those.
    """
    if isinstance(asked, FacilityRequest) and asked.listing is not None and asked.listing.hospitals:
        return HospitalChoice(listed_hospitals(asked.listing), asked.listing.sources[0])
    if isinstance(asked, FacilityRequest) and asked.listing is not None:
        network = LoadedNetwork()
    place = (asked.reference if asked else None) or NetworkReference()
    hospitals, source = _hospitals(network, place, home.counties)
    kind = place.facility_type.casefold() if place.facility_type else _ANY
    keep = np.isin(hospitals.kinds, _GENERAL if kind == _ANY else (kind,))
    keep &= hospitals.listing.where.in_city(place.city)
    if place.min_beds:
        keep &= hospitals.beds >= place.min_beds
    return HospitalChoice(hospitals.kept(keep).with_beds(_filled(hospitals)[keep]), source)


def _listed(listing: ProviderListing, asked: NetworkRequest, home: Residence) -> ProviderChoice:
    """Give the providers that a profile lists; where it lists none, those that the starter makes by rule."""
    place = asked.reference or NetworkReference()
    primary = [callings()[name] for name in PRIMARY_CARE]
    wanted = [specialty_named(place.specialty)] if place.specialty else []
    near_home = NetworkReference() if wanted else place
    general = listed_providers(listing.primary_care, primary) if listing.primary_care else None
    special = listed_providers(listing.specialists, wanted) if listing.specialists else None
    return ProviderChoice(
        primary=general or _providers(None, near_home, home.counties, primary),
        specialists=special or (_providers(None, place, home.counties, wanted) if wanted else None),
        sources=listing.sources,
        notes=listing.notes,
    )


def _providers(
    loaded: LoadedNetwork | None, place: NetworkReference, homes: Sequence[str], wanted: Sequence[Calling]
) -> Listing:
    if loaded is None:
        return starter_provider_listing(_counties(place, homes), wanted)
    codes = [code for calling in wanted for code in calling.taxonomies]
    table = loaded.provider_table(_states(place, homes), codes, _county(place))
    return loaded_provider_listing(table, wanted, loaded.specialties_of(codes))


def _hospitals(network: LoadedNetwork, place: NetworkReference, homes: Sequence[str]) -> tuple[Hospitals, str]:
    if network.has_facilities:
        table = network.facility_table(_states(place, homes), _county(place))
        if len(table) or place != NetworkReference():
            return loaded_hospital_listing(table), network.facility_source()
    around = [fips for state in sorted({home[:2] for home in homes}) for fips in gazetteer.current_counties(state)]
    return starter_hospital_listing(_counties(place, around)), STARTER_SOURCE


def _filled(hospitals: Hospitals) -> Floats:
    """Give beds, where unknown the median of the kind's, else of all; a hospital has at least one."""
    beds = hospitals.beds.copy()
    for rows in (*(hospitals.kinds == kind for kind in np.unique(hospitals.kinds)), np.ones(len(beds), dtype=bool)):
        beds[rows] = _with_median(beds[rows])
    return np.maximum(np.nan_to_num(beds, nan=1.0), 1.0)


def _with_median(beds: Floats) -> Floats:
    known = beds[~np.isnan(beds)]
    return np.where(np.isnan(beds), np.median(known), beds) if known.size else beds


def _counties(place: NetworkReference, otherwise: Sequence[str]) -> Sequence[str]:
    if place.fips is not None:
        return [gazetteer.county_fips(place.fips)]
    if place.state is not None:
        return gazetteer.current_counties(gazetteer.state_fips(place.state))
    return otherwise


def _states(place: NetworkReference, homes: Sequence[str]) -> list[str]:
    """Give the letters of the states of a place, else of where people live."""
    digits = sorted({fips[:2] for fips in _counties(place, homes)})
    return [gazetteer.states()[each][0] for each in digits]


def _county(place: NetworkReference) -> str | None:
    return None if place.fips is None else gazetteer.county_fips(place.fips)


def _provider_source(loaded: LoadedNetwork | None) -> str:
    return STARTER_SOURCE if loaded is None else loaded.provider_source()


def _without(
    loaded: LoadedNetwork | None, listing: Listing, place: NetworkReference, home: Residence
) -> tuple[str, ...]:
    """Say in which states where people live nobody is loaded."""
    if loaded is None or place != NetworkReference():
        return ()
    served = np.unique(listing.where.state)
    lacking = [letters for letters in _states(place, home.counties) if _number(letters) not in served]
    if not lacking:
        return ()
    named = ", ".join(lacking[:_NAMED_STATES]) + (", …" if len(lacking) > _NAMED_STATES else "")
    return (f"no loaded provider does primary care in {named}; people there go to providers of other states",)


def _number(letters: str) -> int:
    return int(gazetteer.state_fips(letters))

"""Searches of the network of a workspace: providers and facilities, with where they are from."""

from dataclasses import asdict
from typing import Any, TypedDict

from healthsim.reference.network import NetworkSimResolver
from healthsim.state.store import Workspace


class ProviderSearch(TypedDict, total=False):
    """Which providers are looked for; see `NetworkSimResolver.find_providers`."""

    state: str | None
    city: str | None
    county_fips: str | int | None
    zip: str | int | None
    taxonomy: str | None
    specialty: str | None
    limit: int


class FacilitySearch(TypedDict, total=False):
    """Which facilities are looked for; see `NetworkSimResolver.find_facilities`."""

    state: str | None
    city: str | None
    county_fips: str | int | None
    facility_type: str | None
    min_beds: int
    limit: int


def provider_search(workspace: Workspace, search: ProviderSearch) -> dict[str, Any]:
    """Find providers."""
    with workspace.reading() as connection:
        resolver = NetworkSimResolver(connection)
        found = resolver.find_providers(**search)
        return {"source": resolver.provider_source, "providers": [asdict(each) for each in found]}


def facility_search(workspace: Workspace, search: FacilitySearch) -> dict[str, Any]:
    """Find facilities."""
    with workspace.reading() as connection:
        resolver = NetworkSimResolver(connection)
        found = resolver.find_facilities(**search)
        return {"source": resolver.facility_source, "facilities": [asdict(each) for each in found]}

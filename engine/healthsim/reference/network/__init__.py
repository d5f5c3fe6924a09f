"""Providers and facilities: who they are, where they are, and what they do."""

from healthsim.reference.network.directory import STARTER_SOURCE
from healthsim.reference.network.hospital_listing import Hospitals, loaded_hospital_listing, starter_hospital_listing
from healthsim.reference.network.listing import (
    Listing,
    LoadedRows,
    StarterRows,
    Whereabouts,
    loaded_provider_listing,
    loaded_where,
    starter_provider_listing,
)
from healthsim.reference.network.loaded import LoadedNetwork
from healthsim.reference.network.npi import is_npi
from healthsim.reference.network.records import Facility, Provider
from healthsim.reference.network.resolver import NetworkSimResolver
from healthsim.reference.network.searching import facility_type_problems
from healthsim.reference.network.specialties import TAXONOMY_MAP, Calling, calling_named, callings, specialty_named
from healthsim.reference.network.starter import hospital_beds, starter_hospitals, starter_providers

__all__ = [
    "STARTER_SOURCE",
    "TAXONOMY_MAP",
    "Calling",
    "Facility",
    "Hospitals",
    "Listing",
    "LoadedNetwork",
    "LoadedRows",
    "NetworkSimResolver",
    "Provider",
    "StarterRows",
    "Whereabouts",
    "calling_named",
    "callings",
    "facility_type_problems",
    "hospital_beds",
    "is_npi",
    "loaded_hospital_listing",
    "loaded_provider_listing",
    "loaded_where",
    "specialty_named",
    "starter_hospital_listing",
    "starter_hospitals",
    "starter_provider_listing",
    "starter_providers",
]

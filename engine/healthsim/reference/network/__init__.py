"""Providers and facilities: who they are, where they are, and what they do."""

from healthsim.reference.network.directory import (
    STARTER_SOURCE,
    Facility,
    Provider,
    facility_type_problems,
    used_hospitals,
    used_providers,
)
from healthsim.reference.network.npi import is_npi
from healthsim.reference.network.resolver import NetworkSimResolver
from healthsim.reference.network.specialties import TAXONOMY_MAP, Calling, calling_named, callings, specialty_named
from healthsim.reference.network.starter import (
    Directory,
    facility_ids,
    hospital_beds,
    provider_npis,
    starter_hospitals,
    starter_providers,
)

__all__ = [
    "STARTER_SOURCE",
    "TAXONOMY_MAP",
    "Calling",
    "Directory",
    "Facility",
    "NetworkSimResolver",
    "Provider",
    "calling_named",
    "callings",
    "facility_ids",
    "facility_type_problems",
    "hospital_beds",
    "is_npi",
    "provider_npis",
    "specialty_named",
    "starter_hospitals",
    "starter_providers",
    "used_hospitals",
    "used_providers",
]

"""Generation as classes: thin faces over `healthsim.api`."""

from healthsim.api import explain, generate
from healthsim.generation.hybrid import create_hybrid_profile, create_hybrid_profile_with_network
from healthsim.generation.profile_executor import ProfileExecutor
from healthsim.reference import ReferenceProfileResolver
from healthsim.reference.network import TAXONOMY_MAP, NetworkSimResolver

__all__ = [
    "TAXONOMY_MAP",
    "NetworkSimResolver",
    "ProfileExecutor",
    "ReferenceProfileResolver",
    "create_hybrid_profile",
    "create_hybrid_profile_with_network",
    "explain",
    "generate",
]

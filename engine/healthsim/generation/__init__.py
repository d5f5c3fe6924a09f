"""Generation as classes: thin faces over `healthsim.api`."""

from healthsim.api import explain, generate
from healthsim.generation.hybrid import create_hybrid_profile, create_hybrid_profile_with_network
from healthsim.generation.journey_engine import JourneyEngine, JourneyEvents
from healthsim.generation.orchestrator import ProfileJourneyOrchestrator
from healthsim.generation.person import Person
from healthsim.generation.profile_executor import ProfileExecutor
from healthsim.reference import ReferenceProfileResolver
from healthsim.reference.network import TAXONOMY_MAP, NetworkSimResolver
from healthsim.spec import EventDefinition, JourneyDefinition

__all__ = [
    "TAXONOMY_MAP",
    "EventDefinition",
    "JourneyDefinition",
    "JourneyEngine",
    "JourneyEvents",
    "NetworkSimResolver",
    "Person",
    "ProfileExecutor",
    "ProfileJourneyOrchestrator",
    "ReferenceProfileResolver",
    "create_hybrid_profile",
    "create_hybrid_profile_with_network",
    "explain",
    "generate",
]

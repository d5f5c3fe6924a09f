"""What was asked: profiles and journeys, their distributions and conditions, parsed and validated."""

from healthsim.spec.coverage import Coverage
from healthsim.spec.distributions import (
    AgeBands,
    Beta,
    Categorical,
    Conditional,
    Constant,
    Distribution,
    Empirical,
    Explicit,
    Gamma,
    LogNormal,
    Normal,
    Poisson,
    Population,
    Rule,
    Triangular,
    Uniform,
)
from healthsim.spec.event_types import EventType, event_types
from healthsim.spec.figures import FigureTable, PlaceFigures
from healthsim.spec.journey import Choice, EventDefinition, Following, JourneyDefinition, Phase, Trigger
from healthsim.spec.journey_checks import journey_problems
from healthsim.spec.journey_parse import journey_json, parse_journey
from healthsim.spec.journey_schema import journey_schema
from healthsim.spec.listings import (
    FacilityListing,
    FacilityRequest,
    ListedFacility,
    ListedProvider,
    ProviderListing,
    ProviderRequest,
)
from healthsim.spec.network import NetworkReference, NetworkRequest
from healthsim.spec.parse import Parsed, parse_profile, parsed_profile, profile_document
from healthsim.spec.pharmacy import Pharmacy
from healthsim.spec.places import PlaceReference
from healthsim.spec.predicates import AllOf, AnyOf, Comparison, Not, Predicate, attributes_of, evaluate
from healthsim.spec.profile import (
    Baseline,
    Clinical,
    ConditionRequest,
    Demographics,
    Generation,
    Profile,
)
from healthsim.spec.protocol import Protocol
from healthsim.spec.schema import profile_schema
from healthsim.spec.trial import Trial, last_trial_day
from healthsim.spec.trial_checks import override_problems, protocol_problems
from healthsim.spec.utilization import Utilization

__all__ = [
    "AgeBands",
    "AllOf",
    "AnyOf",
    "Baseline",
    "Beta",
    "Categorical",
    "Choice",
    "Clinical",
    "Comparison",
    "ConditionRequest",
    "Conditional",
    "Constant",
    "Coverage",
    "Demographics",
    "Distribution",
    "Empirical",
    "EventDefinition",
    "EventType",
    "Explicit",
    "FacilityListing",
    "FacilityRequest",
    "FigureTable",
    "Following",
    "Gamma",
    "Generation",
    "JourneyDefinition",
    "ListedFacility",
    "ListedProvider",
    "LogNormal",
    "NetworkReference",
    "NetworkRequest",
    "Normal",
    "Not",
    "Parsed",
    "Pharmacy",
    "Phase",
    "PlaceFigures",
    "PlaceReference",
    "Poisson",
    "Population",
    "Predicate",
    "Profile",
    "Protocol",
    "ProviderListing",
    "ProviderRequest",
    "Rule",
    "Trial",
    "Triangular",
    "Trigger",
    "Uniform",
    "Utilization",
    "attributes_of",
    "evaluate",
    "event_types",
    "journey_json",
    "journey_problems",
    "journey_schema",
    "last_trial_day",
    "override_problems",
    "parse_journey",
    "parse_profile",
    "parsed_profile",
    "profile_document",
    "profile_schema",
    "protocol_problems",
]

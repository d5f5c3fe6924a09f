"""The valid keys of every part of a profile and of a journey."""

from collections.abc import Mapping
from functools import cache
from typing import get_args

from healthsim.spec.coverage import Coverage
from healthsim.spec.distributions import Distribution
from healthsim.spec.figures import FigureTable, PlaceFigures
from healthsim.spec.insurance import InsurancePlan, PerHousehold, Prices, Service
from healthsim.spec.journey import journey_keys
from healthsim.spec.listings import (
    FacilityListing,
    FacilityRequest,
    ListedFacility,
    ListedProvider,
    ProviderListing,
    ProviderRequest,
)
from healthsim.spec.model import Part, keys_of
from healthsim.spec.network import NetworkReference
from healthsim.spec.pharmacy import DrugBenefit, DrugBenefits, PartDBenefit, Pharmacy, TierCopays
from healthsim.spec.places import PlaceReference
from healthsim.spec.profile import (
    Clinical,
    ConditionRequest,
    Demographics,
    Generation,
    Profile,
)
from healthsim.spec.protocol import (
    Accrual,
    AdverseEvent,
    Arm,
    Conduct,
    Criterion,
    Discontinuation,
    Dosing,
    Effect,
    Factor,
    Indication,
    Outcome,
    Protocol,
    Response,
    ScheduledVisit,
    Screening,
)
from healthsim.spec.timing import Timing
from healthsim.spec.trial import Trial
from healthsim.spec.utilization import Utilization


@cache
def section_keys() -> Mapping[str, tuple[str, ...]]:
    """Give the keys of each section by its path without indices."""
    request = keys_of(ConditionRequest)
    return {
        "$": keys_of(Profile),
        "$.generation": keys_of(Generation),
        "$.demographics": keys_of(Demographics),
        "$.demographics.reference": keys_of(PlaceReference),
        "$.demographics.figures": keys_of(PlaceFigures),
        "$.demographics.figures.reference": keys_of(PlaceReference),
        "$.demographics.figures.tables": keys_of(FigureTable),
        "$.clinical": keys_of(Clinical),
        "$.clinical.primary_condition": request,
        "$.clinical.comorbidities": request,
        "$.clinical.conditions": request,
        "$.providers": keys_of(ProviderRequest),
        "$.providers.reference": keys_of(NetworkReference),
        "$.providers.listing": keys_of(ProviderListing),
        "$.providers.listing.primary_care": keys_of(ListedProvider),
        "$.providers.listing.specialists": keys_of(ListedProvider),
        "$.facilities": keys_of(FacilityRequest),
        "$.facilities.reference": keys_of(NetworkReference),
        "$.facilities.listing": keys_of(FacilityListing),
        "$.facilities.listing.hospitals": keys_of(ListedFacility),
        "$.utilization": keys_of(Utilization),
        "$.pharmacy": keys_of(Pharmacy),
        "$.pharmacy.benefits": keys_of(DrugBenefits),
        **dict.fromkeys((f"$.pharmacy.benefits.{line}" for line in keys_of(DrugBenefits)), keys_of(DrugBenefit)),
        **dict.fromkeys(
            (f"$.pharmacy.benefits.{line}" for line in ("medicare", "medicare_advantage")), keys_of(PartDBenefit)
        ),
        **dict.fromkeys((f"$.pharmacy.benefits.{line}.copays" for line in keys_of(DrugBenefits)), keys_of(TierCopays)),
        "$.coverage": keys_of(Coverage),
        "$.coverage.plans": keys_of(InsurancePlan),
        "$.coverage.plans.deductible": keys_of(PerHousehold),
        "$.coverage.plans.out_of_pocket_maximum": keys_of(PerHousehold),
        "$.coverage.plans.price": keys_of(Prices),
        "$.coverage.plans.cost_sharing": (*get_args(Service), "default"),
        **_trial_keys("$.trial"),
        **journey_keys("$.journeys"),
    }


def _trial_keys(path: str) -> Mapping[str, tuple[str, ...]]:
    """Give the keys of a trial and its protocol by path."""
    protocol = f"{path}.protocol"
    parts: Mapping[str, type[Part]] = {
        "indication": Indication,
        "arms": Arm,
        "stratification": Factor,
        "inclusion": Criterion,
        "exclusion": Criterion,
        "screening": Screening,
        "visits": ScheduledVisit,
        "dosing": Dosing,
        "effects": Effect,
        "outcomes": Outcome,
        "response": Response,
        "adverse_events": AdverseEvent,
        "discontinuation": Discontinuation,
        "conduct": Conduct,
        "accrual": Accrual,
    }
    inner = {f"{protocol}.{name}": keys_of(part) for name, part in parts.items()}
    return {path: keys_of(Trial), protocol: keys_of(Protocol), **inner}


@cache
def member_keys(name: str) -> tuple[str, ...]:
    """Give the keys of a distribution or a timing by the name of its type."""
    unions = (get_args(union)[0] for union in (Distribution, Timing))
    models = {model.model_fields["type"].default: model for union in unions for model in get_args(union)}
    return keys_of(models[name])

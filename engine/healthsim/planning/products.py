"""The products beside PatientSim, planned: what of them a profile asks for, over what is planned of its people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from healthsim.planning.care_plan import CarePlan
from healthsim.planning.journey_plan import TimelinePlan
from healthsim.planning.medication_plan import MedicationPlan
from healthsim.planning.naming import NamedCondition
from healthsim.planning.payer.billing import planned_billing
from healthsim.planning.payer.coverage import planned_coverage
from healthsim.planning.payer.coverage_plan import END_REASONS, RELATIONSHIPS, TIERS, CoveragePlan
from healthsim.planning.places import Residence
from healthsim.planning.plan import ConditionsPlan, PeoplePlan, ProductPlans
from healthsim.planning.utilization_plan import UtilizationPlan
from healthsim.planning.visits import VisitPlan
from healthsim.spec import Coverage, Profile

BUILT = ("patientsim", "membersim")
"""The products that are made."""

_INSURED = {"membersim", "rxmembersim"}
"""The products that insurance belongs to."""

_EPOCH = date(1970, 1, 1)
_YEAR_DAYS = 366

Texts = Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Groundwork:
    """What is planned of people before any product is; as the attributes of `Plan` of the same names."""

    profile: Profile
    home: Residence
    named: tuple[NamedCondition, ...]
    people: PeoplePlan
    conditions: ConditionsPlan
    care: CarePlan | None
    visits: VisitPlan | None
    utilization: UtilizationPlan | None
    timeline: TimelinePlan | None
    medications: MedicationPlan | None
    dictionaries: Texts


@dataclass(frozen=True, slots=True)
class Planned:
    """The products, planned.

    Attributes:
        plans: What they are drawn from.
        dictionaries: Texts of their tables.
        titles: Titles that views add to codes of theirs.
        sources: Where their figures are from.
        notes: What the caller should know.
    """

    plans: ProductPlans = field(default_factory=ProductPlans)
    dictionaries: Texts = field(default_factory=dict)
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def planned_products(ground: Groundwork) -> Planned:
    """Plan the products that a profile asks for.

    Args:
        ground: What is planned of its people.
    """
    if not set(ground.profile.products) & _INSURED:
        return Planned()
    coverage = _coverage(ground)
    if "membersim" not in ground.profile.products:
        return Planned(ProductPlans(coverage), _coverage_texts(), sources=coverage.sources)
    people = ground.people
    billing = planned_billing(ground.dictionaries, people.states, people.county_state)
    plans = ProductPlans(coverage, billing)
    return Planned(plans, _coverage_texts(), sources=(*coverage.sources, *billing.sources))


def _coverage(ground: Groundwork) -> CoveragePlan:
    """Plan coverage up to the last day that something happens."""
    as_of, utilization, timeline = ground.profile.as_of, ground.utilization, ground.timeline
    years = None if utilization is None else ((as_of - _EPOCH).days - utilization.first_day) // _YEAR_DAYS + 1
    last = as_of
    if timeline is not None:
        last = max(as_of, timeline.start + timedelta(days=max(event.last_day for event in timeline.events)))
    return planned_coverage(ground.profile.coverage or Coverage(), as_of, last, years=years)


def _coverage_texts() -> Texts:
    return {
        "plans": {},
        "members": {"relationship": RELATIONSHIPS, "coverage_tier": TIERS},
        "enrollments": {"end_reason": END_REASONS},
    }

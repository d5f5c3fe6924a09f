"""The products beside PatientSim, planned: what of them a profile asks for, over what is planned of its people."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from healthsim.planning.care_plan import CarePlan
from healthsim.planning.journey_plan import TimelinePlan
from healthsim.planning.medication_plan import MedicationPlan
from healthsim.planning.naming import NamedCondition
from healthsim.planning.payer.adjudication import code_meanings, planned_adjudication
from healthsim.planning.payer.billing import planned_billing
from healthsim.planning.payer.claim_texts import claim_texts
from healthsim.planning.payer.coverage import planned_coverage
from healthsim.planning.payer.coverage_plan import END_REASONS, RELATIONSHIPS, TIERS, CoveragePlan
from healthsim.planning.payer.messages import KINDS, REASONS
from healthsim.planning.pharmacy.compile import planned_pharmacy
from healthsim.planning.places import Residence
from healthsim.planning.plan import SEXES, AddressPlan, ConditionsPlan, PeoplePlan, ProductPlans
from healthsim.planning.trial.planned import planned_trial, trial_sources
from healthsim.planning.trial.texts import texts_of_trial, titles_of_trial
from healthsim.planning.utilization_plan import UtilizationPlan
from healthsim.planning.visits import VisitPlan
from healthsim.skills import SkillLibrary
from healthsim.spec import Coverage, Pharmacy, Profile

_INSURED = {"membersim", "rxmembersim"}
"""The products that insurance belongs to."""

_OF_CLAIMS = ("prior_authorization", "claim", "payment")
_NOTHING_ASKED = (
    "journeys ask for prior authorizations or claims, which are made of people with encounters only: none is"
)
_ONE_VISIT = "claims are of everybody's latest visit alone; utilization realistic, or a journey, makes years of them"
_NO_DRUGS = "no condition is named, and drugs come from those that are: there are no prescriptions"
_EPOCH = date(1970, 1, 1)
_YEAR_DAYS = 366

Texts = Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Groundwork:
    """What is planned of people before any product is; as the attributes of `Plan` of the same names."""

    profile: Profile
    seed: int
    library: SkillLibrary
    home: Residence
    named: tuple[NamedCondition, ...]
    people: PeoplePlan
    address: AddressPlan
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
    return _with_trial(_insured(ground), ground)


def _insured(ground: Groundwork) -> Planned:
    """Plan insurance, where a profile asks for products that need it."""
    if not set(ground.profile.products) & _INSURED:
        return Planned()
    coverage = _coverage(ground)
    planned = Planned(ProductPlans(coverage), _coverage_texts(ground), sources=coverage.sources)
    if "membersim" in ground.profile.products and ground.dictionaries.get("encounters"):
        planned = _with_claims(planned, coverage, ground)
    elif any(_asks(ground.timeline, kind) for kind in _OF_CLAIMS):
        planned = replace(planned, notes=(_NOTHING_ASKED,))
    return _with_pharmacy(planned, ground, coverage) if "rxmembersim" in ground.profile.products else planned


def _with_claims(planned: Planned, coverage: CoveragePlan, ground: Groundwork) -> Planned:
    """Add claims for what a chart with encounters holds."""
    people, has_care = ground.people, ground.utilization is not None
    billing = planned_billing(
        ground.dictionaries, people.states, people.county_state, _claimed(ground.timeline), has_care=has_care
    )
    adjudication = planned_adjudication(coverage.benefits, coverage.last_day)
    return Planned(
        plans=replace(planned.plans, billing=billing, adjudication=adjudication),
        dictionaries={**planned.dictionaries, **claim_texts(billing.texts, adjudication.denials)},
        titles={"denial_reasons": code_meanings(), **billing.titles},
        sources=(*planned.sources, *billing.sources, *adjudication.sources),
        notes=() if ground.utilization or ground.timeline else (_ONE_VISIT,),
    )


def _claimed(timeline: TimelinePlan | None) -> tuple[str | None, ...]:
    """Give the code of a service that each event of journeys claims; None for those that claim none."""
    events = timeline.events if timeline is not None else ()
    return tuple(event.parameters.get("code") if event.type.name == "claim" else None for event in events)


def _with_pharmacy(planned: Planned, ground: Groundwork, coverage: CoveragePlan) -> Planned:
    """Add the pharmacy benefit, over the time of which coverage is told."""
    pharmacy = planned_pharmacy(
        ground.profile.pharmacy or Pharmacy(),
        ground.medications,
        ground.dictionaries,
        coverage.benefits.plans,
        (coverage.first_day, coverage.last_day),
    )
    return Planned(
        replace(planned.plans, pharmacy=pharmacy.plan),
        {**planned.dictionaries, **pharmacy.dictionaries},
        {**planned.titles, **pharmacy.titles},
        (*planned.sources, *pharmacy.sources),
        (*planned.notes, *pharmacy.notes, *(() if ground.named or ground.timeline else (_NO_DRUGS,))),
    )


def _coverage(ground: Groundwork) -> CoveragePlan:
    """Plan coverage up to the last day that something happens."""
    as_of, utilization, timeline = ground.profile.as_of, ground.utilization, ground.timeline
    years = None if utilization is None else ((as_of - _EPOCH).days - utilization.first_day) // _YEAR_DAYS + 1
    last = as_of
    if timeline is not None:
        last = max(as_of, timeline.start + timedelta(days=max(event.last_day for event in timeline.events)))
    return planned_coverage(ground.profile.coverage or Coverage(), as_of, last, years=years)


def _coverage_texts(ground: Groundwork) -> Texts:
    return {
        **({"eligibility_checks": {}} if _asks(ground.timeline, "eligibility_check") else {}),
        "plans": {},
        "members": {"relationship": RELATIONSHIPS, "coverage_tier": TIERS},
        "relatives": {"relationship": RELATIONSHIPS, "gender": SEXES},
        "enrollments": {"end_reason": END_REASONS},
        "enrollment_changes": {"type": KINDS, "reason": REASONS},
    }


def _asks(timeline: TimelinePlan | None, event_type: str) -> bool:
    """Tell whether a journey has events of a type."""
    return timeline is not None and any(event.type.name == event_type for event in timeline.events)


def _with_trial(planned: Planned, ground: Groundwork) -> Planned:
    """Add the trial, where a profile asks for one."""
    trial = ground.profile.trial
    if "trialsim" not in ground.profile.products or trial is None:
        return planned
    plan = planned_trial(
        trial,
        ground.seed,
        (ground.people, ground.address),
        ground.named,
        ground.conditions.codes,
        ground.library,
        ground.medications,
        ground.timeline,
    )
    return replace(
        planned,
        plans=replace(planned.plans, trial=plan),
        dictionaries={**planned.dictionaries, **texts_of_trial(plan)},
        titles={**planned.titles, **titles_of_trial(plan)},
        sources=(*planned.sources, *trial_sources(plan.protocol)),
    )

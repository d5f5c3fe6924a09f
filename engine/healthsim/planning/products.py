"""The products beside PatientSim, planned: what of them a profile asks for, over what is planned of its people."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from healthsim.planning.care_plan import CarePlan
from healthsim.planning.journey_plan import TimelinePlan
from healthsim.planning.medication_plan import MedicationPlan
from healthsim.planning.naming import NamedCondition
from healthsim.planning.places import Residence
from healthsim.planning.plan import ConditionsPlan, PeoplePlan, ProductPlans
from healthsim.planning.utilization_plan import UtilizationPlan
from healthsim.planning.visits import VisitPlan
from healthsim.spec import Profile

BUILT = ("patientsim",)
"""The products that are made."""

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
    del ground
    return Planned()

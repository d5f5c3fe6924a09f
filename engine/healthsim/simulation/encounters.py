"""The table of encounters: a row for each visit of a person."""

import numpy as np

from healthsim.planning.care_plan import CarePlan
from healthsim.planning.natural import ADULT
from healthsim.planning.plan import Ints, Plan
from healthsim.planning.visits import VisitPlan
from healthsim.simulation.block import Block
from healthsim.simulation.care import Care, npis
from healthsim.tables import Batch, Column


def encounters(plan: Plan, block: Block) -> Batch:
    """Describe the visits of a block: a person is seen for the first of their conditions, or a general examination."""
    visits = block.visits
    if plan.visits is None or visits is None:
        raise ValueError("a plan without visits has no encounters")
    reason = _reasons(plan.visits, block)
    has_primary = plan.conditions.has_primary
    seen_by = _providers(plan.care, block, block.care, has_primary=has_primary) if plan.care and block.care else None
    columns: dict[str, Column] = {
        "person_id": block.people.ids[visits.person],
        "encounter_id": visits.encounter_id,
        "class_code": np.zeros(len(visits.person), np.int8),
        "type": (reason >= len(plan.conditions.codes)).astype(np.int8)[visits.person],
        "start_time": visits.start,
        "end_time": visits.end,
        "reason_code": reason[visits.person],
        "provider_npi": None if seen_by is None else seen_by[visits.person],
        "facility_id": None,
        "part_of_id": None,
    }
    return Batch("encounters", len(visits.person), columns)


def latest_providers(plan: Plan, block: Block) -> Ints:
    """Give the NPI of whom everybody saw at their latest visit, shape `(visits,)`; missing where there is nobody."""
    if plan.care is None or block.care is None or block.visits is None:
        raise ValueError("a plan without providers or visits has nobody seen by any")
    seen_by = _providers(plan.care, block, block.care, has_primary=plan.conditions.has_primary)
    return seen_by[block.visits.person]


def _providers(care: CarePlan, block: Block, assigned: Care, *, has_primary: bool) -> Ints:
    """Give whom everybody sees: the specialist asked for only once they have what it is asked for."""
    if not has_primary:
        return npis(care, assigned.seen)
    is_ill = block.cases.begun(_days_seen(block), block.held.shape[1])[:, 0]
    return npis(care, np.where(is_ill, assigned.seen, assigned.primary))


def _days_seen(block: Block) -> Ints:
    """Give the day of everybody's latest visit; `as_of` for those who have none any more."""
    days = block.people.birth_day + block.people.days_lived
    if block.visits is not None:
        days[block.visits.person] = block.visits.day
    return days


def _reasons(plan: VisitPlan, block: Block) -> Ints:
    """Give the code of everybody's first condition by then; of those without one, that of an examination."""
    reasons = np.where(block.people.age >= ADULT, plan.adult_examination, plan.child_examination)
    cases = block.cases.only(block.cases.onset_day <= _days_seen(block)[block.cases.person])
    reasons[cases.person[::-1]] = cases.code[::-1]
    return reasons

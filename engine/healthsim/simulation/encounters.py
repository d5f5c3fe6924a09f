"""The table of encounters: a row for each visit of a person."""

import numpy as np

from healthsim.planning.natural import ADULT
from healthsim.planning.plan import Ints, Plan
from healthsim.planning.visits import VisitPlan
from healthsim.simulation.block import Block
from healthsim.simulation.care import npis
from healthsim.tables import Batch, Column


def encounters(plan: Plan, block: Block) -> Batch:
    """Describe the visits of a block: a person is seen for the first of their conditions, or a general examination."""
    visits = block.visits
    if plan.visits is None or visits is None:
        raise ValueError("a plan without visits has no encounters")
    reason = _reasons(plan.visits, block)
    columns: dict[str, Column] = {
        "person_id": block.people.ids[visits.person],
        "encounter_id": visits.encounter_id,
        "class_code": np.zeros(len(visits.person), np.int8),
        "type": (reason >= len(plan.conditions.codes)).astype(np.int8)[visits.person],
        "start_time": visits.start,
        "end_time": visits.end,
        "reason_code": reason[visits.person],
        "provider_npi": npis(plan.care, block.care.seen)[visits.person] if plan.care and block.care else None,
        "facility_id": None,
    }
    return Batch("encounters", len(visits.person), columns)


def _reasons(plan: VisitPlan, block: Block) -> Ints:
    """Give the code of everybody's first condition; of adults and children without one, that of an examination."""
    reasons = np.where(block.people.age >= ADULT, plan.adult_examination, plan.child_examination)
    cases = block.cases
    reasons[cases.person[::-1]] = cases.code[::-1]
    return reasons

"""The table of medications: a row for each drug that a person takes, or took in the past year."""

import numpy as np

from healthsim.planning.plan import Plan
from healthsim.simulation.block import Block
from healthsim.simulation.cases import SLOT_BITS
from healthsim.tables import MISSING, Batch


def medications(plan: Plan, block: Block) -> Batch:
    """Describe the drugs of the people of a block, told at their latest visit; whoever died before it has none."""
    taken, planned, visits = block.medications, plan.medications, block.visits
    if taken is None or planned is None or visits is None:
        raise ValueError("a plan without visits has no medications")
    person_id = block.people.ids[taken.person]
    encounter = np.full(block.people.count, MISSING, np.int64)
    encounter[visits.person] = visits.encounter_id
    columns = {
        "person_id": person_id,
        "medication_id": (person_id << SLOT_BITS) + taken.entry,
        "encounter_id": encounter[taken.person],
        **{name: indices[taken.entry] for name, indices in planned.indices.items()},
        "days_supply": planned.days_supply[taken.entry],
        "refills": planned.refills[taken.entry],
        "start_date": taken.start_day,
        "end_date": taken.end_day,
        "reason_code": taken.code,
    }
    return Batch("medications", len(person_id), columns)

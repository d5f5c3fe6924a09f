"""The table of diagnoses: a row for each condition of a person, with its code and dates."""

import numpy as np

from healthsim.planning.plan import Plan
from healthsim.simulation.block import Block
from healthsim.simulation.cases import SLOT_BITS
from healthsim.tables import Batch


def diagnoses(_plan: Plan, block: Block) -> Batch:
    """Diagnose the people of a block."""
    cases = block.cases
    person_id = block.people.ids[cases.person]
    columns = {
        "person_id": person_id,
        "diagnosis_id": (person_id << SLOT_BITS) + cases.slot,
        "encounter_id": None,
        "code": cases.code,
        "onset_date": cases.onset_day,
        "recorded_date": cases.recorded_day,
        "rank": block.held.cumsum(axis=1, dtype=np.int16)[cases.person, cases.slot],
    }
    return Batch("diagnoses", len(person_id), columns)

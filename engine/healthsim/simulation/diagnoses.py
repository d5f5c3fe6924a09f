"""The table of diagnoses: a row for each condition of a person, with its code and dates."""

import numpy as np

from healthsim.planning.plan import AGE_SEX_CELLS, Plan
from healthsim.randomness import UInts, stream_hash
from healthsim.simulation.block import Block
from healthsim.tables import Batch

SLOT_BITS = 16
"""Bits of an id that number a person's rows."""


def diagnoses(plan: Plan, block: Block) -> Batch:
    """Diagnose the people of a block."""
    wanted, people = plan.conditions, block.people
    person, slot = block.case_person, block.case_slot
    draws = people.draws.rows(person)
    table_row = slot * AGE_SEX_CELLS + people.age_sex[person]
    which = wanted.code_shares.draw(draws.uniform_of(_streams(plan, "code")[slot]), table_row)
    lived_share = wanted.onset.at(draws.uniform_of(_streams(plan, "onset")[slot]), table_row)
    onset = people.birth_day[person] + (lived_share * people.days_lived[person]).astype(np.int64)
    person_id = people.ids[person]
    columns = {
        "person_id": person_id,
        "diagnosis_id": (person_id << SLOT_BITS) + slot,
        "encounter_id": None,
        "code": wanted.code_index[slot, which],
        "onset_date": onset,
        "recorded_date": onset,
        "rank": block.held.cumsum(axis=1, dtype=np.int16)[person, slot],
    }
    return Batch("diagnoses", len(person), columns)


def _streams(plan: Plan, decision: str) -> UInts:
    """Give the stream of a decision on each condition, shape `(slots,)`."""
    names = (f"{decision}:{condition.id}" for condition in plan.conditions.conditions)
    return np.array([stream_hash(plan.seed, name) for name in names], dtype=np.uint64)

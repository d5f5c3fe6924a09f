"""The table of diagnoses: a row for each condition of a person, with its code and dates."""

import numpy as np

from healthsim.planning.journey_plan import TimelinePlan
from healthsim.planning.plan import Plan
from healthsim.simulation.block import Block
from healthsim.simulation.cases import SLOT_BITS, Cases
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.timeline import Timeline
from healthsim.tables import MISSING, Batch


def diagnoses(plan: Plan, block: Block) -> Batch:
    """Diagnose the people of a block; nothing is recorded after their death, nor what an event of a journey finds."""
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
    if plan.timeline is None or block.timeline is None:
        return Batch("diagnoses", len(person_id), columns)
    is_there = _is_known(plan.timeline, block.timeline, cases)
    if is_there.all():
        return Batch("diagnoses", len(person_id), columns)
    kept = {name: None if values is None else values[is_there] for name, values in columns.items()}
    return Batch("diagnoses", int(is_there.sum()), kept)


def _is_known(plan: TimelinePlan, timeline: Timeline, cases: Cases) -> Booleans:
    """Tell which cases were recorded in life and not by an event, shape `(cases,)`."""
    is_there = np.ones(len(cases.person), np.bool_)
    died = timeline.deaths(plan)
    if died is not None:
        dies = died[cases.person]
        is_there = (dies == MISSING) | (cases.recorded_day <= dies)
    for new in plan.new_onsets:
        is_there &= (cases.slot != new.slot) | (timeline.status[new.column, cases.person] != 0)
    return is_there

"""Diagnoses that journeys record."""

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.event_details import Details, Diagnosis
from healthsim.planning.journey_plan import PlannedEvent
from healthsim.planning.plan import Ints, Plan
from healthsim.simulation.block import Block
from healthsim.simulation.events.coding import own_codes, texts_of
from healthsim.simulation.events.happened import Happened
from healthsim.tables import MISSING, Columns


def diagnoses(plan: Plan, block: Block, happened: Happened) -> tuple[Ints, Columns]:
    """Record conditions: the code asked for, else the person's own of the event's condition, since its onset."""
    places = happened.of(Diagnosis)
    asked = texts_of(plan, happened, places, ("diagnoses", "code"), _code)
    person = happened.person[places]
    columns = {
        "person_id": block.people.ids[person],
        "diagnosis_id": happened.row_id[places],
        "encounter_id": happened.encounter_id(places, MISSING),
        "code": np.where(asked >= 0, asked, own_codes(block, happened, places)),
        "onset_date": np.where(asked >= 0, happened.day[places], _onsets(block, happened, places)),
        "recorded_date": happened.day[places],
        "rank": _ranks(block, happened, places),
    }
    return places, columns


def _ranks(block: Block, happened: Happened, places: Ints) -> NDArray[np.int16]:
    """Rank what begins with an event as if it had been there before; all else comes after what was."""
    person, event = happened.person[places], happened.event(places)
    slots = np.array([_new_slot(each) for each in happened.plan.events], np.int64)[event]
    among = block.held.cumsum(axis=1, dtype=np.int16)[person, np.maximum(slots, 0)]
    later = (block.held.sum(axis=1)[person] + _turn(person)).astype(np.int16)
    ranks: NDArray[np.int16] = np.where(slots >= 0, among, later)
    return ranks


def _new_slot(event: PlannedEvent) -> int:
    is_new = isinstance(event.details, Diagnosis) and event.details.is_new
    return -1 if event.condition is None or not is_new else event.condition


def _onsets(block: Block, happened: Happened, places: Ints) -> Ints:
    """Give the onset of the condition that each event is for, which is not after it; `NEVER` for an event of none."""
    onsets = block.cases.onsets(block.people.count, block.held.shape[1] + 1)
    slots = np.array([-1 if event.condition is None else event.condition for event in happened.plan.events], np.int64)
    onset: Ints = onsets[happened.person[places], slots[happened.event(places)]]
    return onset


def _turn(person: Ints) -> Ints:
    """Number the rows of each person from 1; persons ascend."""
    if not len(person):
        return person
    first = np.flatnonzero(np.append(True, person[1:] != person[:-1]))
    sizes = np.diff(np.append(first, len(person)))
    return np.arange(len(person)) - np.repeat(first, sizes) + 1


def _code(details: Details) -> str | None:
    return details.code if isinstance(details, Diagnosis) else None

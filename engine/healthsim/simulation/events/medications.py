"""Drugs that journeys order."""

from collections.abc import Sequence

import numpy as np

from healthsim.planning.event_details import Medication
from healthsim.planning.plan import Ints, Plan
from healthsim.simulation.block import Block
from healthsim.simulation.events.coding import own_codes
from healthsim.simulation.events.happened import Happened
from healthsim.tables import MISSING, Columns


def medications(plan: Plan, block: Block, happened: Happened) -> tuple[Ints, Columns]:
    """Describe the orders: each lasts as long as its supply, or until it is stopped."""
    if plan.medications is None or block.timeline is None:
        raise ValueError("a plan without drugs orders none")
    every = happened.of(Medication)
    details = [event.details for event in happened.plan.events]
    is_order = np.array([isinstance(each, Medication) and not each.stops for each in details], np.bool_)
    places = every[is_order[happened.event(every)]]
    entry = np.zeros(len(places), np.int64)
    for index in np.flatnonzero(np.bincount(happened.column[places])).tolist():
        rows = np.flatnonzero(happened.column[places] == index)
        entry[rows] = block.timeline.drugs[index][happened.person[places[rows]]]
    supply = _asked(details, "days_supply", plan.medications.days_supply[entry], happened.event(places))
    refills = _asked(details, "refills", plan.medications.refills[entry], happened.event(places))
    columns = {
        "person_id": block.people.ids[happened.person[places]],
        "medication_id": happened.row_id[places],
        "encounter_id": happened.encounter_id(places, MISSING),
        **{name: indices[entry] for name, indices in plan.medications.indices.items()},
        "days_supply": supply,
        "refills": refills,
        "start_date": happened.day[places],
        "end_date": _ends(block, happened, places, entry, supply * (refills + 1)),
        "reason_code": own_codes(block, happened, places),
    }
    return places, columns


def _asked(details: Sequence[object], name: str, usual: Ints, events: Ints) -> Ints:
    """Give what an event asks for, else what is usual."""
    asked = [getattr(each, name, None) for each in details]
    is_asked = np.array([each is not None for each in asked], np.bool_)
    return np.where(is_asked[events], np.array([each or 0 for each in asked], np.int64)[events], usual)


def _ends(block: Block, happened: Happened, places: Ints, entry: Ints, days: Ints) -> Ints:
    """Give the last day covered, or the day on which the drug is stopped, if that is earlier."""
    person, start = happened.person[places], happened.day[places]
    end: Ints = start + days - 1
    regimen = block.regimen
    for index, column in enumerate(happened.plan.columns):
        ended, later = ((), 0) if regimen is None else regimen.ended_by(happened.plan.events[column.event].details)
        if not ended:
            continue
        stops = np.full(block.people.count, np.iinfo(np.int64).max)
        at = happened.column == index
        stops[happened.person[at]] = happened.day[at] + later
        is_of = np.isin(entry, ended) & (stops[person] >= start)
        end = np.where(is_of, np.minimum(end, stops[person]), end)
    return end

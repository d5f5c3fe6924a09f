"""Transfers: the times that inpatients are in the wards they are moved to, each an encounter within a stay."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.event_details import Details, Transfer
from healthsim.planning.journey_anchors import anchor_of, is_stay
from healthsim.planning.plan import Ints, Plan
from healthsim.planning.stays import UNIT_CLASS
from healthsim.simulation.block import Block
from healthsim.simulation.events.coding import texts_of
from healthsim.simulation.events.encounters import facilities, provider_npis, reasons
from healthsim.simulation.events.happened import Happened
from healthsim.simulation.visits import MINUTE
from healthsim.tables import Column, Columns

_SHORTEST = 60 * MINUTE
"""Time that people are in a ward at least, microseconds (assumed)."""


def transfers(plan: Plan, block: Block, happened: Happened) -> tuple[Ints, Columns]:
    """Describe the times in wards: from each transfer to the next one of the stay, or to its end.

    Who has been discharged by then is moved nowhere.
    """
    moved = _moves(happened)
    places, stays = moved.place, moved.stay
    in_hospital = np.ones(len(stays), np.bool_)
    columns: dict[str, Column] = {
        "person_id": block.people.ids[happened.person[places]],
        "encounter_id": happened.row_id[places],
        "class_code": np.full(len(places), plan.dictionaries["encounters"]["class_code"].index(UNIT_CLASS)),
        "type": texts_of(plan, happened, places, ("encounters", "type"), _unit),
        "start_time": moved.start,
        "end_time": moved.end,
        "reason_code": reasons(plan, block, happened, stays, in_hospital),
        "provider_npi": provider_npis(plan, block, happened, stays),
        "facility_id": facilities(plan, block, happened, stays, in_hospital),
        "part_of_id": happened.row_id[stays],
    }
    return places, columns


@dataclass(frozen=True, slots=True)
class _Moves:
    """Transfers, stay after stay in order of time; every array has the shape `(transfers,)`.

    Attributes:
        place: Place among the occurrences.
        stay: Place of the stay among them.
        start: When people come to the ward, microseconds since 1970-01-01.
        end: When they leave it.
    """

    place: Ints
    stay: Ints
    start: Ints
    end: Ints


def _moves(happened: Happened) -> _Moves:
    place = happened.of(Transfer)
    stay = _stays(happened, place)
    place, stay = place[stay >= 0], stay[stay >= 0]
    order = np.lexsort((place, stay))
    place, stay = place[order], stay[order]
    is_first = np.append(True, stay[1:] != stay[:-1])[: len(stay)]
    turn = np.arange(len(stay)) - np.maximum.accumulate(np.where(is_first, np.arange(len(stay)), 0))
    start = np.maximum(happened.start[place], happened.start[stay] + _SHORTEST)
    for each in range(1, int(turn.max(initial=0)) + 1):
        rows = np.flatnonzero(turn == each)
        start[rows] = np.maximum(start[rows], start[rows - 1] + _SHORTEST)
    end = happened.end[stay]
    is_there = start + _SHORTEST <= end
    place, stay, start, end = place[is_there], stay[is_there], start[is_there], end[is_there]
    follows = np.flatnonzero(stay[1:] == stay[:-1])
    end[follows] = start[follows + 1]
    return _Moves(place, stay, start, end)


def _stays(happened: Happened, places: Ints) -> Ints:
    """Give the places of the stays that transfers are part of; -1 where there is none."""
    plan, found = happened.plan, np.full(len(places), -1)
    for column in np.unique(happened.column[places]).tolist():
        stay = anchor_of(plan, column, is_stay)
        at = np.flatnonzero(happened.column[places] == column)
        stays = np.flatnonzero(happened.column == stay)
        by_person = np.full(int(happened.person.max(initial=0)) + 1, -1)
        by_person[happened.person[stays]] = stays
        found[at] = by_person[happened.person[places[at]]]
    return found


def _unit(details: Details) -> str | None:
    return details.unit if isinstance(details, Transfer) else None

"""Laboratory results and vital signs of journeys."""

from collections.abc import Callable, Mapping

import numpy as np

from healthsim.planning.event_details import Details, Labs, Vitals
from healthsim.planning.measurements import MOST_SLOTS
from healthsim.planning.plan import Floats, Ints, Plan
from healthsim.reference import Analyte
from healthsim.simulation.block import Block
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.events.happened import Happened
from healthsim.simulation.measurements import labs_on, vitals_on
from healthsim.simulation.occasions import ROWS_BITS, Occasions
from healthsim.simulation.visits import MINUTE
from healthsim.tables import MISSING, Columns

_LONGEST = 90 * MINUTE
"""How long after the beginning of an encounter, such as a stay, its measurements are over."""

_ALONE = 15 * MINUTE
"""How long people are there of whom only a specimen or a measurement is taken."""


def labs(plan: Plan, block: Block, happened: Happened) -> tuple[Ints, Columns]:
    """Report what is ordered."""
    if plan.measurements is None:
        raise ValueError("a plan without measurements has no results")
    places, occasions = _occasions(happened, Labs)
    wanted = _wanted(happened, places, plan.measurements.labs, _analytes)
    changed = _changed(block, happened, places, plan.measurements.labs)
    reported = labs_on(plan, block, occasions, wanted, changed)
    return places[reported.occasion], reported.batch.columns


def vitals(plan: Plan, block: Block, happened: Happened) -> tuple[Ints, Columns]:
    """Report vital signs."""
    if plan.measurements is None:
        raise ValueError("a plan without measurements has no vital signs")
    places, occasions = _occasions(happened, Vitals)
    wanted = _wanted(happened, places, plan.measurements.vitals, _signs)
    changed = _changed(block, happened, places, plan.measurements.vitals)
    reported = vitals_on(plan, block, occasions, wanted, changed)
    return places[reported.occasion], reported.batch.columns


def _occasions(happened: Happened, kind: type[Details]) -> tuple[Ints, Occasions]:
    """Give the occasions of a kind of events: at the encounter of that day, else on their own.

    Draws are addressed by the date, so that all events of a day find a person the same.
    """
    places = happened.of(kind)
    encounter = happened.encounter[places]
    is_there = (encounter >= 0) & (happened.day[encounter] == happened.day[places])
    at_most = happened.start[places] + np.where(is_there, _LONGEST, _ALONE)
    end = np.where(is_there, np.minimum(happened.end[encounter], at_most), at_most)
    occasions = Occasions(
        person=happened.person[places],
        encounter_id=happened.encounter_id(places, MISSING),
        start=happened.start[places],
        end=end,
        slot=_slots(happened, kind)[happened.column[places]],
        address=happened.day[places],
    )
    return places, occasions


def _changed(block: Block, happened: Happened, places: Ints, analytes: tuple[Analyte, ...]) -> Mapping[str, Floats]:
    """Give the levels of some analytes on some occasions that drugs of the journeys have changed, by analyte."""
    levels: dict[str, Floats] = {}
    if block.regimen is None or block.body is None:
        return levels
    measured = {analyte.id for analyte in analytes}
    columns, people = happened.column[places], happened.person[places]
    days = np.zeros(block.people.count, np.int64)
    for index in np.flatnonzero(np.bincount(columns)).tolist():
        rows = np.flatnonzero(columns == index)
        person = people[rows]
        days[person] = happened.day[places[rows]]
        for analyte, changed in block.regimen.changed(days, happened.plan.columns[index].nominal).items():
            if analyte in measured:
                if analyte not in levels:
                    levels[analyte] = block.body.levels[analyte][people]
                levels[analyte][rows] = changed[person]
    return levels


def _slots(happened: Happened, kind: type[Details]) -> Ints:
    """Number the columns of a kind of events from 1, by their ordinals; 0 is the latest visit without a journey."""
    plan = happened.plan
    is_kind = np.array([isinstance(plan.events[column.event].details, kind) for column in plan.columns])
    ordinals = np.array([column.ordinal for column in plan.columns])
    slots = np.zeros(len(ordinals), np.int64)
    places = np.flatnonzero(is_kind)
    slots[places[np.argsort(ordinals[places], kind="stable")]] = np.arange(1, len(places) + 1)
    return slots


def _wanted(
    happened: Happened, places: Ints, analytes: tuple[Analyte, ...], asked: Callable[[Details, str], bool]
) -> Booleans:
    """Tell what each occasion asks for, shape `(occasions, analytes)`."""
    table = np.array([[asked(event.details, each.id) for each in analytes] for event in happened.plan.events], np.bool_)
    wanted: Booleans = table[happened.event(places)]
    return wanted


def _analytes(details: Details, analyte: str) -> bool:
    return isinstance(details, Labs) and analyte in details.analytes


def _signs(details: Details, sign: str) -> bool:
    return isinstance(details, Vitals) and (details.signs is None or sign in details.signs)


if ROWS_BITS + MOST_SLOTS.bit_length() - 1 != SLOT_BITS:
    raise AssertionError("identifiers of results are numbers of occasions and of results")

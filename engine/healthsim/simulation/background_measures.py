"""Rows of what is measured in the care that people have anyway: vital signs and laboratory results."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from healthsim.planning.measurements import MeasurementPlan
from healthsim.planning.monitoring import with_panels
from healthsim.planning.natural import ADULT
from healthsim.planning.plan import Ints, Plan
from healthsim.planning.testing_plan import BloodTests, TestingPlan
from healthsim.planning.utilization_plan import DELIVERY, EMERGENCY, INPATIENT, OFFICE
from healthsim.simulation.background import Occurrences
from healthsim.simulation.block import Block
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.measurements import Reported, labs_on, vitals_on
from healthsim.simulation.monitoring import monitored
from healthsim.simulation.occasions import Occasions
from healthsim.simulation.past_bodies import begun_by, past_bodies
from healthsim.simulation.visits import DAY, MINUTE
from healthsim.tables import Batch

_CHUNK = 40_000
"""Occasions measured at a time, so that memory stays bounded; has no effect on the rows."""

_SHORTEST = 5 * MINUTE
"""Whoever is called away to a hospital earlier than that is not measured."""

_LONGEST = 90 * MINUTE
"""How long after they come the measurements of people in hospitals are over."""

_LAST_NUMBER = (1 << SLOT_BITS) - 1
_CHILD, _ADULT, _HYPERTENSIVE, _EXAMINED = range(4)


@dataclass(frozen=True, slots=True)
class Measured:
    """Occurrences of background care that may be measured; every array has the shape `(occurrences,)`.

    Attributes:
        seen: The occurrences, person after person in order of time.
        occasions: The same as occasions.
        is_examination: Whether people are there for an examination.
        begun: Which conditions had begun, shape `(occurrences, slots)`.
    """

    seen: Occurrences
    occasions: Occasions
    is_examination: Booleans
    begun: Booleans

    def chosen(self, places: Ints) -> "Measured":
        """Give some of them."""
        old = self.occasions
        occasions = Occasions(
            old.person[places],
            old.encounter_id[places],
            old.start[places],
            old.end[places],
            old.slot[places],
            old.address[places],
        )
        return Measured(self.seen.chosen(places), occasions, self.is_examination[places], self.begun[places])


def measured_of(block: Block, seen: Occurrences, encounter_id: Ints, is_examination: Booleans) -> Measured:
    """Give what may be measured of background care: those who stay long enough.

    Args:
        block: The people.
        seen: Their background care.
        encounter_id: Of each occurrence.
        is_examination: Which of them are examinations.
    """
    # What is measured on one day is of one age: who comes at midnight is measured before it.
    day_end = (seen.start // DAY + 1) * DAY - MINUTE
    end = np.where(seen.kind == OFFICE, seen.end, np.minimum(np.minimum(seen.end, seen.start + _LONGEST), day_end))
    zeros = np.zeros(len(seen.person), np.int64)
    # Draws are addressed by the minute, so that two visits of a day differ and another time asked for changes none.
    occasions = Occasions(seen.person, encounter_id, seen.start, end, zeros, seen.start // MINUTE)
    every = Measured(seen, occasions, is_examination, begun_by(block, occasions))
    return every.chosen(np.flatnonzero(end - seen.start >= _SHORTEST))


def measure_tables(plan: Plan, testing: TestingPlan, block: Block, measured: Measured) -> Iterator[Batch]:
    """Give the rows of laboratory results and vital signs of background care."""
    if plan.measurements is None:
        return
    yield from _labs(plan, testing, block, measured)
    yield from _vitals(plan, testing, block, measured)


def _vitals(plan: Plan, testing: TestingPlan, block: Block, measured: Measured) -> Iterator[Batch]:
    seen = measured.seen
    group = np.where(seen.age < ADULT, _CHILD, _ADULT)
    for slot in testing.hypertension_slots:
        group[(group == _ADULT) & measured.begun[:, slot]] = _HYPERTENSIVE
    group[measured.is_examination] = _EXAMINED
    draws = block.people.draws.rows(seen.person)
    taken = draws.event_uniform("measured:vitals", measured.occasions.address) < testing.vital_shares[seen.kind, group]
    chosen = measured.chosen(np.flatnonzero(taken))
    numbers = _Numbers(testing.first_row[1], block.people.count)
    for part in _chunks(chosen):
        past = past_bodies(plan, testing.body, block, part.occasions)
        wanted = testing.signs[part.seen.kind] & _in_use(part, testing.sign_days)
        reported = vitals_on(_with_body(plan, testing), past.block, past.occasions, wanted, past.changed)
        yield numbers.numbered(block, part, reported, "vital_id")


def _labs(plan: Plan, testing: TestingPlan, block: Block, measured: Measured) -> Iterator[Batch]:
    if plan.measurements is None:
        return
    wanted = _wanted(plan.measurements, testing, block, measured) & _in_use(measured, plan.measurements.used_from)
    places = np.flatnonzero(wanted.any(axis=1))
    chosen, wanted = measured.chosen(places), wanted[places]
    numbers = _Numbers(testing.first_row[0], block.people.count)
    for first, part in enumerate(_chunks(chosen)):
        past = past_bodies(plan, testing.body, block, part.occasions)
        mine = wanted[first * _CHUNK : (first + 1) * _CHUNK]
        reported = labs_on(_with_body(plan, testing), past.block, past.occasions, mine, past.changed)
        yield numbers.numbered(block, part, reported, "lab_id")


def _in_use(measured: Measured, first_day: Ints) -> Booleans:
    """Tell what was in use at each occurrence, shape `(occurrences, analytes)`."""
    used: Booleans = (measured.seen.start // DAY)[:, np.newaxis] >= first_day
    return used


def _with_body(plan: Plan, testing: TestingPlan) -> Plan:
    return replace(plan, body=testing.body)


def _chunks(measured: Measured) -> Iterator[Measured]:
    count = len(measured.seen.person)
    for first in range(0, count, _CHUNK):
        yield measured.chosen(np.arange(first, min(first + _CHUNK, count)))


class _Numbers:
    """Numbers the rows of a table, each person's one after another, over the chunks of a block.

    Args:
        first: The first number.
        people: How many people the block has.
    """

    def __init__(self, first: int, people: int) -> None:
        self._next = np.full(people, first)

    def numbered(self, block: Block, part: Measured, reported: Reported, identifier: str) -> Batch:
        """Give rows to the people of the block; those for which no number is left are left out."""
        person = part.occasions.person[reported.occasion]
        count = np.bincount(person, minlength=len(self._next))
        first = np.cumsum(count) - count
        number = self._next[person] + np.arange(len(person)) - first[person]
        self._next += count
        person_id = block.people.ids[person]
        columns = {**reported.batch.columns, "person_id": person_id, identifier: (person_id << SLOT_BITS) + number}
        kept = number <= _LAST_NUMBER
        if not kept.all():
            columns = {name: None if values is None else values[kept] for name, values in columns.items()}
        return Batch(reported.batch.table, int(kept.sum()), columns)


def _wanted(plan: MeasurementPlan, testing: TestingPlan, block: Block, measured: Measured) -> Booleans:
    """Tell which tests are done at each occurrence, shape `(occurrences, labs)`."""
    wanted = np.zeros((len(measured.seen.person), len(plan.labs)), np.bool_)
    offices = np.flatnonzero(measured.seen.kind == OFFICE)
    at_office = measured.chosen(offices)
    routine = _routine(plan, testing, block, at_office)
    for_conditions = monitored(testing.monitored, block, at_office.seen, at_office.begun, routine)
    wanted[offices] = with_panels(testing.panels, routine | for_conditions)
    for kinds, tests in (((EMERGENCY,), testing.emergency), ((INPATIENT, DELIVERY), testing.inpatient)):
        places = np.flatnonzero(np.isin(measured.seen.kind, kinds) & (measured.seen.age >= ADULT))
        wanted[places] = _blood(tests, block, measured.chosen(places))
    return wanted


def _routine(plan: MeasurementPlan, testing: TestingPlan, block: Block, measured: Measured) -> Booleans:
    """Tell which tests are routine at visits of adults to offices."""
    draws = block.people.draws.rows(measured.seen.person).of_events(measured.occasions.address)
    is_adult = measured.seen.age >= ADULT
    wanted = np.zeros((len(is_adult), len(plan.labs)), np.bool_)
    for panel, (name, share) in enumerate(zip(plan.panel_ids, testing.routine_shares, strict=True)):
        wanted[is_adult & (draws.uniform(f"measured:routine:{name}") < share)] |= plan.panels[panel]
    return wanted


def _blood(tests: BloodTests, block: Block, measured: Measured) -> Booleans:
    """Tell which tests of blood are done at hospitals."""
    draws = block.people.draws.rows(measured.seen.person).of_events(measured.occasions.address)
    is_drawn = draws.uniform("measured:blood") < tests.share
    first, *others = tests.panel_shares
    wanted: Booleans = (is_drawn & (draws.uniform("measured:blood:count") < first))[:, np.newaxis] & tests.panels[0]
    which, upto = draws.uniform("measured:blood:panel"), np.cumsum(others)
    low = 0.0
    for panel, high in enumerate(upto.tolist(), start=1):
        wanted |= (is_drawn & (which >= low) & (which < high))[:, np.newaxis] & tests.panels[panel]
        low = high
    return wanted

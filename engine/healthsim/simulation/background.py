"""Care that the people of a block have anyway: how often, of which kind and when."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.plan import SEXES, Floats, Ints
from healthsim.planning.stays import SHORTEST_ED, emergency_minutes, stay_nights
from healthsim.planning.utilization import MOST_A_YEAR
from healthsim.planning.utilization_plan import (
    BETWEEN_DELIVERIES,
    BIRTH,
    DELIVERY,
    EMERGENCY,
    INPATIENT,
    OFFICE,
    PlannedCare,
    UtilizationPlan,
)
from healthsim.planning.visits import SHORTEST, visit_minutes
from healthsim.reference import PAYERS
from healthsim.simulation.birthdays import birthdays, completed_years
from healthsim.simulation.cases import Cases
from healthsim.simulation.onsets import Onsets
from healthsim.simulation.people import People
from healthsim.simulation.visits import DAY, MINUTE, OPENING_MINUTE, SLOT_MINUTES, SLOTS, on_weekdays

SmallInts = NDArray[np.int8]

_DAY_MINUTES = 24 * 60
_MINUTE_BITS = 28
_EARLIEST = 1 << (_MINUTE_BITS - 1)
"""Minutes before 1970-01-01 that keys leave room for, and as many after it: 255 years."""

_DISCHARGED_FROM, _DISCHARGE_HOURS = 10, 6
"""People leave a hospital from 10:00 to 15:59."""


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Visits and stays; every array has the shape `(occurrences,)`.

    Attributes:
        person: Place of the person in the block.
        kind: Kind of care.
        address: Stable number among the person's of its kind, which addresses its draws.
        age: Completed years at it.
        start: When it began, microseconds since 1970-01-01.
        end: When it ended.
    """

    person: Ints
    kind: SmallInts
    address: Ints
    age: Ints
    start: Ints
    end: Ints

    def chosen(self, places: NDArray[np.integer] | NDArray[np.bool_]) -> "Occurrences":
        """Give some of them, in the order of their places."""
        return Occurrences(
            self.person[places],
            self.kind[places],
            self.address[places],
            self.age[places],
            self.start[places],
            self.end[places],
        )

    def in_order(self) -> "Occurrences":
        """Give them person after person in order of time; what begins in the same minute keeps its order."""
        return self.chosen(np.argsort(self.keys, kind="stable"))

    @property
    def keys(self) -> Ints:
        """Numbers that order them by person and minute of beginning."""
        return (self.person << _MINUTE_BITS) + self.start // MINUTE + _EARLIEST


@dataclass(frozen=True, slots=True)
class _Years:
    """Years of the lives of people, from one birthday to the next, that lie at least in part in the time asked for.

    Attributes:
        person: Place of the person in the block, shape `(years,)`.
        age: Completed years.
        first: First day of it, but for the day of birth.
        last: Last day of it.
    """

    person: Ints
    age: Ints
    first: Ints
    last: Ints


def occurrences_of(plan: UtilizationPlan, people: People, payer: Ints, cases: Cases) -> Occurrences:
    """Draw how often people have care of each kind in each year of their lives, and when, in order of time.

    How often is drawn for whole years of life, and what lies outside of the time asked for is left out; so another
    time asked for changes the care at its ends alone. Stays that have not ended by its last day are left out, too.
    """
    years = _years(plan, people)
    kinds = (OFFICE, EMERGENCY, INPATIENT, DELIVERY)
    parts = [_of_kind(plan, people, payer, cases, years, kind) for kind in kinds] + [_births(plan, people)]
    names = ("person", "kind", "address", "age", "start", "end")
    drawn = Occurrences(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
    is_inside = (drawn.start >= plan.first_day * DAY) & (drawn.end < (plan.last_day + 1) * DAY)
    return drawn.chosen(is_inside).in_order()


def _years(plan: UtilizationPlan, people: People) -> _Years:
    born = people.birth_day
    oldest = completed_years(born, np.full(people.count, plan.last_day))
    youngest = np.maximum(completed_years(born, np.full(people.count, plan.first_day)), 0)
    count = np.maximum(oldest - youngest + 1, 0)
    person = np.repeat(np.arange(people.count), count)
    age = np.arange(len(person)) - np.repeat(np.cumsum(count) - count, count) + youngest[person]
    first, last = birthdays(born[person], age), birthdays(born[person], age + 1) - 1
    return _Years(person, age, first + (age == 0), last)


def _of_kind(plan: UtilizationPlan, people: People, payer: Ints, cases: Cases, years: _Years, kind: int) -> Occurrences:
    care = plan.care[kind]
    by = years.last + BETWEEN_DELIVERIES if kind == DELIVERY else (years.first + years.last) // 2
    chronic = Onsets(cases, care.counted[cases.slot]).begun(years.person, by)[0]
    by_payer = care.by_payer[people.age * len(PAYERS) + payer]
    times = _times(plan, people, years, chronic, care, by_payer)
    year = np.repeat(np.arange(len(times)), times)
    turn = np.arange(len(year)) - np.repeat(np.cumsum(times) - times, times)
    address = years.age[year] * (MOST_A_YEAR + 1) + turn
    person = years.person[year]
    draws = people.draws.rows(person)
    first, last = years.first[year], years.last[year]
    days = last - first + 1
    if kind == OFFICE:
        planned, width = examinations(plan, years.age[year], turn)
        birthday = birthdays(people.birth_day[person], years.age[year])
        first, days = np.where(width > 0, birthday + planned, first), np.where(width > 0, width, days)
    day = first + (draws.event_uniform(f"utilization:{care.name}:day", address) * days).astype(np.int64)
    if kind == OFFICE:
        wanted = (draws.event_uniform("utilization:office:weekday", address) * 5).astype(np.int64)
        day = on_weekdays(day, wanted, people.birth_day[person] + 1, np.full(len(day), np.iinfo(np.int64).max))
    time = draws.event_uniform(f"utilization:{care.name}:time", address)
    length = draws.event_uniform(f"utilization:{care.name}:length", address)
    start, end = _span(plan, kind, day, time, length)
    age = np.maximum(completed_years(people.birth_day[person], day), 0)
    return Occurrences(person, np.full(len(person), kind, np.int8), address, age, start, end)


def examinations(plan: UtilizationPlan, age: Ints, turn: Ints) -> tuple[Ints, Ints]:
    """Give the first day after the birthday, and the days, of children's examinations; no days for other visits.

    Args:
        plan: The plan.
        age: Completed years at the visits, shape `(visits,)`.
        turn: Their place among the visits of that year of life, of the same shape.
    """
    ages, turns, _ = plan.examined.shape
    known = plan.examined[np.minimum(age, ages - 1), np.minimum(turn, turns - 1)]
    is_known = (age < ages) & (turn < turns)
    return np.where(is_known, known[:, 0], 0), np.where(is_known, known[:, 1], 0)


def _times(
    plan: UtilizationPlan, people: People, years: _Years, chronic: Ints, care: PlannedCare, by_payer: Floats
) -> Ints:
    """Draw how often a kind of care happens in each year, shape `(years,)`, given the conditions that had begun.

    Counts are Poisson, of a mean between two rows of the table: the upper one is taken as often as keeps the mean.
    """
    needs = care.needs[(people.draws.uniform(f"utilization:{care.name}:need") * len(care.needs)).astype(np.int64)]
    cells = care.rates.shape[1]
    cell = np.minimum(years.age, cells // len(SEXES) - 1) * len(SEXES) + people.sex[years.person]
    back = np.clip(people.age[years.person] - years.age, 0, len(care.rates) - 1)
    most = len(care.ratios) - 1
    mean: Floats = care.rates[back, cell] * care.ratios[np.minimum(chronic, most)] * (needs * by_payer)[years.person]
    mean = np.minimum(mean, plan.means[-1])
    row = np.minimum(np.searchsorted(plan.means, mean, side="right") - 1, len(plan.means) - 2)
    share = (mean - plan.means[row]) / (plan.means[row + 1] - plan.means[row])
    draws = people.draws.rows(years.person)
    row += draws.event_uniform(f"utilization:{care.name}:row", years.age) < share
    drawn = plan.counts.draw(draws.event_uniform(f"utilization:{care.name}:count", years.age), row)
    return drawn.astype(np.int64)


def _span(plan: UtilizationPlan, kind: int, day: Ints, time: Floats, length: Floats) -> tuple[Ints, Ints]:
    """Give when visits or stays begin and end."""
    if kind == OFFICE:
        start = day * DAY + (OPENING_MINUTE + (time * SLOTS).astype(np.int64) * SLOT_MINUTES) * MINUTE
        return start, start + (SHORTEST + visit_minutes().draw(length).astype(np.int64)) * MINUTE
    start = day * DAY + (time * _DAY_MINUTES).astype(np.int64) * MINUTE
    if kind == EMERGENCY:
        return start, start + (SHORTEST_ED + emergency_minutes().draw(length).astype(np.int64)) * MINUTE
    nights = plan.nights.draw(length) + 1 if kind == DELIVERY else stay_nights().draw(length)
    return start, _discharge(start, day + nights.astype(np.int64), time)


def _births(plan: UtilizationPlan, people: People) -> Occurrences:
    """Give the stays that people were born in; they begin with the day."""
    care = plan.care[BIRTH]
    born = people.draws.uniform("utilization:birth") < care.rates[0, people.sex]
    person = np.flatnonzero(born)
    draws = people.draws.rows(person)
    day = people.birth_day[person]
    nights = plan.nights.draw(draws.uniform("utilization:birth:nights")).astype(np.int64) + 1
    start = day * DAY
    zeros = np.zeros(len(person), np.int64)
    end = _discharge(start, day + nights, draws.uniform("utilization:birth:discharge"))
    return Occurrences(person, np.full(len(person), BIRTH, np.int8), zeros, zeros, start, end)


def _discharge(start: Ints, day: Ints, uniform: Floats) -> Ints:
    """Give when stays end: in the middle of a day, and an hour after they began at the earliest."""
    minute = _DISCHARGED_FROM * 60 + (uniform * _DISCHARGE_HOURS * 60).astype(np.int64)
    left: Ints = np.maximum(day * DAY + minute * MINUTE, start + 60 * MINUTE)
    return left

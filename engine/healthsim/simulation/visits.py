"""Visits of the people of a block: when people were seen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.plan import Ints
from healthsim.planning.visits import SHORTEST, VisitPlan
from healthsim.simulation.cases import SLOT_BITS, Cases
from healthsim.simulation.people import People

MINUTE = 60_000_000
"""Microseconds of a minute."""

DAY = 24 * 60 * MINUTE
_FRIDAY, _DAYS_OF_WEEK = 4, 7
_EPOCH_WEEKDAY = 3
"""1970-01-01 was a Thursday; Mondays are 0."""

OPENING_MINUTE, SLOT_MINUTES, SLOTS = 8 * 60, 15, 32
"""Visits begin at a quarter of an hour from 8:00 to 15:45."""


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits, person after person; every array has the shape `(visits,)`.

    Attributes:
        person: Place of the person in the block.
        encounter_id: Identifier of the encounter.
        day: Date, days since 1970-01-01.
        start: When it began, microseconds since 1970-01-01.
        end: When it ended.
    """

    person: Ints
    encounter_id: Ints
    day: Ints
    start: Ints
    end: Ints

    def only(self, rows: NDArray[np.bool_]) -> "Visits":
        """Give some of them, by truth, shape `(visits,)`."""
        return Visits(self.person[rows], self.encounter_id[rows], self.day[rows], self.start[rows], self.end[rows])


def latest_visits(plan: VisitPlan, people: People, cases: Cases) -> Visits:
    """Give everybody's latest visit: in the last year, after birth and after the onset of all they have by then."""
    earliest, as_of = earliest_days(plan, people, cases), people.birth_day + people.days_lived
    day = people.draws.integer("visit_day", earliest, as_of)
    day = on_weekdays(day, people.draws.integer("visit_weekday", 0, _FRIDAY), earliest, as_of)
    slot = people.draws.integer("visit_time", 0, SLOTS - 1)
    minutes = SHORTEST + plan.minutes.draw(people.draws.uniform("visit_minutes")).astype(np.int64)
    start = day * DAY + (OPENING_MINUTE + slot * SLOT_MINUTES) * MINUTE
    return Visits(np.arange(people.count), people.ids << SLOT_BITS, day, start, start + minutes * MINUTE)


def earliest_days(plan: VisitPlan, people: People, cases: Cases) -> Ints:
    """Give the day from which everybody's latest visit may be, shape `(people,)`."""
    as_of = people.birth_day + people.days_lived
    earliest = np.maximum(as_of - (plan.days - 1), people.birth_day)
    later: Ints = np.maximum(earliest, cases.last_onset(as_of))
    return later


def on_weekdays(day: Ints, wanted: Ints, earliest: Ints, latest: Ints) -> Ints:
    """Move days of a weekend to the wanted day of that week, else to the Monday after, where these are allowed."""
    weekday = (day + _EPOCH_WEEKDAY) % _DAYS_OF_WEEK
    before = day - weekday + wanted
    monday = day + _DAYS_OF_WEEK - weekday
    moved = np.where(before >= earliest, before, np.where(monday <= latest, monday, day))
    return np.where(weekday > _FRIDAY, moved, day)

"""What journeys say of when people collect their drugs: fills, refills, and gaps in which they collect nothing."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from healthsim.planning.plan import Ints, Plan
from healthsim.simulation.block import Block
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.events.marked import marks_of

USUAL = 0
"""Days of supply where an event names none."""

_DAY_BITS = 2**33
_BEFORE = 2**32
_GAP_DAYS = 30
"""Length of a gap that names none: a month's supply."""


@dataclass(frozen=True)
class Marked:
    """Marks, person after person in order of time; shape `(marks,)` each.

    Attributes:
        person: Place of the person in the block.
        day: Date, days since 1970-01-01.
        days: Days that the event names.
    """

    person: Ints
    day: Ints
    days: Ints

    @cached_property
    def keys(self) -> Ints:
        """Person and day as one number, ascending."""
        return self.person * _DAY_BITS + self.day + _BEFORE

    def next_from(self, person: Ints, day: Ints) -> tuple[Booleans, Ints, Ints]:
        """Tell whether people have a mark on a day or later, its day, and the days it names, shape `(rows,)` each."""
        place = np.searchsorted(self.keys, person * _DAY_BITS + day + _BEFORE, side="left")
        at = np.minimum(place, len(self.person) - 1)
        return (place < len(self.person)) & (self.person[at] == person), self.day[at], self.days[at]


@dataclass(frozen=True)
class Turns:
    """What journeys say of when people collect their drugs.

    Attributes:
        fills: First fills of a drug.
        refills: Later ones.
        gaps: Times in which nothing is collected.
    """

    fills: Marked
    refills: Marked
    gaps: Marked

    def called(self, person: Ints, from_day: Ints, due: Ints, *, is_first: bool) -> tuple[Ints, Ints]:
        """Give when drugs are collected and for how many days, where an event comes before they would be.

        Args:
            person: Places of people in the block, shape `(rows,)`.
            from_day: First day on which each may be collected.
            due: Day on which it would be.
            is_first: Whether it is the first fill.
        """
        marks = self.fills if is_first else self.refills
        if not len(marks.person):
            return due, np.full(len(due), USUAL)
        is_there, day, days = marks.next_from(person, from_day)
        is_called = is_there & (day <= due)
        return np.where(is_called, day, due), np.where(is_called, days, USUAL)

    def held_back(self, person: Ints, due: Ints) -> Ints:
        """Give the first days, from those on which drugs are due, that lie in no gap, shape `(rows,)`."""
        gaps = self.gaps
        if not len(gaps.person):
            return due
        ends = np.maximum.accumulate(gaps.keys + gaps.days)
        while True:
            wanted = person * _DAY_BITS + due + _BEFORE
            place = np.searchsorted(gaps.keys, wanted, side="right") - 1
            until = np.where(place >= 0, ends[np.maximum(place, 0)], wanted)
            is_own = (place >= 0) & (gaps.person[np.maximum(place, 0)] == person)
            later = np.where(is_own & (until > wanted), until - person * _DAY_BITS - _BEFORE, due)
            if (later == due).all():
                return due
            due = later


def turns_of(plan: Plan, block: Block) -> Turns:
    """Find what journeys say of when people collect their drugs."""
    return Turns(
        fills=_marked(plan, block, "fill", "days_supply", USUAL),
        refills=_marked(plan, block, "refill", "days_supply", USUAL),
        gaps=_marked(plan, block, "adherence_gap", "days", _GAP_DAYS),
    )


def _marked(plan: Plan, block: Block, event_type: str, parameter: str, usual: int) -> Marked:
    marks = marks_of(plan, block, event_type)
    if plan.timeline is None:
        return Marked(marks.person, marks.day, marks.event)
    named = np.array([event.parameters.get(parameter, usual) for event in plan.timeline.events], np.int64)
    return Marked(marks.person, marks.day, named[marks.event])

"""Between which days an event can happen, whoever the person is: what lies beyond the journey never happens."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from healthsim.spec.journey import EventDefinition, JourneyDefinition
from healthsim.spec.journey_links import START, anchors_of, ordered, sources_of, waits_for
from healthsim.spec.timing import LONGEST_DAYS, Age, Calendar, Fixed, OnResult, Recurring, Relative, Window

_WEEKEND = 2
"""Most days that a Saturday or Sunday moves."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Days of a journey, both ends included.

    Attributes:
        first: The first possible day.
        last: The last possible day.
    """

    first: int
    last: int

    def plus(self, low: int, high: int) -> "Bounds":
        """Give the bounds moved by `low` to `high` days."""
        return Bounds(self.first + low, self.last + high)

    def within(self, end: int) -> "Bounds":
        """Give the part of the bounds that lies in the journey."""
        return Bounds(max(self.first, 0), min(self.last, end))


def scheduled_bounds(journey: JourneyDefinition) -> Mapping[str, Bounds]:
    """Give for each event the days it is scheduled for, before any jitter; those in circles are left out.

    They may lie beyond the journey: such an event never happens.
    """
    end = last_day(journey)
    scheduled: dict[str, Bounds] = {}
    actual: dict[str, Bounds] = {START: Bounds(0, 0)}
    actual |= {phase.id: Bounds(phase.start_day, phase.start_day) for phase in journey.phases}
    phase_ends = {phase.id: end if phase.end_day is None else phase.end_day for phase in journey.phases}
    sources = sources_of(journey)
    by_id = {event.id: event for event in journey.events}
    for name in ordered(waits_for(journey)):
        event = by_id[name]
        if event.timing is None and name in sources:
            moved = [
                actual[source.event].plus(source.following.days, source.following.days) for source in sources[name]
            ]
            scheduled[name] = Bounds(min(each.first for each in moved), max(each.last for each in moved))
            varies = any(source.following.jitter is not None for source in sources[name])
        else:
            anchors = [actual[anchor] for anchor in anchors_of(event) if anchor in actual]
            base = Bounds(
                max((each.first for each in anchors), default=0), max((each.last for each in anchors), default=0)
            )
            ends = [phase_ends[anchor] for anchor in anchors_of(event) if anchor in phase_ends]
            scheduled[name] = _timed(event, base, min([end, *ends]))
            varies = event.timing is not None and event.timing.jitter is not None
        moves = _WEEKEND if event.timing is not None and event.timing.business_days else 0
        actual[name] = Bounds(0, end) if varies else scheduled[name].plus(-moves, moves).within(end)
    return scheduled


def last_day(journey: JourneyDefinition) -> int:
    """Give the last day of a journey."""
    return LONGEST_DAYS if journey.duration_days is None else journey.duration_days


def _timed(event: EventDefinition, base: Bounds, end: int) -> Bounds:
    timing = event.timing
    match timing:
        case None:
            return base
        case Fixed():
            return Bounds(timing.day, timing.day)
        case Relative() | OnResult():
            return base.plus(timing.days, timing.days)
        case Recurring():
            first = base.plus(timing.start_day, timing.start_day)
            last = end if timing.until is None else min(end, base.last + timing.until)
            if timing.count is not None:
                last = min(last, first.last + (timing.count - 1) * timing.interval_days)
            return Bounds(first.first, max(last, first.first))
        case Window():
            return base.plus(timing.days_min, timing.days_max)
        case Calendar() | Age():
            return Bounds(0, end)
        case _:
            assert_never(timing)

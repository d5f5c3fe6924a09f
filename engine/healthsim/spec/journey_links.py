"""How the events of a journey hang together: what each waits for, and an order in which all can be told."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Any, TypeVar

from healthsim.spec.journey import EventDefinition, Following, JourneyDefinition
from healthsim.spec.timing import Age, Calendar, Fixed, OnResult

Name = TypeVar("Name")

START = "start"
"""What timings count from if nothing else is named: the first day of the journey."""


@dataclass(frozen=True, slots=True)
class Source:
    """What sets an event off.

    Attributes:
        event: Id of the event that does.
        following: How: a trigger, or a choice.
        place: Its place among the triggers, or the choices, of that event.
    """

    event: str
    following: Following
    place: int


def anchors_of(event: EventDefinition) -> tuple[str, ...]:
    """Name what an event's days count from: the start, phases, events; nothing for dates and birthdays."""
    timing = event.timing
    if timing is None:
        return event.depends_on
    match timing:
        case Fixed() | Calendar() | Age():
            return ()
        case OnResult():
            return (timing.event,)
        case _:
            return timing.to if isinstance(timing.to, tuple) else (timing.to,)


def sources_of(journey: JourneyDefinition) -> Mapping[str, tuple[Source, ...]]:
    """Give what sets events off, by the event set off, in the order of the ids of the events that do."""
    found: defaultdict[str, list[Source]] = defaultdict(list)
    for event in sorted(journey.events, key=lambda each: each.id):
        for followings in (event.triggers, event.choices):
            for place, following in enumerate(followings):
                if following.event is not None:
                    found[following.event].append(Source(event.id, following, place))
    return {event: tuple(sources) for event, sources in found.items()}


def waits_for(journey: JourneyDefinition) -> Mapping[str, tuple[str, ...]]:
    """Give the events that must be known before each event can be told; names that are no event's are left out."""
    sources = sources_of(journey)
    known = {event.id for event in journey.events}
    return {
        event.id: tuple(
            dict.fromkeys(
                name
                for name in (
                    *anchors_of(event),
                    *event.depends_on,
                    *(source.event for source in sources.get(event.id, ())),
                )
                if name in known
            )
        )
        for event in journey.events
    }


def ordered(waiting: Mapping[Name, Sequence[Name]], key: Callable[[Name], Any] = lambda name: name) -> tuple[Name, ...]:
    """Order names so that each comes after all it waits for, else by a key; those in circles are left out."""
    left = {name: len(set(before)) for name, before in waiting.items()}
    after: defaultdict[Name, list[Name]] = defaultdict(list)
    for name, before in waiting.items():
        for other in set(before):
            after[other].append(name)
    ready = [(key(name), name) for name, count in left.items() if not count]
    heapify(ready)
    order = []
    while ready:
        _, name = heappop(ready)
        order.append(name)
        for other in after[name]:
            left[other] -= 1
            if not left[other]:
                heappush(ready, (key(other), other))
    return tuple(order)


def circles(waiting: Mapping[Name, Sequence[Name]]) -> Iterator[tuple[Name, ...]]:
    """Give circles of names that wait for each other, each name in one at most, its first name again at the end."""
    told = set(ordered(waiting, key=lambda _: 0))
    for start in waiting:
        path = [start]
        while path[-1] not in told:
            following = next((name for name in waiting[path[-1]] if name not in told), None)
            if following is None:
                break
            if following in path:
                circle = path[path.index(following) :]
                yield tuple(reversed([*circle, following]))
                told.update(circle)
                break
            path.append(following)
        told.update(path)

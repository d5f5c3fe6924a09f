"""How the events of a journey hang together: what each waits for, and an order in which all can be told."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from healthsim.spec.journey import EventDefinition, Following, JourneyDefinition
from healthsim.spec.timing import Age, Calendar, Fixed, OnResult

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


def ordered(waiting: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Order events so that each comes after all it waits for, else by id; those in circles are left out."""
    left = {event: len(set(before)) for event, before in waiting.items()}
    after: defaultdict[str, list[str]] = defaultdict(list)
    for event, before in waiting.items():
        for name in set(before):
            after[name].append(event)
    ready = [event for event, count in left.items() if not count]
    heapify(ready)
    order = []
    while ready:
        event = heappop(ready)
        order.append(event)
        for name in after[event]:
            left[name] -= 1
            if not left[name]:
                heappush(ready, name)
    return tuple(order)


def circles(waiting: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Give circles of events that wait for each other, each once, beginning with the first by id."""
    told: set[str] = set(ordered(waiting))
    for event in sorted(waiting):
        path = [event]
        while path[-1] not in told:
            following = min((name for name in waiting[path[-1]] if name not in told), default=None)
            if following is None:
                break
            if following in path:
                circle = path[path.index(following) :]
                yield tuple(reversed([*circle, following]))
                told.update(circle)
                break
            path.append(following)
        told.update(path)

"""What models alone cannot tell: journeys that are well formed and cannot happen."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from healthsim.errors import Problem, did_you_mean, nearest_names, rendered
from healthsim.spec.event_checks import condition_problems, type_problems
from healthsim.spec.journey import EventDefinition, JourneyDefinition
from healthsim.spec.journey_bounds import Bounds, last_day, scheduled_bounds
from healthsim.spec.journey_links import START, Source, anchors_of, circles, sources_of, waits_for
from healthsim.spec.journey_shorthand import unfilled
from healthsim.spec.timing import Calendar, OnResult, Recurring

_RESULTS = {"lab_order", "lab_result"}


def journey_problems(journey: JourneyDefinition, path: str = "$") -> Iterator[Problem]:
    """Give everything that cannot be in a well-formed journey.

    Args:
        journey: The journey.
        path: Where it stands.
    """
    yield from _id_problems(journey, path)
    events, sources = {event.id: event for event in journey.events}, sources_of(journey)
    for index, event in enumerate(journey.events):
        where = f"{path}.events[{index}]"
        yield from type_problems(event, journey.products, where)
        yield from _name_problems(event, journey, events, where)
        yield from _recurrence_problems(event, journey, where)
        yield from _source_problems(event, sources.get(event.id, ()), events, where)
    for circle in circles(waits_for(journey)):
        where = f"{path}.events[{_index(journey, circle[0])}]"
        yield Problem(where, "these events wait for each other", " -> ".join(circle), "let one of them stand alone")
    yield from _impossible(journey, path)


def _index(journey: JourneyDefinition, name: str) -> int:
    return next(index for index, event in enumerate(journey.events) if event.id == name)


def _id_problems(journey: JourneyDefinition, path: str) -> Iterator[Problem]:
    named = [(f"{path}.phases[{index}].id", phase.id) for index, phase in enumerate(journey.phases)]
    named += [(f"{path}.events[{index}].id", event.id) for index, event in enumerate(journey.events)]
    seen: Counter[str] = Counter()
    for where, name in named:
        seen[name] += 1
        if name in {START, "previous"}:
            yield Problem(where, "this name is taken for timings", rendered(name), "choose another one")
        elif seen[name] == 2:  # noqa: PLR2004 - the second time
            yield Problem(where, "this id is used twice", rendered(name), "ids of events and phases differ")
    for index, phase in enumerate(journey.phases):
        end = last_day(journey) if phase.end_day is None else phase.end_day
        if phase.start_day > min(end, last_day(journey)):
            message = f"begins after its end or the end of the journey, day {min(end, last_day(journey))}"
            yield Problem(f"{path}.phases[{index}].start_day", message, str(phase.start_day))


def _name_problems(
    event: EventDefinition, journey: JourneyDefinition, events: Mapping[str, EventDefinition], path: str
) -> Iterator[Problem]:
    """Give names of events and phases that are no one's, and parameters that nobody gave."""
    for where, name in _references(event, path):
        if name in events and events[name] is not event:
            continue
        if name == event.id:
            yield Problem(where, "an event cannot wait for itself", rendered(name))
        elif where.endswith(".to") and name in {START, *(phase.id for phase in journey.phases)}:
            continue
        else:
            hint = did_you_mean(nearest_names(name, events)) or f"known are {', '.join(events)}"
            yield Problem(where, "no such event", rendered(name), hint)
    timing = event.timing
    if isinstance(timing, OnResult) and timing.event in events and events[timing.event].event_type not in _RESULTS:
        yield Problem(f"{path}.timing.event", "this event has no results", rendered(timing.event), "name a lab_order")
    for name in unfilled(event.model_dump(mode="json")):
        hint = did_you_mean(nearest_names(name, journey.parameters)) or "give it in the journey's parameters"
        yield Problem(path, "no such parameter of the journey", rendered(name), hint)
    yield from condition_problems(event, tuple(events), path)


def _references(event: EventDefinition, path: str) -> Iterator[tuple[str, str]]:
    if event.timing is not None:
        where = f"{path}.timing.{'event' if isinstance(event.timing, OnResult) else 'to'}"
        yield from ((where, name) for name in anchors_of(event))
    yield from ((f"{path}.depends_on[{index}]", name) for index, name in enumerate(event.depends_on))
    for section in ("triggers", "choices"):
        for index, following in enumerate(getattr(event, section)):
            if following.event is not None:
                yield f"{path}.{section}[{index}].event", following.event


def _recurrence_problems(event: EventDefinition, journey: JourneyDefinition, path: str) -> Iterator[Problem]:
    timing = event.timing
    if isinstance(timing, Recurring):
        ends = timing.count is not None or timing.until is not None or journey.duration_days is not None
        ends = ends or any(phase.id == timing.to and phase.end_day is not None for phase in journey.phases)
        if not ends:
            yield Problem(
                f"{path}.timing", "recurs without end", None, "give count, until or the journey's duration_days"
            )
        if timing.until is not None and timing.until < timing.start_day:
            message = f"ends before its first day, {timing.start_day}"
            yield Problem(f"{path}.timing.until", message, str(timing.until))
    if isinstance(timing, Calendar) and timing.count is None and journey.duration_days is None:
        yield Problem(f"{path}.timing", "recurs without end", None, "give count or the journey's duration_days")


def _source_problems(
    event: EventDefinition, sources: Sequence[Source], events: Mapping[str, EventDefinition], path: str
) -> Iterator[Problem]:
    if event.timing is not None and sources:
        message = f"set off by {sources[0].event}, and has a timing of its own"
        yield Problem(f"{path}.timing", message, event.timing.type, "leave one of the two out")
    if event.choices and not any(choice.weight > 0 for choice in event.choices):
        yield Problem(f"{path}.choices", "no choice has a weight above 0")
    if event.event_type == "discharge":
        anchors = anchors_of(event)
        if [events[name].event_type for name in anchors if name in events] != ["admission"]:
            hint = "give it a timing relative to an admission"
            yield Problem(f"{path}.timing", "a discharge ends one admission", rendered(anchors), hint)


def _impossible(journey: JourneyDefinition, path: str) -> Iterator[Problem]:
    """Give events that happen to nobody."""
    scheduled = scheduled_bounds(journey)
    end = last_day(journey)
    for index, event in enumerate(journey.events):
        where = f"{path}.events[{index}]"
        if event.probability == 0:
            yield Problem(f"{where}.probability", "can never happen", "0", "leave the event out")
        bounds = scheduled.get(event.id)
        if bounds is None:
            continue
        if bounds.first > end or bounds.last < 0:
            message = f"can never happen: the journey is from day 0 to day {end}"
            at = f"{where}.timing" if event.timing is not None else where
            yield Problem(at, message, _days(bounds))
        yield from _too_late(event, bounds, scheduled, where)


def _too_late(event: EventDefinition, bounds: Bounds, scheduled: Mapping[str, Bounds], path: str) -> Iterable[Problem]:
    if event.timing is not None and event.timing.jitter is not None:
        return
    for index, name in enumerate(event.depends_on):
        needed = scheduled.get(name)
        if needed is not None and event.timing is not None and needed.first > bounds.last >= 0:
            message = f"can never happen: {name} is never before {_days(needed)}"
            yield Problem(f"{path}.depends_on[{index}]", message, _days(bounds))


def _days(bounds: Bounds) -> str:
    return f"day {bounds.first}" if bounds.first == bounds.last else f"days {bounds.first} to {bounds.last}"

"""From the events of journeys to columns: one for each time that an event may happen, with its stable slot."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from healthsim.errors import Problem, rendered
from healthsim.planning.journey_dates import dates_of
from healthsim.planning.journey_plan import After, AfterResult, Column, OnBirthday, OnDay, Origin, Setting
from healthsim.planning.spreads import Spread, Varying, spread_of, window_spread
from healthsim.spec import Comparison, EventDefinition, JourneyDefinition, event_types
from healthsim.spec.journey import Choice, Trigger
from healthsim.spec.journey_bounds import last_day
from healthsim.spec.journey_links import START, Source, anchors_of, ordered, sources_of, waits_for
from healthsim.spec.timing import (
    Age,
    Calendar,
    Fixed,
    OnResult,
    Recurring,
    Relative,
    Timing,
    Window,
)

MOST_COLUMNS = 4_096
"""Most times that the events of a run may happen to a person: rows of a person are numbered with 16 bits."""

EventKey = tuple[str, str]
"""Ids of a journey and of an event of it."""

_WEEKEND = 2


@dataclass(frozen=True, slots=True)
class _Draft:
    """What a column will be made of, before the others are known."""

    slot: int
    stream: str
    origin: Origin
    first: int
    last: int
    spread: Spread | None = None
    jitter: Spread | None = None
    setting: Setting | None = None


@dataclass(slots=True)
class Columns:
    """The columns of journeys, gathered event after event.

    Attributes:
        start: The first day of the journeys.
        columns: All columns so far.
        of_event: Indices of each event's columns, by slot.
        problems: What cannot be.
        paths: Where each event stands.
        seed: Of what happens; None for that of the people.
    """

    start: date
    columns: list[Column] = field(default_factory=list)
    of_event: dict[EventKey, tuple[int, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    paths: Mapping[EventKey, str] = field(default_factory=dict)
    seed: int | None = None


def event_order(journeys: Sequence[JourneyDefinition]) -> tuple[EventKey, ...]:
    """Order the events of all journeys: each after what it waits for, else by type and ids."""
    kinds = {(journey.id, event.id): event.event_type for journey in journeys for event in journey.events}
    waiting = {
        (journey.id, name): tuple((journey.id, other) for other in before)
        for journey in journeys
        for name, before in waits_for(journey).items()
    }
    types = list(event_types())
    return ordered(waiting, key=lambda key: (types.index(kinds[key]), key))


def columns_of(
    journeys: Sequence[JourneyDefinition], start: date, paths: Mapping[EventKey, str], *, seed: int | None = None
) -> Columns:
    """Make the columns of all journeys.

    Args:
        journeys: The journeys, without problems of their own.
        start: Their first day.
        paths: Where each event stands, for problems.
        seed: Of what happens in them; None for that of the people.
    """
    made = Columns(start, paths=paths, seed=seed)
    by_id = {journey.id: journey for journey in journeys}
    sources = {journey.id: sources_of(journey) for journey in journeys}
    events = {(journey.id, event.id): event for journey in journeys for event in journey.events}
    for key in event_order(journeys):
        journey, event = by_id[key[0]], events[key]
        drafts = []
        for draft in _drafts(made, journey, event, sources[journey.id].get(event.id, ())):
            if max(draft.first, 0) > min(draft.last, last_day(journey)):
                continue
            drafts.append(draft)
            if len(made.columns) + len(drafts) > MOST_COLUMNS:
                message = f"the events of a run may happen {MOST_COLUMNS:,} times to a person, and these more often"
                made.problems.append(Problem(paths[key], message, None, "give a longer interval, a count or an end"))
                return made
        _add(made, key, journey, event, drafts)
    return made


def _add(
    made: Columns, key: EventKey, journey: JourneyDefinition, event: EventDefinition, drafts: Sequence[_Draft]
) -> None:
    end = last_day(journey)
    first_index = len(made.columns)
    moves = _WEEKEND if event.timing is not None and event.timing.business_days else 0
    for draft in drafts:
        first, last = max(draft.first, 0), min(draft.last, end)
        if draft.jitter is not None:
            first, last = max(first + min(draft.jitter.low, 0), 0), min(last + max(draft.jitter.high, 0), end)
        first, last = max(first - moves, 0), min(last + moves, end)
        needs = tuple(
            tuple(column for column in made.of_event[key[0], name] if made.columns[column].first <= last)
            for name in event.depends_on
        )
        made.columns.append(
            Column(
                event=-1,
                slot=draft.slot,
                stream=draft.stream,
                ordinal=-1,
                origin=draft.origin,
                spread=draft.spread,
                jitter=draft.jitter,
                first=first,
                last=last,
                nominal=_nominal(made, draft.origin),
                setting=draft.setting,
                needs=needs,
            )
        )
    made.of_event[key] = tuple(range(first_index, len(made.columns)))


def _nominal(made: Columns, origin: Origin) -> int:
    match origin:
        case OnDay():
            return origin.day
        case After() | AfterResult():
            return max(made.columns[column].nominal for column in origin.columns) + origin.days
        case OnBirthday():
            return 0
        case _:
            assert_never(origin)


def _drafts(
    made: Columns, journey: JourneyDefinition, event: EventDefinition, sources: Sequence[Source]
) -> Iterator[_Draft]:
    stream = f"journey:{journey.id}:{event.id}" if made.seed is None else f"journey:{made.seed}:{journey.id}:{event.id}"
    if event.timing is None and sources:
        for source in sources:
            yield from _set_off(made, journey, source, stream)
        return
    timing = event.timing
    spread = None
    if isinstance(timing, Window):
        spread = window_spread(timing.days_min, timing.days_max, is_normal=timing.distribution == "normal")
    low, high = (spread.low, spread.high) if spread else (0, 0)
    jitter = _jitter(made, (journey.id, event.id), timing.jitter if timing is not None else None)
    for slot, (origin, first, last) in enumerate(_origins(made, journey, event)):
        yield _Draft(slot, stream, origin, first + low, last + high, spread, jitter)


def _jitter(made: Columns, key: EventKey, distribution: Varying | None) -> Spread | None:
    if distribution is None:
        return None
    try:
        return spread_of(distribution)
    except ValueError:
        message = "no whole day is drawn from this distribution"
        made.problems.append(Problem(made.paths[key], message, rendered(distribution.model_dump())))
        return None


def _set_off(made: Columns, journey: JourneyDefinition, source: Source, stream: str) -> Iterator[_Draft]:
    following = source.following
    kind = "choice" if isinstance(following, Choice) else "trigger"
    jitter = _jitter(made, (journey.id, source.event), following.jitter)
    own = f"{stream}:{kind}:{source.event}:{source.place}"
    for column in made.of_event[journey.id, source.event]:
        parent = made.columns[column]
        setting = Setting(
            column=column,
            stream=own,
            probability=following.probability if isinstance(following, Trigger) else 1.0,
            conditions=following.conditions if isinstance(following, Trigger) else (),
            choice=source.place if isinstance(following, Choice) else None,
        )
        yield _Draft(
            slot=parent.slot,
            stream=own,
            origin=After((column,), following.days),
            first=parent.first + following.days,
            last=parent.last + following.days,
            jitter=jitter,
            setting=setting,
        )


def _origins(made: Columns, journey: JourneyDefinition, event: EventDefinition) -> Iterator[tuple[Origin, int, int]]:
    """Give each time's origin, with its first and last day before any spread."""
    timing, end = event.timing, last_day(journey)
    match timing:
        case Fixed():
            yield OnDay(timing.day), timing.day, timing.day
        case Calendar():
            for day in dates_of(timing, made.start, end):
                yield OnDay(day), day, day
        case Age():
            for years in timing.years if isinstance(timing.years, tuple) else (timing.years,):
                yield OnBirthday(years, timing.days), 0, end
        case None | Relative() | Recurring() | Window() | OnResult():
            offsets = list(_offsets(timing, end, _phase_end(journey, event)))
            for base in _bases(made, journey, event):
                yield from (_moved(base, days, timing) for days in offsets)
        case _:
            assert_never(timing)


def _offsets(timing: Relative | Recurring | Window | OnResult | None, end: int, phase_end: int | None) -> Iterator[int]:
    """Give the days after its base that an event happens."""
    if isinstance(timing, Recurring):
        last = min(each for each in (end, phase_end, timing.until) if each is not None)
        times = range(timing.start_day, last + 1, timing.interval_days)
        yield from times[: timing.count]
    elif isinstance(timing, Relative | OnResult):
        yield timing.days
    else:
        yield 0


def _phase_end(journey: JourneyDefinition, event: EventDefinition) -> int | None:
    """Give the days from a phase's start to its end, for what counts from a phase."""
    named = {phase.id: phase for phase in journey.phases}
    for anchor in anchors_of(event):
        if anchor in named and named[anchor].end_day is not None:
            return (named[anchor].end_day or 0) - named[anchor].start_day
    return None


def _bases(
    made: Columns, journey: JourneyDefinition, event: EventDefinition
) -> Iterator[tuple[tuple[int, ...], int, int]]:
    """Give what an event's days count from: columns, with their first and last day; no columns for a day."""
    starts = {START: 0, **{phase.id: phase.start_day for phase in journey.phases}}
    anchors = anchors_of(event)
    fixed = [starts[anchor] for anchor in anchors if anchor in starts]
    columns = [made.of_event[journey.id, anchor] for anchor in anchors if anchor not in starts]
    if not columns:
        day = max(fixed, default=0)
        yield (), day, day
    elif len(anchors) == 1:
        for column in columns[0]:
            yield (column,), made.columns[column].first, made.columns[column].last
    elif all(columns):
        firsts = tuple(each[0] for each in columns)
        first_days = [made.columns[column].first for column in firsts]
        last_days = [made.columns[column].last for column in firsts]
        yield firsts, max(first_days), max(last_days)


def _moved(base: tuple[tuple[int, ...], int, int], days: int, timing: Timing | None) -> tuple[Origin, int, int]:
    columns, first, last = base
    origin: Origin = After(columns, days) if columns else OnDay(first + days)
    if isinstance(timing, OnResult):
        named = f"labs.{timing.analyte}"
        origin = AfterResult(columns, days, Comparison(attribute=named, operator=timing.operator, value=timing.value))
    return origin, first + days, last + days

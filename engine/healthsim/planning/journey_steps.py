"""The order in which columns are filled in: whatever a step looks at comes before it.

A condition on events looks at those that may have happened by its day. So events that look at each other again and
again, such as visits and the treatment they lead to, are unrolled in time; only events that look at each other on
days that overlap cannot be told.
"""

from collections.abc import Iterator, Mapping, Sequence

from healthsim.planning.event_details import Details, Diagnosis, Labs, Medication, Vitals
from healthsim.planning.journey_plan import After, AfterResult, Column, PlannedEvent, Step
from healthsim.spec import Predicate
from healthsim.spec.journey_links import circles, ordered
from healthsim.spec.predicates import comparisons_of

StepKey = tuple[int, bool]


def steps_of(
    events: Sequence[PlannedEvent], columns: Sequence[Column]
) -> tuple[tuple[Step, ...], tuple[tuple[int, ...], ...]]:
    """Order the steps.

    Returns:
        The steps; and the circles of columns that look at each other, of which there must be none.
    """
    by_name = {(event.journey, event.id): event.columns for event in events}
    waiting: dict[StepKey, tuple[StepKey, ...]] = {}
    for index, column in enumerate(columns):
        event = events[column.event]
        waiting[index, False] = tuple(_looked_at(index, columns, events, by_name))
        if event.choices:
            seen = [predicate for choice in event.choices for predicate in choice.conditions]
            read = _read(seen, event, by_name)
            by_then = [(other, False) for other in read if columns[other].first <= column.last and other != index]
            waiting[index, True] = ((index, False), *by_then)
    order = ordered(waiting, key=lambda step: (columns[step[0]].first, step))
    found = tuple(tuple(index for index, _ in circle) for circle in circles(waiting))
    return tuple(Step(index, is_choice) for index, is_choice in order), found


def seen_before(index: int, columns: Sequence[Column], events: Sequence[PlannedEvent]) -> Iterator[int]:
    """Give the columns of results and drugs that come before a column, by the days they are meant for.

    Of a day, results of events that come before by the order of events are seen, and no drugs: what a drug does begins
    on the next day.
    """
    own = columns[index]
    for other, column in enumerate(columns):
        details = events[column.event].details
        is_earlier = column.nominal < own.nominal
        is_before = is_earlier or (column.nominal == own.nominal and column.event < own.event)
        if (isinstance(details, Labs | Vitals) and is_before) or (_changes_drugs(details) and is_earlier):
            yield other


def _changes_drugs(details: Details) -> bool:
    """Tell whether an event begins or ends drugs: orders and stops do, and pregnancy ends some."""
    return isinstance(details, Medication) or (isinstance(details, Diagnosis) and details.is_of_pregnancy)


def _pregnancies(index: int, columns: Sequence[Column], events: Sequence[PlannedEvent]) -> Iterator[int]:
    """Give the columns that tell of a pregnancy before a column, by the days they are meant for and the events' order.

    Whoever is pregnant is not ordered what pregnancy forbids.
    """
    own = columns[index]
    for other, column in enumerate(columns):
        details = events[column.event].details
        is_before = (column.nominal, column.event) < (own.nominal, own.event)
        if is_before and isinstance(details, Diagnosis) and details.is_of_pregnancy:
            yield other


def _looked_at(
    index: int,
    columns: Sequence[Column],
    events: Sequence[PlannedEvent],
    by_name: Mapping[tuple[str, str], tuple[int, ...]],
) -> Iterator[StepKey]:
    column = columns[index]
    event = events[column.event]
    if isinstance(column.origin, After | AfterResult):
        yield from ((other, False) for other in column.origin.columns)
    yield from ((other, False) for other in _bodily(index, columns, events))
    for needed in column.needs:
        yield from ((other, False) for other in needed)
    for other in _read(event.conditions, event, by_name):
        is_before = other < index if columns[other].event == column.event else other != index
        if is_before and columns[other].first <= column.last:
            yield other, False
    if column.setting is not None:
        source = columns[column.setting.column]
        if column.setting.choice is not None:
            yield column.setting.column, True
        for other in _read(column.setting.conditions, event, by_name):
            if other != index and columns[other].first <= source.last:
                yield other, False


def _bodily(index: int, columns: Sequence[Column], events: Sequence[PlannedEvent]) -> Iterator[int]:
    """Give the columns that a column looks at for what they tell of bodies: results, drugs, pregnancies."""
    event = events[columns[index].event]
    if event.measured or isinstance(columns[index].origin, AfterResult):
        yield from seen_before(index, columns, events)
    if isinstance(event.details, Medication):
        yield from _pregnancies(index, columns, events)


def _read(
    predicates: Sequence[Predicate], event: PlannedEvent, by_name: Mapping[tuple[str, str], tuple[int, ...]]
) -> Iterator[int]:
    """Give the columns of the events that conditions ask for."""
    for predicate in predicates:
        for comparison in comparisons_of(predicate):
            if comparison.attribute == "events":
                yield from by_name.get((event.journey, str(comparison.value)), ())

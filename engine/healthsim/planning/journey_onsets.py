"""Conditions that begin with a journey: which event finds them, and what such an event must be like."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from healthsim.errors import Problem, rendered
from healthsim.planning.event_details import Details, Diagnosis
from healthsim.planning.journey_columns import EventKey
from healthsim.planning.journey_names import KnownConditions
from healthsim.planning.journey_plan import Column, NewOnset, OnDay, PlannedEvent
from healthsim.spec import EventDefinition
from healthsim.spec.timing import Fixed

_EPOCH = date(1970, 1, 1)


def new_onsets(events: Sequence[PlannedEvent], columns: Sequence[Column], start: date) -> tuple[NewOnset, ...]:
    """Give the conditions that begin with journeys, with the columns of the events that find them."""
    first_day = (start - _EPOCH).days
    found = []
    for event in events:
        for index in event.columns:
            origin, details = columns[index].origin, event.details
            is_new = isinstance(details, Diagnosis) and details.is_new
            if is_new and event.condition is not None and isinstance(origin, OnDay):
                found.append(NewOnset(event.condition, index, first_day + origin.day))
    return tuple(found)


def onset_problems(
    events: Mapping[EventKey, EventDefinition],
    details: Mapping[EventKey, Details],
    known: KnownConditions,
    paths: Mapping[EventKey, str],
) -> Iterator[Problem]:
    """Give what keeps diagnoses from being those with which a condition begins.

    When it begins must be known before anything else is drawn: what people take, and what has been found of them.
    """
    found: set[str | None] = set()
    for key, event in events.items():
        diagnosis = details.get(key)
        if not isinstance(diagnosis, Diagnosis) or not diagnosis.is_new:
            continue
        where = f"{paths[key]}.parameters.onset"
        if event.condition is None or diagnosis.code is not None:
            hint = "give the event's condition, and no code"
            yield Problem(where, "only the event's condition can begin with it", rendered("new"), hint)
        elif not _is_for_all(event):
            message = "a condition begins in everybody who has it, on a day that is known"
            hint = "give timing fixed without jitter, and no probability, conditions or depends_on"
            yield Problem(where, message, rendered("new"), hint)
        elif known.named(event.condition) in found:
            yield Problem(where, "the condition begins with another event already", rendered(event.condition))
        else:
            found.add(known.named(event.condition))


def _is_for_all(event: EventDefinition) -> bool:
    timing = event.timing
    is_fixed = isinstance(timing, Fixed) and timing.jitter is None and timing.business_days is None
    return is_fixed and event.probability == 1 and not event.conditions and not event.depends_on

"""What journeys say of a trial: events that take the place of the protocol's own course."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from healthsim.errors import Problem, did_you_mean, nearest_names, rendered
from healthsim.planning.journey_plan import PlannedEvent, TimelinePlan
from healthsim.planning.measurements import with_parts
from healthsim.planning.natural import ADULT
from healthsim.planning.trial.trial_plan import Ints, TrialEvents
from healthsim.reference import analytes
from healthsim.spec import EventDefinition, JourneyDefinition, Protocol
from healthsim.spec.protocol import ChangeEndpoint

TYPES = (
    "screening",
    "randomization",
    "trial_visit",
    "dosing",
    "adverse_event",
    "efficacy_measure",
    "withdrawal",
    "completion",
)
"""Types of events that a trial heeds."""

MOST_MEASURES = 256
"""Times that journeys may measure an endpoint of a subject: results are numbered by them."""

DEFAULT_REASON = "WITHDRAWAL BY SUBJECT"
_SEVERE_GRADE, _SERIOUS_GRADE = 3, 4
"""CTCAE: grades 1 and 2 are mild and moderate, 3 severe, 4 threatens life."""


def event_problems(journeys: Sequence[JourneyDefinition], protocol: Protocol) -> Iterator[Problem]:
    """Give events of journeys that name no visit of a protocol, no event, or no reason to leave it."""
    every = [event.event_type for journey in journeys for event in journey.events]
    for place, journey in enumerate(journeys):
        for index, event in enumerate(journey.events):
            if event.event_type in TYPES and "screening" not in every:
                message = "what journeys do in a trial begins with an event of the type screening"
                yield Problem(f"$.journeys[{place}].events[{index}]", message, rendered(event.event_type))
            yield from _problems(event, protocol, f"$.journeys[{place}].events[{index}].parameters")


def trial_events(
    timeline: TimelinePlan | None, protocol: Protocol, endings: Sequence[str], tests: Sequence[str]
) -> TrialEvents:
    """Look up what the events of journeys mean to a trial.

    Args:
        timeline: The journeys, planned; None for none.
        protocol: The protocol.
        endings: Terms of dispositions.
        tests: Analytes that the trial measures.
    """
    events = timeline.events if timeline is not None else ()
    visits = [visit.name for visit in protocol.visits]
    terms = tuple(
        dict.fromkeys(str(event.parameters["term"]) for event in events if event.type.name == "adverse_event")
    )
    return TrialEvents(
        types=frozenset(event.type.name for event in events) & frozenset(TYPES),
        visit=_numbers(events, "trial_visit", lambda event: visits.index(str(event.parameters["visit"]))),
        reason=_numbers(
            events, "withdrawal", lambda event: endings.index(str(event.parameters.get("reason", DEFAULT_REASON)))
        ),
        terms=terms,
        term=_numbers(events, "adverse_event", lambda event: terms.index(str(event.parameters["term"]))),
        severity=_numbers(events, "adverse_event", lambda event: min(_grade(event), _SEVERE_GRADE) - 1),
        serious=_numbers(events, "adverse_event", lambda event: int(_grade(event) >= _SERIOUS_GRADE)),
        dose=np.array([float(event.parameters.get("dose", np.nan)) for event in events]),
        test=_numbers(
            events,
            "efficacy_measure",
            lambda event: tests.index(_measures(protocol).get(str(event.parameters.get("measure")), _first(protocol))),
        ),
    )


def _grade(event: PlannedEvent) -> int:
    return int(event.parameters.get("grade", 1))


def _measures(protocol: Protocol) -> Mapping[str, str]:
    """Give the analytes that an endpoint may be measured by, by the names of endpoints and by their own."""
    measured = [name for name in protocol.tests if name in analytes() and analytes()[name].last_age >= ADULT]
    return {**{each.name: each.analyte for each in _changes(protocol)}, **{name: name for name in measured}}


def _first(protocol: Protocol) -> str:
    """Give the analyte of the first endpoint that is a change; nothing where there is none."""
    return next((each.analyte for each in _changes(protocol)), "")


def _changes(protocol: Protocol) -> Iterator[ChangeEndpoint]:
    """Give the endpoints that are changes of what every visit measures."""
    every = with_parts(name for name in protocol.tests if name in analytes())
    yield from (each for each in protocol.endpoints if isinstance(each, ChangeEndpoint) and each.analyte in every)


def _numbers(events: Sequence[PlannedEvent], kind: str, number: Callable[[PlannedEvent], int]) -> Ints:
    """Give a number for each event of a type, -1 for the others, shape `(events,)`."""
    return np.array([number(event) if event.type.name == kind else -1 for event in events], np.int64)


def _problems(event: EventDefinition, protocol: Protocol, path: str) -> Iterator[Problem]:
    kind, given = event.event_type, event.parameters
    if kind == "trial_visit":
        yield from _unknown("visit", [visit.name for visit in protocol.visits], given.get("visit"), f"{path}.visit")
    elif kind == "withdrawal":
        reasons = list(protocol.discontinuation.reasons)
        yield from _unknown("reason", reasons, given.get("reason", DEFAULT_REASON), f"{path}.reason")
    elif kind == "efficacy_measure" and ("measure" in given or not _first(protocol)):
        yield from _unknown("endpoint or test", list(_measures(protocol)), given.get("measure"), f"{path}.measure")
    elif kind == "adverse_event" and "term" not in given:
        yield Problem(f"{path}.term", "this key is needed", None, "say what happens to the subject")


def _unknown(kind: str, known: Sequence[str], name: object, path: str) -> Iterator[Problem]:
    if name not in known:
        hint = did_you_mean(nearest_names(str(name), known)) or f"known are {', '.join(known)}"
        yield Problem(path, f"no such {kind} of the protocol", None if name is None else rendered(name), hint)

"""From journeys to a plan of their timelines: names looked up, times made columns, an order found; nothing is drawn."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from healthsim.errors import InvalidInputError, Problem, did_you_mean, nearest_names, rendered
from healthsim.planning.event_details import Details, Labs, Vitals
from healthsim.planning.journey_anchors import anchor_problems
from healthsim.planning.journey_columns import Columns, EventKey, columns_of, event_order
from healthsim.planning.journey_details import details_of
from healthsim.planning.journey_names import HasId, KnownConditions, conditions_of
from healthsim.planning.journey_onsets import new_onsets, onset_problems
from healthsim.planning.journey_plan import Column, PlannedChoice, PlannedEvent, TimelinePlan
from healthsim.planning.journey_steps import steps_of
from healthsim.planning.measurements import MOST_SLOTS
from healthsim.planning.trial.journeys import MOST_MEASURES
from healthsim.reference import analytes
from healthsim.skills import SkillLibrary
from healthsim.spec import EventDefinition, JourneyDefinition, attributes_of, event_types
from healthsim.spec.event_checks import type_problems
from healthsim.spec.journey_bounds import last_day
from healthsim.spec.journey_checks import journey_problems
from healthsim.spec.predicates import comparisons_of
from healthsim.spec.timing import OnResult

BODILY = frozenset({"labs", "vitals", "medications"})
"""Tables whose rows depend on bodies: what is measured of them, and the drugs that suit them."""

MEASUREMENTS = ("labs", "vitals")
"""Beginnings of the attributes that are latest measurements, and the tables that these stand in."""

_WEEKENDS = {None: 0, "next": 1, "previous": -1}


@dataclass(frozen=True, slots=True)
class Timelines:
    """What became of journeys.

    Attributes:
        plan: Their plan; None if there are problems.
        problems: What is wrong with them.
    """

    plan: TimelinePlan | None
    problems: tuple[Problem, ...]


NO_TIMELINES = Timelines(None, ())
"""What becomes of no journeys."""


def planned_timelines(
    journeys: Sequence[JourneyDefinition],
    start: date,
    conditions: Sequence[HasId] | None,
    library: SkillLibrary,
    *,
    seed: int | None = None,
) -> Timelines:
    """Plan journeys that people go through together.

    Of one that is not sound by itself only names are looked up, and those of its sound events alone.

    Args:
        journeys: The journeys.
        start: The first day of all of them.
        conditions: What the people asked for may have, by slot; None where they may have anything.
        library: The skills.
        seed: Of what happens in them; None for that of the people.
    """
    paths = {
        (journey.id, event.id): f"$.journeys[{place}].events[{index}]"
        for place, journey in enumerate(journeys)
        for index, event in enumerate(journey.events)
    }
    events = {(journey.id, event.id): event for journey in journeys for event in journey.events}
    known = KnownConditions(conditions, library)
    own = list(_own_problems(journeys))
    problems = [*_repeated(journeys), *own]
    for key, event in events.items():
        problems += (*known.problems(event, paths[key]), *_analyte_problems(event, paths[key]))
    events = {key: event for key, event in events.items() if not _is_among(paths[key], own)}
    details, incomplete = _details(events, paths, library)
    problems += (*incomplete, *onset_problems(events, details, known, paths))
    if problems:
        return Timelines(None, tuple(problems))
    made = columns_of(journeys, start, paths, seed=seed)
    made.problems += (*_too_often(made, details, paths), *_too_many_measures(made, events, paths))
    if made.problems:
        return Timelines(None, tuple(made.problems))
    plan, circles = _plan(journeys, made, known, details)
    problems += [_circle_problem(plan, circle, paths) for circle in circles]
    problems += anchor_problems(plan, paths)
    return Timelines(None if problems else plan, tuple(problems))


def product_problems(journeys: Sequence[JourneyDefinition], products: Sequence[str]) -> Iterator[Problem]:
    """Give events of products that a profile does not ask for.

    Args:
        journeys: The journeys.
        products: The products asked for, beside PatientSim, whose events are always made.
    """
    for place, journey in enumerate(journeys):
        for index, event in enumerate(journey.events):
            known = event_types().get(event.event_type)
            if known is not None and known.product not in {"patientsim", *products}:
                message = f"events of this type belong to {known.product}, which the profile does not ask for"
                where = f"$.journeys[{place}].events[{index}].event_type"
                yield Problem(where, message, rendered(event.event_type), f"add {known.product} to products")


def _repeated(journeys: Sequence[JourneyDefinition]) -> Iterator[Problem]:
    for place, journey in enumerate(journeys):
        if journey.id in {earlier.id for earlier in journeys[:place]}:
            yield Problem(f"$.journeys[{place}].id", "another journey has this id", rendered(journey.id))


def _own_problems(journeys: Sequence[JourneyDefinition]) -> Iterator[Problem]:
    for place, journey in enumerate(journeys):
        yield from journey_problems(journey, f"$.journeys[{place}]")


def _is_among(path: str, problems: Sequence[Problem]) -> bool:
    return any(problem.path == path or problem.path.startswith(f"{path}.") for problem in problems)


def _analyte_problems(event: EventDefinition, path: str) -> Iterator[Problem]:
    """Give names of analytes and vital signs that are none."""
    known = {
        kind: [analyte.id for analyte in analytes().values() if f"{analyte.kind}s" == kind] for kind in MEASUREMENTS
    }
    named = [(where, name) for where, predicate in conditions_of(event, path) for name in attributes_of(predicate)]
    if isinstance(event.timing, OnResult):
        named.append((f"{path}.timing.analyte", f"labs.{event.timing.analyte}"))
    for where, name in named:
        head, _, rest = name.partition(".")
        if head in known and rest not in known[head]:
            message = "no such analyte" if head == "labs" else "no such vital sign"
            yield Problem(where, message, rendered(rest), did_you_mean(nearest_names(rest, known[head])))


def _details(
    events: Mapping[EventKey, EventDefinition],
    paths: Mapping[EventKey, str],
    library: SkillLibrary,
) -> tuple[Mapping[EventKey, Details], tuple[Problem, ...]]:
    """Complete the events' parameters; give also what is wrong with them."""
    found: dict[EventKey, Details] = {}
    problems: list[Problem] = []
    for key, event in events.items():
        if event.event_type not in event_types():
            problems += type_problems(event, None, paths[key])
            continue
        try:
            found[key] = details_of(event, library, paths[key])
        except InvalidInputError as error:
            problems += error.problems
    return found, tuple(problems)


def _too_often(made: Columns, details: Mapping[EventKey, Details], paths: Mapping[EventKey, str]) -> Iterator[Problem]:
    """Give the orders of tests, and of vital signs, that come more often than results can be numbered."""
    for kind, what in ((Labs, "laboratory tests"), (Vitals, "vital signs")):
        times = {key: len(columns) for key, columns in made.of_event.items() if isinstance(details[key], kind)}
        total = sum(times.values())
        if total >= MOST_SLOTS:
            message = (
                f"the events of a run may take {what} of a person {MOST_SLOTS - 1:,} times, and these {total:,} times"
            )
            often = max(times, key=lambda key: (times[key], key))
            yield Problem(paths[often], message, f"{times[often]:,} times", "give a longer interval, a count or an end")


def _too_many_measures(
    made: Columns, events: Mapping[EventKey, EventDefinition], paths: Mapping[EventKey, str]
) -> Iterator[Problem]:
    """Give the measuring of endpoints that comes more often than results can be numbered."""
    times = {
        key: len(columns) for key, columns in made.of_event.items() if events[key].event_type == "efficacy_measure"
    }
    if sum(times.values()) > MOST_MEASURES:
        message = f"journeys may measure endpoints {MOST_MEASURES} times"
        often = max(times, key=lambda key: (times[key], key))
        yield Problem(paths[often], message, f"{times[often]:,} times", "give a longer interval, a count or an end")


def _plan(
    journeys: Sequence[JourneyDefinition],
    made: Columns,
    known: KnownConditions,
    details: Mapping[EventKey, Details],
) -> tuple[TimelinePlan, tuple[tuple[int, ...], ...]]:
    order = event_order(journeys)
    by_id = {journey.id: journey for journey in journeys}
    events = {(journey.id, event.id): event for journey in journeys for event in journey.events}
    planned = tuple(_planned(by_id[key[0]], events[key], made.of_event[key], known, details[key]) for key in order)
    columns = _numbered(planned, made.columns, known)
    steps, circles = steps_of(planned, columns)
    plan = TimelinePlan(
        start=made.start,
        events=planned,
        columns=columns,
        ranks=_ranks(planned, columns),
        steps=steps,
        new_onsets=new_onsets(planned, columns, made.start),
        sources=tuple(dict.fromkeys(source for journey in journeys for source in journey.sources)),
    )
    return plan, circles


def _planned(
    journey: JourneyDefinition,
    event: EventDefinition,
    columns: tuple[int, ...],
    known: KnownConditions,
    details: Details,
) -> PlannedEvent:
    named = known.named(event.condition) if event.condition is not None else None
    return PlannedEvent(
        journey=journey.id,
        id=event.id,
        name=event.name,
        type=event_types()[event.event_type],
        condition=known.slot(named) if named is not None else None,
        conditions=tuple(known.resolved(predicate) for predicate in event.conditions),
        probability=event.probability,
        choices=tuple(
            PlannedChoice(choice.weight, tuple(known.resolved(predicate) for predicate in choice.conditions))
            for choice in event.choices
        ),
        looked_at=frozenset(_looked_at(event, "events")),
        measured=frozenset(name for kind in MEASUREMENTS for name in _looked_at(event, kind)),
        needs_bodies=_needs_bodies(event),
        weekend=_WEEKENDS[event.timing.business_days if event.timing is not None else None],
        last_day=last_day(journey),
        columns=columns,
        parameters=event.parameters,
        details=details,
    )


def _needs_bodies(event: EventDefinition) -> bool:
    looks = any(True for kind in (*MEASUREMENTS, "stage", "medications") for _ in _looked_at(event, kind))
    return looks or isinstance(event.timing, OnResult) or event_types()[event.event_type].table in BODILY


def _looked_at(event: EventDefinition, kind: str) -> Iterator[str]:
    """Name the events, or the analytes, that an event's conditions look at."""
    for _, predicate in conditions_of(event, ""):
        for comparison in comparisons_of(predicate):
            head, _, rest = comparison.attribute.partition(".")
            if head == kind:
                yield rest or str(comparison.value)


def _numbered(events: Sequence[PlannedEvent], columns: Sequence[Column], known: KnownConditions) -> tuple[Column, ...]:
    """Number the columns by the ids of journeys and events, and give each its event."""
    numbered = list(columns)
    ordinal = 0
    for place in sorted(range(len(events)), key=lambda index: (events[index].journey, events[index].id)):
        for column in events[place].columns:
            setting = numbered[column].setting
            if setting is not None:
                resolved = tuple(known.resolved(predicate) for predicate in setting.conditions)
                setting = replace(setting, conditions=resolved)
            numbered[column] = replace(numbered[column], event=place, ordinal=ordinal, setting=setting)
            ordinal += 1
    return tuple(numbered)


def _ranks(events: Sequence[PlannedEvent], columns: Sequence[Column]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Rank columns among those of a day: by the order of events, then by slot; what ends a timeline comes last."""
    keys = [(events[column.event].type.ends_timeline, column.event, index) for index, column in enumerate(columns)]
    ranks = np.empty(len(columns), np.int64)
    ranks[[index for _, _, index in sorted(keys)]] = np.arange(len(columns))
    return ranks


def _circle_problem(plan: TimelinePlan, circle: tuple[int, ...], paths: Mapping[EventKey, str]) -> Problem:
    events = [plan.events[plan.columns[column].event] for column in circle]
    names = dict.fromkeys(event.id for event in events)
    message = "these events look at each other on days that overlap"
    return Problem(paths[events[0].journey, events[0].id], message, ", ".join(names), "set them apart in time")

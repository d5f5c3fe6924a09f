"""Planned journeys in words and figures: the order of events, their days, and how often each is expected."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from healthsim.planning.event_details import Details, Labs, Marked, Vitals
from healthsim.planning.journey_plan import TimelinePlan
from healthsim.planning.plan import ConditionsPlan
from healthsim.reference import analytes

Expected = Mapping[int, float]
"""Occurrences per person, by index of the event."""


def expected_occurrences(timeline: TimelinePlan, conditions: ConditionsPlan) -> Expected:
    """Give how often each event is expected per person.

    Conditions on attributes and on other events count as holding, as if nobody died, so that figures are not too low;
    needs for other events count as met where these happen to some of the same people.
    """
    shares = conditions.expected_shares
    chance: dict[int, float] = {}
    given: dict[int, frozenset[int]] = {}
    total: defaultdict[int, float] = defaultdict(float)
    for step in timeline.steps:
        if step.is_choice:
            continue
        column = timeline.columns[step.column]
        event = timeline.events[column.event]
        before = getattr(column.origin, "columns", ())
        known = frozenset().union(*(given[other] for other in before))
        likely = event.probability * min((chance[other] for other in before), default=1.0)
        if event.condition is not None and event.condition not in known:
            likely *= float(shares[event.condition])
            known |= {event.condition}
        for needed in column.needs:
            if not set(needed) & set(before):
                likely *= min(1.0, sum(chance[other] for other in needed))
        if column.setting is not None:
            likely *= column.setting.probability
            source = timeline.events[timeline.columns[column.setting.column].event]
            if column.setting.choice is not None:
                likely *= source.choices[column.setting.choice].weight / sum(each.weight for each in source.choices)
        chance[step.column], given[step.column] = likely, known
        total[column.event] += likely
    return total


def expected_by_type(timeline: TimelinePlan | None, conditions: ConditionsPlan) -> Mapping[str, float]:
    """Give how often events of each type are expected per person; 0 for those that there are none of."""
    often: defaultdict[str, float] = defaultdict(float)
    if timeline is not None:
        for at, times in expected_occurrences(timeline, conditions).items():
            often[timeline.events[at].type.name] += times
    return often


def explained_journeys(timeline: TimelinePlan, conditions: ConditionsPlan) -> list[dict[str, Any]]:
    """Describe the events of a timeline in their order, as JSON."""
    expected = expected_occurrences(timeline, conditions)
    return [
        {
            "journey": event.journey,
            "event_id": event.id,
            "event_type": event.type.name,
            "condition": None if event.condition is None else conditions.conditions[event.condition].id,
            "days": [
                min((timeline.columns[column].first for column in event.columns), default=None),
                max((timeline.columns[column].last for column in event.columns), default=None),
            ],
            "times": len(event.columns),
            "expected_per_person": round(expected.get(index, 0.0), 3),
            "is_conditional": bool(event.conditions),
        }
        for index, event in enumerate(timeline.events)
    ]


def expected_event_rows(timeline: TimelinePlan, conditions: ConditionsPlan, people: int) -> Mapping[str, int]:
    """Give the rows that events are expected to leave, by table; those that leave none are left out."""
    rows: defaultdict[str, float] = defaultdict(float)
    for index, often in expected_occurrences(timeline, conditions).items():
        kind = timeline.events[index].type
        if kind.table is not None and kind.name not in _WITHOUT_ROWS:
            rows[kind.table] += often * people * rows_each(timeline.events[index].details)
    return {table: round(count) for table, count in rows.items()}


def rows_each(details: Details) -> int:
    """Give the rows that an event of these details leaves."""
    if isinstance(details, Marked):
        return 0
    if isinstance(details, Labs):
        return len(details.analytes)
    vitals = [analyte.id for analyte in analytes().values() if analyte.kind == "vital"]
    return len(vitals if details.signs is None else details.signs) if isinstance(details, Vitals) else 1


_WITHOUT_ROWS = {"discharge", "death"}

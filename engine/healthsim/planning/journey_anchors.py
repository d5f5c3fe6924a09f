"""What an event is about: the earlier event that it counts from, directly or by way of others."""

from collections.abc import Callable, Iterator, Mapping

from healthsim.errors import Problem
from healthsim.planning.event_details import Encounter, Transfer
from healthsim.planning.journey_columns import EventKey
from healthsim.planning.journey_plan import After, AfterResult, PlannedEvent, TimelinePlan

NO_COLUMN = -1


def anchor_of(plan: TimelinePlan, column: int, is_wanted: Callable[[PlannedEvent], bool]) -> int:
    """Give the nearest column of a wanted event that a column counts from; `NO_COLUMN` for none.

    Args:
        plan: The journeys, planned.
        column: The column.
        is_wanted: Tells which events are wanted.
    """
    reached, seen = [column], {column}
    while reached:
        before: list[int] = []
        for each in reached:
            origin = plan.columns[each].origin
            if isinstance(origin, After | AfterResult):
                before += [other for other in origin.columns if other not in seen]
        for other in before:
            if is_wanted(plan.events[plan.columns[other].event]):
                return other
        seen.update(before)
        reached = before
    return NO_COLUMN


def is_stay(event: PlannedEvent) -> bool:
    """Tell whether an event admits people to a hospital."""
    return isinstance(event.details, Encounter) and event.details.class_code == "IMP"


def anchor_problems(plan: TimelinePlan, paths: Mapping[EventKey, str]) -> Iterator[Problem]:
    """Give events that are part of a stay and count from none."""
    for event in plan.events:
        if isinstance(event.details, Transfer) and any(
            anchor_of(plan, column, is_stay) == NO_COLUMN for column in event.columns
        ):
            message = "a transfer is part of a stay, and this one counts from none"
            hint = "let its timing count from an admission, or an admission set it off"
            yield Problem(f"{paths[event.journey, event.id]}.timing", message, None, hint)

"""What an event is about: the earlier event that it counts from, directly or by way of others."""

from collections.abc import Callable, Iterator, Mapping

from healthsim.errors import Problem, did_you_mean, nearest_names, rendered
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


def is_encounter(event: PlannedEvent) -> bool:
    """Tell whether an event is an encounter."""
    return isinstance(event.details, Encounter)


def is_billed(event: PlannedEvent) -> bool:
    """Tell whether an event is an encounter, or a claim."""
    return is_encounter(event) or event.type.name == "claim"


BILLING: Mapping[str, Callable[[PlannedEvent], bool]] = {"claim": is_encounter, "payment": is_billed}
"""Types of events that say what becomes of claims, each with what it may be about."""


def anchor_problems(plan: TimelinePlan, paths: Mapping[EventKey, str]) -> Iterator[Problem]:
    """Give events that are about another one, which is not there or of the wrong kind."""
    for event in plan.events:
        path = paths[event.journey, event.id]
        if isinstance(event.details, Transfer) and _counts_from_none(plan, event, is_stay):
            message = "a transfer is part of a stay, and this one counts from none"
            hint = "let its timing count from an admission, or an admission set it off"
            yield Problem(f"{path}.timing", message, None, hint)
        elif event.type.name in BILLING:
            yield from _billing_problems(plan, event, f"{path}.parameters")


def _counts_from_none(plan: TimelinePlan, event: PlannedEvent, is_wanted: Callable[[PlannedEvent], bool]) -> bool:
    return any(anchor_of(plan, column, is_wanted) == NO_COLUMN for column in event.columns)


def _billing_problems(plan: TimelinePlan, event: PlannedEvent, path: str) -> Iterator[Problem]:
    given, is_wanted = event.parameters, BILLING[event.type.name]
    named = given.get("event")
    if "code" in given and named is not None:
        message = "a claim is for an encounter or for a service of its own"
        yield Problem(f"{path}.code", message, rendered(given["code"]), "leave event or code out")
    elif named is not None:
        known = [other.id for other in plan.events if other.journey == event.journey and is_wanted(other)]
        if named not in known:
            hint = did_you_mean(nearest_names(str(named), known)) or f"there are {', '.join(known) or 'none'}"
            yield Problem(f"{path}.event", "no such encounter or claim of the journey", rendered(named), hint)
    elif "code" not in given and _counts_from_none(plan, event, is_wanted):
        hint = "name its event, let it count from it, or let the event set it off"
        yield Problem(path, f"nothing says which encounter the {event.type.name} is for", None, hint)
    if "denial_code" in given and given.get("status") != "denied":
        hint = "add status denied"
        yield Problem(
            f"{path}.denial_code", "only a claim that is denied has one", rendered(given["denial_code"]), hint
        )

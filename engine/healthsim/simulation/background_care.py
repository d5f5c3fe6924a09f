"""Care that people have anyway beside their latest visit: no two stays at a time, and nobody in two places."""

from dataclasses import dataclass, replace

import numpy as np

from healthsim.planning.plan import Ints
from healthsim.planning.utilization_plan import BETWEEN_DELIVERIES, DELIVERY, INPATIENT, OFFICE, UtilizationPlan
from healthsim.simulation.background import Occurrences, occurrences_of
from healthsim.simulation.cases import Cases
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.people import People
from healthsim.simulation.visits import DAY, Visits


@dataclass(frozen=True, slots=True)
class Background:
    """Care that people have anyway.

    Attributes:
        occurrences: Visits and stays, person after person in order of time.
        visits: Everybody's latest visit, moved to their last one at an office; None where nobody has one.
    """

    occurrences: Occurrences
    visits: Visits | None


def background_of(
    plan: UtilizationPlan,
    people: People,
    payer: Ints,
    cases: Cases,
    visits: Visits | None,
    earliest: Ints | None,
) -> Background:
    """Draw the care that people have anyway.

    The latest visit that a profile asks for counts as the last one at an office: it takes its date, where that is
    late enough, and its place.

    Args:
        plan: The plan.
        people: The people.
        payer: Who pays for their care, place in `PAYERS`, shape `(people,)`.
        cases: What they have.
        visits: Their latest visits; None where the profile asks for none.
        earliest: Day from which these may be, shape `(people,)`; None likewise.
    """
    drawn = occurrences_of(plan, people, payer, cases)
    in_hospital = drawn.kind >= INPATIENT
    stays = _one_by_one(_spaced(drawn.chosen(in_hospital)))
    if visits is not None:
        stays = stays.chosen(~_covers(stays, visits))
    outside = _between(stays, drawn.chosen(~in_hospital))
    if visits is not None and earliest is not None:
        visits, outside = _latest(visits, earliest, outside)
    both = (np.concatenate([getattr(part, name) for part in (outside, stays)]) for name in Occurrences.__slots__)
    return Background(Occurrences(*both).in_order(), visits)


def _spaced(stays: Occurrences) -> Occurrences:
    """Leave out deliveries that come too soon after the person's one before."""
    places = np.flatnonzero(stays.kind == DELIVERY)
    day, person = stays.start[places] // DAY, stays.person[places]
    is_soon = (person[1:] == person[:-1]) & (day[1:] - day[:-1] < BETWEEN_DELIVERIES)
    kept = np.ones(len(stays.start), np.bool_)
    kept[places[1:][is_soon]] = False
    return stays.chosen(kept)


def _one_by_one(stays: Occurrences) -> Occurrences:
    """Leave out second stays of a day, and end a stay when the next one begins."""
    day = stays.start // DAY
    is_next = np.append(False, stays.person[1:] == stays.person[:-1])[: len(day)]
    is_second = is_next & np.append(False, day[1:] == day[:-1])[: len(day)]
    kept = stays.chosen(~is_second)
    return replace(kept, end=np.minimum(kept.end, _next_start(kept)))


def _next_start(stays: Occurrences) -> Ints:
    """Give when the person's next stay begins; the end of time for the last."""
    never = np.iinfo(np.int64).max
    following = np.append(stays.start[1:], never)[: len(stays.start)]
    is_followed = np.append(stays.person[1:] == stays.person[:-1], False)[: len(stays.start)]
    return np.where(is_followed, following, never)


def _covers(stays: Occurrences, visits: Visits) -> Booleans:
    """Tell which stays the latest visits, one a person in their order, lie in."""
    start, end = visits.start[stays.person], visits.end[stays.person]
    covers: Booleans = (stays.start < end) & (stays.end > start)
    return covers


def _between(stays: Occurrences, visits: Occurrences) -> Occurrences:
    """Leave out visits that begin during a stay, and end those that the next stay begins during."""
    if not len(stays.start):
        return visits
    keys = stays.keys
    after = np.searchsorted(keys, visits.keys, side="right")
    before = np.maximum(after - 1, 0)
    is_in = (after > 0) & (stays.person[before] == visits.person) & (stays.end[before] > visits.start)
    following = np.minimum(after, len(keys) - 1)
    is_followed = (after < len(keys)) & (stays.person[following] == visits.person)
    end = np.where(is_followed, np.minimum(visits.end, stays.start[following]), visits.end)
    return replace(visits, end=end).chosen(~is_in)


def _latest(visits: Visits, earliest: Ints, outside: Occurrences) -> tuple[Visits, Occurrences]:
    """Let everybody's latest visit take the place of their last one at an office."""
    offices = np.flatnonzero(outside.kind == OFFICE)
    last = np.full(len(earliest), -1)
    last[outside.person[offices]] = offices
    person = np.flatnonzero(last >= 0)
    taken = last[person]
    is_late = outside.start[taken] // DAY >= earliest[person]
    moved, source = person[is_late], taken[is_late]
    start, end = visits.start.copy(), visits.end.copy()
    start[moved], end[moved] = outside.start[source], outside.end[source]
    kept = np.ones(len(outside.start), np.bool_)
    kept[taken] = False
    return replace(visits, day=start // DAY, start=start, end=end), outside.chosen(kept)

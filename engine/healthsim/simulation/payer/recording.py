"""When payers record enrollments, and why coverage ends."""

import numpy as np

from healthsim.planning.payer.coverage_plan import END_REASONS, CoveragePlan
from healthsim.planning.plan import Ints
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.payer.membership import OPEN, Membership
from healthsim.simulation.people import People

CHANGED, LOST, DIED, LEFT = range(len(END_REASONS))


def months_of(plan: CoveragePlan, day: Ints) -> Ints:
    """Give the months of days, since January 1970."""
    return np.searchsorted(plan.months, day, side="right") - 1 + plan.first_month


def enrollment_ids(plan: CoveragePlan, people: People, membership: Membership) -> Ints:
    """Give the identifier of every span."""
    return (people.ids[membership.person] << SLOT_BITS) + months_of(plan, membership.start_day)


def is_followed(membership: Membership) -> Booleans:
    """Tell which spans another of the same person follows at once."""
    person, end = membership.person, membership.end_day
    followed = (person[1:] == person[:-1]) & (membership.start_day[1:] == end[:-1] + 1)
    return np.append(followed, False)[: len(person)]


def end_reasons(membership: Membership, died: Ints | None, left: Ints | None) -> Ints:
    """Give why spans end, as places in `END_REASONS`; -1 where they go on.

    Args:
        membership: The spans.
        died: Everybody's date of death, shape `(people,)`; None if nobody can die.
        left: Everybody's day of leaving by a journey, likewise.
    """
    person, end = membership.person, membership.end_day
    reasons = np.where(is_followed(membership), CHANGED, LOST)
    for day, reason in ((left, LEFT), (died, DIED)):
        if day is not None:
            reasons = np.where(end == day[person], reason, reasons)
    return np.where(end == OPEN, -1, reasons)


def recorded_dates(plan: CoveragePlan, people: People, membership: Membership) -> Ints:
    """Give when enrollments are recorded: newborns' after birth, few others' after they begin, most before."""
    person, start = membership.person, membership.start_day
    draws, month = people.draws.rows(person), months_of(plan, start)
    within = draws.event_uniform("coverage:late_days", month)
    is_late = draws.event_uniform("coverage:late", month) < plan.late
    later = 1 + (within * plan.late_days).astype(np.int64)
    recorded = start + np.where(is_late, later, -later // 2)
    birth = people.birth_day[person]
    newborn = birth + 1 + (within * plan.messages.birth_days).astype(np.int64)
    recorded = np.where(start == birth, newborn, np.maximum(recorded, birth))
    return np.minimum(recorded, membership.end_day)

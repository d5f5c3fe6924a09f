"""Days on which journeys do something of a trial to people."""

import numpy as np

from healthsim.planning.plan import Ints, Plan
from healthsim.simulation.block import Block
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.events.marked import Marks, marks_of
from healthsim.tables import MISSING


def first_days(plan: Plan, block: Block, event_type: str, *, not_before: Ints | None = None) -> Ints:
    """Give the first day on which each person has an event of a type, shape `(people,)`; missing for none.

    Args:
        plan: The run's plan.
        block: The people.
        event_type: Name of the type.
        not_before: Day before which events of a person do not count, shape `(people,)`.
    """
    marks = marks_of(plan, block, event_type)
    counts = np.ones(len(marks.person), np.bool_) if not_before is None else marks.day >= not_before[marks.person]
    return _first(block.people.count, marks, counts)


def _first(people: int, marks: Marks, counts: Booleans) -> Ints:
    days = np.full(people, MISSING, np.int64)
    # Marks of a person are in order of time: of those written backwards, the first one stays.
    rows = np.flatnonzero(counts)[::-1]
    days[marks.person[rows]] = marks.day[rows]
    return days

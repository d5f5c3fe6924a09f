"""Days on which journeys do something of a trial to people."""

from dataclasses import dataclass, fields

import numpy as np

from healthsim.planning.plan import Ints, Plan
from healthsim.simulation.block import Block
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.events.marked import Marks, marks_of
from healthsim.simulation.trial.enrolled import Course
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


@dataclass(frozen=True, slots=True)
class InTrial:
    """Events of subjects while they are in the trial; every array has the shape `(events,)`.

    Attributes:
        marks: The events.
        subject: Place of the subject in the course.
        begin: Days since randomisation.
    """

    marks: Marks
    subject: Ints
    begin: Ints


def in_trial(plan: Plan, block: Block, course: Course, event_type: str) -> InTrial:
    """Give the events of a type that happen to subjects from randomisation to their last day.

    Args:
        plan: The run's plan.
        block: The people.
        course: What happens to the randomised.
        event_type: Name of the type.
    """
    marks = marks_of(plan, block, event_type)
    place = np.full(block.people.count, -1)
    place[course.person] = np.arange(len(course.person))
    subject = place[marks.person]
    begin = marks.day - np.append(course.day, 0)[subject]
    kept = np.flatnonzero((subject >= 0) & (begin >= 0) & (begin <= np.append(course.end, 0)[subject]))
    chosen = Marks(*(getattr(marks, each.name)[kept] for each in fields(marks)))
    return InTrial(chosen, subject[kept], begin[kept])


def _first(people: int, marks: Marks, counts: Booleans) -> Ints:
    days = np.full(people, MISSING, np.int64)
    # Marks of a person are in order of time: of those written backwards, the first one stays.
    rows = np.flatnonzero(counts)[::-1]
    days[marks.person[rows]] = marks.day[rows]
    return days

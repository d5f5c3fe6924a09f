"""Drugs that people are ordered for a short while at visits of background care."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.medication_plan import CoursesPlan, MedicationPlan
from healthsim.planning.plan import Ints
from healthsim.planning.utilization_plan import EMERGENCY, OFFICE, UtilizationPlan
from healthsim.simulation.background import Occurrences
from healthsim.simulation.block import Block
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.visits import DAY

_BETWEEN = 30
"""Days after a course within which no other is ordered."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Care, and what it is for.

    Attributes:
        occurrences: Visits and stays, person after person in order of time.
        reason: Index of what each is for, -1 for a condition that the person has all along, shape `(occurrences,)`.
    """

    occurrences: Occurrences
    reason: Ints


@dataclass(frozen=True, slots=True)
class Ordered:
    """Courses that are ordered; both arrays have the shape `(courses ordered,)`.

    Attributes:
        place: Place of the visit among the occurrences.
        course: Number of the course.
    """

    place: Ints
    course: Ints


def courses_ordered(
    drugs: MedicationPlan, courses: CoursesPlan, wanted: UtilizationPlan, block: Block, seen: Seen
) -> Ordered:
    """Draw which visits leave people with a course of a drug.

    A course that does not suit the person, or would outlast the time of background care, is not ordered, and none
    within a month of another.

    Args:
        drugs: The drugs people may take.
        courses: The courses.
        wanted: The plan of background care.
        block: The people, and what they have and take.
        seen: Their care.
    """
    place, course = _drawn(courses, wanted, block, seen)
    person = seen.occurrences.person[place]
    day = seen.occurrences.start[place] // DAY
    age = seen.occurrences.age[place]
    suits = (
        (age >= courses.from_age[course])
        & (age <= courses.to_age[course])
        & (day + courses.days[course] <= wanted.last_day + 1)
        & ~(courses.beside[course] & _groups_taken(drugs, block)[person]).any(axis=1)
        & ~(courses.within[course] & block.held[person]).any(axis=1)
    )
    kept = np.flatnonzero(suits)
    kept = kept[~_is_soon(person[kept], day[kept])]
    return Ordered(place[kept], course[kept])


def _drawn(courses: CoursesPlan, wanted: UtilizationPlan, block: Block, seen: Seen) -> tuple[Ints, Ints]:
    """Draw a course for each visit, by what it is for; give the places of the visits and the courses."""
    row = np.where(seen.reason >= 0, courses.row[seen.reason], -1)
    course = np.full(len(row), len(courses.days))
    for kind in (OFFICE, EMERGENCY):
        places = np.flatnonzero((seen.occurrences.kind == kind) & (row >= 0))
        draws = block.people.draws.rows(seen.occurrences.person[places])
        uniform = draws.event_uniform(f"utilization:{wanted.care[kind].name}:course", seen.occurrences.address[places])
        course[places] = courses.table.draw(uniform, row[places])
    place = np.flatnonzero(course < len(courses.days))
    return place, course[place]


def _groups_taken(drugs: MedicationPlan, block: Block) -> Booleans:
    """Tell of which groups people take a drug at all, shape `(people, groups)`."""
    takes = np.zeros((block.people.count, len(drugs.groups)), np.bool_)
    if block.medications is not None:
        group = np.array([drugs.groups.index(each.drug.group) for each in drugs.drugs], np.int64)
        takes[block.medications.person, group[block.medications.entry]] = True
    return takes


def _is_soon(person: Ints, day: Ints) -> Booleans:
    """Tell which courses come too soon after the person's one before, ordered or not."""
    is_soon = np.zeros(len(person), np.bool_)
    is_soon[1:] = (person[1:] == person[:-1]) & (day[1:] - day[:-1] < _BETWEEN)
    return is_soon

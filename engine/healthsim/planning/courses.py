"""Drugs that visits of background care leave people with for a short while."""

from collections.abc import Mapping, Sequence

import numpy as np

from healthsim.planning.medication_plan import CoursesPlan
from healthsim.planning.significance import rounded
from healthsim.randomness import CategoryTable
from healthsim.reference.courses import Course, courses
from healthsim.skills import Drug


def courses_for(reasons: Sequence[str]) -> tuple[Course, ...]:
    """Give the courses for some of what people may be seen for."""
    return tuple(course for course in courses() if course.reason in reasons)


def drug_of(course: Course) -> Drug:
    """Give the drug of a course as skills have theirs."""
    return Drug(
        id=course.id,
        name=course.name,
        ingredient=course.ingredient,
        group=course.group,
        rxnorm=course.rxnorm,
        dose=course.dose,
        route=course.route,
        frequency=course.frequency,
        days_supply=course.days_supply,
        refills=0,
        minimum_age=course.from_age,
        approved_on=None,
        line=1,
        share=course.share,
        is_course=True,
        is_adjunct=False,
        indications=(),
        contraindications=(),
        effects=(),
    )


def planned_courses(
    found: Sequence[Course], reasons: Sequence[str], first_entry: int, groups: Sequence[str], slots: Mapping[str, int]
) -> CoursesPlan:
    """Plan the courses.

    Args:
        found: The courses.
        reasons: Codes of all that people may be seen for.
        first_entry: Place of the first course's drug among the drugs of the plan.
        groups: Names of the groups of drugs.
        slots: Slot of each condition by its id.
    """
    treated = tuple(dict.fromkeys(course.reason for course in found))
    row = np.full(len(reasons), -1, np.int64)
    row[[reasons.index(reason) for reason in treated]] = np.arange(len(treated))
    shares = np.zeros((len(treated), len(found) + 1))
    for place, course in enumerate(found):
        shares[treated.index(course.reason), place] = course.share
    shares[:, -1] = 1.0 - shares.sum(axis=1)
    return CoursesPlan(
        row=row,
        table=CategoryTable.from_weights(rounded(np.maximum(shares, 0.0))),
        first_entry=first_entry,
        days=np.array([course.days_supply for course in found], np.int64),
        from_age=np.array([course.from_age for course in found], np.int64),
        to_age=np.array([course.to_age for course in found], np.int64),
        beside=np.array([[name in (*course.not_with, course.group) for name in groups] for course in found], np.bool_),
        within=np.array([[name in course.not_in for name in slots] for course in found], np.bool_),
    )

"""Enrollments and disenrollments of journeys, and what becomes of coverage by them."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.payer.coverage_plan import CoveragePlan
from healthsim.planning.plan import Ints, Plan
from healthsim.simulation.block import Block
from healthsim.simulation.events.marked import marks_of
from healthsim.simulation.payer.membership import OPEN

_FAR = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Entries:
    """When people enroll and leave by journeys; shape `(people,)` each.

    Attributes:
        enrolled: Day of the first enrollment; the end of time for none.
        plan: Place of the insurance plan enrolled in.
        left: Day of the last disenrollment; the end of time for none.
    """

    enrolled: Ints
    plan: Ints
    left: Ints


def entries_of(plan: Plan, coverage: CoveragePlan, block: Block, chosen: Ints) -> Entries | None:
    """Find who enrolls and who leaves by journeys; None where nobody can.

    Args:
        plan: The plan of the run.
        coverage: The plan of coverage.
        block: The people.
        chosen: The insurance plan of everybody who enrolls in none that is named, shape `(people,)`.
    """
    enrollments, leavings = marks_of(plan, block, "enrollment"), marks_of(plan, block, "disenrollment")
    if plan.timeline is None or not len(enrollments.person) + len(leavings.person):
        return None
    enrolled, left, which = np.full(block.people.count, _FAR), np.full(block.people.count, _FAR), chosen.copy()
    named = np.array([_place(coverage, event.parameters.get("plan")) for event in plan.timeline.events], np.int64)
    first = enrollments.person[::-1]
    enrolled[first] = enrollments.day[::-1]
    wanted = named[enrollments.event[::-1]]
    which[first] = np.where(wanted >= 0, wanted, chosen[first])
    left[leavings.person] = leavings.day
    return Entries(enrolled, which, left)


def entered(
    entries: Entries, person: Ints, start: Ints, end: Ints, which: Ints, last: Ints
) -> tuple[Ints, Ints, Ints, Ints]:
    """Let coverage begin with an enrollment, under its plan, and end with a disenrollment.

    Args:
        entries: When people enroll and leave.
        person: Person of each span, ascending; likewise the next three.
        start: First day.
        end: Last day.
        which: Insurance plan.
        last: Everybody's last day of life, shape `(people,)`.
    """
    enrolls = entries.enrolled < _FAR
    kept = ~enrolls[person]
    new = np.flatnonzero(enrolls)
    person = np.concatenate([person[kept], new])
    start = np.concatenate([start[kept], entries.enrolled[new]])
    end = np.concatenate([end[kept], np.minimum(np.full(len(new), OPEN), last[new])])
    which = np.concatenate([which[kept], entries.plan[new]])
    end = np.minimum(end, entries.left[person])
    order = np.lexsort((start, person))
    order = order[(start <= end)[order]]
    return person[order], start[order], end[order], which[order]


def _place(coverage: CoveragePlan, name: object) -> int:
    names = [each.id for each in coverage.benefits.plans]
    return names.index(name) if isinstance(name, str) and name in names else -1

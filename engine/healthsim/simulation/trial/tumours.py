"""Tumours: the sums of their diameters at assessments, and what these say of the response, by RECIST 1.1."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.plan import Floats, Ints
from healthsim.planning.trial.course import BEST_RESPONSES
from healthsim.planning.trial.trial_plan import TrialPlan
from healthsim.randomness import normal_from_uniform
from healthsim.simulation.block import Block
from healthsim.simulation.trial.enrolled import Course

_CR, _PR, _SD, _PD = range(len(BEST_RESPONSES))

_MIDDLE, _SPREAD, _LEAST, _MOST = 75.0, 30.0, 15.0, 200.0
"""Sum of diameters at baseline, mm: mean, standard deviation and bounds (assumed)."""

_DEPTH = (0.34, 0.9)
"""Share by which tumours with a partial response shrink at most: RECIST asks for 30 % (upper bound assumed)."""

_STABLE = (-0.25, 0.12)
"""Changes of stable tumours, within -30 and +20 % (assumed)."""

_GROWTH, _LEAST_GROWTH, _MORE = 1.25, 6.0, 0.3
"""Progression: RECIST asks for 20 % and 5 mm more than the smallest sum; up to 30 % of it more (assumed)."""


@dataclass(frozen=True, slots=True)
class Assessments:
    """Assessments of tumours, subject after subject; every array has the shape `(assessments,)`.

    Attributes:
        subject: Place in the course.
        number: Number of the assessment; 0 at baseline.
        day: Days since randomisation.
        size: Sum of the diameters, mm.
        base: That at baseline.
        response: Place in `BEST_RESPONSES`; -1 at baseline.
    """

    subject: Ints
    number: Ints
    day: Ints
    size: Ints
    base: Ints
    response: Ints


def assessments_of(trial: TrialPlan, block: Block, course: Course) -> Assessments | None:
    """Give the assessments of a block; None in a trial without tumours."""
    response = trial.protocol.response
    if response is None:
        return None
    number = np.arange((trial.protocol.treatment_days - 1) // response.every_days + 1)
    is_done = (number * response.every_days <= course.end[:, np.newaxis]) & (
        number <= course.progression[:, np.newaxis]
    )
    is_done &= ~(
        course.is_dead[:, np.newaxis] & (number * response.every_days == course.end[:, np.newaxis]) & (number > 0)
    )
    subject, which = np.nonzero(is_done)
    base, sizes = _sizes(block, course, int(number[-1]))
    size = sizes[subject, which]
    found = np.where(size == 0, _CR, np.where(size * 10 <= base[subject] * 7, _PR, _SD))
    found = np.where(which == course.progression[subject], _PD, found)
    return Assessments(
        subject, which, which * response.every_days, size, base[subject], np.where(which == 0, -1, found)
    )


def best_responses(course: Course, assessments: Assessments) -> Ints:
    """Give the best response of each subject, as place in `BEST_RESPONSES`; beyond them for those never assessed."""
    best = np.full(len(course.person), len(BEST_RESPONSES), np.int64)
    later = assessments.response >= 0
    np.minimum.at(best, assessments.subject[later], assessments.response[later])
    return best


def _sizes(block: Block, course: Course, last: int) -> "tuple[Ints, np.ndarray[tuple[int, int], np.dtype[np.int64]]]":
    """Give the sums at baseline and at every assessment, shape `(subjects, assessments)`, as if nobody left."""
    draws = block.people.draws.rows(course.person)
    normal = normal_from_uniform(draws.uniform("trial:tumour:size"))
    base = np.clip(_MIDDLE + _SPREAD * normal, _LEAST, _MOST).astype(np.int64)
    depth = draws.uniform("trial:tumour:depth")
    deepest = _DEPTH[0] + depth * (_DEPTH[1] - _DEPTH[0])
    stable = _STABLE[0] + depth * (_STABLE[1] - _STABLE[0])
    sizes = np.empty((len(base), last + 1), np.int64)
    sizes[:, 0] = base
    smallest = base.copy()
    for number in range(1, last + 1):
        change = np.where(course.response == _PR, -np.maximum(_DEPTH[0] - 0.03, deepest * _reached(number)), stable)
        size = np.where(course.response == _CR, 0, np.floor(base * (1.0 + change)).astype(np.int64))
        more = draws.event_uniform("trial:tumour:more", number) * _MORE
        grown = np.ceil(np.maximum(smallest * (_GROWTH + more), smallest + _LEAST_GROWTH)).astype(np.int64)
        sizes[:, number] = np.where(course.progression == number, grown, size)
        smallest = np.minimum(smallest, sizes[:, number])
    return base, sizes


def _reached(number: int) -> float:
    """Give the share of its depth that a response has reached at an assessment."""
    shares: Floats = np.array([0.0, 0.8, 1.0])
    return float(shares[min(number, 2)])

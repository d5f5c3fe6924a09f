"""Who takes part in a trial, and what happens to them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.plan import Ints
from healthsim.tables import MISSING

NEVER = 2**31
"""Day of what does not happen."""

NOT_RANDOMISED = -1


@dataclass(frozen=True, slots=True)
class Screened:
    """People who were screened, in order; every array has the shape `(screened,)`.

    Attributes:
        person: Place of the person in the block; ascending.
        site: Place of the site.
        consent_day: Day of consent and screening, days since 1970-01-01.
        decision_day: Day of randomisation, or on which it is decided that there is none.
        reason: Why they failed, place among the reasons; -1 for the randomised.
        stratum: Number of the stratum.
        arm: Place of the arm; `NOT_RANDOMISED` for those who failed.
        number: Number in order of randomisation, from 1; missing for those who failed.
    """

    person: Ints
    site: Ints
    consent_day: Ints
    decision_day: Ints
    reason: Ints
    stratum: Ints
    arm: Ints
    number: Ints


@dataclass(frozen=True, slots=True)
class Course:
    """What happens to the randomised; days count from 0, that of randomisation; shape `(subjects,)` unless said.

    Attributes:
        screened: Place among the screened.
        person: Place of the person in the block.
        day: Day of randomisation, days since 1970-01-01.
        arm: Place of the arm.
        end: Last day in the trial.
        ending: Why it is the last, place among the texts of dispositions.
        is_dead: Whether they died on it.
        outcomes: Day of each outcome; `NEVER` for none, shape `(outcomes, subjects)`.
        response: Place of the best response that the tumour makes; all 0 where no tumour is assessed.
        progression: Number of the assessment at which it has progressed; `NEVER` for none.
    """

    screened: Ints
    person: Ints
    day: Ints
    arm: Ints
    end: Ints
    ending: Ints
    is_dead: NDArray[np.bool_]
    outcomes: Ints
    response: Ints
    progression: Ints


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The part of a block that takes part in a trial.

    Attributes:
        screened: Who was screened.
        course: What happens to the randomised.
    """

    screened: Screened
    course: Course

    def deaths(self, people: int) -> Ints:
        """Give the day on which people of the block die in the trial, shape `(people,)`; missing for the others."""
        died = np.full(people, MISSING, np.int64)
        dead = self.course.is_dead
        died[self.course.person[dead]] = (self.course.day + self.course.end)[dead]
        return died

"""What happens to the randomised: who leaves, dies, has outcomes or progresses, and when."""

import numpy as np

from healthsim.planning.plan import Floats, Ints
from healthsim.planning.trial.course import BEST_RESPONSES
from healthsim.planning.trial.texts import COMPLETED, DIED, PROGRESSED, endings
from healthsim.planning.trial.trial_plan import TrialPlan
from healthsim.randomness import Draws
from healthsim.simulation.block import Block
from healthsim.simulation.trial.enrolled import NEVER, NOT_RANDOMISED, Course, Screened
from healthsim.tables import MISSING

_LONGEST_WAIT = 1e6
"""Days after which nothing is waited for."""


def course_of(trial: TrialPlan, block: Block, died: Ints, screened: Screened) -> Course:
    """Draw what happens to the randomised.

    Args:
        trial: The trial's plan.
        block: The people.
        died: Day of each person's death in a journey, days since 1970-01-01, shape `(people,)`; missing for none.
        screened: Who was screened.
    """
    rows = np.flatnonzero(screened.arm != NOT_RANDOMISED)
    person, day, arm = screened.person[rows], screened.decision_day[rows], screened.arm[rows]
    draws = block.people.draws.rows(person)
    last = np.full(len(rows), trial.protocol.treatment_days - 1, np.int64)
    texts = endings(trial)
    outcomes = _outcomes(trial, draws, arm)
    is_fatal = np.array([each.is_fatal for each in trial.protocol.outcomes], np.bool_)
    death = np.where(died[person] == MISSING, NEVER, died[person] - day)
    death = np.minimum(death, outcomes[is_fatal].min(axis=0, initial=NEVER))
    leaving = 1 + waits(trial, draws.uniform("trial:leaving"), trial.course.leaving[arm])
    leaving = np.where(leaving < last, leaving, NEVER)
    response, progression = _tumours(trial, draws, arm)
    every = trial.protocol.response.every_days if trial.protocol.response else 1
    progressed = np.where(progression == NEVER, NEVER, np.minimum(progression, NEVER // every) * every)
    end, ending = last, np.full(len(rows), texts.index(COMPLETED), np.int64)
    reason = texts.index(PROGRESSED) + 1 + trial.course.reasons.draw(draws.uniform("trial:reason")).astype(np.int64)
    for when, why in (
        (leaving, reason),
        (progressed, np.full(len(rows), texts.index(PROGRESSED))),
        (death, np.full(len(rows), texts.index(DIED))),
    ):
        is_first = when <= end
        end, ending = np.where(is_first, when, end), np.where(is_first, why, ending)
    return Course(
        screened=rows,
        person=person,
        day=day,
        arm=arm,
        end=end,
        ending=ending,
        is_dead=ending == texts.index(DIED),
        outcomes=np.where(outcomes <= end, outcomes, NEVER),
        response=response,
        progression=progression,
    )


def _outcomes(trial: TrialPlan, draws: Draws, arm: Ints) -> Ints:
    """Give the day of each outcome, shape `(outcomes, subjects)`."""
    days = np.full((len(trial.protocol.outcomes), len(arm)), NEVER, np.int64)
    for place, outcome in enumerate(trial.protocol.outcomes):
        days[place] = 1 + waits(trial, draws.uniform(f"trial:outcome:{outcome.id}"), trial.course.outcomes[place, arm])
    return days


def waits(trial: TrialPlan, uniforms: Floats, rates: Floats) -> Ints:
    """Give whole days until something with a daily rate; `NEVER - 1` where it does not happen, shape `(subjects,)`."""
    waited = trial.course.waits.at(uniforms)
    is_never = waited >= rates * _LONGEST_WAIT
    days: Ints = (np.where(is_never, 0.0, waited) / np.where(is_never, 1.0, rates)).astype(np.int64)
    return np.where(is_never, NEVER - 1, days)


def _tumours(trial: TrialPlan, draws: Draws, arm: Ints) -> tuple[Ints, Ints]:
    """Give the best response that tumours make, and the assessment at which they have progressed."""
    response = trial.protocol.response
    if response is None:
        return np.zeros(len(arm), np.int64), np.full(len(arm), NEVER, np.int64)
    best = trial.course.responses.draw(draws.uniform("trial:response"), arm).astype(np.int64)
    later = waits(trial, draws.uniform("trial:progression"), trial.course.progression[arm])
    progression = np.where(best == BEST_RESPONSES.index("PD"), 1, 2 + later // response.every_days)
    return best, progression

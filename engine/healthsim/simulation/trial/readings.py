"""What is measured of subjects on days of a trial, with what the arms do to it."""

from collections.abc import Mapping

import numpy as np

from healthsim.planning.plan import Floats, Ints, Plan
from healthsim.planning.trial.trial_plan import TrialPlan
from healthsim.randomness import normal_from_uniform
from healthsim.simulation.block import Block
from healthsim.simulation.occasions import Occasions
from healthsim.simulation.results import SAMPSON_BELOW, Results
from healthsim.simulation.visits import DAY


def readings(
    plan: Plan, trial: TrialPlan, block: Block, person: Ints, day: Ints, changed: Mapping[str, Floats]
) -> Mapping[str, Ints]:
    """Report every test of a trial, as whole numbers of its last decimal, by analyte, shape `(rows,)`.

    Args:
        plan: The run's plan.
        trial: The trial's.
        block: The people.
        person: Places of the people measured.
        day: When, days since 1970-01-01.
        changed: Levels that are not those of the bodies, by analyte.

    Raises:
        ValueError: Nothing is known of the bodies.
    """
    if plan.body is None or block.body is None:
        raise ValueError("a plan without bodies measures nothing")
    nothing = np.zeros(len(person), np.int64)
    occasions = Occasions(person, nothing, day * DAY, day * DAY, nothing, day)
    results = Results(plan.body, block.people, block.body, occasions, changed)
    rows = np.arange(len(person))
    found: dict[str, Ints] = {"height": results.units("height", rows)}
    for test in trial.tests:
        if test == "ldl":
            # Where triglycerides are too high, nobody computes it; the rows are left out afterwards.
            computable = np.flatnonzero(found["triglycerides"] < SAMPSON_BELOW)
            found[test] = np.zeros(len(person), np.int64)
            found[test][computable] = results.units(test, computable)
        elif test != "height":
            found[test] = results.units(test, rows)
    return found


def changed_levels(trial: TrialPlan, block: Block, person: Ints, arm: Ints, days: Ints) -> Mapping[str, Floats]:
    """Give the levels that arms have changed, by analyte, shape `(rows,)`.

    A subject's change is drawn around the arm's mean, and grows evenly to its full size.

    Args:
        trial: The trial's plan.
        block: The people.
        person: Places of the subjects.
        arm: Their arms.
        days: Days since randomisation; nothing is changed on the first.
    """
    levels: dict[str, Floats] = {}
    if block.body is None:
        return levels
    draws = block.people.draws.rows(person)
    for place, effect in enumerate(trial.protocol.effects):
        own = normal_from_uniform(draws.uniform(f"trial:effect:{effect.analyte}")) * effect.spread
        share = np.clip(days / effect.days_to_full, 0.0, 1.0)
        levels[effect.analyte] = block.body.levels[effect.analyte][person] + share * (
            trial.course.changes[place, arm] + own
        )
    return levels

"""Stages and states of the people of a block: how bad what they have is, and what it makes of their bodies."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.body_plan import AspectPlan, BodyPlan, StagePlan
from healthsim.planning.plan import AGE_SEX_CELLS, Ints
from healthsim.simulation.cases import Cases
from healthsim.simulation.people import People

NO_STAGE = -1
"""Stage of a person without the condition."""

Stages = Mapping[str, NDArray[np.int8]]


def stages_of_people(plan: BodyPlan, people: People, cases: Cases) -> Stages:
    """Give everybody's stage of each condition that has stages, as an index into the skill's, `NO_STAGE` without it.

    A code that says a stage decides it: chronic kidney disease coded N18.4 is in stage 4. A code that says several, as
    N18.30, or none leaves it to their shares.
    """
    return {stage.condition: _stages(stage, people, cases) for stage in plan.stages}


def states_of_people(plan: BodyPlan, people: People, cases: Cases, stages: Stages) -> Stages:
    """Give everybody's state in each aspect, as an index into the aspect's states, by the aspect's id."""
    return {aspect.id: _states(aspect, people, cases, stages) for aspect in plan.aspects}


def _stages(plan: StagePlan, people: People, cases: Cases) -> NDArray[np.int8]:
    stages = np.full(people.count, NO_STAGE, np.int8)
    mine = cases.slot == plan.slot
    person = cases.person[mine]
    uniforms = people.draws.rows(person).uniform(f"stage:{plan.condition}")
    stages[person] = plan.choice.draw(uniforms, cases.code[mine])
    return stages


def _states(plan: AspectPlan, people: People, cases: Cases, stages: Stages) -> NDArray[np.int8]:
    key = _keys(plan, people, cases, stages)
    chosen = plan.choice.draw(people.draws.uniform(f"state:{plan.id}"), key * AGE_SEX_CELLS + people.age_sex)
    return chosen.astype(np.int8)


def _keys(plan: AspectPlan, people: People, cases: Cases, stages: Stages) -> Ints:
    """Give what decides on everybody's state: 0 without the condition, else 1 and its stage or code."""
    keys = np.zeros(people.count, np.int64)
    if plan.slot < 0:
        return keys
    if plan.keyed_by == "stage":
        return 1 + stages[plan.condition].astype(np.int64)
    mine = cases.slot == plan.slot
    keys[cases.person[mine]] = 1 + (plan.key_of_code[cases.code[mine]] if plan.keyed_by == "code" else 0)
    return keys

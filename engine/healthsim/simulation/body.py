"""Bodies of the people of a block: the long-term level of everything that is measured, as their conditions have it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from healthsim.planning.body_plan import AspectPlan, BodyPlan
from healthsim.planning.plan import AGE_SEX_CELLS, Floats, Ints
from healthsim.randomness import Draws, normal_from_uniform
from healthsim.reference.levels import END
from healthsim.simulation.cases import Cases
from healthsim.simulation.composed import GROWING, DrawnLevels, with_composed
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.people import People
from healthsim.simulation.stages import Stages, stages_of_people, states_of_people
from healthsim.simulation.truncated import truncated_normal

Limits = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class Body:
    """The bodies of a block's people.

    Attributes:
        levels: Long-term level of each analyte and vital sign at `as_of`, in its unit, by id, shape `(people,)`.
        stages: Stage of each condition that has some, by the condition's id, shape `(people,)`: an index into the
            skill's `stages.items`, -1 for people without the condition.
        states: State in each aspect of physiology, by `condition.aspect`, shape `(people,)`.
        scores: Normal scores of `height` and `bmi`, which children keep while they grow, shape `(people,)`.
    """

    levels: Mapping[str, Floats]
    stages: Stages
    states: Stages
    scores: Mapping[str, Floats]


def body_of(plan: BodyPlan, people: People, held: Booleans, cases: Cases) -> Body:
    """Draw the bodies: stages follow from codes, states from stages, levels from states."""
    stages = stages_of_people(plan, people, cases)
    states = states_of_people(plan, people, cases, stages)
    has_diabetes = held[:, plan.diabetes_slot] if plan.diabetes_slot >= 0 else np.zeros(people.count, dtype=np.bool_)
    drawn = _drawn_levels(plan, people, has_diabetes.astype(np.int64), states)
    return Body(with_composed(plan, people, states, drawn), stages, states, drawn.scores)


def _drawn_levels(plan: BodyPlan, people: People, stratum: Ints, states: Stages) -> DrawnLevels:
    """Draw the levels, people alike in sex and stratum together."""
    levels = {analyte: np.empty(people.count) for analyte in plan.analytes}
    found = DrawnLevels(levels, np.empty(people.count), {name: np.empty(people.count) for name in GROWING})
    group = stratum * 2 + people.sex
    for index in range(len(plan.coefficients)):
        rows = np.flatnonzero(group == index)
        if rows.size:
            members = _Group(plan, people.draws.rows(rows), people.age_sex[rows].astype(np.int64), index // 2)
            drawn = members.scores(plan.coefficients[index], {name: state[rows] for name, state in states.items()})
            for analyte, (score, innovation) in zip(plan.analytes, drawn, strict=True):
                levels[analyte][rows] = members.level(analyte, score)
                if analyte in GROWING:
                    found.scores[analyte][rows] = score
                if analyte == "glucose":
                    found.glucose_innovation[rows] = innovation
    return found


@dataclass(frozen=True, slots=True)
class _Group:
    """People of one sex and one stratum."""

    plan: BodyPlan
    draws: Draws
    cells: Ints
    stratum: int

    def scores(self, coefficients: Floats, states: Stages) -> list[tuple[Floats, Floats]]:
        """Draw the normal scores of all analytes and the innovations behind them, analyte after analyte.

        A score is the sum of the innovations of the analytes before it, by the coefficients, and one of its own. Where
        conditions bound the analyte, its own innovation is drawn between what the bounds leave; the analytes after it
        follow, as they depend on the innovations alone (Geweke 1991, Hajivassiliou and Keane).
        """
        drawn: list[tuple[Floats, Floats]] = []
        for place, analyte in enumerate(self.plan.analytes):
            expected = self._shift(analyte, states)
            for before in np.flatnonzero(coefficients[place, :place]).tolist():
                expected = expected + coefficients[place, before] * drawn[before][1]
            own = float(coefficients[place, place])
            uniforms = self.draws.uniform(f"level:{analyte}")
            limits = self._limits(analyte, states)
            if limits is None:
                innovation = normal_from_uniform(uniforms)
            else:
                innovation = truncated_normal(uniforms, (limits[0] - expected) / own, (limits[1] - expected) / own)
            drawn.append((expected + own * innovation, innovation))
        return drawn

    def level(self, analyte: str, scores: Floats) -> Floats:
        """Give the levels at scores."""
        inside = np.clip((scores + END) / (2 * END), 0.0, 1.0)
        return self.plan.levels[analyte].at(inside, self.stratum * AGE_SEX_CELLS + self.cells)

    def _shift(self, analyte: str, states: Stages) -> Floats:
        shift = np.zeros(len(self.cells))
        for aspect in self.plan.aspects:
            if analyte in aspect.shifts:
                shift += aspect.shifts[analyte][states[aspect.id]]
        return shift

    def _limits(self, analyte: str, states: Stages) -> Limits | None:
        """Give the scores between which conditions keep an analyte; None where none bounds it."""
        bounding = [aspect for aspect in self.plan.aspects if analyte in aspect.bounds]
        if not bounding:
            return None
        sides = [_scores_of(aspect, analyte, states, self.stratum, self.cells) for aspect in bounding]
        low, high = sides[0]
        for other_low, other_high in sides[1:]:
            low, high = np.maximum(low, other_low), np.minimum(high, other_high)
        return low, np.maximum(low, high)


def _scores_of(aspect: AspectPlan, analyte: str, states: Stages, stratum: int, cells: Ints) -> Limits:
    bounds = aspect.bounds[analyte]
    row = (stratum * len(aspect.states) + states[aspect.id].astype(np.int64)) * AGE_SEX_CELLS + cells
    return bounds.low_score[row], bounds.high_score[row]

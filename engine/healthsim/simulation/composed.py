"""Levels that are composed of others: weight, filtration, cholesterol, volumes of the lungs, average glucose."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.body_plan import BodyPlan
from healthsim.planning.kidney import SCHWARTZ
from healthsim.planning.natural import ADULT
from healthsim.planning.plan import SEXES, Floats, Ints
from healthsim.simulation.bounds import body_mass_limits, creatinine_limits
from healthsim.simulation.growing import grown
from healthsim.simulation.people import People
from healthsim.simulation.stages import Stages

_ADAG_SLOPE, _ADAG_INTERCEPT = 28.7, -46.7
"""Average glucose, mg/dL, by HbA1c in percent: Nathan et al. 2008, Diabetes Care 31:1473 (ADAG)."""

_ADAG_RESIDUAL = 17.0
"""Spread of people's average glucose about that line, mg/dL: 15.7 in the ADAG study, more in practice (assumed)."""

_SHARED_RESIDUAL = 0.6
"""How the residual goes with that of fasting glucose (assumed)."""


GROWING = ("height", "bmi")
"""Analytes whose scores children keep while they grow."""


@dataclass(frozen=True, slots=True)
class DrawnLevels:
    """Levels as they were drawn.

    Attributes:
        levels: By analyte, shape `(people,)` each.
        glucose_innovation: What is glucose's own in its score, shape `(people,)`.
        scores: Normal scores of the analytes that children grow in.
    """

    levels: dict[str, Floats]
    glucose_innovation: Floats
    scores: dict[str, Floats]


def with_composed(plan: BodyPlan, people: People, states: Stages, drawn: DrawnLevels) -> dict[str, Floats]:
    """Add the levels that follow from others, and make children as tall and heavy as their age in days has them.

    Args:
        plan: The plan of bodies.
        people: The people.
        states: Their states, by aspect.
        drawn: The levels as they were drawn.
    """
    levels = drawn.levels
    levels["weight"] = weight_of(levels["bmi"], levels["height"])
    _let_children_grow(plan, people, states, drawn)
    levels["egfr"] = filtration(plan, people.age_sex.astype(np.int64), _cents(levels["creatinine"]), levels["height"])
    levels["total_cholesterol"] = levels["ldl"] + levels["hdl"] + levels["triglycerides"] / 5
    levels["anion_gap"] = levels["sodium"] - levels["chloride"] - levels["bicarbonate"]
    predicted = predicted_fev1(people.age.astype(np.float64), levels["height"], people.sex == 0)
    levels["fev1"] = levels["fev1_percent"] / 100 * predicted
    levels["fvc"] = levels["fev1"] / levels["fev1_fvc"] * 100
    own = people.draws.normal("level:mean_glucose") * np.sqrt(1 - _SHARED_RESIDUAL**2)
    residual = (_SHARED_RESIDUAL * drawn.glucose_innovation + own) * _ADAG_RESIDUAL
    estimated = average_glucose(levels["hba1c"])
    levels["estimated_average_glucose"] = estimated
    # A person's true average scatters about the estimate, in proportion to it.
    levels["mean_glucose"] = estimated + residual * estimated / average_glucose(np.array(7.0))
    return levels


def filtration(plan: BodyPlan, cells: Ints, cents: Ints, height: Floats) -> Floats:
    """Estimate filtration, mL/min/1.73 m2, in whole units: of adults by CKD-EPI 2021, of children by Schwartz 2009.

    Args:
        plan: The plan of bodies.
        cells: Cells of age and sex, shape `(people,)`.
        cents: Creatinine, hundredths of mg/dL.
        height: Heights, cm.
    """
    of_children = np.floor(SCHWARTZ * height / (cents / 100) + 0.5)
    is_child = cells // len(SEXES) < ADULT
    return np.where(is_child, of_children, plan.kidney.filtration(cents, cells).astype(np.float64))


def _let_children_grow(plan: BodyPlan, people: People, states: Stages, drawn: DrawnLevels) -> None:
    rows = np.flatnonzero(people.age < ADULT)
    if not rows.size:
        return
    cells, days = people.age_sex[rows].astype(np.int64), people.days_lived[rows]
    of_children = {name: state[rows] for name, state in states.items()}
    found = grown(plan, days, cells % len(SEXES), {name: scores[rows] for name, scores in drawn.scores.items()})
    limits = body_mass_limits(plan, of_children, cells, days)
    if limits is not None:
        found["bmi"] = np.clip(found["bmi"], *limits)
        found["weight"] = weight_of(found["bmi"], found["height"])
    for name, levels in found.items():
        drawn.levels[name][rows] = levels
    kidney = creatinine_limits(plan, of_children, cells, found["height"])
    if kidney is not None:
        drawn.levels["creatinine"][rows] = np.clip(drawn.levels["creatinine"][rows], *kidney)


def weight_of(bmi: Floats, height: Floats) -> Floats:
    """Give weights, kg, of body mass indices, kg/m2, and heights, cm."""
    return bmi * height * height / 10_000


def average_glucose(hba1c: Floats) -> Floats:
    """Give the average glucose, mg/dL, that an HbA1c in percent stands for."""
    return _ADAG_SLOPE * hba1c + _ADAG_INTERCEPT


def predicted_fev1(age: Floats, height: Floats, is_female: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Floats:
    """Predict the forced expiratory volume in one second, L, from age and height in cm.

    Hankinson et al. 1999, Am J Respir Crit Care Med 159:179 (NHANES III), with equations of their own for girls and
    boys. The equations of its white participants hold for everybody, as reference equations without race are now
    advised (ATS 2023).
    """
    by_height = height * height
    women = 0.4333 - 0.00361 * age - 0.000194 * age * age + 0.00011496 * by_height
    girls = -0.8710 + 0.06537 * age + 0.00011496 * by_height
    men = 0.5536 - 0.01303 * age - 0.000172 * age * age + 0.00014098 * by_height
    boys = -0.7453 - 0.04106 * age + 0.004477 * age * age + 0.00014098 * by_height
    women, men = np.where(age < _WOMAN, girls, women), np.where(age < _MAN, boys, men)
    predicted: Floats = np.maximum(np.where(is_female, women, men), _LEAST_VOLUME)
    return predicted


_WOMAN, _MAN = 18, 20
"""Completed years from which the equations of adults hold."""

_LEAST_VOLUME = 0.3
"""Litres below which the equation, beyond the heights and ages it was made from, does not go."""


def _cents(milligrams: Floats) -> Ints:
    cents: Ints = np.floor(milligrams * 100 + 0.5).astype(np.int64)
    return cents

"""Levels that are composed of others: weight, filtration, cholesterol, volumes of the lungs, average glucose."""

import numpy as np

from healthsim.planning.body_plan import BodyPlan
from healthsim.planning.plan import Floats, Ints
from healthsim.simulation.people import People

_ADAG_SLOPE, _ADAG_INTERCEPT = 28.7, -46.7
"""Average glucose, mg/dL, by HbA1c in percent: Nathan et al. 2008, Diabetes Care 31:1473 (ADAG)."""

_ADAG_RESIDUAL = 17.0
"""Spread of people's average glucose about that line, mg/dL: 15.7 in the ADAG study, more in practice (assumed)."""

_SHARED_RESIDUAL = 0.6
"""How the residual goes with that of fasting glucose (assumed)."""


def with_composed(
    plan: BodyPlan, people: People, levels: dict[str, Floats], innovations: dict[str, Floats]
) -> dict[str, Floats]:
    """Add the levels that follow from others.

    Args:
        plan: The plan of bodies.
        people: The people.
        levels: Drawn levels, by analyte, shape `(people,)` each.
        innovations: Innovations of the drawn scores, by analyte, shape `(people,)` each.
    """
    levels["weight"] = weight_of(levels["bmi"], levels["height"])
    levels["egfr"] = plan.kidney.filtration(_cents(levels["creatinine"]), people.age_sex.astype(np.int64)).astype(float)
    levels["total_cholesterol"] = levels["ldl"] + levels["hdl"] + levels["triglycerides"] / 5
    levels["anion_gap"] = levels["sodium"] - levels["chloride"] - levels["bicarbonate"]
    predicted = predicted_fev1(people.age.astype(np.float64), levels["height"], people.sex == 0)
    levels["fev1"] = levels["fev1_percent"] / 100 * predicted
    levels["fvc"] = levels["fev1"] / levels["fev1_fvc"] * 100
    own = people.draws.normal("level:mean_glucose") * np.sqrt(1 - _SHARED_RESIDUAL**2)
    residual = (_SHARED_RESIDUAL * innovations["glucose"] + own) * _ADAG_RESIDUAL
    estimated = average_glucose(levels["hba1c"])
    levels["estimated_average_glucose"] = estimated
    # A person's true average scatters about the estimate, in proportion to it.
    levels["mean_glucose"] = estimated + residual * estimated / average_glucose(np.array(7.0))
    return levels


def weight_of(bmi: Floats, height: Floats) -> Floats:
    """Give weights, kg, of body mass indices, kg/m2, and heights, cm."""
    return bmi * height * height / 10_000


def average_glucose(hba1c: Floats) -> Floats:
    """Give the average glucose, mg/dL, that an HbA1c in percent stands for."""
    return _ADAG_SLOPE * hba1c + _ADAG_INTERCEPT


def predicted_fev1(age: Floats, height: Floats, is_female: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Floats:
    """Predict the forced expiratory volume in one second, L, from age and height in cm.

    Hankinson et al. 1999, Am J Respir Crit Care Med 159:179 (NHANES III), the equations of adults (white participants:
    one equation for everybody, as reference equations without race are now advised, ATS 2023).
    """
    women = 0.4333 - 0.00361 * age - 0.000194 * age * age + 0.00011496 * height * height
    men = 0.5536 - 0.01303 * age - 0.000172 * age * age + 0.00014098 * height * height
    predicted: Floats = np.maximum(np.where(is_female, women, men), _LEAST_VOLUME)
    return predicted


_LEAST_VOLUME = 0.3
"""Litres below which the equation, beyond the heights and ages it was made from, does not go."""


def _cents(milligrams: Floats) -> Ints:
    cents: Ints = np.floor(milligrams * 100 + 0.5).astype(np.int64)
    return cents

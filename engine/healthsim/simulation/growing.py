"""Children grow: their height, weight and body mass index at any age, by the scores they keep."""

from collections.abc import Mapping

import numpy as np

from healthsim.planning.body_plan import BodyPlan
from healthsim.planning.growth import DAYS_PER_MONTH, FIRST_BMI_MONTHS
from healthsim.planning.plan import Floats, Ints

_LENGTH_IN_WEIGHT = 0.6
"""Correlation of an infant's scores of weight and length (assumed)."""

_LIGHTEST = 3.0
"""Score of weight beyond which no infant is: the charts, made for lesser scores, give next to nothing at birth."""


def grown(plan: BodyPlan, days: Ints, sex: Ints, scores: Mapping[str, Floats]) -> dict[str, Floats]:
    """Give height, cm, weight, kg, and body mass index, kg/m2, of children.

    Args:
        plan: The plan of bodies.
        days: Ages in days, shape `(children,)`.
        sex: Indices of the sexes.
        scores: Normal scores of `height` and `bmi`; the latter is that of weight under two years.
    """
    height = plan.growth.height.at(days, sex, scores["height"])
    squared_metres = height * height / 10_000
    bmi = plan.growth.bmi.at(days, sex, scores["bmi"])
    by_age = np.sqrt(1 - _LENGTH_IN_WEIGHT**2) * scores["bmi"] + _LENGTH_IN_WEIGHT * scores["height"]
    weight = plan.growth.weight.at(days, sex, np.clip(by_age, -_LIGHTEST, _LIGHTEST))
    is_infant = days < FIRST_BMI_MONTHS * DAYS_PER_MONTH
    return {
        "height": height,
        "weight": np.where(is_infant, weight, bmi * squared_metres),
        "bmi": np.where(is_infant, weight / squared_metres, bmi),
    }

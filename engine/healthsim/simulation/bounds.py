"""Between which values conditions keep what is measured of people."""

import numpy as np

from healthsim.planning.body_plan import BodyPlan
from healthsim.planning.growth import DAYS_PER_MONTH, FIRST_BMI_MONTHS
from healthsim.planning.kidney import schwartz_limits
from healthsim.planning.natural import ADULT
from healthsim.planning.plan import AGE_SEX_CELLS, SEXES, Floats, Ints
from healthsim.simulation.stages import Stages

Limits = tuple[Floats, Floats]


def value_limits(plan: BodyPlan, analyte: str, states: Stages, cells: Ints) -> Limits | None:
    """Give the values between which conditions keep an analyte's levels and results; None where none bounds it.

    Args:
        plan: The plan of bodies.
        analyte: The analyte.
        states: States of the people, by aspect, shape `(rows,)` each.
        cells: Their cells of age and sex, shape `(rows,)`.
    """
    bounding = [aspect for aspect in plan.aspects if analyte in aspect.bounds]
    if not bounding:
        return None
    low, high = np.full(len(cells), -np.inf), np.full(len(cells), np.inf)
    for aspect in bounding:
        row = states[aspect.id].astype(np.int64) * AGE_SEX_CELLS + cells
        low = np.maximum(low, aspect.bounds[analyte].low[row])
        high = np.minimum(high, aspect.bounds[analyte].high[row])
    return low, high


def body_mass_limits(plan: BodyPlan, states: Stages, cells: Ints, days: Ints) -> Limits | None:
    """Give the limits of body mass index, kg/m2: of children, those of their age in days; of infants, none."""
    limits = value_limits(plan, "bmi", states, cells)
    is_child = cells // len(SEXES) < ADULT
    if limits is None or not is_child.any():
        return limits
    low, high = limits
    of_skill = _plain_limits(plan, "bmi", states)
    is_infant = days < FIRST_BMI_MONTHS * DAYS_PER_MONTH
    sex = cells % len(SEXES)
    for limit, plain, without in ((low, of_skill[0], -np.inf), (high, of_skill[1], np.inf)):
        is_bounded = is_child & np.isfinite(plain)
        limit[is_bounded] = plan.growth.bmi_limit(plain[is_bounded], days[is_bounded], sex[is_bounded])
        limit[is_infant] = without
    # As that of adults, the index of children rounds to one below the limit that it does not reach.
    return low, np.where(is_child, high - _BELOW, high)


_BELOW = 0.051


def creatinine_limits(plan: BodyPlan, states: Stages, cells: Ints, height: Floats) -> Limits | None:
    """Give the limits of creatinine, mg/dL: of children, by their height, cm."""
    limits = value_limits(plan, "creatinine", states, cells)
    is_child = cells // len(SEXES) < ADULT
    if limits is None or not is_child.any():
        return limits
    low, below = _plain_limits(plan, "egfr", states)
    of_children = schwartz_limits(height, low, below)
    return np.where(is_child, of_children[0], limits[0]), np.where(is_child, of_children[1], limits[1])


def _plain_limits(plan: BodyPlan, analyte: str, states: Stages) -> Limits:
    """Give the bounds of an analyte as they stand in the skills."""
    bounding = [aspect for aspect in plan.aspects if analyte in aspect.plain]
    sides = [aspect.plain[analyte][:, states[aspect.id].astype(np.int64)] for aspect in bounding]
    return np.max([low for low, _ in sides], axis=0), np.min([high for _, high in sides], axis=0)

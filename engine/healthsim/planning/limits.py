"""Between which levels bounds of skills keep what is measured, by age and sex."""

import numpy as np

from healthsim.planning.body_plan import CELLS_OF_AGE_SEX
from healthsim.planning.growth import DAYS_PER_MONTH, FIRST_BMI_MONTHS, growth_plan
from healthsim.planning.kidney import creatinine_limits, schwartz_limits
from healthsim.planning.natural import ADULT
from healthsim.randomness import Floats, Ints
from healthsim.reference import SEXES, analytes

Limits = tuple[Floats, Floats]

NO_BOUNDS = (-np.inf, np.inf)
"""Bounds of what is not bounded."""

_HALF_A_CENT = 0.0049
_OF_LAST_DECIMAL = 0.51
"""How far below a value that is not reached the highest level lies, in units of the last decimal: it rounds below."""

_CHILDREN = ADULT * len(SEXES)
"""Cells of age and sex of people under 18."""

_DAYS_PER_YEAR = 365.25


def limits_of(analyte: str, lowest: float, below: float) -> Limits:
    """Give the least and the highest level of what is drawn, by cell of age and sex, shape `(222,)` each.

    Filtration is bounded through creatinine; body mass indices of children by the limits of their age.

    Args:
        analyte: The analyte that is bounded.
        lowest: Its least value; minus infinity for none.
        below: Value that it does not reach; infinity for none.
    """
    if analyte == "egfr":
        return _creatinine(lowest, below)
    return _body_mass(lowest, below) if analyte == "bmi" else _plain(analyte, lowest, below)


def _plain(analyte: str, lowest: float, below: float) -> Limits:
    margin = _OF_LAST_DECIMAL / 10 ** analytes()[analyte].decimals
    return np.full(CELLS_OF_AGE_SEX, lowest), np.full(CELLS_OF_AGE_SEX, below - margin)


def _creatinine(lowest: float, below: float) -> Limits:
    if (lowest, below) == NO_BOUNDS:
        return np.full(CELLS_OF_AGE_SEX, -np.inf), np.full(CELLS_OF_AGE_SEX, np.inf)
    least, highest = creatinine_limits(lowest, below)
    low = least / 100 - _HALF_A_CENT if np.isfinite(below) else np.full(CELLS_OF_AGE_SEX, -np.inf)
    high = highest / 100 + _HALF_A_CENT
    days, sex = _middle_of_years()
    height = growth_plan().height.at(days, sex, np.zeros(_CHILDREN))
    bounds = (np.full(_CHILDREN, lowest), np.full(_CHILDREN, below))
    low[:_CHILDREN], high[:_CHILDREN] = schwartz_limits(height, *bounds)
    return low, high


def _body_mass(lowest: float, below: float) -> Limits:
    low, high = _plain("bmi", lowest, below)
    days, sex = _middle_of_years()
    is_infant = days < FIRST_BMI_MONTHS * DAYS_PER_MONTH
    for limits, without in ((low, -np.inf), (high, np.inf)):
        if np.isfinite(limits[0]):
            of_age = growth_plan().bmi_limit(limits[:_CHILDREN], days, sex)
            limits[:_CHILDREN] = np.where(is_infant, without, of_age)
    return low, high


def _middle_of_years() -> tuple[Ints, Ints]:
    """Give ages in days and sexes of the cells of children, each in the middle of its year."""
    age, sex = np.divmod(np.arange(_CHILDREN), len(SEXES))
    return np.round((age + 0.5) * _DAYS_PER_YEAR).astype(np.int64), sex

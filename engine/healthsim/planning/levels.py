"""Tables of long-term levels by normal score, and the coefficients by which scores go together."""

from functools import cache

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.special import ndtri

from healthsim.planning.growth import growth_plan
from healthsim.planning.natural import ADULT
from healthsim.planning.significance import rounded
from healthsim.randomness import Floats, QuantileTable
from healthsim.reference import AGES, SEXES, STRATA, analytes, level_correlations, level_distributions
from healthsim.reference.levels import END, QUANTILES, Distribution

_CELLS = 64
_SCORES = np.concatenate([[-END], ndtri(np.array(QUANTILES)), [END]])
_GRID = np.linspace(-END, END, _CELLS + 1)
_MIDDLE = len(_SCORES) // 2
_LEAST_RELIABILITY = 0.25
_DAYS_PER_YEAR = 365.25

_GROWING = ("height", "bmi")
"""What children grow in."""

_NEGLIGIBLE = 0.01
"""Coefficients below it are left out: they move a score by less than a hundredth of its spread."""


@cache
def level_table(analyte: str) -> QuantileTable:
    """Tabulate the long-term level of an analyte by normal score, rows by `stratum * 222 + cell of age and sex`.

    What surveys find at one examination is the level and the variation from day to day. So the level's scores are
    drawn together by the square root of the reliability: the share of the variance that is between people.
    """
    rows = np.empty((len(STRATA), AGES, len(SEXES), _CELLS + 1))
    for stratum, stratum_name in enumerate(STRATA):
        for sex, sex_name in enumerate(SEXES):
            distributions = level_distributions()[analyte, stratum_name, sex_name]
            ages = [distribution.age for distribution in distributions]
            curves = np.array([_levels(analyte, distribution) for distribution in distributions])
            for cell in range(_CELLS + 1):
                rows[stratum, :, sex, cell] = np.interp(np.arange(AGES), ages, curves[:, cell])
    if analyte in _GROWING:
        rows[:, :ADULT] = _of_children(analyte)
    return QuantileTable.from_quantiles(rounded(rows.reshape(-1, _CELLS + 1)))


def score_at(analyte: str, values: Floats, stratum: int) -> Floats:
    """Give the normal scores at which levels of a stratum have the given values.

    Args:
        analyte: The analyte.
        values: A value for each cell of age and sex, shape `(222,)`; infinite ones give infinite scores.
        stratum: Index in `STRATA`.
    """
    table = level_table(analyte)
    curves = table.nodes.reshape(len(STRATA), -1, table.cells + 1)[stratum]
    cells = np.arange(len(values))
    below = np.clip((curves <= values[:, np.newaxis]).sum(axis=1) - 1, 0, table.cells - 1)
    low, high = curves[cells, below], curves[cells, below + 1]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(high > low, (values - low) / (high - low), 0.0)
        scores = _GRID[below] + np.clip(share, 0.0, 1.0) * (_GRID[1] - _GRID[0])
    return np.where(np.isinf(values), values, scores)


@cache
def score_coefficients() -> Floats:
    """Give the Cholesky factors of the correlations, by `stratum * 2 + sex`, shape `(4, analytes, analytes)`."""
    factors = [np.linalg.cholesky(level_correlations()[stratum, sex]) for stratum in STRATA for sex in SEXES]
    whole = np.array(factors)
    return rounded(np.where(np.abs(whole) < _NEGLIGIBLE, 0.0, whole))


def _of_children(analyte: str) -> Floats:
    """Give the levels of children in the middle of each year of age, shape `(18, 2, 65)`."""
    table = growth_plan().height if analyte == "height" else growth_plan().bmi
    age, sex, score = np.meshgrid(np.arange(ADULT), np.arange(len(SEXES)), _GRID, indexing="ij")
    days = np.round((age.ravel() + 0.5) * _DAYS_PER_YEAR).astype(np.int64)
    return table.at(days, sex.ravel(), score.ravel()).reshape(ADULT, len(SEXES), -1)


def _levels(analyte: str, distribution: Distribution) -> Floats:
    """Give the levels of a distribution on the grid of scores."""
    curve = PchipInterpolator(_SCORES, distribution.values)
    half_spread = (curve(1.0) - curve(-1.0)) / 2
    within = analytes()[analyte].cv * distribution.values[_MIDDLE]
    reliability = max(1.0 - (within / half_spread) ** 2, _LEAST_RELIABILITY)
    levels: Floats = curve(_GRID * np.sqrt(reliability))
    return levels

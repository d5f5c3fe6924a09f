"""Growth of children: height, weight and body mass index by normal score and age, as tables."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import ndtr, ndtri

from healthsim.planning.significance import rounded
from healthsim.randomness import Floats, Ints, QuantileTable
from healthsim.reference import SEXES
from healthsim.reference.growth import GrowthPoint, growth_points
from healthsim.reference.levels import END

DAYS_PER_MONTH = 30.4375
FIRST_BMI_MONTHS = 24.0
"""Age from which body mass index means something; before it, weight goes by age."""

_CELLS = 64
_SCORES = np.linspace(-END, END, _CELLS + 1)
_OBESE_SCORE = float(ndtri(0.95))
_OBESE_SHARE, _EXTENDED_FROM = 0.95, 0.90
_WIDEST_EXTENDED = 1 - 1e-9

# Classes of obesity of children are shares of the 95th percentile (Hampl et al. 2023, Pediatrics 151:e2022060640):
# class 1 from it, class 2 from 1.2 times, class 3 from 1.4 times. Those of adults are 30, 35 and 40 kg/m2, so one line
# leads from the limits of adults to those of children.
_ADULT_LIMIT, _ADULT_STEP = 30.0, 25.0


@dataclass(frozen=True, slots=True)
class GrowthTable:
    """How a measure is distributed by age and normal score.

    Attributes:
        months: Ages of the rows, ascending, shape `(ages,)`.
        values: Values by normal score from -4 to 4; rows by `sex * ages + age`.
    """

    months: Floats
    values: QuantileTable

    def at(self, days: Ints, sex: Ints, scores: Floats) -> Floats:
        """Give values at ages in days, shape `(rows,)`; linear between the ages of the table, flat beyond them."""
        months = np.clip(days / DAYS_PER_MONTH, self.months[0], self.months[-1])
        after = np.clip(np.searchsorted(self.months, months, side="right"), 1, len(self.months) - 1)
        part = (months - self.months[after - 1]) / (self.months[after] - self.months[after - 1])
        row = sex * len(self.months) + after
        inside = np.clip((scores + END) / (2 * END), 0.0, 1.0)
        before = self.values.at(inside, row - 1)
        values: Floats = before + part * (self.values.at(inside, row) - before)
        return values


@dataclass(frozen=True, slots=True)
class GrowthPlan:
    """How children grow.

    Attributes:
        height: Length to 24 months, then stature, cm.
        weight: Weight, kg.
        bmi: Body mass index from 24 months, kg/m2.
    """

    height: GrowthTable
    weight: GrowthTable
    bmi: GrowthTable

    def bmi_limit(self, adult: Floats, days: Ints, sex: Ints) -> Floats:
        """Give the limit of body mass index that stands for one of adults, kg/m2, shape `(rows,)`."""
        obese = self.bmi.at(days, sex, np.full(len(days), _OBESE_SCORE))
        limit: Floats = obese * (1.0 + (adult - _ADULT_LIMIT) / _ADULT_STEP)
        return limit


@cache
def growth_plan() -> GrowthPlan:
    """Tabulate the growth charts."""
    return GrowthPlan(_table("height"), _table("weight"), _table("bmi"))


def _table(measure: str) -> GrowthTable:
    rows = [_values(point) for sex in SEXES for point in growth_points()[measure, sex]]
    months = np.array([point.months for point in growth_points()[measure, SEXES[0]]])
    return GrowthTable(months, QuantileTable.from_quantiles(rounded(np.array(rows))))


def _values(point: GrowthPoint) -> Floats:
    """Give the values at the scores of the grid, shape `(65,)`."""
    values = point.median * np.maximum(1 + point.power * point.variation * _SCORES, _LEAST) ** (1 / point.power)
    if point.sigma is None:
        rising: Floats = values
        return rising
    # Beyond the 95th percentile the extended charts hold: half a normal distribution from there on.
    obese = point.median * (1 + point.power * point.variation * _OBESE_SCORE) ** (1 / point.power)
    beyond = np.clip((ndtr(_SCORES) - _EXTENDED_FROM) / (1 - _EXTENDED_FROM), 0.5, _WIDEST_EXTENDED)
    extended: Floats = np.where(ndtr(_SCORES) < _OBESE_SHARE, values, obese + point.sigma * ndtri(beyond))
    return extended


_LEAST = 1e-6

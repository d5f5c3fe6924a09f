"""Creatinine and filtration: the equation of CKD-EPI 2021 for adults, as tables, and that of Schwartz for children."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from healthsim.planning.significance import rounded
from healthsim.randomness import Floats, Ints
from healthsim.reference import AGES, SEXES

MOST_CENTS = 2_000
"""Hundredths of mg/dL of creatinine at which the tables end."""

# Inker et al. 2021, N Engl J Med 385:1737: 142 * min(Scr / k, 1)**a * max(Scr / k, 1)**-1.200 * 0.9938**age * 1.012 for
# women, with k = 0.7 and a = -0.241 for women, 0.9 and -0.302 for men.
_SCALE, _HIGH_EXPONENT, _BY_YEAR = 142.0, -1.200, 0.9938
_KAPPA = {"F": 0.7, "M": 0.9}
_ALPHA = {"F": -0.241, "M": -0.302}
_FACTOR = {"F": 1.012, "M": 1.0}


@dataclass(frozen=True, slots=True)
class KidneyTables:
    """The equation, cut into a part by creatinine and a part by age; filtration is their product.

    Attributes:
        by_creatinine: mL/min/1.73 m2 at birth by the equation, flat, shape `(2 * 2001,)`: sex, hundredths of mg/dL.
        by_age: Factor by completed years, shape `(111,)`.
    """

    by_creatinine: Floats
    by_age: Floats

    def filtration(self, cents: Ints, age_sex: Ints) -> Ints:
        """Give the estimated filtration, mL/min/1.73 m2, in whole units as laboratories report it.

        Args:
            cents: Creatinine, hundredths of mg/dL.
            age_sex: Cell of age and sex.
        """
        sex = age_sex % len(SEXES)
        exact = self.by_creatinine[sex * (MOST_CENTS + 1) + np.clip(cents, 1, MOST_CENTS)]
        filtration: Ints = np.floor(exact * self.by_age[age_sex // len(SEXES)] + 0.5).astype(np.int64)
        return filtration


@cache
def kidney_tables() -> KidneyTables:
    """Tabulate the equation."""
    creatinine = np.arange(MOST_CENTS + 1) / 100
    creatinine[0] = creatinine[1]
    parts: list[Floats] = []
    for sex in SEXES:
        ratio = creatinine / _KAPPA[sex]
        low, high = np.minimum(ratio, 1.0) ** _ALPHA[sex], np.maximum(ratio, 1.0) ** _HIGH_EXPONENT
        parts.append(_SCALE * _FACTOR[sex] * low * high)
    return KidneyTables(rounded(np.concatenate(parts)), rounded(np.power(_BY_YEAR, np.arange(AGES, dtype=np.float64))))


@cache
def creatinine_limits(low: float, high: float) -> tuple[Ints, Ints]:
    """Give the least and the highest creatinine whose reported filtration lies from `low` to below `high`.

    Returns:
        Hundredths of mg/dL by cell of age and sex, shape `(222,)` each.
    """
    tables = kidney_tables()
    cells = np.arange(AGES * len(SEXES))
    cents = np.arange(1, MOST_CENTS + 1)
    filtration = tables.filtration(cents[np.newaxis, :], cells[:, np.newaxis])
    fits = (filtration >= low) & (filtration < high)
    least = np.argmax(fits, axis=1) + 1
    highest = MOST_CENTS - np.argmax(fits[:, ::-1], axis=1)
    return least, highest


SCHWARTZ = 0.413
"""Filtration of children, mL/min/1.73 m2, is this times the height in cm over creatinine in mg/dL: the bedside equation
of Schwartz et al. 2009, J Am Soc Nephrol 20:629."""

_HALF_A_UNIT = 0.5
_INWARD = 1e-9
"""Part by which limits lie inside the values at which rounding turns."""


def schwartz_limits(height: Floats, low: Floats, below: Floats) -> tuple[Floats, Floats]:
    """Give the creatinine, mg/dL, of children whose filtration, in whole units, lies from `low` to below `below`.

    Args:
        height: Heights, cm, shape `(children,)`.
        low: Least filtration; minus infinity for none.
        below: Filtration that is not reached; infinity for none.
    """
    lowest = SCHWARTZ * height / (below - _HALF_A_UNIT) * (1 + _INWARD)
    at_least = np.maximum(low, 1.0) - _HALF_A_UNIT
    highest = np.where(np.isinf(low), np.inf, SCHWARTZ * height / at_least * (1 - _INWARD))
    return lowest, highest

"""How many days something varies: distributions as tables over whole days."""

from dataclasses import dataclass
from typing import assert_never

import numpy as np

from healthsim.planning.cumulative import cumulative
from healthsim.planning.significance import rounded
from healthsim.randomness import CategoryTable, Floats
from healthsim.spec import (
    Beta,
    Constant,
    Empirical,
    Explicit,
    Gamma,
    LogNormal,
    Normal,
    Poisson,
    Triangular,
    Uniform,
)
from healthsim.spec.timing import LONGEST_DAYS

Varying = Normal | Uniform | LogNormal | Beta | Gamma | Poisson | Triangular | Empirical | Explicit | Constant

_TAIL = 1e-4
"""Share of an unbounded distribution that is cut off at each end."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Days drawn.

    Attributes:
        low: Fewest days; category 0 of the table.
        high: Most days.
        table: Which of them.
    """

    low: int
    high: int
    table: CategoryTable

    @classmethod
    def of(cls, days: "list[int]", weights: Floats) -> "Spread":
        """Build from whole days and their weights, shape `(days,)`."""
        low, high = min(days), max(days)
        shares = np.bincount(np.array(days) - low, weights=weights)
        return cls(low, high, CategoryTable.from_weights(rounded(shares / shares.sum())))


def window_spread(low: int, high: int, *, is_normal: bool) -> Spread:
    """Spread over the days from `low` to `high`, both included, evenly or normally around the middle."""
    if is_normal and high > low:
        return spread_of(Normal(mean=(low + high) / 2, std_dev=(high - low) / 4, min=low, max=high))
    return Spread.of(list(range(low, high + 1)), np.ones(high - low + 1))


def spread_of(distribution: Varying) -> Spread:
    """Spread as a distribution says, cut to whole days at the halves; unbounded tails end at a share of 1 in 10,000.

    Raises:
        ValueError: No whole day of the distribution lies between its bounds.
    """
    match distribution:
        case Constant():
            return Spread.of([_whole(distribution.value)], np.ones(1))
        case Empirical():
            return Spread.of([_whole(value) for value in distribution.values], np.ones(len(distribution.values)))
        case Explicit():
            weights = distribution.weights or (1.0,) * len(distribution.values)
            return Spread.of([_whole(value) for value in distribution.values], np.array(weights))
        case Uniform():
            low, high = int(np.ceil(distribution.min)), int(np.floor(distribution.max))
            return Spread.of(list(range(low, high + 1)), np.ones(max(high - low + 1, 0)))
        case Normal() | LogNormal() | Beta() | Gamma() | Poisson() | Triangular():
            return _cut(distribution)
        case _:
            assert_never(distribution)


def _cut(distribution: Normal | LogNormal | Beta | Gamma | Poisson | Triangular) -> Spread:
    days = np.arange(-LONGEST_DAYS, LONGEST_DAYS + 1)
    with np.errstate(all="ignore"):  # far tails underflow, as they may
        below = cumulative(distribution)(np.arange(-LONGEST_DAYS, LONGEST_DAYS + 2, dtype=np.float64) - 0.5)
    mass = np.nan_to_num(np.diff(below))
    kept = (below[1:] > _TAIL) & (below[:-1] < 1 - _TAIL) & (mass > 0)
    if distribution.min is not None:
        kept &= days >= distribution.min
    if distribution.max is not None:
        kept &= days <= distribution.max
    if not kept.any():
        raise ValueError("no whole day lies between the bounds")
    return Spread.of(days[kept].tolist(), mass[kept])


def _whole(value: object) -> int:
    return round(float(str(value)))

"""Distributions of age as shares of completed years 0 to 110."""

from typing import assert_never

import numpy as np

from healthsim.errors import InvalidProfileError, Problem, rendered
from healthsim.planning.cumulative import cumulative
from healthsim.planning.plan import AGES, Floats
from healthsim.spec import (
    AgeBands,
    Beta,
    Categorical,
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

Simple = (
    Normal
    | Uniform
    | LogNormal
    | Beta
    | Gamma
    | Poisson
    | Triangular
    | Empirical
    | Categorical
    | AgeBands
    | Explicit
    | Constant
)

_YEARS = np.arange(AGES, dtype=np.float64)


def age_shares(distribution: Simple, reference: Floats) -> Floats:
    """Give the share of each completed year of age, shape `(111,)`, summing to 1.

    A continuous distribution is cut at the half years, so that the mean of completed years is the mean asked for, and
    is truncated, not clamped, to its bounds.

    Args:
        distribution: What was asked.
        reference: Ages of the reference population, shape `(111,)`, which hold within the bands of `age_bands`.
    """
    match distribution:
        case Constant():
            weights = _counted([distribution.value], None)
        case Empirical():
            weights = _counted(distribution.values, None)
        case Explicit():
            weights = _counted(distribution.values, distribution.weights)
        case Categorical():
            weights = _counted(list(distribution.weights), list(distribution.weights.values()))
        case AgeBands():
            weights = _banded(distribution, reference)
        case Uniform():
            weights = np.ones(AGES) * _within(distribution.min, distribution.max)
        case Normal() | LogNormal() | Beta() | Gamma() | Poisson() | Triangular():
            with np.errstate(all="ignore"):  # extreme figures are refused below
                mass = np.diff(cumulative(distribution)(np.arange(AGES + 1, dtype=np.float64) - 0.5))
            weights = np.nan_to_num(mass) * _within(distribution.min, distribution.max)
        case _:
            assert_never(distribution)
    total: Floats = weights.sum()
    if not total > 0:
        message = f"nobody of this distribution has an age from 0 to {AGES - 1} that is asked for"
        raise InvalidProfileError([Problem("$.demographics.age", message, rendered(distribution))])
    shares: Floats = weights / total
    return shares


def _within(low: float | None, high: float | None) -> Floats:
    """Mark the completed years from `low` to `high`, both included."""
    lowest = 0.0 if low is None else low
    highest = float(AGES - 1) if high is None else high
    inside: Floats = ((np.ceil(lowest) <= _YEARS) & (np.floor(highest) >= _YEARS)).astype(np.float64)
    return inside


def _counted(values: "list[object] | tuple[object, ...]", weights: "list[float] | tuple[float, ...] | None") -> Floats:
    years = np.array([int(float(str(value))) for value in values])
    counted: Floats = np.bincount(years, weights=weights, minlength=AGES).astype(np.float64)
    return counted


def _banded(distribution: AgeBands, reference: Floats) -> Floats:
    """Spread each band's weight over its years as the reference population spreads."""
    shares = np.zeros(AGES)
    for band, weight in distribution.bands.items():
        low, high = _band_bounds(band)
        years = slice(low, high + 1)
        shape = reference[years] + np.finfo(float).tiny
        shares[years] += weight * shape / shape.sum()
    return shares


def _band_bounds(band: str) -> tuple[int, int]:
    if band.endswith("+"):
        return int(band[:-1]), AGES - 1
    low, _, high = band.partition("-")
    return int(low), int(high or low)

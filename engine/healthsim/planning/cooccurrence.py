"""How liabilities of two conditions go together: the bivariate normal distribution, and shifts that meet a prevalence.

A person has a condition when a standard normal liability exceeds a threshold (Falconer 1965). The liabilities of two
conditions correlate through the factors they share, so that comorbidities cluster.
"""

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit, ndtr, ndtri, owens_t

from healthsim.planning.plan import Floats

SMALLEST = 1e-9
"""Prevalences below it count as nil, and those nearer to 1 than it as 1."""

_WIDEST_SHIFT = 60.0


def thresholds(prevalence: Floats) -> Floats:
    """Give the liability that a share `prevalence` exceeds; infinite where nobody has the condition, or everybody."""
    inside = np.clip(prevalence, SMALLEST, 1 - SMALLEST)
    finite = -ndtri(inside)
    never = np.where(prevalence < SMALLEST, np.inf, finite)
    return np.where(prevalence > 1 - SMALLEST, -np.inf, never)


def share_of_both(one: Floats, other: Floats, correlation: float) -> Floats:
    """Give the share with both conditions, given the share with each and the correlation of their liabilities.

    By Owen's function T (Owen 1956), elementwise.
    """
    h, k = thresholds(np.clip(one, SMALLEST, 1 - SMALLEST)), thresholds(np.clip(other, SMALLEST, 1 - SMALLEST))
    spread = np.sqrt(1 - correlation**2)
    h = np.where(np.abs(h) < SMALLEST, SMALLEST, h)
    k = np.where(np.abs(k) < SMALLEST, SMALLEST, k)
    opposite = np.where(h * k < 0, 0.5, 0.0)
    both_above = (
        (ndtr(-h) + ndtr(-k)) / 2
        - owens_t(h, (k / h - correlation) / spread)
        - owens_t(k, (h / k - correlation) / spread)
        - opposite
    )
    possible = np.clip(both_above, np.maximum(0.0, one + other - 1), np.minimum(one, other))
    return np.where((one < SMALLEST) | (other < SMALLEST), 0.0, possible)


def share_given(other: Floats, primary: Floats, correlation: float) -> tuple[Floats, Floats]:
    """Give the share with a condition among people with the primary condition, and among those without it."""
    if correlation == 0.0:
        return other, other
    held = np.clip(primary, SMALLEST, 1 - SMALLEST)
    both = share_of_both(other, held, correlation)
    return both / held, (other - both) / (1 - held)


def shifted(prevalence: Floats, shift: float | Floats) -> Floats:
    """Move prevalences by a number of logits; those that are nil stay nil."""
    inside = np.clip(prevalence, SMALLEST, 1 - SMALLEST)
    return np.where(prevalence < SMALLEST, 0.0, expit(logit(inside) + shift))


def shift_for(asked: float, share: Callable[[float], float]) -> float:
    """Find the shift in logits at which a rising share meets the one asked for.

    Args:
        asked: Share, 0 to 1.
        share: Share that a shift gives.

    Returns:
        The shift; the widest one where none meets the share.
    """
    low, high = -_WIDEST_SHIFT, _WIDEST_SHIFT
    if share(low) >= asked:
        return low
    if share(high) <= asked:
        return high
    found: float = brentq(lambda shift: share(shift) - asked, low, high, xtol=1e-12, rtol=1e-12)
    return found

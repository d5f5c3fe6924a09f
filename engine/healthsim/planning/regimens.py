"""How likely each group of drugs is, so that everybody treated takes one and the published shares hold."""

from collections.abc import Sequence

import numpy as np

from healthsim.planning.plan import Floats

_HALVINGS = 60


def chances_of_groups(shares: Sequence[float]) -> tuple[Floats, Floats]:
    """Give the chance of each group of drugs, for each set of groups that suit.

    A treated person takes each suitable group independently, given that they take at least one: the law that asks
    nothing but the shares and the one. With `q` the probability of any, a group of share `s` has the probability
    `q * s`, and `q` solves `q = 1 - prod(1 - q * s)`. Where the shares sum to 1 or less, everybody takes exactly one,
    in proportion to them. Groups are decided in their order.

    Args:
        shares: Share of treated people who take each group, if it suits them.

    Returns:
        The chance of a group while none was taken yet, and after one was, both by set and group, shape
        `(2**groups, groups)`; a group is in a set if the bit of its place is set in the set's number.
    """
    count = len(shares)
    sets = np.arange(1 << count)
    suits = (sets[:, np.newaxis] >> np.arange(count)) & 1
    wanted = np.minimum(np.array(shares, dtype=np.float64), 1.0) * suits
    any_taken = _probability_of_any(wanted)
    independent = wanted * any_taken[:, np.newaxis]
    none_from_here = np.cumprod((1.0 - independent)[:, ::-1], axis=1)[:, ::-1]
    left = np.cumsum(wanted[:, ::-1], axis=1)[:, ::-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        several = independent / (1.0 - none_from_here)
        single = wanted / left
    exactly_one = (any_taken <= 0)[:, np.newaxis]
    first = np.where(wanted > 0, np.where(exactly_one, single, several), 0.0)
    return np.minimum(first, 1.0), independent


def _probability_of_any(wanted: Floats) -> Floats:
    """Solve `q = 1 - prod(1 - q * s)` for each row above 0; 0 where the shares sum to 1 or less, shape `(sets,)`."""
    low, high = np.zeros(len(wanted)), np.ones(len(wanted))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        is_below = 1.0 - np.prod(1.0 - middle[:, np.newaxis] * wanted, axis=1) > middle
        low, high = np.where(is_below, middle, low), np.where(is_below, high, middle)
    return np.where(wanted.sum(axis=1) > 1.0 + 1e-9, high, 0.0)

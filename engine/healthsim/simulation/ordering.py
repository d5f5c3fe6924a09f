"""What happens to each person, in order of time."""

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.plan import Ints
from healthsim.simulation.conditions import Booleans

_NEVER = np.iinfo(np.int64).max


def in_order(ranks: Ints, days: NDArray[np.int32], happens: Booleans) -> tuple[Ints, Ints, Ints]:
    """Order what happens by person, then day, then rank.

    Each person's few columns are sorted on their own, as numbers that hold day and rank: far quicker than one sort of
    all occurrences of a block.

    Args:
        ranks: Order of the columns among those of one day, each another, shape `(columns,)`.
        days: Day of every column, shape `(columns, people)`.
        happens: Whether it happens, of the same shape.

    Returns:
        Place of the person, column and day of each occurrence, shape `(occurrences,)` each.
    """
    among = len(ranks)
    when = days.astype(np.int64)
    when *= among
    when += ranks[:, np.newaxis]
    when[~happens] = _NEVER
    ordered = np.sort(np.ascontiguousarray(when.T), axis=1, kind="stable")
    is_there = ordered != _NEVER
    person = np.repeat(np.arange(len(ordered)), is_there.sum(axis=1))
    found = ordered[is_there]
    day = found // among
    return person, np.argsort(ranks)[found - day * among], day

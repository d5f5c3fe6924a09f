"""The order of what happens: person after person, by day, and by the ranks of columns within a day."""

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.plan import Ints
from healthsim.simulation.conditions import Booleans

_NEVER = np.iinfo(np.int64).max


def in_order(ranks: NDArray[np.int64], days: NDArray[np.int32], happens: Booleans) -> tuple[Ints, Ints, Ints]:
    """Give person, column and day of what happens, in order of time person after person.

    Args:
        ranks: Order of the columns among those of one day, shape `(columns,)`.
        days: Day of each column, shape `(columns, people)`.
        happens: Whether it happens, of the same shape.
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

"""Fills that journeys take back: what was collected is returned, and the claim reversed."""

import numpy as np

from healthsim.planning.plan import Ints
from healthsim.simulation.events.marked import Marks
from healthsim.tables import MISSING

_DAY_BITS, _BEFORE = 2**33, 2**32


def days_taken_back(
    person: Ints, day: Ints, is_paid: "np.ndarray[tuple[int], np.dtype[np.bool_]]", marks: Marks
) -> Ints:
    """Give the day on which each fill is taken back, `MISSING` for none, shape `(fills,)`.

    An event takes back all that its person collected on the latest day by then, unless that is taken back already.

    Args:
        person: Place of the person of each fill in the block.
        day: Day of each fill.
        is_paid: Which fills are paid for.
        marks: The events.
    """
    found = np.full(len(person), MISSING)
    paid = np.flatnonzero(is_paid)
    if not len(paid) or not len(marks.person):
        return found
    keys = person[paid] * _DAY_BITS + day[paid] + _BEFORE
    collected = np.unique(keys)
    place = np.searchsorted(collected, marks.person * _DAY_BITS + marks.day + _BEFORE, side="right") - 1
    is_own = (place >= 0) & (collected[np.maximum(place, 0)] // _DAY_BITS == marks.person)
    returned = np.full(len(collected), MISSING)
    # Marks of a person are in order of time: of those written backwards, the first one stays.
    rows = np.flatnonzero(is_own)[::-1]
    returned[place[rows]] = marks.day[rows]
    found[paid] = returned[np.searchsorted(collected, keys)]
    return found

"""What people had begun to have by a day: their cases in order of onset, searched for many days at once."""

import numpy as np

from healthsim.planning.plan import Ints
from healthsim.simulation.cases import Cases
from healthsim.simulation.conditions import Booleans

_DAY_BITS = 18
_EARLIEST = 1 << (_DAY_BITS - 1)
"""Days before 1970-01-01 that keys leave room for, and as many after it: 358 years."""


class Onsets:
    """Some cases of the people of a block, in order of onset.

    Args:
        cases: All cases.
        counted: Which of them count, shape `(cases,)`.
    """

    def __init__(self, cases: Cases, counted: Booleans) -> None:
        places = np.flatnonzero(counted)
        keys = _keys(cases.person[places], cases.onset_day[places])
        order = np.argsort(keys, kind="stable")
        self._keys = keys[order]
        self._cases = places[order]

    def begun(self, person: Ints, day: Ints) -> tuple[Ints, Ints]:
        """Count the cases that had begun by a day, and tell where the person's first stands.

        Args:
            person: Places of people in the block, shape `(days,)`.
            day: Days since 1970-01-01, of the same shape.

        Returns:
            The number of cases, and the first one's place for `at`, of the same shape.
        """
        first = np.searchsorted(self._keys, person << _DAY_BITS, side="left")
        last = np.searchsorted(self._keys, _keys(person, day), side="right")
        return np.maximum(last - first, 0), first

    def at(self, places: Ints) -> Ints:
        """Give cases by their places in order of onset."""
        return self._cases[places]


def _keys(person: Ints, day: Ints) -> Ints:
    return (person << _DAY_BITS) + day + _EARLIEST

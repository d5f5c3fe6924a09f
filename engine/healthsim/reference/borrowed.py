"""Notes on places whose figures are not their own but their state's or the nation's."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from healthsim.reference import gazetteer
from healthsim.reference.layers import COUNTY, NOWHERE, STATE, Ints

_NAMED_IN_NOTE = 3


class BorrowedNotes:
    """Collects which places take which figures from their state or the nation.

    Args:
        fips: The places.
    """

    def __init__(self, fips: Sequence[str]) -> None:
        self._fips = fips
        self._places: dict[tuple[str, str], list[str]] = defaultdict(list)

    def add(self, what: str, levels: Ints) -> None:
        """Note the places whose figures are not their own."""
        for index in np.flatnonzero(levels > COUNTY).tolist():
            self._places[what, self._giver(self._fips[index], int(levels[index]))].append(self._fips[index])

    def add_measures(self, levels: Mapping[str, Ints]) -> None:
        """Note the places whose prevalences, some or all, are not their own."""
        names = list(levels)
        stacked = np.stack([levels[name] for name in names], axis=1)
        for index in np.flatnonzero((stacked > COUNTY).any(axis=1)).tolist():
            row = stacked[index]
            for level in np.unique(row[row > COUNTY]):
                borrowed = row == level
                what = "prevalences" if borrowed.all() else ", ".join(np.array(names)[borrowed])
                self._places[what, self._giver(self._fips[index], int(level))].append(self._fips[index])

    def rendered(self) -> tuple[str, ...]:
        """Give a note for each kind of figure and whose it is."""
        return tuple(f"{_some(places)}: {what} {giver}" for (what, giver), places in self._places.items())

    @staticmethod
    def _giver(fips: str, level: int) -> str:
        if level == NOWHERE:
            return "unknown"
        return f"of {gazetteer.place_name(fips[:2] if level == STATE else gazetteer.NATION)[0]}"


def _some(places: Sequence[str]) -> str:
    named = ", ".join(places[:_NAMED_IN_NOTE])
    more = len(places) - _NAMED_IN_NOTE
    return f"{named} and {more} more" if more > 0 else named

"""Claims counted while they are decided, for the summary; whole numbers, so that no order of blocks changes them."""

from collections.abc import Mapping

import numpy as np

from healthsim.planning.payer.claim_texts import FREQUENCIES, STATUSES
from healthsim.tables import MISSING, Batch

_AMOUNTS = ("billed", "allowed", "paid")
_DENIED, _PENDING = STATUSES.index("denied"), STATUSES.index("pending")


class ClaimCounts:
    """Counts submissions of claims and adds up their money, in cents."""

    def __init__(self) -> None:
        self._counted: dict[str, int] = {}

    def add(self, batch: Batch) -> None:
        """Count the rows of `claims`; those of other tables say nothing."""
        if batch.table != "claims" or not batch.rows:
            return
        columns = {name: self._present(batch, name) for name in ("status", "frequency_code", *_AMOUNTS)}
        is_first = columns["frequency_code"] == FREQUENCIES.index("1")
        self._count("submissions", batch.rows)
        self._count("decided_first", int((is_first & (columns["status"] != _PENDING)).sum()))
        self._count("denied_first", int((is_first & (columns["status"] == _DENIED)).sum()))
        for name in _AMOUNTS:
            amounts = columns[name]
            self._count(name, int(amounts[amounts != MISSING].sum()))

    def counted(self) -> Mapping[str, int]:
        """Give what was counted; nothing where there are no claims."""
        return self._counted

    def _count(self, name: str, number: int) -> None:
        self._counted[name] = self._counted.get(name, 0) + number

    @staticmethod
    def _present(batch: Batch, name: str) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        values = batch.columns[name]
        return np.full(batch.rows, MISSING) if values is None else values

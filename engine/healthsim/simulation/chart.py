"""The chart of a block: what its clinical tables say, for whatever is derived from them."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from healthsim.tables import MISSING, Batch, table_definition


@dataclass(frozen=True, slots=True)
class Chart:
    """The clinical rows of the people of a block.

    Attributes:
        batches: Rows by table, in the order they were made; codes of `ENUM` columns are those of the plan's
            dictionaries.
    """

    batches: defaultdict[str, list[Batch]] = field(default_factory=lambda: defaultdict(list))

    def add(self, batch: Batch) -> None:
        """Note the rows of a batch."""
        self.batches[batch.table].append(batch)

    def rows(self, table: str) -> int:
        """Count the rows of a table."""
        return sum(batch.rows for batch in self.batches[table])

    def column(self, table: str, name: str) -> NDArray[Any]:
        """Give a stored column of a table, shape `(rows,)`; missing values as `Batch` says.

        Rows of one person do not stand together: they are in the order of the batches.
        """
        parts = [_whole(batch, name) for batch in self.batches[table]]
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _whole(batch: Batch, name: str) -> NDArray[Any]:
    values = batch.columns[name]
    if values is not None:
        return values
    kind = next(column.type for column in table_definition(batch.table).stored if column.name == name)
    return np.full(batch.rows, -1 if kind == "ENUM" else MISSING, np.int64)

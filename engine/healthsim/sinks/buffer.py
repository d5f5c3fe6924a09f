"""Rows of one table, gathered in columns until there are enough of them to insert."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from healthsim.tables import Batch, Dictionaries, TableDefinition, arrow_batch, column_dtype


class RowBuffer:
    """Columns that fill up.

    One large Arrow batch is inserted several times faster than many small ones, each with its dictionaries.

    Args:
        table: The table's definition.
        dictionaries: Texts of its `ENUM` columns.
        capacity: Rows it holds.
    """

    def __init__(self, table: TableDefinition, dictionaries: Dictionaries, capacity: int) -> None:
        self._table = table
        self._dictionaries = dictionaries
        self._columns: dict[str, NDArray[Any]] = {}
        self.capacity = capacity
        self.rows = 0

    def take(self, batch: Batch, start: int) -> int:
        """Copy rows of a batch, from row `start` on, as far as there is room.

        Returns:
            How many were copied.
        """
        count = min(batch.rows - start, self.capacity - self.rows)
        for column in self._table.stored:
            values = batch.columns[column.name]
            if values is not None:
                self._column(column.name)[self.rows : self.rows + count] = values[start : start + count]
        self.rows += count
        return count

    def arrow(self) -> pa.Table:
        """Give the rows as one Arrow batch, without copying them."""
        columns = {
            column.name: values[: self.rows] if (values := self._columns.get(column.name)) is not None else None
            for column in self._table.stored
        }
        return pa.Table.from_batches([arrow_batch(Batch(self._table.name, self.rows, columns), self._dictionaries)])

    def _column(self, name: str) -> NDArray[Any]:
        """Give a column's memory; a column that is always null has none."""
        if name not in self._columns:
            definition = next(column for column in self._table.stored if column.name == name)
            self._columns[name] = np.empty(self.capacity, column_dtype(definition, self._dictionaries))
        return self._columns[name]

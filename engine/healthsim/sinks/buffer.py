"""Rows of one table, gathered in columns until there are enough of them to insert."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from healthsim.tables import (
    Batch,
    ColumnDefinition,
    Dictionaries,
    TableDefinition,
    arrow_batch,
    column_dtype,
    missing_value,
)


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

    @staticmethod
    def row_bytes(table: TableDefinition, dictionaries: Dictionaries) -> int:
        """Give how many bytes a row takes in memory where no column is null throughout."""
        return sum(column_dtype(column, dictionaries).itemsize for column in table.stored)

    @property
    def bytes(self) -> int:
        """Memory it takes."""
        return sum(column.nbytes for column in self._columns.values())

    def take(self, batch: Batch, start: int) -> int:
        """Copy rows of a batch, from row `start` on, as far as there is room.

        Returns:
            How many were copied.
        """
        count = min(batch.rows - start, self.capacity - self.rows)
        for column in self._table.stored:
            values = batch.columns[column.name]
            if values is not None:
                self._column(column)[self.rows : self.rows + count] = values[start : start + count]
            elif column.name in self._columns:
                self._columns[column.name][self.rows : self.rows + count] = missing_value(column)
        self.rows += count
        return count

    def arrow(self) -> pa.Table:
        """Give the rows as one Arrow batch, without copying them."""
        columns = {
            column.name: values[: self.rows] if (values := self._columns.get(column.name)) is not None else None
            for column in self._table.stored
        }
        return pa.Table.from_batches([arrow_batch(Batch(self._table.name, self.rows, columns), self._dictionaries)])

    def _column(self, column: ColumnDefinition) -> NDArray[Any]:
        """Give a column's memory; a column that has always been null has none, and gets it with its nulls."""
        if column.name not in self._columns:
            memory = np.empty(self.capacity, column_dtype(column, self._dictionaries))
            if self.rows:
                memory[: self.rows] = missing_value(column)
            self._columns[column.name] = memory
        return self._columns[column.name]

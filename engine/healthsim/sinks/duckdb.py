"""The DuckDB sink: rows are gathered by the hundred thousand, and inserted while the next ones are drawn."""

from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from healthsim.sinks.base import Contents
from healthsim.sinks.buffer import RowBuffer
from healthsim.sinks.cohort_file import FLUSH_ROWS, ROW_GROUP, Connection, finish
from healthsim.sinks.inserts import Inserts
from healthsim.tables import Batch, table_definition

_MOST_BYTES = 32_000_000
"""Bytes of rows inserted at a time, at most; one row group in any case."""


class DuckdbSink:
    """Writes a cohort's file.

    Views are created last, so that a file without them is known to be unfinished. Inserts commit one by one: one
    transaction over all would hold every row in memory, and the file is staged anyway.

    Args:
        path: The file; must not exist.
        contents: What will be written.

    Raises:
        StateError: The file cannot be written, as on a full disk; on leaving the `with` block, or before.
    """

    def __init__(self, path: Path, contents: Contents) -> None:
        self._contents = contents
        self._buffers = {table: self._empty(table, ROW_GROUP) for table in contents.tables}
        self._most = {table: self._most_rows(table) for table in contents.tables}
        self._inserts = Inserts(path, contents)

    def __enter__(self) -> Self:
        """Begin to create the file and its tables, while the first rows are drawn."""
        self._inserts.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what is left, create the views and close the file; after an exception, only close it."""
        if error is not None:
            self._inserts.fail(error)
        self._inserts.finish(self._filled())
        if self._inserts.connection is not None:
            with closing(self._inserts.connection) as connection:
                if self._inserts.failure is None:
                    self._finish(connection)
        if self._inserts.failure is not None and kind is None:
            raise self._inserts.failure

    def write(self, batch: Batch) -> None:
        """Take the rows of a batch; inserts some itself when the inserting thread is behind."""
        start = 0
        while start < batch.rows:
            buffer = self._buffers[batch.table]
            start += buffer.take(batch, start)
            if buffer.rows == buffer.capacity:
                self._buffers[batch.table] = self._empty(batch.table, min(2 * buffer.capacity, self._most[batch.table]))
                self._inserts.put(batch.table, buffer)

    def _filled(self) -> list[tuple[str, RowBuffer]]:
        return [(table, buffer) for table, buffer in self._buffers.items() if buffer.rows]

    def _most_rows(self, table: str) -> int:
        """Give how many rows of a table are inserted at a time: fewer of those with many columns."""
        row = RowBuffer.row_bytes(table_definition(table), self._contents.dictionaries.get(table, {}))
        return min(max(_MOST_BYTES // row // ROW_GROUP, 1) * ROW_GROUP, FLUSH_ROWS)

    def _empty(self, table: str, capacity: int) -> RowBuffer:
        return RowBuffer(table_definition(table), self._contents.dictionaries.get(table, {}), capacity)

    def _finish(self, connection: Connection) -> None:
        try:
            finish(connection, self._contents)
        except duckdb.Error as error:
            self._inserts.fail(error)

"""The DuckDB sink: rows are gathered by the hundred thousand, and an inserting thread writes them."""

from contextlib import closing
from pathlib import Path
from queue import Queue
from threading import Thread
from types import TracebackType
from typing import Self

import duckdb

from healthsim.errors import StateError
from healthsim.sinks.base import Contents
from healthsim.sinks.buffer import RowBuffer
from healthsim.sinks.layout import STORED, identifier, literal, statements, view_statements
from healthsim.tables import Batch, table_definition

ROW_GROUP = 122_880
FLUSH_ROWS = 4 * ROW_GROUP
"""Rows inserted at a time: whole row groups of DuckDB; smaller inserts cost several times as much a row.

A table's first insert is one row group and each next one twice as many, so that inserting soon begins.
"""

_SMALL_COHORT = 50_000
_SMALL_BLOCK_BYTES = 16_384
_MEMORY_LIMIT = "512MB"


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
        self._path = path
        self._contents = contents
        self._buffers = {table: self._empty(table, ROW_GROUP) for table in contents.tables}
        self._full: Queue[tuple[str, RowBuffer] | None] = Queue(1)
        self._thread = Thread(target=self._insert_all, name="healthsim-inserts", daemon=True)
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._failure: BaseException | None = None

    def __enter__(self) -> Self:
        """Begin to create the file and its tables, while the first rows are drawn."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what is left, create the views and close the file; after an exception, only close it."""
        if kind is None:
            for table, buffer in self._buffers.items():
                self._full.put((table, buffer))
        else:
            self._failure = self._failure or error
        self._full.put(None)
        self._thread.join()
        if self._connection is not None:
            with closing(self._connection):
                if self._failure is None:
                    self._finish(self._connection)
        if self._failure is not None and kind is None:
            raise self._failure

    def write(self, batch: Batch) -> None:
        """Take the rows of a batch; waits when the inserting thread is behind."""
        start = 0
        while start < batch.rows:
            if self._failure is not None:
                raise self._failure
            buffer = self._buffers[batch.table]
            start += buffer.take(batch, start)
            if buffer.rows == buffer.capacity:
                self._buffers[batch.table] = self._empty(batch.table, min(2 * buffer.capacity, FLUSH_ROWS))
                self._full.put((batch.table, buffer))

    def _empty(self, table: str, capacity: int) -> RowBuffer:
        return RowBuffer(table_definition(table), self._contents.dictionaries.get(table, {}), capacity)

    def _finish(self, connection: duckdb.DuckDBPyConnection) -> None:
        try:
            finish(connection, self._contents)
        except duckdb.Error as error:
            self._failure = _told(error, self._path)

    def _insert_all(self) -> None:
        """Insert until the queue ends; after a failure, only empty it, so that the writer waits for nobody."""
        try:
            self._connection = created(self._path, self._contents)
            while (full := self._full.get()) is not None:
                table, buffer = full
                if buffer.rows and self._failure is None:
                    insert(self._connection, table, buffer.arrow())
        except BaseException as error:  # noqa: BLE001 - carried over to the writer's thread
            self._failure = self._failure or _told(error, self._path)
            while self._full.get() is not None:
                pass


def _told(error: BaseException, path: Path) -> BaseException:
    """Turn what DuckDB says when a file cannot be written into an error of ours."""
    if not isinstance(error, duckdb.Error) or isinstance(error, duckdb.InterruptException):
        return error
    told = StateError(f"{path.parent} cannot be written: {str(error).splitlines()[0]}")
    told.__cause__ = error
    return told


def created(path: Path, contents: Contents) -> duckdb.DuckDBPyConnection:
    """Create a cohort's file with its types and tables, empty."""
    connection = duckdb.connect(":memory:", config={"memory_limit": _MEMORY_LIMIT})
    try:
        block = f" (BLOCK_SIZE {_SMALL_BLOCK_BYTES})" if contents.people < _SMALL_COHORT else ""
        connection.execute(f"ATTACH {literal(str(path))} AS cohort{block}")
        connection.execute(f"USE cohort; CREATE SCHEMA {STORED}")
        for table in contents.tables:
            for statement in statements(table_definition(table), contents.dictionaries.get(table, {})):
                connection.execute(statement)
    except BaseException:
        connection.close()
        raise
    return connection


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: object) -> None:
    """Insert an Arrow table into the stored table of a name."""
    connection.register("arriving", rows)
    connection.execute(f"INSERT INTO {STORED}.{identifier(table)} SELECT * FROM arriving")  # noqa: S608 - our own table
    connection.unregister("arriving")


def finish(connection: duckdb.DuckDBPyConnection, contents: Contents) -> None:
    """Create the views and write everything to the file."""
    for table in contents.tables:
        dictionaries = contents.dictionaries.get(table, {})
        for statement in view_statements(table_definition(table), dictionaries, contents.titles):
            connection.execute(statement)
    connection.execute("CHECKPOINT")

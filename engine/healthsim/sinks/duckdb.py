"""The DuckDB sink: batches go to an inserting thread that writes them by the hundred thousand."""

from collections import defaultdict
from pathlib import Path
from queue import Queue
from threading import Thread
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa

from healthsim.sinks.base import Contents
from healthsim.sinks.layout import STORED, code_table_statements, identifier, statements, view_statements
from healthsim.tables import Batch, arrow_batch, table_definition

ROW_GROUP = 122_880
FLUSH_ROWS = 4 * ROW_GROUP
"""Rows inserted at a time: whole row groups of DuckDB; smaller inserts cost several times as much a row."""

_SMALL_COHORT = 50_000
_SMALL_BLOCK_BYTES = 16_384
_QUEUED_BATCHES = 8
_MEMORY_LIMIT = "512MB"


class DuckdbSink:
    """Writes a cohort's file.

    Views are created last, so that a file without them is known to be unfinished. Inserts commit one by one: one
    transaction over all would hold every row in memory, and the file is staged anyway.

    Args:
        path: The file; must not exist.
        contents: What will be written.
    """

    def __init__(self, path: Path, contents: Contents) -> None:
        self._path = path
        self._contents = contents
        self._queue: Queue[Batch | None] = Queue(_QUEUED_BATCHES)
        self._thread = Thread(target=self._insert_all, name="healthsim-inserts", daemon=True)
        self._failure: BaseException | None = None

    def __enter__(self) -> Self:
        """Create the file and its tables."""
        self._connection = _created(self._path, self._contents)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what is left, create the views and close the file; after an exception, only close it."""
        if kind is not None:
            self._failure = self._failure or error
        self._queue.put(None)
        self._thread.join()
        try:
            if self._failure is None:
                self._finish()
        finally:
            self._connection.close()
        if self._failure is not None and kind is None:
            raise self._failure

    def write(self, batch: Batch) -> None:
        """Take the rows of a batch; waits when the inserting thread is far behind."""
        if self._failure is not None:
            raise self._failure
        self._queue.put(batch)

    def _insert_all(self) -> None:
        """Insert until the queue ends; after a failure, only empty it, so that the writer never waits for nobody."""
        waiting: dict[str, list[pa.RecordBatch]] = defaultdict(list)
        rows: dict[str, int] = defaultdict(int)
        while (batch := self._queue.get()) is not None:
            if self._failure is not None:
                continue
            try:
                waiting[batch.table].append(arrow_batch(batch, self._contents.dictionaries.get(batch.table, {})))
                rows[batch.table] += batch.rows
                if rows[batch.table] >= FLUSH_ROWS:
                    kept = self._insert(batch.table, waiting[batch.table], whole_groups=True)
                    waiting[batch.table] = kept
                    rows[batch.table] = sum(part.num_rows for part in kept)
            except BaseException as error:  # noqa: BLE001 - carried over to the writer's thread
                self._failure = error
        if self._failure is None:
            try:
                for table, batches in waiting.items():
                    self._insert(table, batches, whole_groups=False)
            except BaseException as error:  # noqa: BLE001 - carried over to the writer's thread
                self._failure = error

    def _insert(self, table: str, batches: list[pa.RecordBatch], *, whole_groups: bool) -> list[pa.RecordBatch]:
        """Insert batches, and give back the rows that do not fill a row group."""
        rows = pa.Table.from_batches(batches)
        whole = rows.num_rows // ROW_GROUP * ROW_GROUP if whole_groups else rows.num_rows
        if whole:
            self._connection.register("arriving", rows.slice(0, whole))
            self._connection.execute(f"INSERT INTO {STORED}.{identifier(table)} SELECT * FROM arriving")  # noqa: S608 - our own table
            self._connection.unregister("arriving")
        rest: list[pa.RecordBatch] = rows.slice(whole).to_batches()
        return rest

    def _finish(self) -> None:
        for table in self._contents.tables:
            for statement in view_statements(table_definition(table)):
                self._connection.execute(statement)
        self._connection.execute("CHECKPOINT")


def _created(path: Path, contents: Contents) -> duckdb.DuckDBPyConnection:
    """Create the file with its types and tables, empty."""
    connection = duckdb.connect(":memory:", config={"memory_limit": _MEMORY_LIMIT, "preserve_insertion_order": True})
    try:
        block = f" (BLOCK_SIZE {_SMALL_BLOCK_BYTES})" if contents.people < _SMALL_COHORT else ""
        connection.execute(f"ATTACH '{str(path).replace("'", "''")}' AS cohort{block}")
        connection.execute(f"USE cohort; CREATE SCHEMA {STORED}")
        for name, titles in contents.code_tables.items():
            for statement in code_table_statements(name, titles):
                connection.execute(statement)
        for table in contents.tables:
            for statement in statements(table_definition(table), contents.dictionaries.get(table, {})):
                connection.execute(statement)
    except BaseException:
        connection.close()
        raise
    return connection

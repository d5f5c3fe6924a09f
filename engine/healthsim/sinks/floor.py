"""The floor that benchmarks measure against: DuckDB writing rows that are in memory already, as Arrow."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Self

import pyarrow as pa

from healthsim.sinks.base import Contents
from healthsim.sinks.buffer import RowBuffer
from healthsim.sinks.cohort_file import FLUSH_ROWS, created, finish, insert
from healthsim.tables import Batch, table_definition

AT_ONCE = 10 * FLUSH_ROWS
"""Rows kept of a table, and written by one insert: so many that a larger insert writes none the faster."""


class Floor:
    """Writes rows as a cohort's file, and counts the seconds that DuckDB takes: those between do not count.

    Args:
        path: The file; must not exist.
        contents: What will be written.
        at_once: Rows of a table that are kept and written together.
    """

    def __init__(self, path: Path, contents: Contents, *, at_once: int = AT_ONCE) -> None:
        self._contents = contents
        self._at_once = at_once
        self._kept: defaultdict[str, list[Batch]] = defaultdict(list)
        self.seconds = 0.0
        with self._counted():
            self._connection = created(path, contents)

    def __enter__(self) -> Self:
        """Begin to take rows."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what is left, create the views and close the file; after an exception, only close it."""
        with closing(self._connection):
            for table in list(self._kept) if kind is None else ():
                self._write_kept(table)
            if kind is None:
                with self._counted():
                    finish(self._connection, self._contents)

    def write(self, batch: Batch) -> None:
        """Keep the rows of a batch, and write those of its table once they are many."""
        self._kept[batch.table].append(batch)
        if sum(kept.rows for kept in self._kept[batch.table]) >= self._at_once:
            self._write_kept(batch.table)

    def _write_kept(self, table: str) -> None:
        rows = self._whole(table, self._kept.pop(table))
        with self._counted():
            insert(self._connection, table, rows)

    def _whole(self, table: str, batches: list[Batch]) -> pa.Table:
        """Give rows of a table as one Arrow batch."""
        rows = sum(batch.rows for batch in batches)
        buffer = RowBuffer(table_definition(table), self._contents.dictionaries[table], rows)
        for batch in batches:
            buffer.take(batch, 0)
        return buffer.arrow()

    @contextmanager
    def _counted(self) -> Iterator[None]:
        started = perf_counter()
        yield
        self.seconds += perf_counter() - started

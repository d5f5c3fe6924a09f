"""The floor that benchmarks measure against: DuckDB writing rows that are in memory already, as Arrow."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from healthsim.sinks.base import Contents
from healthsim.sinks.buffer import RowBuffer
from healthsim.sinks.duckdb import created, finish, insert
from healthsim.tables import Batch, table_definition


class Keeper:
    """Keeps all rows in memory.

    Args:
        contents: What will be written.
    """

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._batches: defaultdict[str, list[Batch]] = defaultdict(list)

    def write(self, batch: Batch) -> None:
        """Take the rows of a batch."""
        self._batches[batch.table].append(batch)

    def tables(self) -> Mapping[str, pa.Table]:
        """Give all rows of each table as one Arrow batch."""
        return {table: self._whole(table, batches) for table, batches in self._batches.items()}

    def _whole(self, table: str, batches: list[Batch]) -> pa.Table:
        rows = sum(batch.rows for batch in batches)
        buffer = RowBuffer(table_definition(table), self._contents.dictionaries[table], rows)
        for batch in batches:
            buffer.take(batch, 0)
        return buffer.arrow()


def write_kept(path: Path, contents: Contents, tables: Mapping[str, pa.Table]) -> None:
    """Write tables into a cohort's file, each by a single insert."""
    connection = created(path, contents)
    try:
        for table, rows in tables.items():
            insert(connection, table, rows)
        finish(connection, contents)
    finally:
        connection.close()

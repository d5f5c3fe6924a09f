"""The floor that benchmarks of Parquet measure against: the same files, from rows in memory, as Arrow already."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Self

import pyarrow as pa

from healthsim.sinks.base import Contents
from healthsim.sinks.buffer import RowBuffer
from healthsim.sinks.shard_files import ShardFiles
from healthsim.sinks.shards import Passage, Shard, by_shard
from healthsim.tables import Batch, table_definition


class ParquetFloor:
    """Writes rows as a cohort's folder, by one thread as the sink does; the seconds between do not count.

    Args:
        path: The folder; must not exist.
        contents: What will be written.
    """

    def __init__(self, path: Path, contents: Contents) -> None:
        self._contents = contents
        self._files = ShardFiles(path, contents)
        self._kept: defaultdict[Shard, list[Batch]] = defaultdict(list)
        self._passage = Passage()
        self.seconds = 0.0
        with self._counted():
            self._files.create()

    def __enter__(self) -> Self:
        """Begin to take rows."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what is left, then what tells of it; after an exception, only close what is open."""
        if error is not None:
            self._files.abandon()
            return
        self._write(list(self._kept))
        with self._counted():
            self._files.finish()

    def write(self, batch: Batch) -> None:
        """Keep the rows of a batch, and write the shards that are whole."""
        for shard, rows in by_shard(batch):
            self._kept[shard].append(rows)
            if self._passage.goes_on_with(shard):
                self._write([each for each in self._kept if self._passage.is_over(each)])
                with self._counted():
                    self._files.close_before(self._passage.first_open)

    def _write(self, shards: list[Shard]) -> None:
        for shard in shards:
            rows = self._whole(shard.table, self._kept.pop(shard))
            with self._counted():
                self._files.write(shard, rows)

    def _whole(self, table: str, batches: list[Batch]) -> pa.Table:
        """Give rows of a table as one Arrow batch."""
        buffer = RowBuffer(
            table_definition(table), self._contents.dictionaries[table], sum(batch.rows for batch in batches)
        )
        for batch in batches:
            buffer.take(batch, 0)
        return buffer.arrow()

    @contextmanager
    def _counted(self) -> Iterator[None]:
        started = perf_counter()
        yield
        self.seconds += perf_counter() - started

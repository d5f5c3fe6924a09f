"""The Parquet sink: a thread of its own gathers rows by shard and row group, and encodes them."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from healthsim.errors import StateError
from healthsim.sinks.base import Contents
from healthsim.sinks.buffer import RowBuffer
from healthsim.sinks.parquet_files import ROW_GROUP
from healthsim.sinks.shard_files import ShardFiles
from healthsim.sinks.shards import Passage, Shard, by_shard
from healthsim.sinks.writing_thread import WritingThread
from healthsim.tables import Batch, table_definition

_WAITING = 12
"""Batches that wait to be encoded, at most: about a block of people."""


class ParquetSink:
    """Writes a cohort's folder, while the next rows are drawn.

    The views and the index are written last, so that a folder without them is known to be unfinished.

    Args:
        path: The folder; must not exist.
        contents: What will be written.

    Raises:
        StateError: The folder cannot be written, as on a full disk; on leaving the `with` block, or before.
        ValueError: Rows came after their shard was finished, as when a block has more people than a shard; likewise.
    """

    def __init__(self, path: Path, contents: Contents) -> None:
        self._folder = path
        self._contents = contents
        self._files = ShardFiles(path, contents)
        self._thread = WritingThread("healthsim-shards", _WAITING)
        self._passage = Passage()
        self._buffers: dict[Shard, RowBuffer] = {}

    def __enter__(self) -> Self:
        """Make the folder, while the first rows are drawn."""
        self._thread.start()
        self._thread.give(self._files.create)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what is left, then what tells of it; after an exception, only close what is open."""
        if error is None:
            self._thread.give(self._finish)
        else:
            self._thread.stop(error)
        self._thread.end()
        if self._thread.failure is not None:
            self._files.abandon()
        if error is None:
            self._raise_failure()

    def write(self, batch: Batch) -> None:
        """Take the rows of a batch; waits when the writing thread is behind."""
        self._raise_failure()
        self._thread.give(partial(self._gather, batch))

    def _gather(self, batch: Batch) -> None:
        for shard, rows in by_shard(batch):
            if self._passage.goes_on_with(shard):
                self._close_passed()
            if self._passage.is_over(shard):
                raise ValueError(f"rows of {shard.name} came after it was finished")
            self._take(shard, rows)

    def _take(self, shard: Shard, batch: Batch) -> None:
        """Copy the rows of a shard, and write its row groups as they fill up."""
        start = 0
        while start < batch.rows:
            if shard not in self._buffers:
                dictionaries = self._contents.dictionaries.get(shard.table, {})
                self._buffers[shard] = RowBuffer(table_definition(shard.table), dictionaries, ROW_GROUP)
            buffer = self._buffers[shard]
            start += buffer.take(batch, start)
            if buffer.rows == buffer.capacity:
                self._write([shard])

    def _close_passed(self) -> None:
        """Finish the shards that take no more rows, now that people of a later one have come."""
        self._write([shard for shard in self._buffers if self._passage.is_over(shard)])
        self._files.close_before(self._passage.first_open)

    def _finish(self) -> None:
        self._write(list(self._buffers))
        self._files.finish()

    def _write(self, shards: Iterable[Shard]) -> None:
        for shard in shards:
            self._files.write(shard, self._buffers.pop(shard).arrow())

    def _raise_failure(self) -> None:
        """Raise what the thread failed of, told as an error of ours where it is the disk's."""
        failure = self._thread.failure
        if isinstance(failure, OSError | duckdb.Error):
            raise StateError(f"{self._folder.parent} cannot be written: {_reason(failure)}") from failure
        if failure is not None:
            raise failure


def _reason(failure: OSError | duckdb.Error) -> str:
    told = failure.strerror if isinstance(failure, OSError) else None
    return told or str(failure).splitlines()[0]

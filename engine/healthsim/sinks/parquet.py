"""The Parquet sink: rows are gathered by shard and row group, and a writing thread encodes them."""

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
from healthsim.sinks.shards import Shard, by_shard, is_sharded
from healthsim.sinks.writing_thread import WritingThread
from healthsim.tables import Batch, table_definition

_STAYING = 1
"""Shards before the latest one that still take rows: a block may begin in one and end in the next."""

_WAITING = 2
"""Row groups that wait to be encoded, at most."""


class ParquetSink:
    """Writes a cohort's folder.

    The views and the index are written last, so that a folder without them is known to be unfinished.

    Args:
        path: The folder; must not exist.
        contents: What will be written.

    Raises:
        StateError: The folder cannot be written, as on a full disk; on leaving the `with` block, or before.
    """

    def __init__(self, path: Path, contents: Contents) -> None:
        self._folder = path
        self._contents = contents
        self._buffers: dict[Shard, RowBuffer] = {}
        self._latest = 0
        self._files = ShardFiles(path, contents)
        self._thread = WritingThread("healthsim-shards", _WAITING)

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
            self._hand_over(list(self._buffers))
            self._thread.give(self._files.finish)
        else:
            self._thread.stop(error)
        self._thread.end()
        if self._thread.failure is not None:
            self._files.abandon()
        if error is None:
            self._raise_failure()

    def write(self, batch: Batch) -> None:
        """Take the rows of a batch; waits when the writing thread is behind.

        Raises:
            ValueError: A shard of them is finished, as when a block has more people than a shard.
        """
        self._raise_failure()
        for shard, rows in by_shard(batch):
            if shard.number > self._latest:
                self._go_on_to(shard.number)
            if is_sharded(shard.table) and shard.number < self._latest - _STAYING:
                raise ValueError(f"rows of {shard.name} came after it was finished")
            self._take(shard, rows)

    def _take(self, shard: Shard, batch: Batch) -> None:
        start = 0
        while start < batch.rows:
            if shard not in self._buffers:
                dictionaries = self._contents.dictionaries.get(shard.table, {})
                self._buffers[shard] = RowBuffer(table_definition(shard.table), dictionaries, ROW_GROUP)
            buffer = self._buffers[shard]
            start += buffer.take(batch, start)
            if buffer.rows == buffer.capacity:
                self._hand_over([shard])

    def _go_on_to(self, number: int) -> None:
        """Finish the shards that no row belongs to any more, now that people of a later one have come."""
        self._latest = number
        before = number - _STAYING
        self._hand_over([each for each in self._buffers if each.number < before and is_sharded(each.table)])
        self._thread.give(partial(self._files.close_before, before))

    def _hand_over(self, shards: Iterable[Shard]) -> None:
        for shard in shards:
            self._thread.give(partial(self._files.write, shard, self._buffers.pop(shard)))

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

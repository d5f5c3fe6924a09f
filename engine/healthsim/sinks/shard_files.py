"""The files of a cohort's folder while they are written: opened with their first rows, closed when they are whole."""

from pathlib import Path

import duckdb
import pyarrow as pa

from healthsim.sinks.base import Contents
from healthsim.sinks.buffer import RowBuffer
from healthsim.sinks.connecting import Settings, connected
from healthsim.sinks.layout import STORED, type_statements, view_statements
from healthsim.sinks.parquet_files import ParquetFile
from healthsim.sinks.shards import DATABASE, Shard, ShardIndex, is_sharded, shard_view
from healthsim.tables import table_definition

_SMALL: Settings = {"default_block_size": "16384"}
"""Settings of the file of views, which holds no rows."""


class ShardFiles:
    """Writes shards, and at the end what tells of them.

    Args:
        folder: The cohort's folder; must not exist.
        contents: What will be written.
    """

    def __init__(self, folder: Path, contents: Contents) -> None:
        self._folder = folder
        self._contents = contents
        self._open: dict[Shard, ParquetFile] = {}
        self._bytes: dict[Shard, int] = {}

    def create(self) -> None:
        """Make the folder, and one for each table in it."""
        self._folder.mkdir()
        for table in self._contents.tables:
            (self._folder / table).mkdir()

    def write(self, shard: Shard, rows: pa.Table) -> None:
        """Write rows of a shard, as row groups of their own."""
        if shard not in self._open:
            self._open[shard] = ParquetFile(self._folder / shard.name, rows.schema)
        self._open[shard].write(rows)

    def close_before(self, number: int) -> None:
        """Close the shards of all people before a shard."""
        for shard in [shard for shard in self._open if shard.number < number and is_sharded(shard.table)]:
            self._close(shard)

    def finish(self) -> None:
        """Close what is open, write the views, and last the index."""
        for table in self._contents.tables:
            if not any(shard.table == table for shard in (*self._open, *self._bytes)):
                self.write(Shard(table, 0), self._nothing(table))
        for shard in list(self._open):
            self._close(shard)
        index = ShardIndex.of(self._bytes)
        with connected(self._folder / DATABASE, settings=_SMALL) as connection:
            self._describe(connection, index)
        index.write(self._folder)

    def abandon(self) -> None:
        """Close everything as it is, to be thrown away."""
        while self._open:
            self._open.popitem()[1].abandon()

    def _close(self, shard: Shard) -> None:
        self._bytes[shard] = self._open[shard].close()
        del self._open[shard]

    def _nothing(self, table: str) -> pa.Table:
        return RowBuffer(table_definition(table), self._contents.dictionaries.get(table, {}), 0).arrow()

    def _describe(self, connection: duckdb.DuckDBPyConnection, index: ShardIndex) -> None:
        """Create the types and the views over the shards."""
        connection.execute(f"CREATE SCHEMA {STORED}")
        index.tell_folder(connection, self._folder)
        for table in self._contents.tables:
            definition, dictionaries = table_definition(table), self._contents.dictionaries.get(table, {})
            for statement in (
                *type_statements(definition, dictionaries),
                shard_view(definition, index),
                *view_statements(definition, dictionaries, self._contents.titles),
            ):
                connection.execute(statement)

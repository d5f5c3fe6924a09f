"""Opening a cohort that lies as shards: all of them there, and nothing in reach but its own folder."""

from pathlib import Path
from stat import S_ISREG

import duckdb

from healthsim.errors import StateError
from healthsim.sinks.connecting import Settings, closed_in
from healthsim.sinks.layout import literal
from healthsim.sinks.shards import DATABASE, ShardIndex, as_pattern, read_index
from healthsim.sinks.storage import storage_at

_DAMAGE = ("No magic bytes", "Failed to read file", "might be corrupted")


def is_sharded(file: Path) -> bool:
    """Tell whether a cohort lies as shards."""
    return storage_at(file) == "parquet"


def sharded_connection(folder: Path, settings: Settings) -> duckdb.DuckDBPyConnection:
    """Open a folder of shards, read-only and closed in.

    DuckDB follows links and `..` before it looks whether a file is in the folder.

    Args:
        folder: The cohort's folder.
        settings: Of the connection.

    Raises:
        StateError: A shard is missing, or not as it was written.
        duckdb.Error: The file of views cannot be opened.
    """
    index = whole_index(folder)
    place = folder.resolve()
    own = tuple(dict.fromkeys((place.as_posix(), as_pattern(place))))
    connection = closed_in(place / DATABASE, settings, within=own)
    try:
        index.tell_folder(connection, place)
    except BaseException:
        connection.close()
        raise
    return connection


def attach_shards(connection: duckdb.DuckDBPyConnection, alias: str, folder: Path) -> None:
    """Attach a folder of shards, read-only, to a connection that may read files.

    Raises:
        StateError: A shard is missing, or not as it was written.
        duckdb.Error: The file of views cannot be opened.
    """
    index = whole_index(folder)
    place = folder.resolve()
    connection.execute(f"ATTACH {literal(str(place / DATABASE))} AS {alias} (READ_ONLY)")
    index.tell_folder(connection, place)


def whole_index(folder: Path) -> ShardIndex:
    """Read the index of a folder, and see that every shard is there, a file of its own and of its bytes.

    Raises:
        StateError: One is not.
    """
    try:
        index = read_index(folder)
    except (OSError, ValueError) as error:
        raise StateError(f"the cohort's folder {folder.name} cannot be read; it is missing or damaged") from error
    for file, size in index.files.items():
        if not _is_as_written(folder / file, size):
            text = f"the cohort's folder {folder.name} is damaged: {file} is missing, or not as it was written"
            raise StateError(text)
    return index


def is_damage_of_shards(error: duckdb.Error) -> bool:
    """Tell whether DuckDB failed because what is in a Parquet file cannot be."""
    if isinstance(error, duckdb.InvalidInputException):
        return any(told in str(error) for told in _DAMAGE)
    # What the decoders raise has no kind of its own; what is wrong with a statement has.
    return type(error) is duckdb.Error


def _is_as_written(file: Path, size: int) -> bool:
    try:
        found = file.lstat()
    except OSError:
        return False
    return S_ISREG(found.st_mode) and found.st_size == size

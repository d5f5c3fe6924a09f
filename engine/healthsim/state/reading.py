"""Opening a cohort's file to read: nothing outside it can be reached, nothing in it changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from healthsim.errors import StateError
from healthsim.sinks.connecting import Settings, closed_in
from healthsim.sinks.layout import literal
from healthsim.state.shard_reading import attach_shards, is_damage_of_shards, is_sharded, sharded_connection

_BOUNDS: Settings = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "memory_limit": "1GB",
    "max_temp_directory_size": "2GB",
}


@contextmanager
def cohort_connection(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a cohort, read-only and closed in.

    Args:
        file: Its file or folder.

    Raises:
        StateError: It cannot be opened, or turns out to be damaged.
    """
    try:
        connection = _connected(file)
    except duckdb.Error as error:
        raise StateError(_unopened(file)) from error
    try:
        yield connection
    except duckdb.Error as error:
        if not is_damage(error):
            raise
        raise StateError(f"the cohort's file {file.name} is damaged, or the disk is full") from error
    finally:
        connection.close()


def attach_cohort(connection: duckdb.DuckDBPyConnection, alias: str, file: Path) -> None:
    """Attach a cohort, read-only, to a connection that may read files.

    Args:
        connection: The connection.
        alias: What the cohort is called in SQL.
        file: Its file or folder.

    Raises:
        StateError: It cannot be opened.
    """
    try:
        if is_sharded(file):
            attach_shards(connection, alias, file)
        else:
            connection.execute(f"ATTACH {literal(str(file))} AS {alias} (READ_ONLY)")
    except duckdb.Error as error:
        raise StateError(_unopened(file)) from error


def is_damage(error: duckdb.Error) -> bool:
    """Tell whether DuckDB failed because of the file or the disk, not of the statement."""
    text = str(error)
    is_corrupt = text.startswith("Corrupt database file") or "Could not write file" in text
    return is_corrupt or is_damage_of_shards(error) or isinstance(error, duckdb.IOException | duckdb.FatalException)


def _connected(file: Path) -> duckdb.DuckDBPyConnection:
    if is_sharded(file):
        return sharded_connection(file, _BOUNDS)
    return closed_in(file, _BOUNDS)


def _unopened(file: Path) -> str:
    return f"the cohort's file {file.name} cannot be opened; it is missing, busy or damaged"


def visible_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Give the tables users see, with their columns, in the order of their making."""
    rows = connection.execute(
        "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns()"
        " WHERE schema_name = 'main' AND database_name = current_database() AND NOT internal"
        " GROUP BY table_name, table_oid ORDER BY table_oid"
    ).fetchall()
    return {name: list(columns) for name, columns in rows}

"""Opening a cohort's file to read: nothing outside it can be reached, nothing in it changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from healthsim.errors import StateError

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "memory_limit": "1GB",
    "max_temp_directory_size": "2GB",
    # Locked on opening: connections of one process share the database, and a second one could not lock it again.
    "lock_configuration": "true",
}


@contextmanager
def cohort_connection(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a cohort's file, read-only and closed in.

    Raises:
        StateError: It cannot be opened, or turns out to be damaged.
    """
    try:
        connection = duckdb.connect(str(file), read_only=True, config=_SETTINGS)
    except duckdb.Error as error:
        raise StateError(f"the cohort's file {file.name} cannot be opened; it is missing, busy or damaged") from error
    try:
        yield connection
    except duckdb.Error as error:
        if not is_damage(error):
            raise
        raise StateError(f"the cohort's file {file.name} is damaged, or the disk is full") from error
    finally:
        connection.close()


def is_damage(error: duckdb.Error) -> bool:
    """Tell whether DuckDB failed because of the file or the disk, not of the statement."""
    text = str(error)
    is_corrupt = text.startswith("Corrupt database file") or "Could not write file" in text
    return is_corrupt or isinstance(error, duckdb.IOException | duckdb.FatalException)


def visible_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Give the tables users see, with their columns, in the order of their making."""
    rows = connection.execute(
        "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns()"
        " WHERE schema_name = 'main' AND database_name = current_database() AND NOT internal"
        " GROUP BY table_name, table_oid ORDER BY table_oid"
    ).fetchall()
    return {name: list(columns) for name, columns in rows}

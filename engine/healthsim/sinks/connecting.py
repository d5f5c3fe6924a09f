"""Connections of our own are opened here alone: none draws on the standard output, and some are closed in for good."""

from pathlib import Path
from threading import Lock

import duckdb

from healthsim.sinks.layout import literal

Settings = dict[str, str | bool | int | float | list[str]]
IN_MEMORY = ":memory:"

_OPENING = Lock()
"""Connections of one process to one file share the database: one closes it in, and none sees it half closed."""


def connected(
    database: Path | str, *, read_only: bool = False, settings: Settings | None = None
) -> duckdb.DuckDBPyConnection:
    """Open a database that will draw no progress bar, and whose cursors will not either.

    Args:
        database: Its file, or `IN_MEMORY`.
        read_only: Whether it may not be changed.
        settings: Of the database, by name.

    Raises:
        duckdb.Error: It cannot be opened.
    """
    connection = duckdb.connect(str(database), read_only=read_only, config=settings or {})
    try:
        _draw_nothing(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def closed_in(file: Path, settings: Settings, within: tuple[str, ...] = ()) -> duckdb.DuckDBPyConnection:
    """Open a database read-only, that reaches no file but its own and what it may, and whose settings stay.

    Args:
        file: Its file.
        settings: Of the database, by name.
        within: Folders, or patterns of them, whose files may be read.

    Raises:
        duckdb.Error: It cannot be opened.
    """
    with _OPENING:
        connection = duckdb.connect(str(file), read_only=True, config=settings)
        try:
            _close_in(connection, within)
        except BaseException:
            connection.close()
            raise
    return connection


def _close_in(connection: duckdb.DuckDBPyConnection, within: tuple[str, ...]) -> None:
    """Close a database in; done once for all connections of this process that are open to it.

    Those opened beside the first may draw: what is locked cannot be told to one of them any more.
    """
    # Fetched whole: a connection with a result half read starts no transaction.
    ((is_locked,),) = connection.execute("SELECT current_setting('lock_configuration')").fetchall()
    if is_locked:
        return
    _draw_nothing(connection)
    if within:
        connection.execute(f"SET allowed_directories = [{', '.join(map(literal, within))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _draw_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    # In a notebook or a program without a file DuckDB draws one, once a statement takes two seconds: on the standard
    # output, terminal or not. Each connection has this setting for itself, so that it cannot be given on opening.
    connection.execute("SET enable_progress_bar = false")

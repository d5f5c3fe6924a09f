"""A cohort's DuckDB file: created with its types and tables, inserted into, finished with its views."""

from pathlib import Path

import duckdb

from healthsim.errors import StateError
from healthsim.sinks.base import Contents
from healthsim.sinks.connecting import IN_MEMORY, Settings, connected
from healthsim.sinks.layout import STORED, identifier, literal, statements, view_statements
from healthsim.tables import table_definition

Connection = duckdb.DuckDBPyConnection

ROW_GROUP = 122_880
FLUSH_ROWS = 4 * ROW_GROUP
"""Rows inserted at a time: whole row groups of DuckDB; smaller inserts cost several times as much a row.

A table's first insert is one row group and each next one twice as many, so that inserting soon begins.
"""

_CATALOG = "cohort"
_SMALL_COHORT = 50_000
_SMALL_BLOCK_BYTES = 16_384
_MEMORY_LIMIT = "512MB"


def created(path: Path, contents: Contents) -> Connection:
    """Create a cohort's file with its types and tables, empty."""
    # What does not fit into memory lies beside the file: by default it would lie in the current folder.
    settings: Settings = {"memory_limit": _MEMORY_LIMIT, "temp_directory": f"{path}.tmp"}
    connection = connected(IN_MEMORY, settings=settings)
    try:
        block = f" (BLOCK_SIZE {_SMALL_BLOCK_BYTES})" if contents.people < _SMALL_COHORT else ""
        connection.execute(f"ATTACH {literal(str(path))} AS {_CATALOG}{block}")
        connection.execute(f"USE {_CATALOG}; CREATE SCHEMA {STORED}")
        for table in contents.tables:
            for statement in statements(table_definition(table), contents.dictionaries.get(table, {})):
                connection.execute(statement)
    except BaseException:
        connection.close()
        raise
    return connection


def leave_one_processor(connection: Connection) -> None:
    """Let DuckDB take one processor fewer than it would, where there are several."""
    (threads,) = connection.execute("SELECT current_setting('threads')").fetchone() or (1,)
    connection.execute(f"SET threads = {max(threads - 1, 1)}")


def insert(connection: Connection, table: str, rows: object) -> None:
    """Insert an Arrow table into the stored table of a name."""
    connection.register("arriving", rows)
    connection.execute(f"INSERT INTO {_CATALOG}.{STORED}.{identifier(table)} SELECT * FROM arriving")  # noqa: S608 - our own table
    connection.unregister("arriving")


def finish(connection: Connection, contents: Contents) -> None:
    """Create the views and write everything to the file."""
    for table in contents.tables:
        dictionaries = contents.dictionaries.get(table, {})
        for statement in view_statements(table_definition(table), dictionaries, contents.titles):
            connection.execute(statement)
    connection.execute("CHECKPOINT")


def told(error: BaseException, path: Path) -> BaseException:
    """Turn what DuckDB says when a file cannot be written into an error of ours."""
    if not isinstance(error, duckdb.Error) or isinstance(error, duckdb.InterruptException):
        return error
    state_error = StateError(f"{path.parent} cannot be written: {str(error).splitlines()[0]}")
    state_error.__cause__ = error
    return state_error

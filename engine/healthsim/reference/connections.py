"""Connections that users bring: checked, and read with one clear error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import duckdb

from healthsim.errors import InvalidInputError, Problem, StateError, rendered

Read = TypeVar("Read")


def read_from(conn: object, read: Callable[[duckdb.DuckDBPyConnection | None], Read]) -> Read:
    """Read from a connection, or from None.

    Args:
        conn: A DuckDB connection, or None.
        read: What reads from it.

    Raises:
        InvalidInputError: It is no connection.
        StateError: It is closed, or its tables cannot be read.
    """
    if conn is not None and not isinstance(conn, duckdb.DuckDBPyConnection):
        hint = "duckdb.connect(path, read_only=True) gives one"
        raise InvalidInputError([Problem("$.conn", "is a DuckDB connection", rendered(conn), hint)])
    with readable():
        return read(conn)


@contextmanager
def readable() -> Iterator[None]:
    """Turn what DuckDB says of tables that are not ours into one clear error.

    Raises:
        StateError: They cannot be read.
    """
    try:
        yield
    except duckdb.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise StateError(f"the reference tables of this connection cannot be read: {reason}") from error

"""The answer to a query: a page of rows, as JSON can hold them, in bounded time and memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isfinite
from pathlib import Path
from threading import Timer
from time import monotonic
from typing import Any

import duckdb

from healthsim.errors import Problem, QueryError, rendered
from healthsim.state.reading import cohort_connection, visible_tables
from healthsim.state.statement import checked_statement, refused, understood

_SECONDS = 20.0
_MOST_ROWS = 2**62
_REMEDY = "ask of fewer people (person_id < 10000), join fewer rows, or export the cohort and query its files"


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """Rows that answer a query.

    Attributes:
        columns: Names of the columns.
        types: Their SQL types.
        rows: Rows, as JSON can hold them.
        total: Rows there are in all; None where counting took too long.
        truncated: Whether there are more than these.
        next_offset: Where the next ones begin; None at the end.
    """

    columns: list[str]
    types: list[str]
    rows: list[list[Any]]
    total: int | None
    truncated: bool
    next_offset: int | None


def run_query(
    file: Path, sql: str, *, limit: int = 100, offset: int = 0, timeout_seconds: float = _SECONDS
) -> QueryAnswer:
    """Answer one SELECT over a cohort's own tables, or SHOW TABLES, or DESCRIBE with a table.

    Args:
        file: The cohort's file.
        sql: The statement.
        limit: Most rows to give.
        offset: Rows to leave out before.
        timeout_seconds: When to give up.

    Raises:
        QueryError: The statement is not one SELECT over the cohort's tables, is wrong, or takes too long.
        StateError: The file cannot be opened.
    """
    _check_page(limit, offset)
    deadline = monotonic() + timeout_seconds
    with cohort_connection(file) as connection:
        tables = visible_tables(connection)
        select = checked_statement(connection, sql, tables)
        with understood(tables, select), _interrupted(connection, timeout_seconds):
            page = connection.execute(f"SELECT * FROM ({select}\n) LIMIT {limit + 1:d} OFFSET {offset:d}")  # noqa: S608 - checked above
            described = page.description or []
            rows = _fetched(page)
        truncated = len(rows) > limit
        total = _counted(connection, select, deadline - monotonic()) if truncated or offset else len(rows)
    return QueryAnswer(
        columns=[column[0] for column in described],
        types=["VARCHAR" if str(column[1]).startswith("ENUM") else str(column[1]) for column in described],
        rows=[[_plain(value) for value in row] for row in rows[:limit]],
        total=total,
        truncated=truncated,
        next_offset=offset + limit if truncated else None,
    )


def _fetched(page: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    try:
        return page.fetchall()
    except OverflowError as error:
        raise refused("a value is too large to be told", None, "write CAST(... AS VARCHAR) around it") from error


def _check_page(limit: int, offset: int) -> None:
    bounds = (("$.limit", limit, 1), ("$.offset", offset, 0))
    problems = [
        Problem(path, f"must be a whole number, at least {low}", rendered(value))
        for path, value, low in bounds
        if not isinstance(value, int) or not low <= value < _MOST_ROWS
    ]
    if problems:
        raise QueryError(problems)


def _counted(connection: duckdb.DuckDBPyConnection, select: str, seconds: float) -> int | None:
    """Count all rows of a statement; None if that takes more than the seconds that are left, or too much memory."""
    try:
        with _limited(connection, max(seconds, 0.0)):
            row = connection.execute(f"SELECT count(*) FROM ({select}\n)").fetchone()  # noqa: S608 - checked before
    except (duckdb.InterruptException, duckdb.OutOfMemoryException):
        return None
    return int(row[0]) if row else None


@contextmanager
def _interrupted(connection: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    try:
        with _limited(connection, seconds):
            yield
    except duckdb.InterruptException as error:
        raise refused(f"the query took more than {seconds:g} seconds", None, _REMEDY) from error


@contextmanager
def _limited(connection: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Interrupt what runs longer."""
    timer = Timer(seconds, connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _plain(value: Any) -> Any:  # noqa: ANN401 - any SQL value
    """Write a value as JSON can hold it."""
    plain: Any
    match value:
        case None | bool() | int() | str():
            plain = value
        case float() | Decimal():
            plain = float(value) if isfinite(value) else None
        case date():
            plain = value.isoformat()
        case bytes():
            plain = value.hex()
        case list() | tuple():
            plain = [_plain(part) for part in value]
        case dict():
            plain = {str(key): _plain(part) for key, part in value.items()}
        case _:
            plain = str(value)
    return plain

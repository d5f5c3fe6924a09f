"""One SELECT over a cohort: everything else is refused, and what is answered is bounded."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isfinite
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb

from healthsim.errors import Problem, QueryError, did_you_mean, nearest_names, rendered
from healthsim.sinks.layout import STORED
from healthsim.state.reading import cohort_connection, visible_tables

_SECONDS = 20.0
_LONGEST_SQL = 20_000
_TABLE_FUNCTIONS = frozenset({"unnest", "range", "generate_series"})
_REFUSED_FUNCTIONS = frozenset(
    {"current_setting", "getvariable", "getenv", "current_database", "current_schemas", "current_catalog", "nextval",
     "currval", "in_search_path", "pg_get_viewdef", "query", "query_table"}
)  # fmt: skip


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
    """Answer one SELECT over a cohort's own tables.

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
    with cohort_connection(file) as connection:
        tables = visible_tables(connection)
        select = _checked(connection, sql, tables)
        with _understood(tables), _interrupted(connection, timeout_seconds):
            page = connection.execute(f"SELECT * FROM ({select}\n) LIMIT {limit + 1:d} OFFSET {offset:d}")  # noqa: S608 - checked above
            described = page.description or []
            rows = page.fetchall()
            truncated = len(rows) > limit
            total = _counted(connection, select) if truncated or offset else len(rows)
    return QueryAnswer(
        columns=[column[0] for column in described],
        types=["VARCHAR" if str(column[1]).startswith("ENUM") else str(column[1]) for column in described],
        rows=[[_plain(value) for value in row] for row in rows[:limit]],
        total=total,
        truncated=truncated,
        next_offset=offset + limit if truncated else None,
    )


def _checked(connection: duckdb.DuckDBPyConnection, sql: str, tables: dict[str, list[str]]) -> str:
    """Give the statement, without its semicolon, if it is one SELECT over the cohort's tables."""
    if len(sql) > _LONGEST_SQL:
        raise _refused(f"a statement has at most {_LONGEST_SQL:,} characters", f"{len(sql):,} characters")
    with _understood(tables):
        statements = duckdb.extract_statements(sql)
    if len(statements) != 1:
        raise _refused(f"one statement is answered, not {len(statements)}", rendered(sql))
    (statement,) = statements
    if statement.type != duckdb.StatementType.SELECT:
        raise _refused("only SELECT is answered; a cohort is never changed", rendered(sql))
    select = statement.query.strip().rstrip(";")
    with _understood(tables):
        (tree,) = connection.execute("SELECT json_serialize_sql($1)", [select]).fetchone() or ("{}",)
    parsed = json.loads(tree)
    if parsed.get("error"):
        raise _refused("only a plain SELECT is answered", str(parsed.get("error_message", ""))[:200])
    _check_names(parsed, tables)
    return select


def _check_names(parsed: dict[str, Any], tables: dict[str, list[str]]) -> None:
    """Refuse whatever reaches beyond the cohort's own tables."""
    own = {name.casefold() for name in tables} | {name.casefold() for name in _common_tables(parsed)}
    for node in _nodes(parsed):
        kind = node.get("type")
        if kind == "BASE_TABLE":
            name, schema = str(node.get("table_name", "")), str(node.get("schema_name", ""))
            if node.get("catalog_name") or schema.casefold() not in {"", "main", STORED}:
                raise _refused("only the cohort's own tables are there", f"{schema}.{name}", _named(tables))
            if name.casefold() not in own:
                near = nearest_names(name, tables)
                raise _refused("no such table in the cohort", rendered(name), did_you_mean(near) or _named(tables))
        elif kind == "TABLE_FUNCTION":
            function = str(node.get("function", {}).get("function_name", ""))
            if function.casefold() not in _TABLE_FUNCTIONS:
                raise _refused("this table function is not available here", rendered(function), _named(tables))
        elif kind == "SHOW_REF":
            raise _refused(
                "DESCRIBE, SHOW and SUMMARIZE are not answered", None, "the summary names tables and columns"
            )
        elif (function := _called(node)) in _REFUSED_FUNCTIONS:
            raise _refused("this function is not available here", rendered(function))


def _called(node: dict[str, Any]) -> str:
    """Name the function a node calls, if any; some are called without parentheses, and read as columns."""
    if node.get("class") == "FUNCTION":
        return str(node.get("function_name", "")).casefold()
    columns = node.get("column_names", []) if node.get("class") == "COLUMN_REF" else []
    return str(columns[0]).casefold() if len(columns) == 1 else ""


def _common_tables(parsed: dict[str, Any]) -> set[str]:
    """Name the tables a statement defines for itself by WITH."""
    names = set()
    for node in _nodes(parsed):
        for entry in node.get("map", []) if isinstance(node.get("map"), list) else []:
            if isinstance(entry, dict) and isinstance(entry.get("key"), str):
                names.add(entry["key"])
    return names


def _nodes(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - a JSON tree
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            yield current
            waiting += current.values()
        elif isinstance(current, list):
            waiting += current


def _counted(connection: duckdb.DuckDBPyConnection, select: str) -> int | None:
    row = connection.execute(f"SELECT count(*) FROM ({select}\n)").fetchone()  # noqa: S608 - checked before
    return int(row[0]) if row else None


@contextmanager
def _interrupted(connection: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    timer = Timer(seconds, connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    except duckdb.InterruptException as error:
        raise _refused(f"the query took more than {seconds:g} seconds", None, "narrow it down") from error
    finally:
        timer.cancel()


@contextmanager
def _understood(tables: dict[str, list[str]]) -> Iterator[None]:
    """Turn what DuckDB says of a wrong statement into an error of ours."""
    try:
        yield
    except duckdb.InterruptException:
        raise
    except duckdb.OutOfMemoryException as error:
        raise _refused("the query needs too much memory", None, "aggregate or narrow it down") from error
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise _refused(first, None, _hint(first, tables)) from error


def _hint(message: str, tables: dict[str, list[str]]) -> str:
    """Name the columns nearest to one that is not there, else the tables."""
    columns = sorted({column for names in tables.values() for column in names})
    quoted = message.split('"')
    if "column" in message and len(quoted) > 1:
        near = did_you_mean(nearest_names(quoted[1], columns))
        if near:
            return near
    return _named(tables)


def _named(tables: dict[str, list[str]]) -> str:
    return f"tables are {', '.join(tables)}"


def _refused(message: str, received: str | None = None, hint: str | None = None) -> QueryError:
    return QueryError([Problem("$.sql", message, received, hint)])


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

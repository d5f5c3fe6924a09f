"""Which statements are answered: one SELECT over the cohort's own tables, and nothing that reaches beyond them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb

from healthsim.errors import Problem, QueryError, did_you_mean, nearest_names, rendered
from healthsim.sinks.layout import STORED
from healthsim.state.describing import HINT, answering
from healthsim.state.hints import Tables, tables_named, what_is_there
from healthsim.state.reading import is_damage

_LONGEST_SQL = 20_000
_TABLE_FUNCTIONS = frozenset({"unnest", "range", "generate_series"})
_REFUSED_FUNCTIONS = frozenset(
    {"current_setting", "getvariable", "getenv", "current_database", "current_schemas", "current_catalog", "nextval",
     "currval", "in_search_path", "pg_get_viewdef", "query", "query_table", "write_log", "sleep_ms",
     "json_serialize_plan"}
)  # fmt: skip
_SYSTEM_RELATIONS = """
    SELECT view_name FROM duckdb_views() WHERE internal AND schema_name <> 'information_schema'
    UNION SELECT table_name FROM duckdb_tables() WHERE internal
"""


def checked_statement(connection: duckdb.DuckDBPyConnection, sql: str, tables: Tables) -> str:
    """Give a statement without what follows it, if it may be answered.

    Args:
        connection: To the cohort's file.
        sql: What was asked.
        tables: Those of the cohort.

    Raises:
        QueryError: It is not one SELECT over the cohort's tables.
    """
    _check_text(sql)
    sql = answering(connection, sql, list(tables))
    with understood(tables, sql):
        statements = duckdb.extract_statements(sql)
    if len(statements) != 1:
        raise refused(f"one statement is answered, not {len(statements)}", rendered(sql))
    _check_kind(statements[0].type, sql)
    select = _without_end(sql)
    with understood(tables, sql):
        (tree,) = connection.execute("SELECT json_serialize_sql($1)", [select]).fetchone() or ("{}",)
        system = {name for (name,) in connection.execute(_SYSTEM_RELATIONS).fetchall()}
    parsed = _read(tree)
    if parsed.get("error"):
        raise refused("only a plain SELECT is answered", str(parsed.get("error_message", ""))[:200])
    _check_names(parsed, tables, system)
    return select


@contextmanager
def understood(tables: Tables, sql: str) -> Iterator[None]:
    """Turn what DuckDB says of a wrong statement into an error of ours.

    Args:
        tables: Those of the cohort.
        sql: The statement.
    """
    try:
        yield
    except duckdb.InterruptException:
        raise
    except duckdb.OutOfMemoryException as error:
        raise refused("the query needs too much memory", None, "aggregate or narrow it down") from error
    except duckdb.Error as error:
        if is_damage(error):
            raise
        first = str(error).splitlines()[0]
        raise refused(first, None, what_is_there(first, tables, sql)) from error


def refused(message: str, received: str | None = None, hint: str | None = None) -> QueryError:
    """Give the error of a statement that is not answered."""
    return QueryError([Problem("$.sql", message, received, hint)])


def _check_text(sql: str) -> None:
    if not isinstance(sql, str):
        raise refused("a statement is a text", rendered(sql))
    if len(sql) > _LONGEST_SQL:
        raise refused(f"a statement has at most {_LONGEST_SQL:,} characters", f"{len(sql):,} characters")
    # A NUL could end the text for one reader and not for another; a lone surrogate is no text at all.
    if "\0" in sql or any("\ud800" <= character <= "\udfff" for character in sql):
        raise refused("a statement is a text without NUL and lone surrogates", rendered(sql))


def _check_kind(kind: duckdb.StatementType, sql: str) -> None:
    if kind == duckdb.StatementType.MULTI:
        hint = "name them, as in PIVOT patients ON gender IN ('F', 'M') USING count(*)"
        raise refused("the columns of a PIVOT must be named", rendered(sql), hint)
    if kind != duckdb.StatementType.SELECT:
        raise refused("only SELECT is answered; a cohort is never changed", rendered(sql))


def _without_end(sql: str) -> str:
    """Leave out the semicolon and the comments that follow a statement."""
    text = sql.encode()
    end = len(text)
    for offset, kind in reversed(duckdb.tokenize(sql)):
        if kind != duckdb.token_type.comment and text[offset : offset + 1] != b";":
            break
        end = offset
    return text[:end].decode()


def _read(tree: str) -> dict[str, Any]:
    try:
        parsed: dict[str, Any] = json.loads(tree)
    except RecursionError as error:
        hint = "name its steps one after the other by WITH"
        raise refused("the statement is nested too deeply", None, hint) from error
    return parsed


def _check_names(parsed: dict[str, Any], tables: Tables, system: set[str]) -> None:
    """Refuse whatever reaches beyond the cohort's own tables.

    A name that WITH defines may be used anywhere in the statement, in and out of its scope: out of it, it would be
    looked up in the catalogue, and so may not be one of the system's.
    """
    own = {name.casefold() for name in tables}
    common = {name.casefold() for name in _common_tables(parsed)}
    taken = sorted(common & system)
    if taken:
        raise refused("WITH may not define a name of the system's", rendered(taken[0]), "choose another")
    for node in _nodes(parsed):
        kind = node.get("type")
        if kind == "BASE_TABLE":
            _check_table(node, own, common, tables)
        elif kind == "TABLE_FUNCTION":
            function = str(node.get("function", {}).get("function_name", ""))
            if function.casefold() not in _TABLE_FUNCTIONS:
                raise refused("this table function is not available here", rendered(function), tables_named(tables))
        elif kind == "SHOW_REF":
            raise refused("of DESCRIBE, SHOW and SUMMARIZE the plain ones alone are answered", None, HINT)
        elif (function := _called(node)) in _REFUSED_FUNCTIONS:
            raise refused("this function is not available here", rendered(function))


def _check_table(node: dict[str, Any], own: set[str], common: set[str], tables: Tables) -> None:
    name, schema = str(node.get("table_name", "")), str(node.get("schema_name", ""))
    if node.get("catalog_name") or schema.casefold() not in {"", "main", STORED}:
        raise refused("only the cohort's own tables are there", f"{schema}.{name}", HINT)
    # With a schema before it, a name is never one that WITH defines.
    if name.casefold() not in (own if schema else own | common):
        near = nearest_names(name, tables)
        raise refused("no such table in the cohort", rendered(name), did_you_mean(near) or tables_named(tables))


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

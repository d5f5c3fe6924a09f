"""Questions after the tables and columns of a cohort, in the words of SQL, as a SELECT that answers them."""

import re
from collections.abc import Iterable, Sequence

import duckdb

from healthsim.errors import Problem, QueryError, did_you_mean, nearest_names, rendered
from healthsim.sinks.layout import literal
from healthsim.state.hints import tables_named

HINT = "SHOW TABLES names the tables, DESCRIBE patients the columns of one"

_TABLES = re.compile(r"\s*SHOW\s+(?:ALL\s+)?TABLES\s*;?\s*", re.IGNORECASE)
_COLUMNS = re.compile(
    r"""\s*(?:DESCRIBE|DESC|SHOW)\s+(?:TABLE\s+)?(?:main\.)?(?P<quote>"?)(?P<table>\w+)(?P=quote)\s*;?\s*""",
    re.IGNORECASE,
)
_TYPES = (
    "SELECT column_name, CASE WHEN data_type LIKE 'ENUM%' THEN 'VARCHAR' ELSE data_type END FROM duckdb_columns()"
    " WHERE schema_name = 'main' AND database_name = current_database() AND table_name = $1 ORDER BY column_index"
)


def answering(connection: duckdb.DuckDBPyConnection, sql: str, tables: Sequence[str]) -> str:
    """Give a SELECT in the place of SHOW TABLES and of DESCRIBE with a table; any other statement as it is.

    Args:
        connection: To the cohort's file.
        sql: What was asked.
        tables: Those of the cohort.

    Raises:
        QueryError: There is no such table; names the nearest.
    """
    if _TABLES.fullmatch(sql):
        return _selecting([(table,) for table in tables], ("table_name",))
    asked = _COLUMNS.fullmatch(sql)
    if asked is None:
        return sql
    folded = {table.casefold(): table for table in tables}
    table = folded.get(asked["table"].casefold())
    if table is None:
        hint = did_you_mean(nearest_names(asked["table"], tables)) or tables_named(tables)
        raise QueryError([Problem("$.sql", "no such table in the cohort", rendered(asked["table"]), hint)])
    return _selecting(connection.execute(_TYPES, [table]).fetchall(), ("column_name", "column_type"))


def _selecting(rows: Iterable[tuple[str, ...]], columns: tuple[str, ...]) -> str:
    values = ", ".join(f"({', '.join(map(literal, row))})" for row in rows)
    return f"SELECT * FROM (VALUES {values}) AS answer({', '.join(columns)})"  # noqa: S608 - names of ours

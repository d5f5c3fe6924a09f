"""What is there instead of what a statement names and that is not: columns and tables of a cohort."""

import re
from collections.abc import Iterable

from healthsim.errors import did_you_mean, nearest_names

Tables = dict[str, list[str]]
"""Columns by table."""

_COLUMN_NAMED = re.compile(r'column (?:named )?"(?P<column>[^"]+)"')
_WORD = re.compile(r"\w+")
_MOST_SHARING = 3


def what_is_there(message: str, tables: Tables, sql: str) -> str:
    """Name the columns nearest to one that is not there, or all there are; else the tables.

    Args:
        message: What DuckDB said.
        tables: Those of the cohort.
        sql: The statement; columns of the tables it names come into question.
    """
    missing = _COLUMN_NAMED.search(message)
    if missing is None:
        return tables_named(tables)
    words = set(_WORD.findall(sql.casefold()))
    used = {table: names for table, names in tables.items() if table.casefold() in words} or tables
    columns = sorted({column for names in used.values() for column in names})
    name = missing["column"].casefold()
    near = nearest_names(name, columns) or _sharing(name, columns)
    return did_you_mean(near) or f"columns of {' and '.join(used)} are {', '.join(columns)}"


def tables_named(tables: Iterable[str]) -> str:
    """Name the tables."""
    return f"tables are {', '.join(tables)}"


def _sharing(name: str, columns: list[str]) -> tuple[str, ...]:
    """Give the columns that share a word with a name, those that hold least besides first."""
    words = set(name.split("_"))
    sharing = [column for column in columns if words & set(column.casefold().split("_"))]
    return tuple(sorted(sharing, key=lambda column: len(set(column.casefold().split("_")) - words))[:_MOST_SHARING])

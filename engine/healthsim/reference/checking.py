"""Checks of staged rows: numbers that are numbers, in range, and no place twice; each problem with line and column."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from healthsim.errors import Problem, rendered
from healthsim.reference.file_places import place_problems
from healthsim.reference.official_csv import STAGED, quoted

_SHOWN = 20
_THOUSANDS = r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?"
_SPREADSHEET = r"[0-9.]+[eE][+]?[0-9]+"
_MOST_PEOPLE = 1e9


@dataclass(frozen=True, slots=True)
class Check:
    """What a column must hold.

    Attributes:
        column: Its name.
        low: Least number.
        high: Greatest number, None for that of counts of people.
        missing: A number that stands for a missing value, None where only the empty text does.
        pattern: A regular expression for a column of text; the range does not count then.
        is_needed: Whether it may not be empty.
        rows: SQL condition of the rows it counts for.
    """

    column: str
    low: float = 0.0
    high: float | None = None
    missing: float | None = None
    pattern: str | None = None
    rows: str = "true"
    is_needed: bool = False


def number(column: str, missing: float | None = None) -> str:
    """Give SQL that reads a column's text as a number, NULL where it is empty or missing."""
    text = quoted(column)
    plain = f"CASE WHEN regexp_full_match({text}, '{_THOUSANDS}') THEN replace({text}, ',', '') ELSE {text} END"
    value = f"try_cast({plain} AS DOUBLE)"
    return value if missing is None else f"nullif({value}, {missing})"


def problems_of(
    connection: duckdb.DuckDBPyConnection, checks: Iterable[Check], place: str | None, key: Sequence[str]
) -> list[Problem]:
    """Find what is wrong with the staged rows, the first 20 problems.

    Args:
        connection: Where the rows are staged.
        checks: What the columns must hold.
        place: SQL of the FIPS code of a row; None where rows are no counties.
        key: SQL of what may come only once.
    """
    misplaced = place_problems(connection, place) if place is not None else []
    if [problem.path for problem in misplaced] == ["$"]:
        return misplaced
    found = [*_bad_values(connection, checks), *misplaced, *_duplicates(connection, key)]
    more = [Problem("$", "there are more problems than these")] if len(found) > _SHOWN else []
    return [*found[:_SHOWN], *more]


def _bad_values(connection: duckdb.DuckDBPyConnection, checks: Iterable[Check]) -> list[Problem]:
    listed = list(checks)
    queries = [
        f"SELECT line, {index} AS index, {quoted(check.column)} AS value FROM {STAGED} "  # noqa: S608 - quoted names
        f"WHERE ({check.rows}) AND {_counts(check)} AND NOT coalesce({_holds(check)}, false)"
        for index, check in enumerate(listed)
    ]
    rows = connection.execute(f"{' UNION ALL '.join(queries)} ORDER BY line, index LIMIT {_SHOWN + 1}").fetchall()
    return [
        Problem(
            f"line {line}, column {listed[index].column}",
            _complaint(listed[index], value or ""),
            rendered(value) if value else None,
        )
        for line, index, value in rows
    ]


def _counts(check: Check) -> str:
    """Give SQL of the rows that a check is of: those that are not empty, or all."""
    return "true" if check.is_needed else f"coalesce({quoted(check.column)}, '') <> ''"


def _holds(check: Check) -> str:
    if check.pattern is not None:
        return f"regexp_full_match({quoted(check.column)}, '{check.pattern}')"
    value = number(check.column)
    upper = f" AND {value} <= {_MOST_PEOPLE if check.high is None else check.high}"
    missing = "" if check.missing is None else f" OR {value} = {check.missing}"
    whole = f"NOT regexp_full_match({quoted(check.column)}, '{_SPREADSHEET}')"
    return f"({whole} AND isfinite({value}) AND {value} >= {check.low}{upper}{missing})"


def _complaint(check: Check, value: str) -> str:
    if not value:
        return "is empty"
    if check.pattern is not None:
        return "not in the official format"
    if re.fullmatch(_SPREADSHEET, value):
        return "digits are lost, as when a spreadsheet saved the file"
    try:
        float(value.replace(",", "") if re.fullmatch(_THOUSANDS, value) else value)
    except ValueError:
        return "not a number"
    return f"outside {check.low:g} to {check.high:g}" if check.high is not None else f"less than {check.low:g}"


def _duplicates(connection: duckdb.DuckDBPyConnection, key: Sequence[str]) -> list[Problem]:
    expressions = ", ".join(key)
    rows = connection.execute(
        f"SELECT max(line), min(line), concat_ws(' ', {expressions}) FROM {STAGED} "  # noqa: S608 - our own expressions
        f"GROUP BY {expressions} HAVING count(*) > 1 ORDER BY max(line) LIMIT {_SHOWN + 1}"
    ).fetchall()
    return [Problem(f"line {later}", f"the same as line {first}", rendered(what)) for later, first, what in rows]

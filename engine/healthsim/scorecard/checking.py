"""Holding the rules against a cohort."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import duckdb

from healthsim.scorecard.rules import Rule

Status = Literal["passed", "broken", "not_applicable"]

_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says of a cohort.

    Attributes:
        rule: The rule.
        status: Whether it holds, is broken, or says nothing of this cohort.
        checked: Rows it is about.
        broken: Rows that break it.
        examples: The first of those, as JSON.
        reason: Why it says nothing; None where it does.
    """

    rule: Rule
    status: Status
    checked: int = 0
    broken: int = 0
    examples: tuple[Mapping[str, Any], ...] = ()
    reason: str | None = None


def checked(connection: duckdb.DuckDBPyConnection, rules: Iterable[Rule], present: frozenset[str]) -> list[Finding]:
    """Hold rules against a cohort.

    A rule whose tables are absent, or that is about no row, is not applicable: it never counts as passed.

    Args:
        connection: The workbench.
        rules: The rules.
        present: Tables that are there.
    """
    return [_finding(connection, rule, present) for rule in rules]


def _finding(connection: duckdb.DuckDBPyConnection, rule: Rule, present: frozenset[str]) -> Finding:
    missing = [needed for needed in rule.tables if present.isdisjoint(needed.split("|"))]
    if missing:
        return Finding(rule, "not_applicable", reason=f"no table {missing[0].replace('|', ' or ')}")
    counts = connection.execute(f"SELECT count(*), count(*) FILTER (WHERE {rule.broken}) FROM ({rule.rows})").fetchone()  # noqa: S608 - our own rules
    about, broken = counts or (0, 0)
    if not about:
        return Finding(rule, "not_applicable", reason="no row that it is about")
    if not broken:
        return Finding(rule, "passed", about)
    return Finding(rule, "broken", about, broken, _examples(connection, rule))


def _examples(connection: duckdb.DuckDBPyConnection, rule: Rule) -> tuple[Mapping[str, Any], ...]:
    found = connection.execute(f"SELECT * FROM ({rule.rows}) WHERE {rule.broken} ORDER BY ALL LIMIT {_EXAMPLES}")  # noqa: S608 - our own rules
    names = [column[0] for column in found.description or ()]
    return tuple(dict(zip(names, map(_plain, row), strict=True)) for row in found.fetchall())


def _plain(value: Any) -> Any:  # noqa: ANN401 - any SQL value
    """Write a value as JSON can hold it."""
    return value.isoformat() if isinstance(value, date | datetime) else value

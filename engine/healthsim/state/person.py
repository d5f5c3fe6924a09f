"""One person of a cohort, whole: their rows of every table."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from healthsim.errors import NotFoundError
from healthsim.state.query import run_query

_MOST_ROWS = 1_000_000
"""Rows of a person in a table: far more than a person's identifiers can number."""


def rows_of_person(file: Path, tables: Iterable[str], person_id: int) -> dict[str, list[dict[str, Any]]]:
    """Give a person's rows by table, as JSON can hold them, without the tables that have none.

    Args:
        file: The cohort's file.
        tables: Its tables; those without `person_id` are about nobody.
        person_id: The person.

    Raises:
        NotFoundError: No table knows the person.
        StateError: The file cannot be opened.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for table in tables:
        if "person_id" not in run_query(file, f'SELECT * FROM "{table}"', limit=1).columns:  # noqa: S608 - our own table
            continue
        select = f'SELECT * FROM "{table}" WHERE person_id = {person_id:d}'  # noqa: S608 - our own table, and a number
        answer = run_query(file, select, limit=_MOST_ROWS)
        if answer.rows:
            found[table] = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    if not found:
        raise NotFoundError("person in the cohort", str(person_id), path="$.person_id")
    return found

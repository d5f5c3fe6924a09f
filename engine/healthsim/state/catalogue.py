"""The rows of the catalogue of cohorts: read, and entered into it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from healthsim.errors import InvalidInputError, NotFoundError, Problem, StateError, rendered
from healthsim.state.names import as_text

_SELECT = """
    SELECT cohort_id, name, created_at, file, spec, summary,
        (SELECT list(tag ORDER BY tag) FROM state.cohort_tags t WHERE t.cohort_id = c.cohort_id)
    FROM state.cohorts c
"""
_NEAREST = """
    SELECT label FROM (SELECT unnest([cohort_id, name]) AS label FROM state.cohorts)
    ORDER BY jaro_winkler_similarity(lower(label), lower(?)) DESC LIMIT 20
"""
_SUCCESSOR = "SELECT successor_id FROM state.cohort_successors WHERE cohort_id = ? AND successor_id <> cohort_id"
_HANDLE_SHOWN = 6


@dataclass(frozen=True, slots=True)
class CohortRecord:
    """A cohort of the catalogue.

    Attributes:
        cohort_id: Its handle.
        name: Its name, unique in the workspace.
        created_at: When it was published; None before.
        file: Its file; None before it was published.
        spec: The resolved profile it was made from; empty for tables that came from elsewhere.
        summary: What it holds.
        tags: Its tags, in the order of the alphabet.
    """

    cohort_id: str
    name: str
    created_at: datetime | None
    file: Path | None
    spec: Mapping[str, Any]
    summary: Mapping[str, Any]
    tags: tuple[str, ...] = ()

    @classmethod
    def of(cls, summary: Mapping[str, Any], spec: Mapping[str, Any]) -> "CohortRecord":
        """Give the record of a cohort that is not published yet."""
        return cls(summary["cohort_id"], summary["name"], None, None, spec, summary)

    @property
    def path(self) -> Path:
        """The file of a published cohort.

        Raises:
            StateError: It is not there any more.
        """
        if self.file is None or not self.file.exists():
            text = f"the file of cohort {self.cohort_id} ({self.file}) is gone; delete the cohort and generate it again"
            raise StateError(text)
        return self.file


def found_cohort(
    connection: duckdb.DuckDBPyConnection, directory: Path, cohort: str, *, path: str = "$.cohort_id"
) -> CohortRecord:
    """Give a cohort by its handle or name; by the handle of one that was extended, the extended one.

    Raises:
        NotFoundError: There is none; names the nearest.
    """
    text = as_text(cohort)
    clause = "WHERE cohort_id = $1 OR name = $1 ORDER BY cohort_id = $1 DESC"
    found = read_cohorts(connection, directory, clause, text)
    if not found:
        successor = connection.execute(_SUCCESSOR, [text]).fetchone()
        if successor is not None:
            return found_cohort(connection, directory, successor[0], path=path)
        near = connection.execute(_NEAREST, [text]).fetchall()
        raise NotFoundError("cohort", text, [label for (label,) in near], path=path)
    return found[0]


def present_cohort(connection: duckdb.DuckDBPyConnection, directory: Path, cohort_id: str) -> CohortRecord | None:
    """Give a cohort by its handle; None if there is none, or its file is gone."""
    found = read_cohorts(connection, directory, "WHERE cohort_id = $1", cohort_id)
    return found[0] if found and found[0].file is not None and found[0].file.exists() else None


def read_cohorts(
    connection: duckdb.DuckDBPyConnection, directory: Path, clause: str, *values: object
) -> list[CohortRecord]:
    """Read cohorts of the catalogue.

    Args:
        connection: To the workspace.
        directory: The folder of their files.
        clause: SQL that follows `FROM`.
        values: Of its parameters.
    """
    rows = connection.execute(f"{_SELECT} {clause}", list(values)).fetchall()
    return [
        CohortRecord(number, name, at, directory / file, json.loads(spec), json.loads(summary), tuple(tags or ()))
        for number, name, at, file, spec, summary, tags in rows
    ]


def enter_cohort(connection: duckdb.DuckDBPyConnection, record: CohortRecord, file: Path) -> None:
    """Write the row of a cohort; one that had the same handle and lost its file gives way."""
    connection.execute("DELETE FROM state.cohorts WHERE cohort_id = ?", [record.cohort_id])
    connection.execute(
        "INSERT INTO state.cohorts (cohort_id, name, file, spec, summary) VALUES (?, ?, ?, ?, ?)",
        [record.cohort_id, record.name, file.name, json.dumps(record.spec), json.dumps(record.summary)],
    )


def free_name(connection: duckdb.DuckDBPyConnection, record: CohortRecord, *, is_named: bool) -> str:
    """Give the name a cohort can have: its own, or, if that is taken and nobody chose it, with part of the handle."""
    query = "SELECT cohort_id FROM state.cohorts WHERE name = ? AND cohort_id <> ?"
    taken = connection.execute(query, [record.name, record.cohort_id]).fetchone()
    if taken is None:
        return record.name
    if is_named:
        message = f"the name belongs to cohort {taken[0]}"
        raise InvalidInputError(
            [Problem("$.name", message, rendered(record.name), "choose another, or delete that one")]
        )
    handle = record.cohort_id.removeprefix("co_")
    for length in range(_HANDLE_SHOWN, len(handle) + 1):
        name = f"{record.name}-{handle[:length]}"
        if connection.execute(query, [name, record.cohort_id]).fetchone() is None:
            return name
    return record.cohort_id

"""The record of runs: what exactly was executed, with what, and what came out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from healthsim.errors import InvalidInputError, NotFoundError, Problem, rendered
from healthsim.state.listing import check_page
from healthsim.state.names import as_text
from healthsim.state.store import Workspace
from healthsim.version import ENGINE_VERSION

STATUSES = ("completed", "failed", "cancelled")

_COLUMNS = (
    *("execution_id", "profile_id", "profile_version", "cohort_id", "spec", "seed", "count", "duration_ms", "digest"),
    *("tables", "engine_version", "reference_version", "status", "recorded_by", "created_at"),
)
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM state.profile_executions"  # noqa: S608 - our own table
_ENGINE, _CALLER = "engine", "caller"
_NEAREST_IDS = "SELECT execution_id FROM state.profile_executions ORDER BY abs(execution_id - $1), 1 LIMIT 3"
_MOST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Execution:
    """A run, as it was recorded.

    Attributes:
        execution_id: Its number.
        profile_id: The saved profile it was of; None for one that was not saved.
        profile_version: Which version of it.
        cohort_id: The cohort that came out.
        spec: The resolved profile that was executed: every default, count and seed in it.
        seed: Of all draws; None where whoever recorded it did not say.
        count: People.
        duration_ms: How long it took, milliseconds.
        digest: Of the rows; None where a caller recorded it.
        tables: Rows by table; empty where a caller recorded it.
        engine_version: Of HealthSim.
        reference_version: Of the reference data and the skills.
        status: How it ended.
        recorded_by: `engine` for what the engine did and saw itself, `caller` for what it was told.
        created_at: When it was recorded.
    """

    execution_id: int
    profile_id: int | None
    profile_version: int | None
    cohort_id: str | None
    spec: Mapping[str, Any]
    seed: int | None
    count: int
    duration_ms: int | None
    digest: str | None
    tables: Mapping[str, int]
    engine_version: str
    reference_version: str | None
    status: str
    recorded_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What a caller says of a run.

    Attributes:
        profile_id: The saved profile.
        profile_version: Which version of it.
        cohort_id: The cohort that came out.
        spec: What was executed.
        seed: Of all draws; None where the caller did not say.
        count: People; None likewise.
        duration_ms: How long it took, milliseconds.
        status: How it ended.
    """

    profile_id: int
    profile_version: int
    cohort_id: str | None
    spec: Mapping[str, Any]
    seed: int | None
    count: int | None
    duration_ms: int | None
    status: str


def record_run(
    connection: duckdb.DuckDBPyConnection, summary: Mapping[str, Any], spec: Mapping[str, Any], duration_ms: int
) -> None:
    """Record a run of the engine, in the transaction that publishes its cohort.

    Args:
        connection: To the workspace.
        summary: Of the cohort.
        spec: The resolved profile.
        duration_ms: How long it took, milliseconds.
    """
    connection.execute(
        "INSERT INTO state.profile_executions (cohort_id, spec, seed, count, duration_ms, digest, tables,"
        " engine_version, reference_version, status, recorded_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            *(summary["cohort_id"], json.dumps(spec), summary["seed"], summary["count"], duration_ms),
            *(summary["digest"], json.dumps(summary["tables"])),
            *(summary["engine_version"], summary["reference_version"], STATUSES[0], _ENGINE),
        ],
    )


class Executions:
    """The runs recorded in a workspace.

    Args:
        workspace: The workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def get(self, execution_id: int) -> Execution:
        """Give a run.

        Raises:
            NotFoundError: There is none; names the nearest.
        """
        text = as_text(execution_id).strip()
        number = int(text) if text.isdecimal() and text.isascii() else None
        with self._workspace.reading() as connection:
            if number is not None and number <= _MOST_ID:
                found = _read(connection, "WHERE execution_id = ?", [number])
                if found:
                    return found[0]
            near = connection.execute(_NEAREST_IDS, [min(number or 0, _MOST_ID // 2)]).fetchall()
        # Numbers are near by size, not by spelling.
        nearest = [str(each) for (each,) in near]
        raise NotFoundError("execution", text, path="$.execution_id", nearest=nearest)

    def listed(
        self, *, profile_id: int | None = None, cohort_id: str | None = None, limit: int = 50, offset: int = 0
    ) -> list[Execution]:
        """List runs, the newest first, all or those of a profile or cohort."""
        check_page(limit, offset)
        clause = (
            "WHERE ($1 IS NULL OR profile_id = $1) AND ($2 IS NULL OR cohort_id = $2)"
            " ORDER BY execution_id DESC LIMIT $3 OFFSET $4"
        )
        with self._workspace.reading() as connection:
            return _read(connection, clause, [profile_id, cohort_id, limit, offset])

    def report(self, report: Report) -> int:
        """Record what a caller says of a run, and give its number.

        A run whose cohort is kept has been recorded by the engine: it is told which profile it was of.

        Raises:
            InvalidInputError: It contradicts what the engine recorded.
        """
        with self._workspace.writing() as connection:
            own = _read(connection, "WHERE cohort_id = ? AND recorded_by = 'engine' LIMIT 1", [report.cohort_id])
            if not own:
                return _insert(connection, report)
            _check_agreement(report, own[0])
            clause = "WHERE cohort_id = ? AND profile_id = ? AND digest IS NOT NULL LIMIT 1"
            told = _read(connection, clause, [report.cohort_id, report.profile_id])
            if told:
                return told[0].execution_id
            if own[0].profile_id is not None:
                return _insert_copy(connection, own[0], report)
            connection.execute(
                "UPDATE state.profile_executions SET profile_id = ?, profile_version = ? WHERE execution_id = ?",
                [report.profile_id, report.profile_version, own[0].execution_id],
            )
            return own[0].execution_id


def _insert(connection: duckdb.DuckDBPyConnection, report: Report) -> int:
    generation = report.spec["generation"]
    return _inserted(
        connection,
        {
            "profile_id": report.profile_id,
            "profile_version": report.profile_version,
            "cohort_id": report.cohort_id,
            "spec": json.dumps(report.spec),
            "seed": generation.get("seed"),
            "count": generation["count"],
            "duration_ms": report.duration_ms,
            "engine_version": ENGINE_VERSION,
            "status": report.status,
        },
    )


def _insert_copy(connection: duckdb.DuckDBPyConnection, own: Execution, report: Report) -> int:
    """Record that a run the engine recorded for one profile was also one of another."""
    copied = ("cohort_id", "seed", "count", "duration_ms", "digest", "engine_version", "reference_version", "status")
    values: dict[str, object] = {column: getattr(own, column) for column in copied}
    values |= {"spec": json.dumps(own.spec), "tables": json.dumps(own.tables)}
    return _inserted(connection, {**values, "profile_id": report.profile_id, "profile_version": report.profile_version})


def _inserted(connection: duckdb.DuckDBPyConnection, values: Mapping[str, object]) -> int:
    columns, places = ", ".join(values), ", ".join("?" * len(values))
    statement = (
        f"INSERT INTO state.profile_executions ({columns}, recorded_by) VALUES ({places}, ?) RETURNING execution_id"  # noqa: S608 - our own columns
    )
    row = connection.execute(statement, [*values.values(), _CALLER]).fetchone()
    return int(row[0]) if row else 0


def _check_agreement(report: Report, own: Execution) -> None:
    problems = [
        Problem(f"$.{fact}", f"the engine recorded {recorded} for cohort {own.cohort_id}", rendered(told))
        for fact, told, recorded in (("seed", report.seed, own.seed), ("count", report.count, own.count))
        if told is not None and told != recorded
    ]
    if problems:
        raise InvalidInputError(problems)


def _read(connection: duckdb.DuckDBPyConnection, clause: str, values: Sequence[object]) -> list[Execution]:
    rows = connection.execute(f"{_SELECT} {clause}", list(values)).fetchall()
    return [_execution(dict(zip(_COLUMNS, row, strict=True))) for row in rows]


def _execution(row: dict[str, Any]) -> Execution:
    return Execution(**{**row, "spec": json.loads(row["spec"]), "tables": json.loads(row["tables"] or "{}")})

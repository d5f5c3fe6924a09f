"""The catalogue of cohorts: which there are, and where their files lie."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from healthsim.errors import InvalidInputError, NotFoundError, Problem, StateError, rendered
from healthsim.state.executions import record_run
from healthsim.state.listing import check_page
from healthsim.state.names import as_text
from healthsim.state.staging import Staging
from healthsim.state.store import Workspace

_SELECT = "SELECT cohort_id, name, created_at, file, spec, summary FROM state.cohorts"
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
    """

    cohort_id: str
    name: str
    created_at: datetime | None
    file: Path | None
    spec: Mapping[str, Any]
    summary: Mapping[str, Any]

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


class Cohorts:
    """The cohorts of a workspace.

    Args:
        workspace: Whose they are.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @property
    def directory(self) -> Path:
        """The folder of their files."""
        return self._workspace.cohorts_directory

    def find(self, cohort_id: str) -> CohortRecord | None:
        """Give a cohort by its handle; None if there is none, or its file is gone."""
        with self._workspace.reading() as connection:
            return self._present(connection, str(cohort_id))

    def get(self, cohort: str, *, path: str = "$.cohort_id") -> CohortRecord:
        """Give a cohort by its handle or name.

        Raises:
            NotFoundError: There is none; names the nearest.
        """
        with self._workspace.reading() as connection:
            found = self._read(
                connection, "WHERE cohort_id = $1 OR name = $1 ORDER BY cohort_id = $1 DESC", as_text(cohort)
            )
            names = (
                () if found else connection.execute("SELECT unnest([cohort_id, name]) FROM state.cohorts").fetchall()
            )
        if not found:
            raise NotFoundError("cohort", as_text(cohort), [name for (name,) in names], path=path)
        return found[0]

    def newest(self, limit: int = 50) -> list[CohortRecord]:
        """List cohorts, the newest first.

        Raises:
            InvalidInputError: The limit is not positive.
        """
        check_page(limit)
        with self._workspace.reading() as connection:
            return self._read(connection, "ORDER BY created_at DESC, cohort_id LIMIT $1", limit)

    def publish(
        self, staging: Staging, record: CohortRecord, *, is_named: bool, duration_ms: int = 0
    ) -> tuple[CohortRecord, bool]:
        """Move a finished file to its place and enter it into the catalogue: both or neither.

        Args:
            staging: The file.
            record: What to enter.
            is_named: Whether the caller chose the name, so that a taken one is an error; else a free one is made of it.
            duration_ms: How long the cohort took to make, milliseconds.

        Returns:
            The record as entered, and whether it was there already: the same cohort made twice is kept once.

        Raises:
            InvalidInputError: The name belongs to another cohort.
            StateError: The catalogue cannot be reached; the file is then kept, and the error says where.
        """
        try:
            with self._workspace.writing() as connection:
                present = self._present(connection, record.cohort_id)
                if present is not None:
                    return present, True
                return self._enter(connection, staging, record, is_named=is_named, duration_ms=duration_ms), False
        except (StateError, duckdb.Error) as error:
            reason = str(error).splitlines()[0]
            if not staging.path.exists():
                raise StateError(reason) from error
            kept = staging.path.with_name(f"{record.cohort_id}.unpublished.duckdb")
            staging.publish(kept)
            raise StateError(f"{reason}; the finished cohort is kept as {kept}") from error

    def note_score(self, record: CohortRecord, score: Mapping[str, Any]) -> None:
        """Keep the short form of a cohort's score with its summary, unless the cohort is another one by now."""
        with self._workspace.writing() as connection:
            connection.execute(
                "UPDATE state.cohorts SET summary = json_merge_patch(summary, $1) WHERE cohort_id = $2"
                " AND summary ->> 'digest' = $3",
                [json.dumps({"score": score}), record.cohort_id, record.summary["digest"]],
            )

    def delete(self, cohort: str) -> CohortRecord:
        """Remove a cohort, its file and its space.

        Raises:
            NotFoundError: There is none.
            StateError: Its file cannot be removed, as when somebody reads it on Windows; then nothing has changed.
        """
        record = self.get(cohort)
        with self._workspace.writing() as connection:
            try:
                if record.file is not None:
                    record.file.unlink(missing_ok=True)
            except OSError as error:
                raise StateError(f"{record.file} cannot be removed: {error.strerror}") from error
            connection.execute("DELETE FROM state.cohorts WHERE cohort_id = ?", [record.cohort_id])
        return record

    def _enter(
        self,
        connection: duckdb.DuckDBPyConnection,
        staging: Staging,
        record: CohortRecord,
        *,
        is_named: bool,
        duration_ms: int,
    ) -> CohortRecord:
        name = _free_name(connection, record, is_named=is_named)
        file = self.directory / f"{record.cohort_id}.duckdb"
        entered = replace(record, name=name, file=file, summary={**record.summary, "name": name})
        connection.begin()
        try:
            connection.execute("DELETE FROM state.cohorts WHERE cohort_id = ?", [record.cohort_id])
            connection.execute(
                "INSERT INTO state.cohorts (cohort_id, name, file, spec, summary) VALUES (?, ?, ?, ?, ?)",
                [record.cohort_id, name, file.name, json.dumps(record.spec), json.dumps(entered.summary)],
            )
            if entered.spec:
                record_run(connection, entered.summary, entered.spec, duration_ms)
            staging.publish(file)
            connection.commit()
        except BaseException:
            with suppress(duckdb.Error):
                connection.rollback()
            if not staging.path.exists():
                with suppress(OSError):
                    file.replace(staging.path)
            raise
        return entered

    def _present(self, connection: duckdb.DuckDBPyConnection, cohort_id: str) -> CohortRecord | None:
        found = self._read(connection, "WHERE cohort_id = $1", cohort_id)
        return found[0] if found and found[0].file is not None and found[0].file.exists() else None

    def _read(self, connection: duckdb.DuckDBPyConnection, clause: str, *values: object) -> list[CohortRecord]:
        rows = connection.execute(f"{_SELECT} {clause}", list(values)).fetchall()
        directory = self.directory
        return [
            CohortRecord(cohort_id, name, created_at, directory / file, json.loads(spec), json.loads(summary))
            for cohort_id, name, created_at, file, spec, summary in rows
        ]


def _free_name(connection: duckdb.DuckDBPyConnection, record: CohortRecord, *, is_named: bool) -> str:
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

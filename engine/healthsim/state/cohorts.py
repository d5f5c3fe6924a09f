"""The cohorts of a workspace: published, found, labelled and deleted, each with its file or not at all."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from healthsim.errors import StateError
from healthsim.state.artefacts import remove
from healthsim.state.catalogue import (
    CohortRecord,
    enter_cohort,
    found_cohort,
    free_name,
    present_cohort,
    read_cohorts,
)
from healthsim.state.executions import record_run
from healthsim.state.listing import check_page
from healthsim.state.names import as_text, unique_tags
from healthsim.state.settling import forget, has_unsettled, settle, unsettled
from healthsim.state.staging import Leftover, Staging, sweep
from healthsim.state.store import Workspace
from healthsim.state.transactions import transaction
from healthsim.state.unpublished import keep_unpublished, note_beside


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

    def tidy(self) -> None:
        """Remove or settle what dead processes left; what cannot be settled now is left for the next time."""
        with suppress(OSError):
            sweep(self.directory)
            if has_unsettled(self.directory):
                with suppress(StateError), self._workspace.writing() as connection:
                    settle(connection, self.directory)

    def find(self, cohort_id: str) -> CohortRecord | None:
        """Give a cohort by its handle; None if there is none, or its file is gone."""
        with self._workspace.reading() as connection:
            return present_cohort(connection, self.directory, str(cohort_id))

    def get(self, cohort: str, *, path: str = "$.cohort_id") -> CohortRecord:
        """Give a cohort by its handle or name.

        Raises:
            NotFoundError: There is none; names the nearest.
        """
        with self._workspace.reading() as connection:
            return found_cohort(connection, self.directory, cohort, path=path)

    def listed(
        self,
        limit: int = 50,
        offset: int = 0,
        *,
        search: str | None = None,
        tags: Sequence[str] = (),
        product: str | None = None,
    ) -> list[CohortRecord]:
        """List cohorts, the newest first.

        Args:
            limit: Most cohorts.
            offset: Cohorts to leave out before.
            search: Text in the name, whatever its case.
            tags: Tags they all have.
            product: Product they are of.

        Raises:
            InvalidInputError: The page is none.
        """
        check_page(limit, offset)
        conditions, values = ["TRUE"], list[object]()
        if search:
            conditions.append("contains(lower(name), lower(?))")
            values.append(as_text(search))
        for tag in tags:
            conditions.append(
                "cohort_id IN (SELECT t.cohort_id FROM state.cohort_tags t WHERE lower(t.tag) = lower(?))"
            )
            values.append(as_text(tag).strip())
        if product is not None:
            conditions.append("list_contains(CAST(summary->'products' AS VARCHAR[]), lower(?))")
            values.append(as_text(product))
        clause = f"WHERE {' AND '.join(conditions)} ORDER BY created_at DESC, cohort_id LIMIT ? OFFSET ?"
        with self._workspace.reading() as connection:
            return read_cohorts(connection, self.directory, clause, *values, limit, offset)

    def publish(
        self, staging: Staging | Leftover, record: CohortRecord, *, is_named: bool, duration_ms: int | None = None
    ) -> tuple[CohortRecord, bool]:
        """Move a finished file to its place and enter it into the catalogue: both or neither.

        Args:
            staging: The file.
            record: What to enter.
            is_named: Whether the caller chose the name, so that a taken one is an error; else a free one is made of it.
            duration_ms: How long the run took that made it, milliseconds; None where it was not made by one.

        Returns:
            The record as entered, and whether it was there already: the same cohort made twice is kept once.

        Raises:
            InvalidInputError: The name belongs to another cohort.
            StateError: The catalogue cannot be reached; the file is then kept, and the error says where.
        """
        note_beside(staging.path, record.summary, record.spec, duration_ms)
        try:
            with self._workspace.writing() as connection:
                settle(connection, self.directory)
                present = present_cohort(connection, self.directory, record.cohort_id)
                if present is not None:
                    return present, True
                name = free_name(connection, record, is_named=is_named)
                return self._enter(connection, staging, record, name, duration_ms), False
        except (StateError, duckdb.Error) as error:
            reason = str(error).splitlines()[0]
            if not staging.path.exists():
                raise StateError(reason) from error
            kept = keep_unpublished(staging, record.cohort_id)
            hint = f"`healthsim cohorts publish --db {self._workspace.path}` enters it into the catalogue"
            raise StateError(f"{reason}; the finished cohort is kept as {kept}: {hint}") from error

    def rename(self, cohort: str, name: str) -> CohortRecord:
        """Give a cohort another name.

        Raises:
            NotFoundError: There is no such cohort.
            InvalidInputError: The name belongs to another.
        """
        with self._workspace.changing() as connection:
            record = found_cohort(connection, self.directory, cohort)
            free_name(connection, replace(record, name=name), is_named=True)
            connection.execute(
                "UPDATE state.cohorts SET name = ?, summary = ? WHERE cohort_id = ?",
                [name, json.dumps({**record.summary, "name": name}), record.cohort_id],
            )
            return found_cohort(connection, self.directory, record.cohort_id)

    def tag(self, cohort: str, add: Sequence[str], remove: Sequence[str]) -> CohortRecord:
        """Add tags to a cohort, and remove others.

        Raises:
            NotFoundError: There is no such cohort.
        """
        with self._workspace.changing() as connection:
            record = found_cohort(connection, self.directory, cohort)
            removed = {tag.strip().casefold() for tag in remove}
            tags = [tag for tag in unique_tags([*record.tags, *add]) if tag.casefold() not in removed]
            connection.execute("DELETE FROM state.cohort_tags WHERE cohort_id = ?", [record.cohort_id])
            for tag in tags:
                connection.execute("INSERT INTO state.cohort_tags VALUES (?, ?)", [record.cohort_id, tag])
            return found_cohort(connection, self.directory, record.cohort_id)

    def succeed(self, cohort_id: str, successor_id: str) -> CohortRecord:
        """Let a cohort take the place of the one it extends: its name, its tags, and whoever asks for its handle.

        Raises:
            NotFoundError: One of them is not there.
            StateError: The file of the extended one cannot be removed; both are then there.
        """
        with self._workspace.changing() as connection:
            before = found_cohort(connection, self.directory, cohort_id)
            both = [cohort_id, successor_id]
            connection.execute("DELETE FROM state.cohort_successors WHERE cohort_id IN (?, ?)", both)
            connection.execute("INSERT INTO state.cohort_successors VALUES (?, ?)", both)
        self.tag(successor_id, before.tags, ())
        self.delete(cohort_id)
        return self.rename(successor_id, before.name)

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
        with self._workspace.writing() as connection:
            settle(connection, self.directory)
            record = found_cohort(connection, self.directory, cohort)
            file = self.directory / f"{record.cohort_id}.duckdb" if record.file is None else record.file
            if not file.parent.exists():
                forget(connection, record.cohort_id)
                return record
            with unsettled(file), transaction(connection):
                forget(connection, record.cohort_id)
                try:
                    remove(file)
                except OSError as error:
                    raise StateError(f"{file} cannot be removed: {error.strerror}") from error
        return record

    def _enter(
        self,
        connection: duckdb.DuckDBPyConnection,
        staging: Staging | Leftover,
        record: CohortRecord,
        name: str,
        duration_ms: int | None,
    ) -> CohortRecord:
        file = self.directory / f"{record.cohort_id}{staging.path.suffix}"
        entered = replace(record, name=name, file=file, summary={**record.summary, "name": name})
        with unsettled(file):
            try:
                with transaction(connection):
                    enter_cohort(connection, entered, file)
                    if entered.spec and duration_ms is not None:
                        record_run(connection, entered.summary, entered.spec, duration_ms)
                    staging.publish(file)
            except BaseException:
                if not staging.path.exists():
                    with suppress(OSError):
                        file.replace(staging.path)
                raise
        return entered

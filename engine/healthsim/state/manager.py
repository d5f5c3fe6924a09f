"""The state manager: what users keep, found again."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal, Unpack

import duckdb

from healthsim.errors import InvalidInputError, Problem, StateError, rendered
from healthsim.reference import County, LoadedFile, Reference, load_file, loaded_files
from healthsim.scorecard import score_version, scorecard
from healthsim.simulation.run import Cancelled, Progress
from healthsim.state.catalogue import CohortRecord
from healthsim.state.entities import persisted_tables
from healthsim.state.fetching import FetchOutcome, Watch, fetch_into
from healthsim.state.journeys import JourneyManager
from healthsim.state.keeping import CohortKeeping
from healthsim.state.labels import raise_if_any
from healthsim.state.names import check_names
from healthsim.state.network import FacilitySearch, ProviderSearch, facility_search, provider_search
from healthsim.state.paths import path_problems, workspace_path
from healthsim.state.person import rows_of_person
from healthsim.state.profiles import ProfileManager
from healthsim.state.query import QueryAnswer, run_query
from healthsim.state.reading import cohort_connection
from healthsim.state.rerun import Rerun, rerun
from healthsim.state.result import Result
from healthsim.state.staging import Staging, staged_copy
from healthsim.state.store import Workspace

_SAMPLE_ROWS = 3


def get_manager(db: str | Path | None = None) -> "StateManager":
    """Give the manager of a workspace: the argument, else `$HEALTHSIM_DB`, else the user's own.

    What processes that died left in it is removed.
    """
    manager = StateManager(Workspace(workspace_path(db)))
    manager.cohorts.tidy()
    return manager


class StateManager(CohortKeeping):
    """Keeps cohorts, profiles, journeys, executions and reference data in a workspace.

    Args:
        workspace: The workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.profiles = ProfileManager(workspace)
        self.journeys = JourneyManager(workspace)

    def persist(self, entities: object, *, context: str | None = None, name: str | None = None) -> dict[str, Any]:
        """Keep entities as a cohort, once: the same ones again are the cohort that is there already.

        Args:
            entities: A result; or tables by name, each a list of dicts or an Arrow table; or a list of dicts of one
                kind.
            context: What they are, for the cohort's name.
            name: The cohort's name.

        Returns:
            The cohort's summary; never the records.

        Raises:
            InvalidInputError: They are not such, or the name belongs to another cohort; lists every problem.
            StateError: The workspace is busy or damaged.
        """
        check_names(name=name, context=context)
        if isinstance(entities, Result):
            return self._persist_result(entities, context=context, name=name)
        with Staging(self.workspace.cohorts_directory) as staging:
            summary = persisted_tables(entities, staging.path, name or context or "entities")
            record, existing = self.cohorts.publish(staging, CohortRecord.of(summary, {}), is_named=name is not None)
        return {**record.summary, "existing": existing}

    def get_summary(self, cohort_id: str, *, detail: Literal["concise", "detailed"] = "concise") -> dict[str, Any]:
        """Give what a cohort holds: counts and distributions, and with `detailed` a few rows of each table.

        A cohort that was scored with the rules of today has the short form of its score, too.

        Args:
            cohort_id: Its handle or name.
            detail: How much.

        Raises:
            NotFoundError: There is no such cohort; names the nearest.
        """
        record = self.cohorts.get(cohort_id)
        summary = {**record.summary, "existing": True, **({"tags": list(record.tags)} if record.tags else {})}
        if summary.get("score", {}).get("version") != score_version():
            summary.pop("score", None)
        if detail == "detailed":
            summary["samples"] = {table: self._sample(record, table) for table in summary["tables"]}
        return summary

    def score(self, cohort_id: str, *, keep: bool = True) -> dict[str, Any]:
        """Score a cohort: which rules it breaks, and how far its figures are from those asked for and published.

        Args:
            cohort_id: Its handle or name.
            keep: Whether to keep the short form with the cohort, for `get_summary`.

        Returns:
            JSON: `score`, the short form; `rules`, a line each, with the first rows that break it; `figures`, a line
            each, with what was expected, its source, and what was reached.

        Raises:
            NotFoundError: There is no such cohort; names the nearest.
            StateError: Its file is gone or damaged.
        """
        record = self.cohorts.get(cohort_id)
        with cohort_connection(record.path) as connection, _sound(record):
            card = scorecard(connection, record.summary, record.spec)
        if keep:
            # A workspace that is busy or may not be written keeps no note; the card is as good.
            with suppress(StateError):
                self.cohorts.note_score(record, card["score"])
        return card

    def query(self, cohort_id: str, sql: str, *, limit: int = 100, offset: int = 0) -> QueryAnswer:
        """Answer one SELECT over a cohort's tables.

        Raises:
            NotFoundError: There is no such cohort.
            QueryError: It is not one SELECT over its tables, or is wrong.
        """
        return run_query(self.cohorts.get(cohort_id).path, sql, limit=limit, offset=offset)

    def get_person(self, cohort_id: str, person_id: int) -> dict[str, list[dict[str, Any]]]:
        """Give one person whole: their rows by table, without the tables that have none.

        Raises:
            NotFoundError: There is no such cohort, or nobody of that number in it.
        """
        record = self.cohorts.get(cohort_id)
        return rows_of_person(record.path, record.summary["tables"], person_id)

    def rerun_execution(
        self, execution_id: int, *, progress: Progress | None = None, cancelled: Cancelled | None = None
    ) -> Rerun:
        """Execute again what was executed, keeping nothing, and compare digests; tells what has changed since.

        Args:
            execution_id: Its number.
            progress: As in `healthsim.generate`.
            cancelled: As in `healthsim.generate`.

        Raises:
            NotFoundError: There is no such execution; names the nearest.
            RunCancelledError: `cancelled` said so.
        """
        return rerun(self.profiles.get_execution(execution_id), self.workspace, progress=progress, cancelled=cancelled)

    def lookup_county(
        self, *, fips: str | int | None = None, name: str | None = None, state: str | None = None
    ) -> dict[str, Any]:
        """Give the figures of a county, by code or by name and state, or of a state alone.

        Raises:
            NotFoundError: There is no such place; names the nearest.
            InvalidInputError: No place is named.
        """
        with self.workspace.reading() as connection:
            reference = Reference(connection)
        if fips is not None or name is not None:
            county = reference.find_county(fips, name=None if name is None else str(name), state=state)
            _check_same_place(reference, county, name if fips is not None else None, state)
            return asdict(reference.county_figures(county.fips))
        if state is None:
            raise InvalidInputError([Problem("$", "no place is named", None, "give fips, or name and state, or state")])
        return asdict(reference.state_figures(state))

    def find_providers(self, **search: Unpack[ProviderSearch]) -> dict[str, Any]:
        """Find providers: the loaded ones, else the starter's, as `NetworkSimResolver.find_providers` does.

        Returns:
            `source`, where they are from, and `providers`.

        Raises:
            InvalidInputError: Something named is unknown; lists every problem.
        """
        return provider_search(self.workspace, search)

    def find_facilities(self, **search: Unpack[FacilitySearch]) -> dict[str, Any]:
        """Find facilities: the loaded ones, else the starter's, as `NetworkSimResolver.find_facilities` does.

        Returns:
            `source`, where they are from, and `facilities`.

        Raises:
            InvalidInputError: Something named is unknown; lists every problem.
        """
        return facility_search(self.workspace, search)

    def load_reference(self, paths: Sequence[str | Path], *, release: int | None = None) -> list[LoadedFile]:
        """Load official files, each whole or not at all.

        Args:
            paths: The files.
            release: Their release year, where neither name nor content tells it.

        Raises:
            ReferenceFileError: A file is not an official one, or is damaged.
        """
        listed = list(paths) if isinstance(paths, Sequence) and not isinstance(paths, str | bytes) else [paths]
        raise_if_any(
            [problem for index, path in enumerate(listed) for problem in path_problems(path, f"$.paths[{index}]")]
        )
        with self.workspace.writing() as connection:
            return [load_file(connection, Path(str(path)), release=release) for path in listed]

    def fetch_reference(
        self,
        sources: Sequence[str],
        *,
        release: str | int | None = None,
        directory: str | Path | None = None,
        load: bool = True,
        watch: Watch | None = None,
    ) -> list[FetchOutcome]:
        """Fetch official files from their publishers, and load them; what fails of one does not stop the others.

        Args:
            sources: `places`, `svi`, `hospitals`, `nppes`.
            release: Release year, or a month such as `2026-10` for NPPES; None for the latest.
            directory: Where the files go; None for the folder `downloads` beside the workspace database.
            load: Whether to load them.
            watch: Given a source, gives a function that is told the bytes that are there and those there will be.

        Raises:
            NotFoundError: There is no such source; names the nearest.
            InvalidInputError: A source has no such release; names those it has. Nothing was fetched.
        """
        return fetch_into(
            self.workspace,
            [sources] if isinstance(sources, str) else list(sources),
            release=None if release is None else str(release),
            directory=None if directory is None else Path(directory).expanduser(),
            load=load,
            watch=watch or (lambda _source: lambda _done, _total: None),
        )

    def reference_status(self) -> list[dict[str, Any]]:
        """List the official files that are loaded, in the order of loading, with their date in UTC."""
        with self.workspace.reading() as connection:
            loads = loaded_files(connection)
        return [
            {**asdict(load), "loaded_at": f"{load.loaded_at.isoformat()}Z" if load.loaded_at else None}
            for load in loads
        ]

    def _persist_result(self, result: Result, *, context: str | None, name: str | None) -> dict[str, Any]:
        """Keep a result here, wherever else it is kept."""
        present = self.cohorts.find(result.summary["cohort_id"])
        if present is not None:
            return {**present.summary, "existing": True}
        summary: Mapping[str, Any] = {**result.summary, "name": name or context or result.summary["name"]}
        record = CohortRecord.of(summary, result.spec)
        with staged_copy(self.workspace.cohorts_directory, result.file) as staging:
            kept, existing = self.cohorts.publish(
                staging, record, is_named=name is not None, duration_ms=result.duration_ms
            )
        return {**kept.summary, "existing": existing}

    @staticmethod
    def _sample(record: CohortRecord, table: str) -> list[dict[str, Any]]:
        answer = run_query(record.path, f'SELECT * FROM "{table}"', limit=_SAMPLE_ROWS)  # noqa: S608 - our own table
        return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


@contextmanager
def _sound(record: CohortRecord) -> Iterator[None]:
    """Take rows that the rules cannot be asked about for what they are: those of a file that is not as we write it.

    Raises:
        StateError: There are some.
    """
    try:
        yield
    except (duckdb.BinderException, duckdb.ConversionException) as error:
        raise StateError(f"the rows of cohort {record.cohort_id} cannot be scored: its file is damaged") from error


def _check_same_place(reference: Reference, county: County, name: str | None, state: str | None) -> None:
    """Refuse a code, a name and a state that are not of one county."""
    problems = []
    if state is not None and reference.state_figures(state).state != county.state:
        problems.append(Problem("$.state", f"{county.full_name} is in {county.state}", rendered(state)))
    if name is not None and not county.full_name.casefold().startswith(str(name).partition(",")[0].strip().casefold()):
        problems.append(Problem("$.name", f"the county of this code is {county.full_name}", rendered(name)))
    if problems:
        raise InvalidInputError(problems)

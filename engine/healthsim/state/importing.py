"""A cohort from a folder of Parquet files: kept once it is seen to be what its manifest says."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from healthsim.errors import InvalidInputError, Problem, StateError, rendered
from healthsim.sinks.connecting import connected
from healthsim.sinks.layout import identifier, literal
from healthsim.state.catalogue import CohortRecord
from healthsim.state.cohorts import Cohorts
from healthsim.state.exporting import checksum
from healthsim.state.manifest import read_manifest
from healthsim.state.staging import Staging
from healthsim.tables import table_definition


def import_cohort(cohorts: Cohorts, directory: Path, name: str | None) -> tuple[CohortRecord, bool]:
    """Keep an exported cohort.

    Args:
        cohorts: Where.
        directory: The folder of the export.
        name: The cohort's name; None for the one it had.

    Returns:
        The cohort, and whether it was there already.

    Raises:
        InvalidInputError: The folder is no export, or its files are not what the manifest says; lists every problem.
    """
    manifest = read_manifest(directory)
    if problems := list(_file_problems(directory, manifest["tables"])):
        raise InvalidInputError(problems)
    summary = {**manifest["summary"], "name": name or manifest["name"]}
    record = CohortRecord.of(summary, manifest["spec"])
    with Staging(cohorts.directory) as staging:
        _fill(staging.path, directory, manifest["tables"])
        kept, existing = cohorts.publish(staging, record, is_named=name is not None)
    return (kept if existing or not manifest["tags"] else cohorts.tag(kept.cohort_id, manifest["tags"], ())), existing


def _file_problems(directory: Path, tables: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """Find files that are not there, or not as they were written."""
    for name, table in tables.items():
        file, path = directory / Path(table["file"]).name, f"$.tables.{name}"
        if file.exists() and not file.is_file():
            yield Problem(path, f"{file.name} is no file")
            continue
        try:
            found = checksum(file)
        except OSError as error:
            yield Problem(path, f"{file.name} cannot be read: {error.strerror}")
            continue
        if found != table["sha256"]:
            yield Problem(path, f"{file.name} was changed after it was written", f"SHA-256 {found}")


def _fill(target: Path, directory: Path, tables: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the tables into a cohort's file.

    Raises:
        InvalidInputError: A table is not what the manifest says.
        StateError: A file cannot be read, or the cohort's not written.
    """
    try:
        with connected(target) as connection:
            problems = [
                problem
                for name, table in tables.items()
                for problem in _table_problems(connection, name, table, directory / Path(table["file"]).name)
            ]
    except duckdb.Error as error:
        raise StateError(f"the export cannot be imported: {str(error).splitlines()[0]}") from error
    if problems:
        raise InvalidInputError(problems)


def _table_problems(
    connection: duckdb.DuckDBPyConnection, name: str, table: Mapping[str, Any], file: Path
) -> Iterator[Problem]:
    """Write a table, unless its file says already that it is another; then look at what was written, too."""
    quoted, source = f"main.{identifier(name)}", f"read_parquet({literal(str(file))})"
    problems = list(_differences(connection, source, name, table))
    if not problems:
        connection.execute(f"CREATE TABLE {quoted} AS SELECT * FROM {source}")  # noqa: S608 - quoted names
        connection.execute(f"COMMENT ON TABLE {quoted} IS {literal(table_definition(name).description)}")
        problems = list(_differences(connection, quoted, name, table))
    yield from problems


def _differences(
    connection: duckdb.DuckDBPyConnection, source: str, name: str, table: Mapping[str, Any]
) -> Iterator[Problem]:
    """Find what a manifest says otherwise than a file or table is; of a file only its description is read."""
    columns = {column: kind for column, kind, *_ in connection.execute(f"DESCRIBE FROM {source}").fetchall()}
    (rows,) = connection.execute(f"SELECT count(*) FROM {source}").fetchone() or (0,)  # noqa: S608 - quoted names
    if columns != table["columns"]:
        yield Problem(f"$.tables.{name}.columns", "the file has other columns", rendered(columns))
    if rows != table["rows"]:
        yield Problem(f"$.tables.{name}.rows", "the file has another number of rows", rendered(rows))

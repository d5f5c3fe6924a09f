"""A cohort from a folder of Parquet files: kept once it is seen to be what its manifest says."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from healthsim.errors import InvalidInputError, InvalidProfileError, Problem, StateError, rendered
from healthsim.sinks.layout import identifier, literal
from healthsim.spec import parsed_profile
from healthsim.state.catalogue import CohortRecord
from healthsim.state.cohorts import Cohorts
from healthsim.state.exporting import MANIFEST, MANIFEST_VERSION, checksum, manifest_checksum
from healthsim.state.staging import Staging
from healthsim.tables import table_definition, table_names

_LONGEST_MANIFEST = 20_000_000
_SAID = {"format": str, "name": str, "tags": list, "is_complete": bool, "spec": dict, "summary": dict, "tables": dict}
_SAID_OF_A_TABLE = {"file": str, "rows": int, "sha256": str, "columns": dict}


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
    manifest = _manifest(directory)
    problems = [*_content_problems(manifest), *_file_problems(directory, manifest["tables"])]
    if problems:
        raise InvalidInputError(problems)
    summary = {**manifest["summary"], "name": name or manifest["name"]}
    record = CohortRecord.of(summary, manifest["spec"])
    with Staging(cohorts.directory) as staging:
        _fill(staging.path, directory, manifest["tables"])
        kept, existing = cohorts.publish(staging, record, is_named=name is not None)
    return (kept if existing or not manifest["tags"] else cohorts.tag(kept.cohort_id, manifest["tags"], ())), existing


def _manifest(directory: Path) -> Mapping[str, Any]:
    file = directory / MANIFEST
    try:
        if file.stat().st_size > _LONGEST_MANIFEST:
            raise _refused(file, "the manifest is too long to be one")
        manifest = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or "it is not JSON"
        raise _refused(file, f"the manifest of an export cannot be read: {reason}") from error
    if not isinstance(manifest, dict) or manifest.get("manifest_version") != MANIFEST_VERSION:
        raise _refused(file, f"not a manifest of version {MANIFEST_VERSION}")
    if manifest.get("sha256") != manifest_checksum(manifest):
        raise _refused(file, "the manifest was changed after it was written")
    if not _says(manifest, _SAID) or not all(_says(table, _SAID_OF_A_TABLE) for table in manifest["tables"].values()):
        raise _refused(file, "the manifest does not say what it should")
    return manifest


def _says(document: object, wanted: Mapping[str, type]) -> bool:
    """Tell whether a document has some keys, each with a value of its kind."""
    return isinstance(document, dict) and all(isinstance(document.get(key), kind) for key, kind in wanted.items())


def _content_problems(manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Find what in a whole manifest cannot be taken."""
    if manifest["format"] != "parquet" or not manifest["is_complete"]:
        message = "only exports of all tables as Parquet can be imported"
        yield Problem("$.format", message, rendered(manifest["format"]))
    for table in manifest["tables"]:
        if table not in table_names():
            yield Problem(f"$.tables.{table}", "this version knows no such table", rendered(table))
    if manifest["spec"]:
        try:
            problems = parsed_profile(manifest["spec"]).problems
        except InvalidProfileError as error:
            problems = error.problems
        yield from (Problem(f"$.spec{each.path[1:]}", each.message, each.received, each.hint) for each in problems)


def _file_problems(directory: Path, tables: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """Find files that are not there, or not as they were written."""
    for name, table in tables.items():
        file, path = directory / Path(table["file"]).name, f"$.tables.{name}"
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
        with duckdb.connect(str(target)) as connection:
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
    quoted, source = f"main.{identifier(name)}", f"read_parquet({literal(str(file))})"
    connection.execute(f"CREATE TABLE {quoted} AS SELECT * FROM {source}")  # noqa: S608 - quoted names
    connection.execute(f"COMMENT ON TABLE {quoted} IS {literal(table_definition(name).description)}")
    columns = {column: kind for column, kind, *_ in connection.execute(f"DESCRIBE {quoted}").fetchall()}
    (rows,) = connection.execute(f"SELECT count(*) FROM {quoted}").fetchone() or (0,)  # noqa: S608 - as above
    if columns != table["columns"]:
        yield Problem(f"$.tables.{name}.columns", "the file has other columns", rendered(columns))
    if rows != table["rows"]:
        yield Problem(f"$.tables.{name}.rows", "the file has another number of rows", rendered(rows))


def _refused(file: Path, message: str) -> InvalidInputError:
    return InvalidInputError([Problem("$.directory", message, rendered(str(file)))])

"""A cohort as a folder: a file a table, and a manifest that says what it is and how to see that it is whole."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest, sha256
from os import fsencode
from pathlib import Path
from shutil import rmtree
from typing import Any, Literal
from uuid import uuid4

import duckdb

from healthsim.errors import InvalidInputError, Problem, StateError, did_you_mean, nearest_names, rendered
from healthsim.sinks.connecting import IN_MEMORY, connected
from healthsim.sinks.layout import identifier, literal
from healthsim.state.catalogue import CohortRecord
from healthsim.state.reading import attach_cohort
from healthsim.state.shard_reading import is_damage_of_shards

ExportFormat = Literal["parquet", "csv", "jsonl"]

MANIFEST = "manifest.json"
MANIFEST_VERSION = 1
_SPILL = ".spill"
_LONGEST_PART = 255
"""Bytes of the name of a file or folder; what file systems allow."""

_FORMATS: Mapping[str, str] = {
    "parquet": "FORMAT parquet, COMPRESSION zstd",
    "csv": "FORMAT csv, HEADER",
    "jsonl": "FORMAT json",
}


@dataclass(frozen=True, slots=True)
class ExportedTable:
    """A table of an export.

    Attributes:
        file: Name of its file.
        rows: How many.
        bytes: Of the file.
        sha256: Of the file, 64 hexadecimal digits.
        columns: SQL types by name, in their order.
    """

    file: str
    rows: int
    bytes: int
    sha256: str
    columns: Mapping[str, str]

    def document(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def export_cohort(
    record: CohortRecord, directory: Path, *, tables: Sequence[str] | None, format_name: str
) -> dict[str, Any]:
    """Write a cohort's tables into a folder, whole or not at all.

    Args:
        record: The cohort.
        directory: The folder; must be empty or not exist.
        tables: Which tables; None for all.
        format_name: How they are written.

    Returns:
        The folder, and its files with rows, bytes and SHA-256.

    Raises:
        InvalidInputError: A table or the format is unknown, or the folder is not empty; lists every problem.
        StateError: The folder cannot be written.
    """
    present = list(record.summary["tables"])
    wanted = present if tables is None else tables
    problems = [*_table_problems(wanted, present), *_format_problems(format_name), *_folder_problems(directory)]
    if problems:
        raise InvalidInputError(problems)
    with _built(directory) as folder:
        exported = {table: _written(record, table, folder, format_name) for table in dict.fromkeys(wanted)}
        manifest = _manifest(record, exported, format_name)
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    files = [
        {"file": table.file, "rows": table.rows, "bytes": table.bytes, "sha256": table.sha256}
        for table in exported.values()
    ]
    return {
        "cohort_id": record.cohort_id,
        "directory": str(directory),
        "format": format_name,
        "files": files,
        "manifest": MANIFEST,
    }


def checksum(file: Path) -> str:
    """Give the SHA-256 of a file."""
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()


def manifest_checksum(manifest: Mapping[str, Any]) -> str:
    """Give the SHA-256 of what a manifest says, but of itself."""
    said = {key: value for key, value in manifest.items() if key != "sha256"}
    return sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _manifest(record: CohortRecord, exported: Mapping[str, ExportedTable], format_name: str) -> dict[str, Any]:
    manifest: dict[str, Any] = {
        "manifest_version": MANIFEST_VERSION,
        "format": format_name,
        "cohort_id": record.cohort_id,
        "name": record.name,
        "tags": list(record.tags),
        "is_complete": exported.keys() == record.summary["tables"].keys(),
        "spec": record.spec,
        "summary": record.summary,
        "tables": {name: table.document() for name, table in exported.items()},
    }
    return {**manifest, "sha256": manifest_checksum(manifest)}


def _written(record: CohortRecord, table: str, folder: Path, format_name: str) -> ExportedTable:
    """Write a table and describe its file; codes are written as the texts they stand for."""
    file = folder / f"{table}.{format_name}"
    source = f"cohort.main.{identifier(table)}"
    # Attached, not opened: an open one of this process might have other settings, which DuckDB refuses.
    # What does not fit into memory lies in the folder for a while: by default it would lie in the current one.
    spill = str(folder / _SPILL)
    with _readable(record.path), connected(IN_MEMORY, settings={"temp_directory": spill}) as connection:
        attach_cohort(connection, "cohort", record.path)
        described = connection.execute(f"DESCRIBE {source}").fetchall()
        columns = {name: "VARCHAR" if kind.startswith("ENUM") else kind for name, kind, *_ in described}
        cast = ", ".join(f"{identifier(name)}::{kind} AS {identifier(name)}" for name, kind in columns.items())
        query = f"SELECT {cast} FROM {source}"  # noqa: S608 - quoted names
        written = connection.execute(f"COPY ({query}) TO {literal(str(file))} ({_FORMATS[format_name]})").fetchone()
    rmtree(folder / _SPILL, ignore_errors=True)
    rows = int(written[0]) if written else 0
    return ExportedTable(file.name, rows, file.stat().st_size, checksum(file), columns)


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    """Tell what DuckDB finds wrong in a cohort's shards as an error of ours."""
    try:
        yield
    except duckdb.Error as error:
        if is_damage_of_shards(error):
            raise StateError(f"the cohort's file {file.name} is damaged") from error
        raise


@contextmanager
def _built(directory: Path) -> Iterator[Path]:
    """Give a folder to fill that becomes the one asked for when all is well, and is gone otherwise."""
    partial = directory.with_name(f".{uuid4().hex}.partial")
    try:
        partial.mkdir(parents=True)
        yield partial
        if directory.exists():
            directory.rmdir()
        partial.replace(directory)
    except duckdb.CatalogException as error:
        rmtree(partial, ignore_errors=True)
        raise StateError("the cohort's file lacks a table that its summary names; it is damaged") from error
    except (OSError, duckdb.IOException) as error:
        rmtree(partial, ignore_errors=True)
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise StateError(f"the folder {directory.name} cannot be written: {reason}") from error
    except BaseException:
        rmtree(partial, ignore_errors=True)
        raise


def _table_problems(wanted: object, present: Sequence[str]) -> Iterator[Problem]:
    if not isinstance(wanted, Sequence) or isinstance(wanted, str | bytes) or not wanted:
        yield Problem("$.tables", "tables are a list of names", rendered(wanted), f"there are {', '.join(present)}")
        return
    for index, table in enumerate(wanted):
        if table not in present:
            near = did_you_mean(nearest_names(str(table), present)) or f"there are {', '.join(present)}"
            yield Problem(f"$.tables[{index}]", "no such table in the cohort", rendered(table), near)


def _format_problems(format_name: object) -> Iterator[Problem]:
    if not isinstance(format_name, str) or format_name not in _FORMATS:
        near = did_you_mean(nearest_names(str(format_name), _FORMATS)) or f"known are {', '.join(_FORMATS)}"
        yield Problem("$.format", "no such format", rendered(format_name), near)


def _reason(error: OSError | ValueError) -> str:
    """Tell why a folder cannot be used, without its path."""
    return (error.strerror if isinstance(error, OSError) else None) or "its name is no path"


def _folder_problems(directory: Path) -> Iterator[Problem]:
    try:
        if any(len(fsencode(part)) > _LONGEST_PART for part in directory.parts):
            yield Problem("$.directory", f"its names have at most {_LONGEST_PART} bytes each", rendered(directory.name))
            return
        is_taken = directory.exists() and (not directory.is_dir() or any(directory.iterdir()))
    except (OSError, ValueError) as error:
        yield Problem("$.directory", f"not a folder that can be used: {_reason(error)}", rendered(directory.name))
        return
    if is_taken:
        message = "something is there already, and nothing is overwritten"
        yield Problem("$.directory", message, rendered(str(directory)), "name a new or an empty folder")

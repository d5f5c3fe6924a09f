"""Finished cohorts that could not reach the catalogue: kept beside it, with what is to be entered."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from healthsim.errors import StateError
from healthsim.sinks.storage import SUFFIXES
from healthsim.state.artefacts import remove
from healthsim.state.reading import cohort_connection, visible_tables
from healthsim.state.staging import NOTE

_ENDS = tuple(f".unpublished{suffix}" for suffix in SUFFIXES.values())
_KEYS = {"summary", "spec", "duration_ms"}


class Finished(Protocol):
    """A finished file that can be moved."""

    path: Path

    def publish(self, target: Path) -> None:
        """Move it to its place."""


@dataclass(frozen=True, slots=True)
class Unpublished:
    """A finished cohort outside the catalogue.

    Attributes:
        file: Its file.
        summary: What it holds.
        spec: The resolved profile it was made from.
        duration_ms: How long the run took, milliseconds; None where it was not made by one.
    """

    file: Path
    summary: Mapping[str, Any]
    spec: Mapping[str, Any]
    duration_ms: int | None

    def discard(self) -> None:
        """Remove the file, where it still is, and what was written beside it."""
        for path in (self.file, _note_of(self.file)):
            with suppress(OSError):
                remove(path)


def note_beside(file: Path, summary: Mapping[str, Any], spec: Mapping[str, Any], duration_ms: int | None) -> None:
    """Write beside a finished file what is to be entered of it, while there is room to.

    Raises:
        StateError: It cannot be written.
    """
    if file.name.endswith(_ENDS):
        return
    try:
        text = json.dumps({"summary": summary, "spec": spec, "duration_ms": duration_ms})
        _note_of(file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise StateError(f"{file.parent} cannot be written: {error.strerror}") from error


def keep_unpublished(staging: Finished, cohort_id: str) -> Path:
    """Keep a finished file that cannot be published now, with the note beside it, and tell where.

    Raises:
        StateError: It cannot be moved.
    """
    path = staging.path
    kept = path.with_name(f"{cohort_id}.unpublished{path.suffix}")
    if path != kept:
        with suppress(OSError):
            _note_of(path).replace(_note_of(kept))
        staging.publish(kept)
    return kept


def unpublished_files(directory: Path) -> list[Path]:
    """List the finished cohorts of a folder that are not in the catalogue."""
    return sorted(path for path in directory.glob("*.unpublished.*") if path.name.endswith(_ENDS))


def read_unpublished(file: Path) -> Unpublished:
    """Read a finished cohort and see that it is whole.

    Raises:
        StateError: It is not, or what is to be entered of it is lost.
    """
    try:
        entered = json.loads(_note_of(file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StateError(f"{_note_of(file).name}, which tells what {file.name} is, cannot be read") from error
    if not isinstance(entered, dict) or entered.keys() != _KEYS:
        raise StateError(f"{_note_of(file).name} does not tell what {file.name} is")
    check_rows(file, entered["summary"]["tables"])
    return Unpublished(file, entered["summary"], entered["spec"], entered["duration_ms"])


def check_rows(file: Path, tables: Mapping[str, int]) -> None:
    """See that a cohort's file holds the tables it should, each with its rows.

    Raises:
        StateError: It does not, or cannot be opened.
    """
    with cohort_connection(file) as connection:
        found = {}
        for table in visible_tables(connection):
            (found[table],) = connection.execute(f'SELECT count(*) FROM main."{table}"').fetchone() or (0,)  # noqa: S608 - its own table
    if found != dict(tables):
        raise StateError(f"{file.name} is not whole: it has {found} rows, not {dict(tables)}")


def _note_of(file: Path) -> Path:
    return file.with_name(file.name + NOTE)

"""What a process that died left half done is settled: a cohort is there with its file and its row, or with neither."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from healthsim.errors import StateError
from healthsim.state.artefacts import remove

_MARK = ".unsettled"


@contextmanager
def unsettled(file: Path) -> Iterator[None]:
    """Mark a cohort's file while it and its row of the catalogue are being changed; under the workspace's lock.

    The catalogue and the folder cannot be changed by one step. Whoever finds the mark later, under the same lock,
    knows that its maker is dead.

    Args:
        file: The cohort's file, there or not.

    Raises:
        StateError: The folder cannot be written.
    """
    mark = file.with_name(file.name + _MARK)
    try:
        mark.touch()
    except OSError as error:
        raise StateError(f"{file.parent} cannot be written: {error.strerror}") from error
    try:
        yield
    finally:
        with suppress(OSError):
            mark.unlink(missing_ok=True)


def has_unsettled(directory: Path) -> bool:
    """Tell whether a folder of cohorts holds a mark."""
    return any(directory.glob(f"*{_MARK}"))


def settle(connection: duckdb.DuckDBPyConnection, directory: Path) -> list[Path]:
    """Finish or undo what dead processes left half done; under the workspace's lock.

    Args:
        connection: To the workspace, to write.
        directory: The folder of cohorts.

    Returns:
        The files that were looked at.
    """
    settled = []
    for mark in sorted(directory.glob(f"*{_MARK}")):
        file = mark.with_name(mark.name.removesuffix(_MARK))
        row = connection.execute("SELECT 1 FROM state.cohorts WHERE file = ?", [file.name]).fetchone()
        with suppress(OSError):
            if row is None:
                remove(file)
            elif not file.exists():
                forget(connection, file.stem)
            mark.unlink(missing_ok=True)
            settled.append(file)
    return settled


def forget(connection: duckdb.DuckDBPyConnection, cohort_id: str) -> None:
    """Remove a cohort from the catalogue, with its tags."""
    connection.execute("DELETE FROM state.cohort_tags WHERE cohort_id = ?", [cohort_id])
    connection.execute("DELETE FROM state.cohorts WHERE cohort_id = ?", [cohort_id])

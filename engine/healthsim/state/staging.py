"""Cohorts in the making: each guarded by a held lock, so that those of dead processes are known and swept."""

import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

import filelock

from healthsim.errors import StateError
from healthsim.sinks.storage import SUFFIXES, Storage, storage_at
from healthsim.state.artefacts import move, sweep_removed, take_copy

_PREFIX = "staging-"
_LOCK = ".lock"
NOTE = ".json"
"""What follows the name of a file in the name of the note beside it."""

_BESIDE = (".wal", ".tmp", NOTE)


class Staging:
    """A file or folder that is thrown away on leaving the `with` block, unless it was published or kept.

    Args:
        directory: Where it is made; None for the folder of temporary files.
        storage: How the cohort is kept.
    """

    def __init__(self, directory: Path | None, storage: Storage = "duckdb") -> None:
        self._directory = directory or temporary_directory()
        self.path = self._directory / f"{_PREFIX}{uuid4().hex}{SUFFIXES[storage]}"
        self._lock = filelock.FileLock(_lock_of(self.path), is_singleton=False)
        self._is_kept = False

    def __enter__(self) -> Self:
        """Sweep what dead processes left, and take the lock."""
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            sweep(self._directory)
            self._lock.acquire()
        except OSError as error:
            raise StateError(f"{self._directory} cannot be written: {error.strerror}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove it."""
        if not self._is_kept:
            discard(self.path, self._lock)

    def publish(self, target: Path) -> None:
        """Move it, whole and written out, to its place.

        Raises:
            StateError: It cannot be moved.
        """
        move(self.path, target)

    def keep(self) -> "KeptFile":
        """Keep it as long as the object given is alive."""
        self._is_kept = True
        return KeptFile(self.path, self._lock)


@contextmanager
def staged_copy(directory: Path, source: Path) -> Iterator[Staging]:
    """Stage a copy of a cohort's file or folder, which costs no space where the file system has links.

    Raises:
        StateError: It can neither be linked nor copied.
    """
    with Staging(directory, storage_at(source)) as staging:
        take_copy(source, staging.path)
        yield staging


class Leftover:
    """A finished file or folder that an earlier run could not publish.

    Args:
        path: The file or folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def publish(self, target: Path) -> None:
        """Move it to its place.

        Raises:
            StateError: It cannot be moved.
        """
        move(self.path, target)


class KeptFile:
    """Keeps a file or folder until nobody needs it any more.

    Args:
        path: The file or folder.
        lock: Its lock, held.
    """

    def __init__(self, path: Path, lock: filelock.BaseFileLock) -> None:
        self.path = path
        self._finalizer = weakref.finalize(self, discard, path, lock)


def temporary_directory() -> Path:
    """Give the folder of files that are not kept."""
    owner = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    return Path(tempfile.gettempdir()) / f"healthsim-{owner}"


def sweep(directory: Path) -> list[Path]:
    """Remove what dead processes left; that whose lock is held stays.

    Returns:
        What was removed.
    """
    sweep_removed(directory)
    removed = []
    for lock_path in directory.glob(f"{_PREFIX}*{_LOCK}"):
        lock = filelock.FileLock(lock_path, timeout=0, is_singleton=False)
        with suppress(filelock.Timeout, OSError):
            lock.acquire()
            path = lock_path.with_name(lock_path.name.removesuffix(_LOCK))
            discard(path, lock)
            removed.append(path)
    return removed


def discard(path: Path, lock: filelock.BaseFileLock) -> None:
    """Remove a file or folder with what lies beside it, then its lock."""
    for leftover in (path, *(path.with_name(path.name + suffix) for suffix in _BESIDE)):
        with suppress(OSError):
            if leftover.is_dir():
                shutil.rmtree(leftover)
            else:
                leftover.unlink(missing_ok=True)
    lock.release()
    with suppress(OSError):
        _lock_of(path).unlink(missing_ok=True)


def _lock_of(path: Path) -> Path:
    return path.with_name(path.name + _LOCK)

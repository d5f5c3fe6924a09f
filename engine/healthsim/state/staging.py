"""Files in the making: each guarded by a held lock, so that those of dead processes are known and swept."""

import os
import shutil
import tempfile
import weakref
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

import filelock

from healthsim.errors import StateError

_PREFIX = "staging-"
_SUFFIX = ".duckdb"
_LOCK = ".lock"
NOTE = ".json"
"""What follows the name of a file in the name of the note beside it."""

_BESIDE = (".wal", ".tmp", NOTE)


class Staging:
    """A file that is thrown away on leaving the `with` block, unless it was published or kept.

    Args:
        directory: Where it is made; None for the folder of temporary files.
    """

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory or temporary_directory()
        self.path = self._directory / f"{_PREFIX}{uuid4().hex}{_SUFFIX}"
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
        """Remove the file."""
        if not self._is_kept:
            discard(self.path, self._lock)

    def publish(self, target: Path) -> None:
        """Move the file, whole and written out, to its place.

        Raises:
            StateError: It cannot be moved.
        """
        move(self.path, target)

    def keep(self) -> "KeptFile":
        """Keep the file as long as the object given is alive."""
        self._is_kept = True
        return KeptFile(self.path, self._lock)


class Leftover:
    """A finished file that an earlier run could not publish.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def publish(self, target: Path) -> None:
        """Move the file to its place.

        Raises:
            StateError: It cannot be moved.
        """
        move(self.path, target)


class KeptFile:
    """Keeps a file until nobody needs it any more.

    Args:
        path: The file.
        lock: Its lock, held.
    """

    def __init__(self, path: Path, lock: filelock.BaseFileLock) -> None:
        self.path = path
        self._finalizer = weakref.finalize(self, discard, path, lock)


def move(path: Path, target: Path) -> None:
    """Move a finished file, written out, to its place.

    Raises:
        StateError: It cannot be moved.
    """
    try:
        with path.open("rb") as file:
            os.fsync(file.fileno())
        path.replace(target)
        _sync_directory(target.parent)
    except OSError as error:
        raise StateError(f"{target} cannot be written: {error.strerror}") from error


def take_copy(source: Path, target: Path) -> None:
    """Give a cohort's file a second name, which costs no space; copy it where the file system has no such thing.

    Raises:
        StateError: It can neither be linked nor copied.
    """
    try:
        os.link(source, target)
    except OSError:
        try:
            shutil.copyfile(source, target)
        except OSError as error:
            raise StateError(f"{source.name} cannot be copied: {error.strerror}") from error


def temporary_directory() -> Path:
    """Give the folder of files that are not kept."""
    owner = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    return Path(tempfile.gettempdir()) / f"healthsim-{owner}"


def sweep(directory: Path) -> list[Path]:
    """Remove the files that dead processes left; those whose lock is held stay.

    Returns:
        What was removed.
    """
    removed = []
    for lock_path in directory.glob(f"{_PREFIX}*{_SUFFIX}{_LOCK}"):
        lock = filelock.FileLock(lock_path, timeout=0, is_singleton=False)
        with suppress(filelock.Timeout, OSError):
            lock.acquire()
            path = lock_path.with_name(lock_path.name.removesuffix(_LOCK))
            discard(path, lock)
            removed.append(path)
    return removed


def discard(path: Path, lock: filelock.BaseFileLock) -> None:
    """Remove a file with what lies beside it, then its lock."""
    for leftover in (path, *(path.with_name(path.name + suffix) for suffix in _BESIDE)):
        with suppress(OSError):
            if leftover.is_dir():
                for spilled in leftover.iterdir():
                    spilled.unlink()
                leftover.rmdir()
            else:
                leftover.unlink(missing_ok=True)
    lock.release()
    with suppress(OSError):
        _lock_of(path).unlink(missing_ok=True)


def _lock_of(path: Path) -> Path:
    return path.with_name(path.name + _LOCK)


def _sync_directory(directory: Path) -> None:
    """Make a rename durable where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

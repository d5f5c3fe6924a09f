"""The workspace database: every opening of it goes through here, under a lock beside it, and is short."""

import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import filelock

from healthsim.errors import StateError
from healthsim.sinks.connecting import IN_MEMORY, connected
from healthsim.state.migrations import migrate, pending
from healthsim.state.reading import is_damage
from healthsim.state.transactions import transaction

_WAIT_SECONDS = 30.0
_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 0.5
_HELD_BY = re.compile(r"held in (?P<program>.*?) \(PID (?P<pid>\d+)\)")


class Workspace:
    """A workspace database, opened when needed and never held.

    Readers share it, a writer has it alone; both wait for each other at the lock file, whatever process they are in.
    A program that knows nothing of the lock, such as the DuckDB shell, is waited for by trying again.

    Args:
        path: The database file; made, with its folder, by the first writing.
        wait_seconds: How long to wait for others.
    """

    def __init__(self, path: Path, *, wait_seconds: float = _WAIT_SECONDS) -> None:
        self.path = path
        self._wait = wait_seconds

    @property
    def cohorts_directory(self) -> Path:
        """The folder of the cohorts' files."""
        stem = self.path.stem if self.path.suffix == ".duckdb" else self.path.name
        return self.path.with_name(f"{stem}.cohorts")

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the database to read; an empty one in memory if it does not exist yet.

        Raises:
            StateError: It is busy, damaged, or not ours.
        """
        if not self._is_there():
            with connected(IN_MEMORY) as connection:
                migrate(connection)
                yield connection
            return
        with self._locked(to_write=False), self._opened(read_only=True) as connection:
            is_older = bool(pending(connection))
            if not is_older:
                yield connection
        if is_older:
            with self.writing():
                pass
            with self._locked(to_write=False), self._opened(read_only=True) as connection:
                yield connection

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the database to write, alone.

        Raises:
            StateError: It is busy, damaged, not ours, or cannot be written.
        """
        self._make_folder()
        with self._locked(to_write=True), self._opened(read_only=False) as connection:
            migrate(connection)
            yield connection

    @contextmanager
    def changing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the database to change it in one transaction, alone.

        Raises:
            StateError: As for `writing`.
        """
        with self.writing() as connection, transaction(connection):
            yield connection

    def _is_there(self) -> bool:
        try:
            return self.path.exists()
        except OSError as error:
            raise StateError(f"{self.path} may not be opened: {error.strerror}") from error

    def _make_folder(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StateError(f"the folder of {self.path} cannot be made: {error.strerror}") from error

    @contextmanager
    def _locked(self, *, to_write: bool) -> Iterator[None]:
        lock_path = self.path.with_name(f"{self.path.name}.lock")
        if not to_write and not os.access(lock_path if lock_path.exists() else lock_path.parent, os.W_OK):
            # Whoever may not write here cannot lock either; DuckDB itself refuses to open what is being written.
            yield
            return
        try:
            lock = filelock.ReadWriteLock(lock_path, timeout=self._wait, is_singleton=False)
            held = lock.write_lock() if to_write else lock.read_lock()
            held.__enter__()
        except filelock.Timeout as error:
            text = f"{self.path} has been busy for {self._wait:g} seconds; another HealthSim process is writing to it"
            raise StateError(text) from error
        except (OSError, ValueError, sqlite3.Error) as error:  # filelock keeps its lock in an SQLite file
            raise StateError(f"the lock {lock_path} cannot be used: {error}") from error
        try:
            yield
        finally:
            held.__exit__(None, None, None)
            lock.close()

    @contextmanager
    def _opened(self, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        connection = self._connected(read_only=read_only)
        try:
            yield connection
        except duckdb.Error as error:
            if not is_damage(error):
                raise
            raise StateError(f"{self.path} cannot be read or written: {str(error).splitlines()[0]}") from error
        finally:
            connection.close()

    def _connected(self, *, read_only: bool) -> duckdb.DuckDBPyConnection:
        """Connect, trying again while a program that does not know the lock holds the file."""
        deadline = time.monotonic() + self._wait
        pause = _FIRST_PAUSE
        while True:
            try:
                return connected(self.path, read_only=read_only)
            except (duckdb.IOException, duckdb.ConnectionException) as error:
                if not _is_held(error):
                    raise StateError(_reason(self.path, error)) from error
                if time.monotonic() + pause > deadline:
                    raise StateError(_held_text(self.path, error)) from error
            except duckdb.Error as error:
                raise StateError(_reason(self.path, error)) from error
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)


def _is_held(error: duckdb.Error) -> bool:
    text = str(error)
    return "Could not set lock" in text or "different configuration" in text or "being used by another" in text


def _held_text(path: Path, error: duckdb.Error) -> str:
    match = _HELD_BY.search(str(error))
    holder = f"process {match['pid']} ({match['program']})" if match else "another program"
    return f"{path} is held by {holder}, which is not HealthSim or did not let go in time; close it and try again"


def _reason(path: Path, error: duckdb.Error) -> str:
    text = str(error)
    if "not a valid DuckDB database file" in text:
        return f"{path} is not a DuckDB database; name another file"
    if "Permission denied" in text or "Read-only file system" in text:
        return f"{path} may not be opened: permission denied"
    return f"{path} cannot be opened: {text.splitlines()[0]}"

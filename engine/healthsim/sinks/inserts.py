"""Inserts shared between two threads: one that does nothing else, and the writer's whenever it would have to wait."""

from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Condition, Thread

from healthsim.sinks.base import Contents
from healthsim.sinks.buffer import RowBuffer
from healthsim.sinks.cohort_file import Connection, created, insert, leave_one_processor, told

MOST_WAITING = 160_000_000
"""Bytes of full buffers that wait, at most, before the writer inserts too: about what a block of people leaves."""

Job = tuple[str, RowBuffer]


class Inserts:
    """Writes full buffers into a cohort's file, those of one table one after the other, in the order they came.

    DuckDB leaves one processor to the writer. So both are always at work: a writer that is ahead inserts, and one that
    is behind leaves the inserting thread nothing to do for a while only.

    Args:
        path: The file, which the inserting thread creates.
        contents: What will be written.
    """

    def __init__(self, path: Path, contents: Contents) -> None:
        self._path = path
        self._contents = contents
        self._changed = Condition()
        self._waiting: list[Job] = []
        self._busy: set[str] = set()
        self._is_last = False
        self._thread = Thread(target=self._insert_until_last, name="healthsim-inserts", daemon=True)
        self.connection: Connection | None = None
        self.failure: BaseException | None = None

    def start(self) -> None:
        """Begin to create the file and its tables."""
        self._thread.start()

    def put(self, table: str, buffer: RowBuffer) -> None:
        """Have the rows of a buffer inserted, and insert some while too many wait.

        Raises:
            BaseException: What stopped an insert, this one or an earlier one.
        """
        with self._changed:
            self._waiting.append((table, buffer))
            self._changed.notify_all()
        self._insert_while(lambda: sum(buffer.bytes for _, buffer in self._waiting) > MOST_WAITING)
        if self.failure is not None:
            raise self.failure

    def finish(self, jobs: Iterable[Job]) -> None:
        """Have the last buffers inserted, and end the thread; after a failure, only end it."""
        with self._changed:
            self._waiting.extend(jobs)
            self._is_last = True
            self._changed.notify_all()
        self._insert_while(lambda: bool(self._waiting))
        self._thread.join()

    def fail(self, error: BaseException) -> None:
        """Insert nothing more because of an error; the first one counts."""
        with self._changed:
            self.failure = self.failure or told(error, self._path)
            self._changed.notify_all()

    def _insert_until_last(self) -> None:
        try:
            connection = created(self._path, self._contents)
            leave_one_processor(connection)
        except BaseException as error:  # noqa: BLE001 - carried over to the writer's thread
            self.fail(error)
            return
        with self._changed:
            self.connection = connection
            self._changed.notify_all()
        self._insert_while(lambda: bool(self._waiting) or not self._is_last)

    def _insert_while(self, goes_on: Callable[[], bool]) -> None:
        """Insert one waiting buffer after the other while a condition holds and nothing has failed."""
        while (job := self._next(goes_on)) is not None:
            table, buffer = job
            try:
                if self.connection is not None:
                    with self.connection.cursor() as cursor:
                        insert(cursor, table, buffer.arrow())
            except BaseException as error:  # noqa: BLE001 - told to the writer, whichever thread it is in
                self.fail(error)
            with self._changed:
                self._busy.remove(table)
                self._changed.notify_all()

    def _next(self, goes_on: Callable[[], bool]) -> Job | None:
        """Take the first waiting buffer of a table that nobody inserts into; waits for one while a condition holds."""
        with self._changed:
            while self.failure is None and goes_on():
                place = self._first_free() if self.connection is not None else None
                if place is not None:
                    self._busy.add(self._waiting[place][0])
                    return self._waiting.pop(place)
                self._changed.wait()
        return None

    def _first_free(self) -> int | None:
        return next((place for place, (table, _) in enumerate(self._waiting) if table not in self._busy), None)

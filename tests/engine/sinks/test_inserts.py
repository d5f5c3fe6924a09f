"""Two threads insert: rows of a table stay in order, neither thread waits while there is work, errors are told."""

from collections.abc import Callable
from itertools import chain
from pathlib import Path
from threading import Event, Lock, current_thread
from time import sleep

import pytest

from healthsim.errors import StateError
from healthsim.sinks.base import Contents
from healthsim.sinks.buffer import RowBuffer
from healthsim.sinks.inserts import MOST_WAITING, Inserts
from healthsim.tables import table_definition

CONTENTS = Contents(("diagnoses",), {"diagnoses": {"code": ("I10",)}}, {"icd10": {}}, 100)
INSERTING, SOON = "healthsim-inserts", 20
"""The name of the inserting thread, and seconds that nothing takes unless it waits for ever."""


class Numbered(RowBuffer):
    """A buffer that gives its number instead of rows, so large that two of them wait and no more."""

    bytes = MOST_WAITING // 2  # type: ignore[assignment]  # a property of buffers

    def __init__(self, number: int) -> None:
        super().__init__(table_definition("diagnoses"), {}, 1)
        self.number = number

    def arrow(self) -> int:  # type: ignore[override]
        return self.number


class Log:
    """Notes which thread inserts what, and whether two insert into one table."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, str, int]] = []
        self.ended: dict[str, list[int]] = {}
        self.overlaps = False
        self._busy: set[str] = set()
        self._lock = Lock()

    def begin(self, table: str, number: int) -> None:
        with self._lock:
            self.overlaps |= table in self._busy
            self._busy.add(table)
            self.begun.append((current_thread().name, table, number))

    def end(self, table: str, number: int) -> None:
        with self._lock:
            self._busy.remove(table)
            self.ended.setdefault(table, []).append(number)


@pytest.fixture
def replaced(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[str, int], None]], Log]:
    """Give what replaces the insert by something else, and notes it."""

    def replace(insert: Callable[[str, int], None]) -> Log:
        log = Log()

        def noted(_: object, table: str, number: int) -> None:
            log.begin(table, number)
            insert(table, number)
            log.end(table, number)

        monkeypatch.setattr("healthsim.sinks.inserts.insert", noted)
        return log

    return replace


Replaced = Callable[[Callable[[str, int], None]], Log]


def test_buffers_of_a_table_are_inserted_one_after_the_other_in_their_order(tmp_path: Path, replaced: Replaced) -> None:
    log = replaced(lambda *_: sleep(0.0005))
    inserts = Inserts(tmp_path / "cohort.duckdb", CONTENTS)
    inserts.start()
    for number in range(300):
        inserts.put("abc"[number * number % 3], Numbered(number))
    inserts.finish([("a", Numbered(300)), ("b", Numbered(301))])
    assert not log.overlaps
    assert sorted(chain.from_iterable(log.ended.values())) == list(range(302))
    assert all(numbers == sorted(numbers) for numbers in log.ended.values())


def test_the_writer_inserts_other_tables_while_the_inserting_thread_is_at_work(
    tmp_path: Path, replaced: Replaced
) -> None:
    goes_on = Event()
    log = replaced(lambda table, _: None if table == "other" else _waited(goes_on))
    inserts = Inserts(tmp_path / "cohort.duckdb", CONTENTS)
    inserts.start()
    inserts.put("long", Numbered(0))
    while not log.begun:
        goes_on.wait(0.01)
    for number in range(1, 9):
        inserts.put("other", Numbered(number))
    by_writer = [table for thread, table, _ in log.begun if thread != INSERTING]
    goes_on.set()
    inserts.finish([])
    assert by_writer == ["other"] * len(by_writer)
    assert len(by_writer) >= 6
    assert log.ended["other"] == list(range(1, 9))


def _waited(event: Event) -> None:
    if not event.wait(SOON):
        raise TimeoutError("nobody goes on")


@pytest.mark.parametrize("failing", ["only", "every"])
def test_an_insert_that_fails_in_either_thread_stops_the_writer(
    tmp_path: Path, replaced: Replaced, failing: str
) -> None:
    def fail(_: str, number: int) -> None:
        if failing == "every" or current_thread().name != INSERTING:
            raise OSError(f"disk full at {number}")

    replaced(fail)
    inserts = Inserts(tmp_path / "cohort.duckdb", CONTENTS)
    inserts.start()
    with pytest.raises(OSError, match="disk full"):
        _put_for_ever(inserts)
    inserts.finish([("a", Numbered(0))])
    assert isinstance(inserts.failure, OSError)


def _put_for_ever(inserts: Inserts) -> None:
    for number in range(1_000_000):
        inserts.put("abc"[number % 3], Numbered(number))


def test_a_file_that_cannot_be_created_stops_the_writer(tmp_path: Path) -> None:
    inserts = Inserts(tmp_path / "nowhere" / "cohort.duckdb", CONTENTS)
    inserts.start()
    with pytest.raises(StateError, match="nowhere cannot be written"):
        _put_for_ever(inserts)
    inserts.finish([])
    assert inserts.connection is None

"""Calls that are asked again, as the server remembers them."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event
from typing import Any

import pytest

from healthsim.errors import RunCancelledError
from healthsim_mcp.repeats import MOST_KEPT, Repeats

PATIENCE = 60


class Desk:
    """Asks for work, and numbers what is done."""

    def __init__(self) -> None:
        self.repeats = Repeats()
        self.numbers = count(1)

    def work(self) -> dict[str, Any]:
        return {"number": next(self.numbers)}

    def ask(self, what: object = "x", *, is_told: bool = True, is_there: bool = True, work: Any = None) -> Any:  # noqa: ANN401 - a function, and a pair
        answered = Event()
        outcome = self.repeats.once(
            {"what": what},
            work or self.work,
            is_there=lambda _answer: is_there,
            stopped=Event(),
            answered=answered,
        )
        if is_told:
            answered.set()
        return outcome


def test_what_was_answered_is_done_again() -> None:
    desk = Desk()
    assert [desk.ask(), desk.ask()] == [({"number": 1}, False), ({"number": 2}, False)]


def test_what_nobody_was_told_of_is_not_done_again_until_somebody_was() -> None:
    desk = Desk()
    assert desk.ask(is_told=False) == ({"number": 1}, False)
    assert desk.ask("y") == ({"number": 2}, False)
    assert desk.ask(is_told=False) == desk.ask() == ({"number": 1}, True)
    assert desk.ask() == ({"number": 3}, False)


def test_what_is_not_there_any_more_is_done_again() -> None:
    desk = Desk()
    desk.ask(is_told=False)
    assert desk.ask(is_there=False) == ({"number": 2}, False)


def test_work_that_failed_is_done_by_who_asks_next() -> None:
    desk = Desk()

    def fail() -> None:
        raise RunCancelledError("no")

    desk.ask(is_told=False)
    with pytest.raises(RunCancelledError):
        desk.ask(is_there=False, work=fail)
    assert desk.ask() == ({"number": 2}, False)


def test_who_asks_while_it_is_done_waits_for_it_and_may_give_up() -> None:
    desk, begun, go_on, stopped = Desk(), Event(), Event(), Event()

    def slow() -> dict[str, Any]:
        begun.set()
        assert go_on.wait(PATIENCE)
        return desk.work()

    with ThreadPoolExecutor() as pool:
        first = pool.submit(desk.ask, work=slow)
        assert begun.wait(PATIENCE)
        second = pool.submit(desk.ask)
        stopped.set()
        with pytest.raises(RunCancelledError):
            desk.repeats.once(
                {"what": "x"}, desk.work, is_there=lambda _answer: True, stopped=stopped, answered=Event()
            )
        go_on.set()
        assert first.result(PATIENCE) == ({"number": 1}, False)
        assert second.result(PATIENCE) == ({"number": 1}, True)


def test_only_so_many_requests_are_remembered() -> None:
    desk = Desk()
    for what in range(MOST_KEPT + 1):
        desk.ask(what, is_told=False)
    assert desk.ask(MOST_KEPT) == ({"number": MOST_KEPT + 1}, True)
    assert desk.ask(0) == ({"number": MOST_KEPT + 2}, False)

"""Calls that are asked again: what was made for somebody who was not given the answer is not made twice.

A cohort with a seed is the same cohort however often it is asked for. Without one each call draws its own, so that a
caller who gave up just when the cohort was kept, and asks again, would have two.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any

from healthsim.errors import RunCancelledError

MOST_KEPT = 100
"""Requests that are remembered."""

_ASK_SECONDS = 0.1

Answer = Mapping[str, Any]


@dataclass(slots=True)
class _Request:
    """What was asked for.

    Attributes:
        at_work: Held by the call that does it.
        answer: What came of it; None before.
        answered: Set when a caller was given it.
    """

    at_work: Lock = field(default_factory=Lock)
    answer: Answer | None = None
    answered: Event = field(default_factory=Event)


class Repeats:
    """What callers of a server asked for and may ask for again."""

    def __init__(self) -> None:
        self._requests: dict[str, _Request] = {}
        self._lock = Lock()

    def once(
        self,
        asked: Answer,
        work: Callable[[], Answer],
        *,
        is_there: Callable[[Answer], bool],
        stopped: Event,
        answered: Event,
    ) -> tuple[Answer, bool]:
        """Do work, unless the same is being done, or was done for somebody who was not given the answer.

        Args:
            asked: What is asked for.
            work: Does it.
            is_there: Tells whether what an answer tells of is still there.
            stopped: Set when the caller took the call back.
            answered: Set when the caller was given the answer.

        Returns:
            The answer, and whether it was there before.

        Raises:
            RunCancelledError: The caller took the call back while it waited.
        """
        request = self._request(json.dumps(asked, sort_keys=True, default=str))
        has_waited = _acquired(request.at_work, stopped)
        try:
            answer = request.answer
            if answer is not None and (has_waited or not request.answered.is_set()) and is_there(answer):
                request.answered = answered
                return answer, True
            request.answer, request.answered = None, answered
            request.answer = work()
            return request.answer, False
        finally:
            request.at_work.release()

    def _request(self, key: str) -> _Request:
        """Give a request; the oldest that nobody works at make room for a new one."""
        with self._lock:
            if key not in self._requests:
                idle = [each for each, request in self._requests.items() if not request.at_work.locked()]
                for each in idle[: max(0, len(self._requests) - MOST_KEPT + 1)]:
                    del self._requests[each]
                self._requests[key] = _Request()
            return self._requests[key]


def _acquired(lock: Lock, stopped: Event) -> bool:
    """Acquire a lock; tell whether it was waited for.

    Raises:
        RunCancelledError: The caller took the call back meanwhile.
    """
    if lock.acquire(blocking=False):
        return False
    while not lock.acquire(timeout=_ASK_SECONDS):
        if stopped.is_set():
            raise RunCancelledError("the call was taken back; nothing was kept")
    return True

"""Runs: work too long for a call, done by a process of its own that clients ask about by a handle."""

import json
import secrets
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any, Literal

from healthsim.errors import NotFoundError
from healthsim_mcp.sizes import compact

MOST_KEPT = 100
"""Ended runs that are remembered."""

_ID_BYTES = 6
_SECONDS_TO_STOP = 10.0

State = Literal["running", "done", "failed", "cancelled"]


@dataclass(slots=True, eq=False)
class Run:
    """A run.

    Attributes:
        run_id: Its handle.
        process: What does the work.
        total: People asked for.
        state: How it stands.
        done: People made so far.
        answer: Of the tool; None until there is one.
        problems: What it failed of.
        started: When, by the monotonic clock.
        ended: Set when it has.
    """

    run_id: str
    process: "subprocess.Popen[str]"
    total: int
    state: State = "running"
    done: int = 0
    answer: Mapping[str, Any] | None = None
    problems: tuple[str, ...] = ()
    started: float = field(default_factory=monotonic)
    ended: Event = field(default_factory=Event)

    def rate(self) -> float:
        """Give the people made a second."""
        return self.done / max(monotonic() - self.started, 1e-6)


class Runs:
    """The runs of a server. They end with it, because their input then closes."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}
        self._asked: dict[str, str] = {}
        self._lock = Lock()

    def start(
        self,
        tool: str,
        arguments: Mapping[str, Any],
        db: str | None,
        total: int,
        *,
        is_there: Callable[[Mapping[str, Any]], bool],
    ) -> Run:
        """Start a run; the same work asked for again is the run that is under way, or that made what is still there.

        Args:
            tool: Whose work it is.
            arguments: Of the tool.
            db: The workspace database.
            total: People asked for.
            is_there: Tells whether what an answer tells of is still there.
        """
        work = {"tool": tool, "arguments": arguments, "db": db}
        asked = json.dumps(work, sort_keys=True, default=str)
        with self._lock:
            same = self._runs.get(self._asked.get(asked, ""))
            if same is not None and _stands(same, is_there):
                return same
            self._forget()
            run = Run(f"run_{secrets.token_hex(_ID_BYTES)}", _worker(), total)
            self._runs[run.run_id] = run
            self._asked[asked] = run.run_id
        Thread(target=_follow, args=(run, work), daemon=True).start()
        return run

    def get(self, run_id: str) -> Run:
        """Give a run.

        Raises:
            NotFoundError: There is none, or it belongs to a server that has ended.
        """
        with self._lock:
            if run_id not in self._runs:
                raise NotFoundError("run of this server", run_id, list(self._runs), path="$.run_id")
            return self._runs[run_id]

    def cancel(self, run: Run) -> None:
        """Take a run back, and wait until it has ended; one that is done stays so."""
        with self._lock:
            if run.state != "running":
                return
            run.state = "cancelled"
        _close(run)
        if not run.ended.wait(_SECONDS_TO_STOP):
            run.process.kill()
            run.ended.wait()

    def _forget(self) -> None:
        """Forget the oldest of the ended runs that are too many."""
        ended = [run_id for run_id, run in self._runs.items() if run.ended.is_set()]
        for run_id in ended[: max(0, len(ended) - MOST_KEPT + 1)]:
            del self._runs[run_id]
        self._asked = {work: run_id for work, run_id in self._asked.items() if run_id in self._runs}


def _stands(run: Run, is_there: Callable[[Mapping[str, Any]], bool]) -> bool:
    return run.state == "running" or (run.state == "done" and run.answer is not None and is_there(run.answer))


def _worker() -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "healthsim_mcp.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def _follow(run: Run, work: Mapping[str, Any]) -> None:
    """Hand the work over, and note what is told of it until the process ends."""
    process = run.process
    if process.stdin is None or process.stdout is None:
        raise ValueError("a worker is spoken to through pipes")
    try:
        process.stdin.write(compact(work) + "\n")
        process.stdin.flush()
        for line in process.stdout:
            _note(run, json.loads(line))
            if run.answer is not None or run.problems:
                _end(run)
    except (OSError, ValueError) as error:
        run.problems = run.problems or (f"the worker broke off: {error}",)
    process.wait()
    _close(run)
    process.stdout.close()
    if not run.ended.is_set():
        _end(run)


def _end(run: Run) -> None:
    """Tell how a run ended; one taken back too late is done, because what it made is there."""
    if run.answer is not None:
        run.state = "done"
    elif run.state == "running":
        run.state = "failed"
        run.problems = run.problems or ("the worker ended unexpectedly; the server's log has the details",)
    run.ended.set()


def _note(run: Run, message: Mapping[str, Any]) -> None:
    if "done" in message:
        run.done, run.total = message["done"], message["total"]
    run.answer = message.get("answer", run.answer)
    run.problems = tuple(message.get("problems", run.problems))


def _close(run: Run) -> None:
    if run.process.stdin is not None:
        with suppress(OSError):
            run.process.stdin.close()

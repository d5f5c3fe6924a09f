"""Work that may be too long for a call: done at once, or by a run that goes on beside the calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

from healthsim.errors import NotFoundError
from healthsim_mcp.call import Call
from healthsim_mcp.replies import cleaned
from healthsim_mcp.runs import Run
from healthsim_mcp.tools.tool import Handler, Tool

LONGEST_CALL = 20.0
"""Seconds of work a call does itself: clients wait for 60, and an estimate may be wrong."""

FEW = 5_000
"""People whose work is never long; for so few it is not worth asking."""

_WAIT = 10.0
"""Seconds that a question about a run waits for its end."""

_ASK_SECONDS = 0.2
_ASK_AGAIN = "ask get_run until its state is done; cancel true takes it back"


@dataclass(frozen=True, slots=True)
class Work:
    """Work of a tool.

    Attributes:
        tool: Its name.
        handler: Does it.
        people: How many are made.
        seconds: How long it may take.
    """

    tool: str
    handler: Handler
    people: int
    seconds: float


def done_or_begun(work: Work, arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Do work, or begin a run that does it."""
    if work.seconds <= LONGEST_CALL:
        return work.handler(arguments, call)
    return told(call.runs.start(work.tool, arguments, call.settings.db, work.people, is_there=is_kept(call)))


def is_kept(call: Call) -> "_IsKept":
    """Give what tells whether the cohort an answer tells of is still kept; an answer without one holds."""
    return _IsKept(call.settings.db)


@dataclass(frozen=True, slots=True)
class _IsKept:
    db: str | None

    def __call__(self, answer: Mapping[str, Any]) -> bool:
        from healthsim import get_manager  # noqa: PLC0415 - the engine is loaded when first used

        if "cohort_id" not in answer:
            return True
        try:
            get_manager(self.db).get_summary(answer["cohort_id"])
        except NotFoundError:
            return False
        return True


def get_run(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Tell how a run stands, once it has ended or has been waited for a while; or take it back."""
    run = call.runs.get(arguments["run_id"])
    if arguments.get("cancel"):
        call.runs.cancel(run)
    until = monotonic() + _WAIT
    call.began = run.started
    while monotonic() < until and not call.stopped.is_set() and not run.ended.wait(_ASK_SECONDS):
        call.progress(run.done, run.total)
    return told(run)


def told(run: Run) -> Mapping[str, Any]:
    """Tell how a run stands; of one that is done, the answer."""
    answer: dict[str, Any] = {"run_id": run.run_id, "state": run.state}
    if run.answer is not None:
        return {**answer, **run.answer}
    if run.state == "running":
        answer |= {"done": run.done, "total": run.total, "hint": _ASK_AGAIN}
        if run.done:
            rate = run.rate()
            answer |= {"people_per_second": round(rate), "seconds_left": round((run.total - run.done) / rate)}
    elif run.state == "cancelled":
        answer["hint"] = "nothing was kept"
    else:
        answer["problems"] = [cleaned(problem) for problem in run.problems]
    return answer


GET_RUN = Tool("get_run", get_run, is_read_only=False)

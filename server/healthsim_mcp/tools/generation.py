"""Tools that make cohorts, at once or in a run that goes on beside the calls."""

from collections.abc import Mapping
from time import monotonic
from typing import Any

from healthsim.errors import InvalidInputError, Problem, rendered
from healthsim_mcp.call import Call
from healthsim_mcp.replies import cleaned
from healthsim_mcp.runs import Run
from healthsim_mcp.tools.summaries import brief
from healthsim_mcp.tools.tool import Tool
from healthsim_mcp.validation import tool_schema

LONGEST_CALL = 20.0
"""Seconds of work a call does itself: clients wait for 60, and an estimate may be wrong."""

_MANY = 100_000
"""People whose work may be long; for fewer, it is not worth asking."""

_WAIT = 10.0
"""Seconds that a question about a run waits for its end."""

_ASK_AGAIN = "ask get_run until its state is done; cancel true takes it back"


def generate_cohort(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Generate a cohort and keep it, or start a run that does."""
    from healthsim import generate  # noqa: PLC0415 - the engine is loaded when first used

    count = _count(arguments)
    _check(count)
    if count >= _MANY and _seconds(arguments, call) > LONGEST_CALL:
        return _told(call.runs.start(arguments, call.settings.db, int(count)))
    result = generate(
        **arguments, persist=True, db=call.settings.db, progress=call.progress, cancelled=call.stopped.is_set
    )
    return brief(result.summary)


def get_run(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Tell how a run stands, once it has ended or has been waited for a while; or take it back."""
    run = call.runs.get(arguments["run_id"])
    if arguments.get("cancel"):
        call.runs.cancel(run)
    until = monotonic() + _WAIT
    while monotonic() < until and not call.stopped.is_set() and not run.ended.wait(0.2):
        call.progress(run.done, run.total)
    return _told(run)


def _told(run: Run) -> Mapping[str, Any]:
    if run.summary is not None:
        return {"run_id": run.run_id, "state": run.state, **brief(run.summary)}
    told: dict[str, Any] = {"run_id": run.run_id, "state": run.state}
    if run.state == "running":
        told |= {"done": run.done, "total": run.total, "hint": _ASK_AGAIN}
        if run.done:
            rate = run.rate()
            told |= {"people_per_second": round(rate), "seconds_left": round((run.total - run.done) / rate)}
    elif run.state == "cancelled":
        told["hint"] = "nothing was kept"
    else:
        told["problems"] = [cleaned(problem) for problem in run.problems]
    return told


def _count(arguments: Mapping[str, Any]) -> float:
    """Give the people asked for, as far as they can be told before the profile is read."""
    if "count" in arguments:
        return int(arguments["count"])
    profile = arguments.get("profile", {})
    body = profile.get("profile", profile)
    generation = body.get("generation") if isinstance(body, Mapping) else None
    count = generation.get("count") if isinstance(generation, Mapping) else None
    return count if isinstance(count, int | float) else 0


def _check(count: float) -> None:
    """Refuse more people than the argument may ask for: a profile's own count is held to its bound."""
    most = tool_schema("generate_cohort")["properties"]["count"]["maximum"]
    if count > most:
        hint = "the command `healthsim generate` makes more"
        problem = Problem("$.profile.generation.count", f"must be at most {most:,}", rendered(count), hint)
        raise InvalidInputError([problem])


def _seconds(arguments: Mapping[str, Any], call: Call) -> float:
    """Estimate how long the work takes."""
    from healthsim import explain  # noqa: PLC0415 - as above

    plan = explain(**{key: value for key, value in arguments.items() if key != "name"}, db=call.settings.db)
    return float(plan["estimated_seconds"])


GENERATE_COHORT = Tool("generate_cohort", generate_cohort, is_read_only=False, is_idempotent=False)
GET_RUN = Tool("get_run", get_run, is_read_only=False)

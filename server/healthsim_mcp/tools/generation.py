"""The tool that makes cohorts."""

from collections.abc import Mapping
from typing import Any

from healthsim.errors import InvalidInputError, Problem, rendered
from healthsim_mcp.call import Call
from healthsim_mcp.tools.running import FEW, Work, done_or_begun, is_kept
from healthsim_mcp.tools.summaries import brief
from healthsim_mcp.tools.tool import Tool
from healthsim_mcp.validation import tool_schema


def generate_cohort(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Generate a cohort and keep it, or start a run that does."""
    people, seconds = _expected(arguments, call)
    return done_or_begun(Work("generate_cohort", _generated, people, seconds), arguments, call)


def generate_now(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Generate a cohort and keep it, however long it takes."""
    from healthsim import generate, get_manager  # noqa: PLC0415 - the engine is loaded when first used

    result = generate(
        **arguments, persist=True, db=call.settings.db, progress=call.progress, cancelled=call.stopped.is_set
    )
    return brief(result.summary, get_manager(call.settings.db))


def _generated(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Generate a cohort; without a seed, not twice for somebody who was not told of the first."""
    if "seed" in arguments:
        return generate_now(arguments, call)
    answer, was_there = call.repeats.once(
        arguments,
        lambda: generate_now(arguments, call),
        is_there=is_kept(call),
        stopped=call.stopped,
        answered=call.answered,
    )
    return {**answer, "existing": True} if was_there else answer


def _expected(arguments: Mapping[str, Any], call: Call) -> tuple[int, float]:
    """Give how many people are asked for, and how long they may take in seconds; a few take no time.

    Raises:
        InvalidInputError: They are more than a call may ask for, or cannot be made.
    """
    from healthsim import explain  # noqa: PLC0415 - the engine is loaded when first used

    count = _count(arguments)
    if count is not None:
        _check(count)
        if count <= FEW:
            return int(count), 0.0
    plan = explain(**{key: value for key, value in arguments.items() if key != "name"}, db=call.settings.db)
    _check(plan["count"])
    return plan["count"], plan["estimated_seconds"]


def _count(arguments: Mapping[str, Any]) -> float | None:
    """Give the people asked for, as far as that can be told before the profile is read; None for a saved one's."""
    if "count" in arguments:
        return int(arguments["count"])
    if "profile_name" in arguments:
        return None
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


GENERATE_COHORT = Tool("generate_cohort", generate_cohort, is_read_only=False, is_idempotent=False)

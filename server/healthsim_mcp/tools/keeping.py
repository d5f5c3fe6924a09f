"""Tools about what is kept: exported, deleted, executed again."""

from collections.abc import Mapping
from typing import Any

from healthsim.errors import InvalidInputError, Problem, rendered
from healthsim_mcp.call import Call
from healthsim_mcp.sizes import CONCISE_TOKENS, shortened
from healthsim_mcp.tools.tool import Tool

_MOST_PEOPLE = 5_000_000
"""People that a call executes again: some seconds of work."""


def export_cohort(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Write a cohort's tables into a new folder."""
    from healthsim import get_manager  # noqa: PLC0415 - the engine is loaded when first used

    exported = get_manager(call.settings.db).export_cohort(
        arguments["cohort_id"],
        arguments.get("directory"),
        tables=arguments.get("tables"),
        format=arguments.get("format", "parquet"),
    )
    return shortened(exported, ("files",), CONCISE_TOKENS, "the manifest lists all files")


def delete_cohort(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Delete a cohort, and tell what was removed."""
    from healthsim import get_manager  # noqa: PLC0415 - as above

    return {"deleted": get_manager(call.settings.db).delete_cohort(arguments["cohort_id"])}


def rerun_execution(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Execute again what was executed, keeping nothing, and compare the digests."""
    from healthsim import get_manager  # noqa: PLC0415 - as above

    manager, number = get_manager(call.settings.db), arguments["execution_id"]
    count = manager.profiles.get_execution(number).count
    if count > _MOST_PEOPLE:
        hint = f"the command `healthsim profiles rerun {number}` makes more"
        problem = Problem("$.execution_id", f"has more than {_MOST_PEOPLE:,} people", rendered(count), hint)
        raise InvalidInputError([problem])
    again = manager.rerun_execution(number, progress=call.progress, cancelled=call.stopped.is_set)
    answer = {
        "execution_id": again.execution_id,
        "cohort_id": again.cohort_id,
        "digest_then": again.digest_then,
        "digest_now": again.digest_now,
        "equal": again.is_equal,
        "changes": list(again.changes),
    }
    return shortened(answer, ("changes",), CONCISE_TOKENS, "the command `healthsim profiles rerun` tells all")


EXPORT_COHORT = Tool("export_cohort", export_cohort, is_read_only=False, is_idempotent=False)
DELETE_COHORT = Tool("delete_cohort", delete_cohort, is_read_only=False, is_destructive=True)
RERUN_EXECUTION = Tool("rerun_execution", rerun_execution)

"""Tools about what is kept: exported, deleted, executed again."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from healthsim.errors import InvalidInputError, Problem, rendered
from healthsim_mcp.call import Call
from healthsim_mcp.exports import export_folder
from healthsim_mcp.sizes import CONCISE_TOKENS, shortened
from healthsim_mcp.tools.running import LONGEST_CALL, Work, done_or_begun
from healthsim_mcp.tools.tool import Tool

_ROWS_A_SECOND = 2_000_000
"""What is drawn again where nothing is kept, on an ordinary machine with two cores; an estimate, not a promise."""

_ROWS_A_PERSON = 100
"""Taken where nobody recorded how many rows there were."""


def export_cohort(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Write a cohort's tables into a new folder."""
    from healthsim import get_manager  # noqa: PLC0415 - the engine is loaded when first used

    manager = get_manager(call.settings.db)
    cohort_id = manager.get_summary(arguments["cohort_id"])["cohort_id"]
    named = arguments.get("directory", cohort_id)
    folder = export_folder(call.settings, manager.workspace.path, named)
    tables, kind = arguments.get("tables"), arguments.get("format", "parquet")
    try:
        exported = manager.export_cohort(cohort_id, folder, tables=tables, format=kind)
    except InvalidInputError as error:
        problems = [
            replace(each, received=rendered(named)) if each.path == "$.directory" else each for each in error.problems
        ]
        raise InvalidInputError(problems) from error
    return shortened(exported, ("files",), CONCISE_TOKENS, "the manifest lists all files")


def delete_cohort(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Delete a cohort, and tell what was removed."""
    from healthsim import get_manager  # noqa: PLC0415 - as above

    return {"deleted": get_manager(call.settings.db).delete_cohort(arguments["cohort_id"])}


def rerun_execution(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Execute again what was executed, keeping nothing, or start a run that does; compare the digests."""
    from healthsim import get_manager  # noqa: PLC0415 - as above

    number = arguments["execution_id"]
    execution = get_manager(call.settings.db).profiles.get_execution(number)
    rows = sum(execution.tables.values()) or execution.count * _ROWS_A_PERSON
    seconds = rows / _ROWS_A_SECOND
    if seconds > LONGEST_CALL and call.settings.is_read_only:
        hint = f"the command `healthsim profiles rerun {number}` takes its time"
        problem = Problem("$.execution_id", "too many rows for a call", rendered(number), hint)
        raise InvalidInputError([problem])
    return done_or_begun(Work("rerun_execution", rerun_now, execution.count, seconds), arguments, call)


def rerun_now(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Execute again what was executed, however long it takes."""
    from healthsim import get_manager  # noqa: PLC0415 - as above

    again = get_manager(call.settings.db).rerun_execution(
        arguments["execution_id"], progress=call.progress, cancelled=call.stopped.is_set
    )
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

"""Tools that make and read cohorts."""

from collections.abc import Mapping
from typing import Any

from healthsim_mcp.call import Call
from healthsim_mcp.replies import HARD_CAP, SHORT_REPLY, rows_within
from healthsim_mcp.tools.summaries import brief
from healthsim_mcp.tools.tool import Tool

_DEFAULT_ROWS = 20
_ENVELOPE = 2_000
"""Characters of a reply around its rows."""


def generate_cohort(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Generate a cohort and keep it."""
    from healthsim import generate  # noqa: PLC0415 - the engine is loaded when first used

    result = generate(
        **arguments, persist=True, db=call.settings.db, progress=call.progress, cancelled=call.stopped.is_set
    )
    return brief(result.summary)


def get_cohort_summary(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Summarise a cohort."""
    from healthsim import get_manager  # noqa: PLC0415 - as above

    detail = arguments.get("detail", "concise")
    summary = get_manager(call.settings.db).get_summary(arguments["cohort_id"], detail=detail)
    return summary if detail == "detailed" else brief(summary)


def query_cohort(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Answer a SELECT over a cohort, a page at a time."""
    from healthsim import get_manager  # noqa: PLC0415 - as above

    limit, offset = arguments.get("limit"), int(arguments.get("cursor", "0"))
    manager = get_manager(call.settings.db)
    answer = manager.query(arguments["cohort_id"], arguments["sql"], limit=limit or _DEFAULT_ROWS, offset=offset)
    rows = rows_within(answer.rows, HARD_CAP - _ENVELOPE if limit else SHORT_REPLY)
    is_cut = answer.truncated or len(rows) < len(answer.rows)
    page: dict[str, Any] = {"columns": answer.columns, "rows": rows, "total": answer.total, "truncated": is_cut}
    if is_cut:
        page["next_cursor"] = str(offset + len(rows))
    return page


GENERATE_COHORT = Tool("generate_cohort", generate_cohort, is_read_only=False)
GET_COHORT_SUMMARY = Tool("get_cohort_summary", get_cohort_summary)
QUERY_COHORT = Tool("query_cohort", query_cohort)

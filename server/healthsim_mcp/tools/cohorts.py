"""Tools that read cohorts."""

from collections.abc import Mapping
from typing import Any

from healthsim_mcp.call import Call
from healthsim_mcp.replies import HARD_CAP, rows_within, shown
from healthsim_mcp.sizes import CONCISE_TOKENS, DETAILED_TOKENS, compact, estimated_tokens, shortened
from healthsim_mcp.tools.highlights import highlights
from healthsim_mcp.tools.summaries import brief
from healthsim_mcp.tools.tool import Tool

_SCORED_ROWS = 500_000
"""Rows of a cohort that is scored when its summary is first asked for: some seconds' work."""

_SHORTENED = ("samples", "notes", "sources", "conditions")
_DEFAULT_ROWS = 100
"""Rows that are read where nobody said how many; a short reply holds fewer, unless they are short."""

_ENVELOPE_TOKENS, _ENVELOPE_CHARACTERS = 40, 200
"""What a reply takes around its columns and rows."""


def get_cohort_summary(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Summarise a cohort; one that is not large is scored first, once."""
    from healthsim import get_manager  # noqa: PLC0415 - the engine is loaded when first used

    detail = arguments.get("detail", "concise")
    manager = get_manager(call.settings.db)
    summary = manager.get_summary(arguments["cohort_id"], detail=detail)
    if "score" not in summary and sum(summary["tables"].values()) <= _SCORED_ROWS:
        card = manager.score(summary["cohort_id"], keep=not call.settings.is_read_only)
        summary["score"] = card["score"]
    if detail == "concise":
        return brief(summary, manager)
    summary |= highlights(summary, manager)
    summary["samples"] = {
        table: [{column: shown(value) for column, value in row.items()} for row in rows]
        for table, rows in summary["samples"].items()
    }
    summary["notes"] = [shown(note) for note in summary["notes"]]
    return shortened(summary, _SHORTENED, DETAILED_TOKENS, "query_cohort has the rows")


def query_cohort(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Answer a SELECT over a cohort, a page at a time."""
    from healthsim import get_manager  # noqa: PLC0415 - as above

    limit, offset = arguments.get("limit"), int(arguments.get("cursor", "0"))
    manager = get_manager(call.settings.db)
    answer = manager.query(arguments["cohort_id"], arguments["sql"], limit=limit or _DEFAULT_ROWS, offset=offset)
    rows = _page(answer.columns, answer.rows, is_short=limit is None)
    is_cut = answer.truncated or len(rows) < len(answer.rows)
    page: dict[str, Any] = {"columns": answer.columns, "rows": rows, "total": answer.total, "truncated": is_cut}
    if is_cut:
        page["next_cursor"] = str(offset + len(rows))
    return page


def _page(columns: list[str], rows: list[list[Any]], *, is_short: bool) -> list[list[Any]]:
    """Give the first rows that fit a short reply, or any."""
    header = compact(columns)
    if is_short:
        return rows_within(rows, CONCISE_TOKENS - _ENVELOPE_TOKENS - estimated_tokens(header), estimated_tokens)
    return rows_within(rows, HARD_CAP - _ENVELOPE_CHARACTERS - len(header), len)


GET_COHORT_SUMMARY = Tool("get_cohort_summary", get_cohort_summary)
QUERY_COHORT = Tool("query_cohort", query_cohort)

"""Replies: compact JSON, the same facts as text and as structure, never beyond their bounds."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mcp.types import CallToolResult, TextContent

from healthsim_mcp.sizes import compact

HARD_CAP = 40_000
"""Characters no reply exceeds."""

_ERROR_CAP = 600
_LONGEST_CELL = 200
_BETWEEN = "; "


def replied(answer: Mapping[str, Any]) -> CallToolResult:
    """Give an answer as text and structure."""
    text = compact(answer)
    if len(text) > HARD_CAP:
        return refused([f"the reply would have {len(text):,} characters, more than {HARD_CAP:,}; ask for less"])
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=json.loads(text))


def refused(problems: Iterable[str]) -> CallToolResult:
    """Give what is wrong, within its bound; of problems that do not fit, their number."""
    return CallToolResult(content=[TextContent(type="text", text=_bounded(list(problems)))], is_error=True)


def rows_within(rows: Sequence[Sequence[Any]], fits: int, size: Any) -> list[list[Any]]:  # noqa: ANN401 - see below
    raise NotImplementedError

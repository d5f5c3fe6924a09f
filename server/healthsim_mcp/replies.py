"""Replies: compact JSON, the same facts as text and as structure, never beyond their bounds."""

import json
from collections.abc import Mapping
from typing import Any

from mcp.types import CallToolResult, TextContent

HARD_CAP = 40_000
"""Characters no reply exceeds."""

SHORT_REPLY = 1_800
"""Characters of rows a reply holds unless more are asked for: about 500 tokens."""

_ERROR_CAP = 600
_LONGEST_CELL = 200


def replied(answer: Mapping[str, Any]) -> CallToolResult:
    """Give an answer as text and structure."""
    text = compact(answer)
    if len(text) > HARD_CAP:
        return refused(f"the reply would have {len(text):,} characters, more than {HARD_CAP:,}; ask for less")
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=dict(answer))


def refused(message: str) -> CallToolResult:
    """Give an error that the caller can mend, within its bound."""
    text = message if len(message) <= _ERROR_CAP else f"{message[: _ERROR_CAP - 1]}…"
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=True)


def compact(value: object) -> str:
    """Write JSON without spaces."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=str)


def rows_within(rows: list[list[Any]], characters: int) -> list[list[Any]]:
    """Give the first rows that fit, at least one, with long texts cut."""
    kept: list[list[Any]] = []
    used = 0
    for row in rows:
        short = [_short(value) for value in row]
        used += len(compact(short)) + 1
        if kept and used > characters:
            break
        kept.append(short)
    return kept


def _short(value: object) -> object:
    if isinstance(value, str) and len(value) > _LONGEST_CELL:
        return f"{value[: _LONGEST_CELL - 1]}…"
    if isinstance(value, list | dict) and len(compact(value)) > _LONGEST_CELL:
        return f"{compact(value)[: _LONGEST_CELL - 1]}…"
    return value

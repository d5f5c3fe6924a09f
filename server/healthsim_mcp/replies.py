"""Replies: compact JSON, the same facts as text and as structure, never beyond their bounds."""

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mcp.types import CallToolResult, TextContent

from healthsim_mcp.sizes import compact

HARD_CAP = 40_000
"""Characters no reply exceeds."""

_ERROR_CAP = 600
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
"""Categories of characters that are not text: controls, formats such as overrides of direction, surrogates, private."""

_KEPT = "\n\t\u200c\u200d"
"""Controls that belong to text: ends of lines, tabs, and the joiners of scripts and emoji."""
_ROOM_FOR_COUNT = 40
_LONG_TEXT = 1_000
"""Characters of a description that somebody wrote."""

_SIGNS = {ord("«"): "<", ord("»"): ">"}
_LONG_CELL, _SHORT_CELL = 200, 20
"""Characters of a cell, and of one in a row that would fill a reply alone."""


def replied(answer: Mapping[str, Any]) -> CallToolResult:
    """Give an answer as text and structure."""
    text = compact(cleaned(answer))
    if len(text) > HARD_CAP:
        return refused([f"the reply would have {len(text):,} characters, more than {HARD_CAP:,}; ask for less"])
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=json.loads(text))


def refused(problems: Iterable[str]) -> CallToolResult:
    """Give what is wrong, within its bound; of problems that do not fit, their number."""
    told = _within([cleaned(problem) for problem in problems])
    return CallToolResult(content=[TextContent(type="text", text=told)], is_error=True)


def cleaned(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Strip texts of what is not seen but obeyed or misread: controls, direction overrides, invisible tags."""
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else "".join(filter(_is_shown, value))
    if isinstance(value, Mapping):
        return {cleaned(key): cleaned(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(part) for part in value]
    return value


def fenced(text: str, longest: int = _LONG_TEXT) -> str:
    """Put free text of users between signs that it cannot hold itself, on one line and within a length."""
    line = " ".join(cleaned(text).split()).translate(_SIGNS)
    return f"«{shown(line, longest)}»"


def shown(value: Any, longest: int = _LONG_CELL) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Cut a value that is longer than a reply shows of one."""
    return _cut(value, longest)


def rows_within(rows: Sequence[Sequence[Any]], room: int, size: Callable[[str], int]) -> list[list[Any]]:
    """Give the first rows that fit, at least one, with long cells cut.

    Args:
        rows: As they were answered.
        room: What they may take.
        size: What a text takes of it.
    """
    kept: list[list[Any]] = []
    used = 0
    for row in rows:
        cut = [_cut(value, _LONG_CELL) for value in row]
        used += size(compact(cut)) + 1
        if used > room and kept:
            break
        kept.append(cut if used <= room else [_cut(value, _SHORT_CELL) for value in row])
    return kept


def _is_shown(character: str) -> bool:
    return character in _KEPT or unicodedata.category(character) not in _UNSEEN


def _within(problems: Sequence[str]) -> str:
    told = "; ".join(problems)
    if len(told) <= _ERROR_CAP:
        return told
    room = _ERROR_CAP - _ROOM_FOR_COUNT
    fitting = 0
    while fitting < len(problems) and len("; ".join(problems[: fitting + 1])) <= room:
        fitting += 1
    if not fitting:
        fitting, told = 1, f"{problems[0][: room - 1]}…"
    else:
        told = "; ".join(problems[:fitting])
    more = len(problems) - fitting
    return f"{told}; and {more:,} more {'problem' if more == 1 else 'problems'}" if more else told


def _cut(value: object, longest: int) -> object:
    if isinstance(value, str):
        return value if len(value) <= longest else f"{value[: longest - 1]}…"
    if isinstance(value, list | dict) and len(text := compact(value)) > longest:
        return f"{text[: longest - 1]}…"
    return value

"""How long a reply is for who reads it: tokens, estimated, and the shortening that keeps it within them."""

import json
import re
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

CONCISE_TOKENS = 480
"""Tokens of a reply that nobody asked to be longer: 500, less what the estimate may be wrong by."""

DETAILED_TOKENS = 4_800
"""Tokens of a detailed reply: 5,000, less the same."""

Least = tuple[str, int]
"""A part of an answer, and how many of its members are kept."""

_PIECES = re.compile(r"[A-Za-z]+|[0-9]{1,3}|[^\sA-Za-z0-9]+|\s+")
_LETTERS, _CAPITALS, _SIGNS = 6, 3, 4
"""Characters a token holds of words, of capitals and of punctuation, fitted to o200k on replies of this server."""


def compact(value: object) -> str:
    """Write JSON without spaces."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=str)


def estimated_tokens(text: str) -> int:
    """Estimate the tokens of a text in o200k.

    Within 5 % for this server's replies; more than there are for text beyond ASCII.
    """
    return sum(map(_tokens_of, _PIECES.findall(text)))


def shortened(answer: Mapping[str, Any], keys: tuple[str | Least, ...], tokens: int, hint: str) -> dict[str, Any]:
    """Leave out parts of an answer until it fits, and say of what and how much.

    Args:
        answer: Whole.
        keys: Parts that may be shortened, lists and mappings, maybe down to a number of members; the first is used up,
            or left out, before the second is touched.
        tokens: What it shall fit.
        hint: How to get the rest.
    """
    fits = _fits(tokens)
    shorter, left_out = dict(answer), dict[str, int]()
    for each in keys:
        key, least = each if isinstance(each, tuple) else (each, 0)
        while len(shorter.get(key, ())) > least and not fits(shorter):
            kept = max(least, len(shorter[key]) - max(1, len(shorter[key]) // 4))
            left_out[key] = len(answer[key]) - kept
            shorter[key] = _first(shorter[key], kept)
            if not kept:
                del shorter[key]
            shorter["left_out"] = {**left_out, "hint": hint}
    return shorter


def _fits(tokens: int) -> Callable[[Mapping[str, Any]], bool]:
    return lambda answer: estimated_tokens(compact(answer)) <= tokens


def _first(part: Any, count: int) -> Any:  # noqa: ANN401 - JSON: a list or an object
    return dict(islice(part.items(), count)) if isinstance(part, dict) else part[:count]


def _tokens_of(piece: str) -> int:
    if piece.isspace():
        return 0 if piece == " " else 1
    if not piece.isascii():
        return len(piece)
    if piece.isdigit():
        return 1
    if piece.isalpha():
        return -(-len(piece) // (_CAPITALS if piece.isupper() else _LETTERS))
    return -(-len(piece) // _SIGNS)

"""Tokens as models count them: o200k, offline."""

from functools import cache
from typing import Any

import bpe_openai


def tokens_of(text: str) -> int:
    return len(_encoding().encode(text))


@cache
def _encoding() -> Any:  # noqa: ANN401 - the package has no types
    return bpe_openai.get_encoding("o200k_base")

"""Shares that sum to 1, or as percentages to 100."""

from collections.abc import Mapping
from typing import Any

_LARGEST = 101.0
"""No share is larger, written as a percentage or not."""


def as_shares(weights: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Turn weights that sum to about 1, or as percentages to about 100, into shares that sum to 1."""
    values = list(weights.values()) if isinstance(weights, Mapping) else weights
    if not isinstance(values, list | tuple) or not all(_is_weight(value) for value in values):
        return weights
    total = sum(values)
    if not sums_to_one(total):
        return weights
    if isinstance(weights, Mapping):
        return {str(key): value / total for key, value in weights.items()}
    return [value / total for value in values]


def sums_to_one(total: float) -> bool:
    """Tell whether weights sum to 1, or as percentages to 100, within a hundredth."""
    return abs(total - 1.0) <= 0.01 or abs(total - 100.0) <= 1.0  # noqa: PLR2004 - said above


def _is_weight(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _LARGEST

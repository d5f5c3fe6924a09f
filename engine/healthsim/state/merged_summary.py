"""The summary of merged cohorts, from the summaries of its parts."""

from collections.abc import Mapping, Sequence
from typing import Any

from healthsim.state.catalogue import CohortRecord
from healthsim.version import ENGINE_VERSION

_SHARE_DECIMALS = 4


def merged_summary(parts: Sequence[CohortRecord], rows: Mapping[str, int], moved: Sequence[int]) -> dict[str, Any]:
    """Summarise merged cohorts.

    Args:
        parts: The cohorts, in order.
        rows: Of the merged tables.
        moved: How far each one's `person_id` was moved.
    """
    summaries = [part.summary for part in parts]
    which = " and ".join(f"{part.cohort_id} ({part.name})" for part in parts)
    notes = [
        f"person_id of {part.cohort_id} is {offset} more than there"
        for part, offset in zip(parts, moved, strict=True)
        if offset
    ]
    return {
        "products": sorted({product for summary in summaries for product in summary["products"]}),
        "count": sum(summary["count"] for summary in summaries),
        "seed": None,
        "as_of": _common([summary["as_of"] for summary in summaries]),
        "tables": dict(rows),
        "demographics": _demographics(summaries),
        "conditions": [],
        "sources": list(dict.fromkeys(source for summary in summaries for source in summary["sources"])),
        "engine_version": ENGINE_VERSION,
        "reference_version": _common([summary["reference_version"] for summary in summaries]),
        "existing": False,
        "notes": [f"merged from {which}", *notes],
    }


def _common(values: Sequence[object]) -> object:
    """Give the value that all share; None where they differ."""
    return values[0] if all(value == values[0] for value in values) else None


def _demographics(summaries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Weigh the parts' demographics by their people; nothing where a part has none, or ages of another date."""
    if not all(summary["demographics"] for summary in summaries) or not _common([each["as_of"] for each in summaries]):
        return {}
    counts = [summary["count"] for summary in summaries]
    parts = [summary["demographics"] for summary in summaries]
    ages = [part["age"] for part in parts]
    merged = {name: _weighted([part[name] for part in parts], counts) for name in parts[0] if name != "age"}
    return {
        "age": {
            "mean": round(sum(age["mean"] * count for age, count in zip(ages, counts, strict=True)) / sum(counts), 1),
            "min": min(age["min"] for age in ages),
            "max": max(age["max"] for age in ages),
            "bands": _weighted([age["bands"] for age in ages], counts),
        },
        **merged,
    }


def _weighted(shares: Sequence[Mapping[str, float]], counts: Sequence[int]) -> dict[str, float]:
    names = dict.fromkeys(name for part in shares for name in part)
    return {
        name: round(
            sum(part.get(name, 0.0) * count for part, count in zip(shares, counts, strict=True)) / sum(counts),
            _SHARE_DECIMALS,
        )
        for name in names
    }

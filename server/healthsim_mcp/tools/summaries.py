"""A cohort's summary in a few hundred tokens."""

from collections.abc import Mapping
from typing import Any

_FACTS = ("cohort_id", "name", "count", "seed", "digest", "as_of", "existing", "tables", "demographics")
_BACKGROUND = "adults"


def brief(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Shorten a summary: the conditions asked for in full, those that came with the place by their prevalence alone."""
    asked = [each for each in summary["conditions"] if each["among"] != _BACKGROUND]
    background = {each["code"]: each["reached"] for each in summary["conditions"] if each["among"] == _BACKGROUND}
    answer: dict[str, Any] = {fact: summary[fact] for fact in _FACTS}
    answer["conditions"] = [_condition(each) for each in asked]
    if background:
        answer["other_prevalence_among_adults"] = background
    if summary["notes"]:
        answer["notes"] = summary["notes"][:3]
    return answer


def _condition(condition: Mapping[str, Any]) -> dict[str, Any]:
    wanted = ("code", "name", "among", "asked", "reached")
    return {key: condition[key] for key in wanted if condition.get(key) is not None}

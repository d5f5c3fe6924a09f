"""A cohort's summary in a few hundred tokens."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from healthsim_mcp.sizes import CONCISE_TOKENS, shortened

_FACTS = ("cohort_id", "name", "count", "seed", "digest", "as_of", "existing", "tables", "demographics")
_SCORE = ("rules_checked", "rules_broken", "rows_broken", "figures_compared", "figures_outside")
_BACKGROUND = "adults"
_OTHERS = "other_prevalence_among_adults"
_MOST_NOTES = 3


def brief(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Shorten a summary: the conditions asked for in full, those that came with the place by their prevalence alone."""
    answer: dict[str, Any] = {fact: summary[fact] for fact in _FACTS}
    answer |= brief_conditions(summary["conditions"], "reached")
    if "claims" in summary:
        answer["claims"] = summary["claims"]
    if "score" in summary:
        answer["score"] = {key: summary["score"][key] for key in _SCORE}
    if summary["notes"]:
        answer["notes"] = summary["notes"][:_MOST_NOTES]
    hint = "get_cohort_summary with detail detailed"
    return shortened(answer, ("notes", _OTHERS, "conditions", "tables"), CONCISE_TOKENS, hint)


def brief_conditions(conditions: Sequence[Mapping[str, Any]], figure: Literal["expected", "reached"]) -> dict[str, Any]:
    """Give the conditions asked for, and in one mapping the figure of those that came with the place.

    Args:
        conditions: As summaries and explanations describe them.
        figure: The prevalence to give.
    """
    wanted = ("code", "name", "among", "asked", figure)
    asked = [each for each in conditions if each["among"] != _BACKGROUND]
    answer: dict[str, Any] = {
        "conditions": [{key: each[key] for key in wanted if each.get(key) is not None} for each in asked]
    }
    background = {each["code"]: each[figure] for each in conditions if each["among"] == _BACKGROUND}
    return {**answer, _OTHERS: background} if background else answer

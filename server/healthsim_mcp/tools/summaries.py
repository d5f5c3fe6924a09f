"""A cohort's summary in a few hundred tokens."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from healthsim_mcp.replies import shown
from healthsim_mcp.sizes import CONCISE_TOKENS, Least, shortened
from healthsim_mcp.tools.highlights import Asked, highlights, next_calls

_FACTS = ("cohort_id", "name", "count", "seed", "digest", "as_of", "existing", "tables", "demographics")
_SCORE = ("rules_checked", "rules_broken", "rows_broken", "figures_outside")
_BACKGROUND, _EVERYBODY = "adults", ("among", "all")
_OTHERS = "other_prevalence_among_adults"
_MOST_NOTES = 3
"""The last are of the products, the first of the place."""

_SHORTENED: tuple[str | Least, ...] = (
    *(_OTHERS, "dates", ("conditions", 3), ("notes", 1), ("arms", 4), ("demographics", 2)),
    *(("tables", 20), "notes", "arms", "conditions", "tables"),
)
"""What a reply can do without, in this order."""

_SHARE_DECIMALS, _A_HUNDRED = 3, 100


def brief(summary: Mapping[str, Any], manager: Asked) -> dict[str, Any]:
    """Shorten a summary: the conditions asked for in full, those that came with the place by their prevalence alone.

    Args:
        summary: Whole.
        manager: Answers queries over the cohort.
    """
    answer: dict[str, Any] = {fact: summary[fact] for fact in _FACTS}
    answer |= brief_conditions(summary["conditions"], "reached")
    if "claims" in summary:
        answer["claims"] = summary["claims"]
    answer |= highlights(summary, manager)
    for part in ("demographics", "claims", "pharmacy"):
        if part in answer:
            answer[part] = _rounded(answer[part])
    if "score" in summary:
        answer["score"] = {key: summary["score"][key] for key in _SCORE}
    if summary["notes"]:
        answer["notes"] = [shown(note) for note in summary["notes"][: -_MOST_NOTES - 1 : -1]]
    answer["next"] = next_calls(summary)
    hint = "get_cohort_summary with detail detailed"
    return shortened(answer, _SHORTENED, CONCISE_TOKENS, hint)


def _rounded(part: Any) -> Any:  # noqa: ANN401 - JSON
    """Round shares to a thousandth and money to dollars: what a first look needs."""
    if isinstance(part, Mapping):
        return {key: _rounded(value) for key, value in part.items()}
    if isinstance(part, float):
        return round(part, _SHARE_DECIMALS) if abs(part) < _A_HUNDRED else round(part)
    return part


def brief_conditions(conditions: Sequence[Mapping[str, Any]], figure: Literal["expected", "reached"]) -> dict[str, Any]:
    """Give the conditions asked for, and in one mapping the figure of those that came with the place.

    Args:
        conditions: As summaries and explanations describe them.
        figure: The prevalence to give.
    """
    wanted = ("code", "name", "among", "asked", figure)
    asked = [each for each in conditions if each["among"] != _BACKGROUND]
    answer: dict[str, Any] = {
        "conditions": [
            {key: each[key] for key in wanted if each.get(key) is not None and (key, each[key]) != _EVERYBODY}
            for each in asked
        ]
    }
    background = {each["code"]: each[figure] for each in conditions if each["among"] == _BACKGROUND}
    return {**answer, _OTHERS: background} if background else answer

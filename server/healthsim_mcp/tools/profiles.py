"""Tools about profiles."""

from collections.abc import Mapping
from typing import Any

from healthsim_mcp.call import Call
from healthsim_mcp.replies import shown
from healthsim_mcp.sizes import CONCISE_TOKENS, shortened
from healthsim_mcp.tools.summaries import brief_conditions
from healthsim_mcp.tools.tool import Tool

_FACTS = (
    *("cohort_id", "products", "count", "seed", "as_of", "counties", "demographics"),
    *("estimated_rows", "estimated_seconds", "sources"),
)
_SHORTENED = ("notes", "other_prevalence_among_adults", "conditions", "sources")


def explain_profile(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Tell what a profile would generate."""
    from healthsim import explain  # noqa: PLC0415 - the engine is loaded when first used

    explained = explain(**arguments, db=call.settings.db)
    answer = {fact: explained[fact] for fact in _FACTS} | brief_conditions(explained["conditions"], "expected")
    if explained["notes"]:
        answer["notes"] = [shown(note) for note in explained["notes"]]
    return shortened(answer, _SHORTENED, CONCISE_TOKENS, "the command `healthsim explain` tells all")


EXPLAIN_PROFILE = Tool("explain_profile", explain_profile)

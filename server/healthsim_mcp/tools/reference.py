"""Tools about places."""

from collections.abc import Mapping
from typing import Any

from healthsim_mcp.call import Call
from healthsim_mcp.sizes import CONCISE_TOKENS, shortened
from healthsim_mcp.tools.tool import Tool

_OVERALL_RANK = "RPL_THEMES"


def lookup_county(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Give the figures of a county or state, in percent under the names and the year of their source."""
    from healthsim import get_manager  # noqa: PLC0415 - the engine is loaded when first used

    place = get_manager(call.settings.db).lookup_county(**arguments)
    percent: dict[str, dict[str, float]] = {}
    for name, figure in place["figures"].items():
        percent.setdefault(figure["source"], {})[name] = round(figure["value"], 1)
    answer: dict[str, Any] = {key: place[key] for key in ("fips", "name", "state", "population")}
    if _OVERALL_RANK in place["svi"]:
        answer["social_vulnerability_rank"] = place["svi"][_OVERALL_RANK]
    answer |= {f"percent, {source}": figures for source, figures in percent.items()}
    keys = tuple(key for key in reversed(answer) if key.startswith("percent"))
    return shortened(answer, keys, CONCISE_TOKENS, "the command `healthsim county` tells all")


LOOKUP_COUNTY = Tool("lookup_county", lookup_county)

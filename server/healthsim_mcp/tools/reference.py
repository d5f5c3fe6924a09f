"""Tools about places."""

from collections.abc import Mapping
from typing import Any

from healthsim_mcp.call import Call
from healthsim_mcp.tools.tool import Tool

_SOCIAL = "EP_"


def lookup_county(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Give the figures of a county or state."""
    from healthsim import get_manager  # noqa: PLC0415 - the engine is loaded when first used

    place = get_manager(call.settings.db).lookup_county(**arguments)
    figures: Mapping[str, Mapping[str, Any]] = place["figures"]
    values = {name: figure["value"] for name, figure in figures.items()}
    return {
        "fips": place["fips"],
        "name": place["name"],
        "state": place["state"],
        "population": place["population"],
        "health_percent": {name: value for name, value in values.items() if not name.startswith(_SOCIAL)},
        "social_percent": {name: value for name, value in values.items() if name.startswith(_SOCIAL)},
        "svi_rank": place["svi"],
        "sources": list(dict.fromkeys(figure["source"] for figure in figures.values())),
    }


LOOKUP_COUNTY = Tool("lookup_county", lookup_county)

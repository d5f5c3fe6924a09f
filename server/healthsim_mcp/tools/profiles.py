"""Tools about profiles."""

from collections.abc import Mapping
from typing import Any

from healthsim_mcp.call import Call
from healthsim_mcp.tools.tool import Tool


def explain_profile(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Tell what a profile would generate."""
    from healthsim import explain  # noqa: PLC0415 - the engine is loaded when first used

    explained = explain(arguments["profile"], db=call.settings.db)
    explained["conditions"] = [
        {key: value for key, value in condition.items() if key != "sources" and value is not None}
        for condition in explained["conditions"]
    ]
    del explained["profile"]
    explained["notes"] = explained["notes"][:3]
    return explained


EXPLAIN_PROFILE = Tool("explain_profile", explain_profile)

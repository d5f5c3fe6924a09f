"""Tools about places, and who provides care there."""

from collections.abc import Mapping
from typing import Any

from healthsim.errors import InvalidInputError, Problem, rendered
from healthsim_mcp.call import Call
from healthsim_mcp.replies import HARD_CAP, rows_within
from healthsim_mcp.sizes import CONCISE_TOKENS, estimated_tokens, shortened
from healthsim_mcp.tools.tool import Tool

_OVERALL_RANK = "RPL_THEMES"
_COLUMNS = {
    "provider": ("npi", "name", "specialty", "city", "zip"),
    "facility": ("facility_id", "ccn", "name", "facility_type", "beds", "rating", "city"),
}
_OF_ONE_KIND = {"provider": ("facility_type", "min_beds"), "facility": ("specialty",)}
"""Arguments that say nothing of a kind."""

_DEFAULT_ROWS = 20
_SURROUNDING_TOKENS, _SURROUNDING_CHARACTERS = 60, 400
"""What a reply takes around its rows."""


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


def find_providers(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Give the providers or hospitals of a place, a row each."""
    from healthsim import get_manager  # noqa: PLC0415 - as above

    kind, limit = arguments.get("kind", "provider"), arguments.get("limit")
    _refuse_surplus(kind, arguments)
    search: Any = {key: value for key, value in arguments.items() if key not in {"kind", "limit"}}
    manager, most = get_manager(call.settings.db), limit or _DEFAULT_ROWS
    if kind == "provider":
        answer = manager.find_providers(**search, limit=most + 1)
        found = answer["providers"]
    else:
        answer = manager.find_facilities(**search, limit=most + 1)
        found = answer["facilities"]
    columns = _COLUMNS[kind]
    rows = _page([[row[column] for column in columns] for row in found[:most]], is_short=limit is None)
    return {"source": answer["source"], "columns": columns, "rows": rows, "truncated": len(rows) < len(found)}


def _refuse_surplus(kind: str, arguments: Mapping[str, Any]) -> None:
    problems = [
        Problem(f"$.{key}", f"says nothing of a {kind}", rendered(arguments[key]), "leave it out, or change the kind")
        for key in _OF_ONE_KIND[kind]
        if key in arguments
    ]
    if problems:
        raise InvalidInputError(problems)


def _page(rows: list[list[Any]], *, is_short: bool) -> list[list[Any]]:
    """Give the first rows that fit a short reply, or any."""
    if is_short:
        return rows_within(rows, CONCISE_TOKENS - _SURROUNDING_TOKENS, estimated_tokens)
    return rows_within(rows, HARD_CAP - _SURROUNDING_CHARACTERS, len)


LOOKUP_COUNTY = Tool("lookup_county", lookup_county)
FIND_PROVIDERS = Tool("find_providers", find_providers)

"""Tools about profiles: what one would make, and saving one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from healthsim.errors import InvalidInputError, NotFoundError
from healthsim_mcp.call import Call
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
        answer["notes"] = explained["notes"]
    return shortened(answer, _SHORTENED, CONCISE_TOKENS, "the command `healthsim explain` tells all")


def save_profile(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Save a profile: a new one, the same one again, or a new version of the one that has the name."""
    try:
        return _saved(arguments["name"], arguments["profile"], _labels(arguments), call)
    except InvalidInputError as error:
        problems = [replace(each, path=each.path.replace(".profile_spec", ".profile", 1)) for each in error.problems]
        raise type(error)(problems) from error


def _labels(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {key: arguments[key] for key in ("description", "tags") if key in arguments}


def _saved(name: str, profile: Mapping[str, Any], labels: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    from healthsim import get_manager  # noqa: PLC0415 - as above

    profiles = get_manager(call.settings.db).profiles
    try:
        known = profiles.load_profile(name)
    except NotFoundError:
        known = None
    # What was found by its number has another name: saving says that a number is no name.
    if known is None or known.name != name:
        saved = profiles.load_profile(profiles.save_profile(name, profile, **labels))
    else:
        saved = profiles.update_profile(known.id, profile, **labels)
    return {"id": saved.id, "name": saved.name, "version": saved.version, "products": list(saved.products)}


EXPLAIN_PROFILE = Tool("explain_profile", explain_profile)
SAVE_PROFILE = Tool("save_profile", save_profile, is_read_only=False)

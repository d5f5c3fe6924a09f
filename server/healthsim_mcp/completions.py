"""Completions: what a client offers while somebody types the argument of a prompt or of a resource's address."""

from collections.abc import Callable, Mapping
from functools import cache

import mcp.types as wire

from healthsim_mcp.resources import KINDS
from healthsim_mcp.settings import Settings

_PAYERS = ("medicare", "medicaid", "private")

MOST = 100
"""Values a completion holds: the protocol's limit."""


def completion(
    reference: wire.PromptReference | wire.ResourceTemplateReference,
    argument: wire.CompletionArgument,
    settings: Settings,
) -> wire.Completion:
    """Give the values that begin with what was typed, then those that hold it; none where nothing is known."""
    typed = argument.value.strip().casefold()
    known = _known(reference, argument.name, settings)
    begin = [value for value in known if value.casefold().startswith(typed)]
    there = set(begin)
    found = [*begin, *(value for value in known if typed in value.casefold() and value not in there)]
    return wire.Completion(values=found[:MOST], total=len(found), has_more=len(found) > MOST)


def _known(
    reference: wire.PromptReference | wire.ResourceTemplateReference, argument: str, settings: Settings
) -> list[str]:
    if isinstance(reference, wire.PromptReference):
        return _OF_ARGUMENTS[argument](settings) if argument in _OF_ARGUMENTS else []
    kinds = [kind for kind in KINDS if kind.template == reference.uri and kind.variable == argument]
    return kinds[0].names(settings) if kinds else []


def _conditions(_settings: Settings) -> list[str]:
    """Name the conditions that skills know, their other names, and their codes."""
    from healthsim import lookup_skill  # noqa: PLC0415 - the engine is loaded when first used

    (skills,) = (kind for kind in KINDS if kind.name == "skills")
    known = [condition for name in skills.names(Settings()) for condition in lookup_skill(skill=name)["conditions"]]
    names = sorted({name for condition in known for name in (condition["name"], *condition["aliases"])})
    return [*names, *sorted({code for condition in known for code in condition["categories"]})]


@cache
def _counties() -> list[str]:
    """Name the counties with their state, and their codes."""
    from healthsim import list_counties  # noqa: PLC0415 - as above

    known = list_counties()
    return [*(f"{county['name']}, {county['state']}" for county in known), *(str(county["fips"]) for county in known)]


def _journeys(settings: Settings) -> list[str]:
    """Name the saved journeys and those that come with the package."""
    from healthsim import get_manager  # noqa: PLC0415 - as above

    journeys = get_manager(settings.db).journeys
    return [*(journey.name for journey in journeys.list_journeys()), *(each["id"] for each in journeys.built_in())]


_OF_ARGUMENTS: Mapping[str, Callable[[Settings], list[str]]] = {
    "condition": _conditions,
    "county": lambda _settings: _counties(),
    "journey": _journeys,
    "payer": lambda _settings: list(_PAYERS),
}
"""What arguments of prompts may be."""

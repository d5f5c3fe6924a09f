"""Completions: what a client offers while somebody types the argument of a prompt or of a resource's address."""

from functools import cache

import mcp.types as wire

from healthsim_mcp.resources import KINDS
from healthsim_mcp.settings import Settings

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
    hold = [value for value in known if typed in value.casefold() and value not in begin]
    found = [*begin, *hold]
    return wire.Completion(values=found[:MOST], total=len(found), has_more=len(found) > MOST)


def _known(
    reference: wire.PromptReference | wire.ResourceTemplateReference, argument: str, settings: Settings
) -> list[str]:
    if isinstance(reference, wire.PromptReference):
        return _conditions() if argument == "condition" else []
    kinds = [kind for kind in KINDS if kind.template == reference.uri and kind.variable == argument]
    return kinds[0].names(settings) if kinds else []


@cache
def _conditions() -> list[str]:
    """Name the conditions that skills know, and their other names."""
    from healthsim import lookup_skill  # noqa: PLC0415 - the engine is loaded when first used

    (skills,) = (kind for kind in KINDS if kind.name == "skills")
    known = [condition for name in skills.names(Settings()) for condition in lookup_skill(skill=name)["conditions"]]
    return sorted({name for condition in known for name in (condition["name"], *condition["aliases"])})

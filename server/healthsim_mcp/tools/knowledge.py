"""Tools about what medicine says."""

from collections.abc import Iterator, Mapping
from typing import Any

from healthsim_mcp.call import Call
from healthsim_mcp.sizes import CONCISE_TOKENS, compact, estimated_tokens, shortened
from healthsim_mcp.tools.tool import Tool

_DEPTHS = (3, 2, 1)
"""Levels of paths that an outline names: as many as fit."""

_SHOWN = ("id", "name", "categories", "aliases")
"""What an outline tells of a condition in full."""


def lookup_skill(arguments: Mapping[str, Any], _call: Call) -> Mapping[str, Any]:
    """Give the outline of a skill, or what it says at a path."""
    from healthsim import lookup_skill as looked_up  # noqa: PLC0415 - the engine is loaded when first used

    found = looked_up(**arguments)
    return _value(found) if "path" in arguments else _outline(found)


def _value(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give a value whole where it fits, else the paths below it."""
    value = found["value"]
    has_own_source = isinstance(value, Mapping) and "source" in value
    answer = {key: each for key, each in found.items() if each is not None and not (key == "source" and has_own_source)}
    if _fits(answer):
        return answer
    below = {**answer, "value": None, "paths": [f"{found['path']}.{path}" for path in _paths(value, 1)]}
    return shortened(below, ("paths",), CONCISE_TOKENS, "give a longer path")


def _outline(skill: Mapping[str, Any]) -> Mapping[str, Any]:
    for depth in _DEPTHS:
        conditions = [
            {**{key: condition[key] for key in _SHOWN}, "paths": list(_paths(_told_by_path(condition), depth))}
            for condition in skill["conditions"]
        ]
        answer = {"skill": skill["name"], "description": skill["description"], "conditions": conditions}
        if "prevention" in skill:
            answer["paths"] = list(_paths(skill["prevention"], depth))
        if _fits(answer):
            break
    return shortened(answer, ("conditions", "paths"), CONCISE_TOKENS, "name a condition")


def _told_by_path(condition: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: part for key, part in condition.items() if key not in _SHOWN}


def _paths(value: object, depth: int) -> Iterator[str]:
    """Name the paths below a value that lead to more than a single figure, down to a depth."""
    for name, part in _parts(value):
        deeper = list(_paths(part, depth - 1)) if depth > 1 and "source" not in _names(part) else []
        yield from (f"{name}.{path}" for path in deeper) if deeper else (name,)


def _parts(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        yield from ((name, part) for name, part in value.items() if isinstance(part, Mapping | list))
    elif isinstance(value, list):
        yield from ((each["id"], each) for each in value if "id" in _names(each))


def _names(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _fits(answer: Mapping[str, Any]) -> bool:
    return estimated_tokens(compact(answer)) <= CONCISE_TOKENS


LOOKUP_SKILL = Tool("lookup_skill", lookup_skill)

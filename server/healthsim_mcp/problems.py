"""What an error says, as the lines a reply is made of."""

import re
from collections.abc import Iterable

from healthsim.errors import HealthSimError, InvalidInputError, NotFoundError, Problem
from healthsim_mcp.schemas import schema_outline

_LISTED_BY = {
    **{
        kind: f"list_library with kind {kind}s lists them"
        for kind in ("cohort", "profile", "journey", "execution", "skill", "schema")
    },
    "condition": "lookup_skill tells the conditions of a skill, list_library with kind skills the skills",
    "county": "lookup_county finds them by name and state",
    "specialty": "find_providers without one shows those there are",
    "city": "find_providers without one shows those there are",
    "run": "list_library with kind cohorts tells what was kept",
    "entry": "lookup_skill without path tells the paths there are",
}
"""The call that tells what there is, by the kind of what was named."""

_UNKNOWN_KEY, _NEEDED = "unknown key", "this key is needed"
_INDEX = re.compile(r"\[[0-9]+\]")
_UNKNOWN = re.compile(rf"no such ({'|'.join(_LISTED_BY)})\b")


def problems_of(error: HealthSimError) -> tuple[str, ...]:
    """Give what an error says, problem by problem; of a name that nothing answers to, the call that lists names."""
    if isinstance(error, InvalidInputError):
        told = set[str]()
        return tuple(f"{problem}{_hint(problem, told)}" for problem in _gathered(error.problems))
    return (str(error),)


def _gathered(problems: Iterable[Problem]) -> list[Problem]:
    """Say in one problem which keys of one place are needed, behind what is wrong with those that are there."""
    needed: dict[str, list[str]] = {}
    for problem in problems:
        if problem.message == _NEEDED:
            parent, _, key = problem.path.rpartition(".")
            needed.setdefault(parent, []).append(key)
    others = [problem for problem in problems if problem.message != _NEEDED]
    return [*others, *(_needing(parent, keys) for parent, keys in needed.items())]


def _needing(parent: str, keys: list[str]) -> Problem:
    if len(keys) == 1:
        return Problem(f"{parent}.{keys[0]}", _NEEDED)
    return Problem(parent, f"these keys are needed: {', '.join(keys)}")


def _hint(problem: Problem, told: set[str]) -> str:
    """Name the call that lists what there is, once a reply."""
    if problem.message == _UNKNOWN_KEY:
        kind, call = _UNKNOWN_KEY, f"get_item with kind schemas and name {_part(problem.path)} tells its keys"
    elif (unknown := _UNKNOWN.match(problem.message)) is not None:
        kind, call = unknown[1], _LISTED_BY[unknown[1]]
    else:
        return ""
    if kind in told:
        return ""
    told.add(kind)
    return f"; {call}"


def _part(path: str) -> str:
    """Give the part of a schema that the parent of a path is, as far as it is known."""
    keys = _INDEX.sub("", path).split(".")[1:-1]
    keys = keys[1:] if keys[:1] == ["profile"] else keys
    root = ["journey"] if keys[:1] in (["journey"], ["journeys"]) else ["profile"]
    parts = [*root, *(keys[1:] if root == ["journey"] else keys)]
    while len(parts) > 1 and not _is_known(".".join(parts)):
        parts.pop()
    return ".".join(parts)


def _is_known(name: str) -> bool:
    try:
        schema_outline(name)
    except NotFoundError:
        return False
    return True

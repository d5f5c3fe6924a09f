"""What a model refuses, as problems with a path of the document, what was received and what would be right."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic_core import ErrorDetails

from healthsim.errors import Problem, did_you_mean, nearest_names, rendered
from healthsim.spec.distributions import TYPES
from healthsim.spec.timing import TIMINGS

_VALUE_ERROR = "Value error, "
_KEYS = {"when": "if", "otherwise": "else", "condition": "not"}
_SHAPES = {
    "model_type": "this is an object with keys",
    "model_attributes_type": "this is an object with keys",
    "dict_type": "this is an object with keys",
    "tuple_type": "this is a list",
    "list_type": "this is a list",
}
_KEY = "[key]"
"""What pydantic adds to the location of a key that is none of those possible."""

_TAGS = frozenset((*TYPES, *TIMINGS))


def problems_of(
    errors: Iterable[ErrorDetails], document: Mapping[str, Any], keys: Mapping[str, tuple[str, ...]]
) -> list[Problem]:
    """Give the problems behind a model's errors, in the order of the document.

    Args:
        errors: As pydantic gives them.
        document: What was validated.
        keys: Valid keys by path without indices, for the hint on an unknown one.
    """
    return [_problem(error, document, keys) for error in errors if not _follows(error)]


def _follows(error: ErrorDetails) -> bool:
    """Tell whether an error only says that a list is empty once its wrong members are left out."""
    return error["type"] == "too_short" and bool(error["input"])


def _problem(error: ErrorDetails, document: Mapping[str, Any], keys: Mapping[str, tuple[str, ...]]) -> Problem:
    path, value = _located(error["loc"], document)
    if error["loc"] and error["loc"][-1] == _KEY:
        path, value = _located(error["loc"][:-1], document)[0], error["loc"][-2]
    kind = error["type"]
    if kind == "extra_forbidden":
        parent, _, name = path.rpartition(".")
        valid = keys.get(_without_indices(parent)) or _sibling_keys(error)
        hint = did_you_mean(nearest_names(name, valid)) or f"known are {', '.join(valid)}" if valid else None
        return Problem(path, "unknown key", rendered(value), hint)
    if kind in _SHAPES:
        return Problem(path, _SHAPES[kind], rendered(value))
    if kind == "missing":
        return Problem(path, "this key is needed")
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        given = value.get("type") if isinstance(value, Mapping) else value
        valid = _expected_tags(error)
        kind_of = "timing" if set(valid) & set(TIMINGS) else "distribution"
        hint = did_you_mean(nearest_names(str(given), valid)) or f"known are {', '.join(valid)}"
        return Problem(f"{path}.type", f"no such {kind_of}", rendered(given), hint)
    if kind == "literal_error":
        valid = tuple(str(error["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", "))
        hint = did_you_mean(nearest_names(str(value), valid)) or f"known are {', '.join(valid)}"
        return Problem(path, "not one of the values possible here", rendered(value), hint)
    message = error["msg"].removeprefix(_VALUE_ERROR)
    return Problem(path, message[:1].lower() + message[1:], rendered(value))


def _located(location: tuple[int | str, ...], document: object) -> tuple[str, object]:
    """Follow an error's location through the document; the names of union members in it lead nowhere."""
    path, current = "$", document
    for index, part in enumerate(location):
        is_there = isinstance(current, Mapping) and part in current
        key = _KEYS.get(part, part) if isinstance(part, str) and not is_there else part
        is_last = index == len(location) - 1
        if isinstance(key, int) and isinstance(current, list | tuple) and key < len(current):
            path, current = f"{path}[{key}]", current[key]
        elif isinstance(current, Mapping) and key in current:
            path, current = f"{path}.{key}", current[key]
        elif is_last and isinstance(current, Mapping) and key not in _TAGS:
            path, current = f"{path}.{key}", None
    return path, current


def _without_indices(path: str) -> str:
    return "".join(part.partition("]")[2] if "]" in part else part for part in path.split("["))


def _sibling_keys(error: ErrorDetails) -> tuple[str, ...]:
    """Give the keys of the distribution or timing that an unknown one was found in."""
    from healthsim.spec.keys import member_keys  # noqa: PLC0415

    named = next((part for part in reversed(error["loc"][:-1]) if part in _TAGS), None)
    return member_keys(str(named)) if named else ()


def _expected_tags(error: ErrorDetails) -> tuple[str, ...]:
    """Name the members of a union, of which none was meant."""
    listed = str(error.get("ctx", {}).get("expected_tags", ""))
    return tuple(listed.replace("'", "").split(", ")) if listed else TYPES

"""Arguments against the published schemas: everything wrong with them in one short message."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from healthsim.content import content_directory
from healthsim.errors import InvalidInputError, Problem, did_you_mean, nearest_names, rendered
from healthsim_mcp.schemas import schema_outline

FIPS_DIGITS = 5
_FIPS_KEYS = ("fips", "county_fips")
_DOCUMENT_KEYS = ("profile", "journey")


@cache
def tool_schema(tool: str) -> Mapping[str, Any]:
    """Read the schema of a tool's arguments."""
    text = (content_directory("schemas") / "tools" / f"{tool}.json").read_text(encoding="utf-8")
    schema: Mapping[str, Any] = json.loads(text)
    return schema


def checked(tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Give the arguments of a call, codes that lost their leading zeros mended.

    Raises:
        InvalidInputError: They do not fit the tool's schema; lists every problem.
    """
    if not _is_writable(arguments):
        raise InvalidInputError([Problem("$", "the arguments are too deep, or hold text that is not Unicode")])
    known = tool_schema(tool)["properties"]
    mended = {name: _mended(name, value, known.get(name, {})) for name, value in arguments.items()}
    problems = [problem for error in _validator(tool).iter_errors(mended) for problem in _problems(error)]
    if problems:
        raise InvalidInputError(dict.fromkeys(problems))
    return mended


@cache
def _validator(tool: str) -> Draft202012Validator:
    schema = dict(tool_schema(tool))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _mended(name: str, value: object, schema: Mapping[str, Any]) -> object:
    """Write what clients change on the way as it was meant.

    A whole number that came as 3.0, a FIPS code that came as a number, a profile that came as text, a list that came as
    its only member or as text, names of a closed set in capitals.
    """
    if isinstance(value, float) and value.is_integer():
        return _mended(name, int(value), schema)
    if name in _FIPS_KEYS and isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return f"{value:0{FIPS_DIGITS}d}"
    if name in _DOCUMENT_KEYS and isinstance(value, str):
        return _read(value)
    if schema.get("type") == "array":
        listed = _listed(value) if isinstance(value, str) else value
        return _folded(listed) if isinstance(listed, list) and "enum" in schema["items"] else listed
    return value


def _listed(text: str) -> list[Any]:
    """Read a list: JSON, or names with commas between them."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        read = None
    is_list = isinstance(read, list) and _is_writable({"": read})
    return read if is_list else [part.strip() for part in text.split(",")]


def _folded(listed: list[Any]) -> list[Any]:
    return [each.strip().casefold() if isinstance(each, str) else each for each in listed]


def _read(text: str) -> object:
    """Read a JSON object, as some clients send objects; anything else stays the text it is."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return read if isinstance(read, dict) and _is_writable(read) else text


def _is_writable(arguments: Mapping[str, Any]) -> bool:
    try:
        json.dumps(arguments, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return False
    return True


def _problems(error: ValidationError) -> Iterator[Problem]:
    path, received, wanted = error.json_path, _any(error.instance), _any(error.validator_value)
    if error.validator == "additionalProperties":
        known = sorted(_any(error.schema)["properties"])
        for name in sorted(set(received) - set(known)):
            yield Problem(f"{path}.{name}", "unknown argument", rendered(received[name]), _known_as(name, known))
    elif error.validator == "required":
        yield from (Problem(f"{path}.{name}", "this argument is needed") for name in wanted if name not in received)
    elif error.validator == "enum":
        allowed = [str(value) for value in wanted]
        hint = did_you_mean(nearest_names(str(received), allowed)) or f"allowed are {', '.join(allowed)}"
        yield Problem(path, "not one of the allowed values", rendered(received), hint)
    else:
        yield Problem(path, _message(error), rendered(received))


def _known_as(name: str, known: list[str]) -> str:
    """Say where an argument belongs that a tool does not know."""
    near = did_you_mean(nearest_names(name, known))
    if near is None and "profile" in known and name in schema_outline("profile")["keys"]:
        return f"{name} is a key of profile: write all of it there"
    return near or f"known are {', '.join(known)}"


def _any(value: Any) -> Any:  # noqa: ANN401 - what jsonschema leaves unset only until it has found an error
    return value


def _either(types: Any) -> str:  # noqa: ANN401 - JSON
    """Name a type, one of several, or those of branches."""
    several = types if isinstance(types, list) else [types]
    return " or ".join(
        str(each.get("type", "something else") if isinstance(each, Mapping) else each) for each in several
    )


def _message(error: ValidationError) -> str:
    wanted = _any(error.validator_value)
    messages = {
        "type": f"must be {_either(wanted)}",
        "anyOf": f"must be {_either(wanted)}",
        "minimum": f"must be at least {wanted}",
        "maximum": f"must be at most {wanted}",
        "minLength": f"must have at least {wanted} characters",
        "maxLength": f"must have at most {wanted} characters",
        "minProperties": f"at least {wanted} argument is needed",
        "pattern": f"must match {wanted}",
    }
    return messages.get(str(error.validator), error.message)

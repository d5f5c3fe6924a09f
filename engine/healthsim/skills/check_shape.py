"""Whether a skill has the shape of one: readable files, and a document that fits the published schema."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from healthsim.content import content_directory
from healthsim.errors import Problem, did_you_mean, nearest_names, rendered
from healthsim.skills.files import TEXT, SkillFile, at

_MESSAGES = {
    "type": "is not of the type {1}",
    "pattern": "is not written as it must be",
    "minItems": "needs at least {1}",
    "minLength": "needs at least {1} letters",
    "oneOf": "has none of the forms it may have",
    "anyOf": "has none of the forms it may have",
}


def shape_problems(files: SkillFile) -> Iterator[Problem]:
    """Give everything that is wrong with the shape of a skill."""
    if files.problem is not None:
        yield files.problem
        return
    for error in sorted(_validator().iter_errors(files.document), key=lambda error: error.json_path):
        yield from _described(files.name, error)
    named = files.document.get("name")
    if isinstance(named, str) and named != files.name:
        yield Problem(at(files.name, "$.name"), "is not the folder's name", rendered(named), f"write {files.name}")
    yield from _text_problems(files)


def _text_problems(files: SkillFile) -> Iterator[Problem]:
    """Check what people and assistants read."""
    path = f"{files.name}/{TEXT}"
    front, closing, body = files.text.removeprefix("---\n").partition("\n---\n")
    if not files.text.startswith("---\n") or not closing:
        hint = "begin it with ---, name: …, description: …, ---"
        yield Problem(path, "lacks its front matter" if files.text else "is missing", None, hint)
        return
    for key in ("name", "description"):
        line = f"{key}: {files.document.get(key)}"
        if line not in front.splitlines():
            yield Problem(path, f"says another {key} than skill.json", None, f"write {rendered(line)}")
    if not body.strip():
        yield Problem(path, "says nothing below its front matter")


def _described(skill: str, error: ValidationError) -> Iterator[Problem]:
    """Say what a schema's error means; one problem for each key that does not belong."""
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, Mapping) else {}
    if error.validator == "additionalProperties":
        allowed = list(schema["properties"])
        received: Mapping[str, Any] = error.instance if isinstance(error.instance, Mapping) else {}
        for key in sorted(received.keys() - set(allowed)):
            hint = did_you_mean(nearest_names(key, allowed))
            yield Problem(at(skill, f"{error.json_path}.{key}"), "no such key", rendered(received[key]), hint)
    elif error.validator == "required":
        # The schema tells each missing key by an error of its own, whose text begins with the key.
        key = next(each for each in schema["required"] if error.message.startswith(repr(each)))
        yield Problem(at(skill, f"{error.json_path}.{key}"), "this key is needed")
    else:
        hint = f"it is: {schema['description']}" if "description" in schema else None
        yield Problem(at(skill, error.json_path), _message(error), rendered(error.instance), hint)


def _message(error: ValidationError) -> str:
    if error.validator == "enum" and isinstance(error.validator_value, list):
        return f"is none of {', '.join(map(str, error.validator_value))}"
    return _MESSAGES.get(str(error.validator), "breaks the rule {0} {1}").format(error.validator, error.validator_value)


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads((content_directory("schemas") / "skill.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema)

"""What a skill says at a dotted path, and what an event needs from a condition's skill."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from healthsim.errors import InvalidInputError, NotFoundError, Problem, rendered
from healthsim.skills.library import SkillLibrary

EventType = Literal["encounter", "diagnosis", "lab_order", "medication_order", "procedure", "referral"]

_PATHS: Mapping[str, str] = {
    "encounter": "monitoring.visits",
    "diagnosis": "codes",
    "lab_order": "monitoring.labs",
    "medication_order": "medications",
    "procedure": "procedures",
    "referral": "referrals",
}
_PLACEHOLDER = re.compile(r"\$\{([a-z_]+)\.([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Found:
    """What a skill says.

    Attributes:
        skill: Name of the skill.
        condition: Id of its condition; None where it is of the skill itself.
        path: Dotted path within the condition.
        value: What stands there, as JSON.
        source: Citation of the value, or of the nearest part around it; None where every entry has its own.
    """

    skill: str
    condition: str | None
    path: str
    value: Any
    source: str | None


def lookup(library: SkillLibrary, skill: str, path: str) -> Found:
    """Follow a dotted path into a skill's first condition, such as `monitoring.labs.hba1c`.

    Entries of a list are named by their id, such as `medications.metformin`. A path that begins with the id of one of
    the skill's conditions is followed into that condition. In a skill of prevention, which has no condition, it is
    followed into `screenings` and `immunizations`.

    Raises:
        NotFoundError: There is no such skill, or nothing at the path; names the nearest.
    """
    found = library.skill(skill, path="$.skill")
    conditions: Mapping[str, Any] = {condition["id"]: condition for condition in found.document["conditions"]}
    first, _, rest = path.partition(".")
    named, inner = (first, rest) if first in conditions and rest else (next(iter(conditions), None), path)
    value: Any = found.document["prevention"] if named is None else conditions[named]
    source: str | None = None
    for part in inner.split("."):
        members = _members(value)
        if part not in members:
            raise NotFoundError(f"entry of {skill}", path, _near(inner, part, members), path="$.lookup")
        value = members[part]
        source = value.get("source", source) if isinstance(value, Mapping) else source
    return Found(skill, named, inner, value, source)


def resolve(
    library: SkillLibrary, condition: str, event_type: str, context: Mapping[str, Mapping[str, Any]] | None = None
) -> Found:
    """Give what an event of a type needs from the skill of a condition.

    Args:
        library: The skills.
        condition: Id, name, alias or ICD-10-CM code.
        event_type: One of `EventType`.
        context: Entities by name, whose attributes replace `${entity.attribute}` in texts.

    Raises:
        NotFoundError: The condition or event type is unknown, or the skill says nothing about such events.
    """
    known = library.condition(condition, path="$.condition")
    if event_type not in _PATHS:
        raise NotFoundError("event type", event_type, get_args(EventType), path="$.event_type")
    found = lookup(library, known.skill, f"{known.id}.{_PATHS[event_type]}")
    return _filled(found, context or {})


def resolve_reference(library: SkillLibrary, reference: Mapping[str, Any]) -> Found:
    """Give what an explicit reference names: `{skill, lookup, context, fallback}`.

    The fallback is the answer where the skill has nothing at the path; an unknown skill is an error all the same.

    Raises:
        InvalidInputError: Keys are missing or unknown.
        NotFoundError: There is no such skill, or nothing at the path and no fallback.
    """
    keys = ("skill", "lookup", "context", "fallback")
    problems = [Problem(f"$.{key}", "unknown key", rendered(reference[key])) for key in reference if key not in keys]
    problems += [Problem(f"$.{key}", "this key is needed") for key in keys[:2] if key not in reference]
    if problems:
        raise InvalidInputError(problems)
    context = reference.get("context") or {}
    skill = library.skill(reference["skill"], path="$.skill")
    path = substituted(reference["lookup"], context)
    try:
        found = lookup(library, skill.name, path)
    except NotFoundError:
        if "fallback" not in reference:
            raise
        condition = skill.conditions[0].id if skill.conditions else None
        found = Found(skill.name, condition, path, reference["fallback"], None)
    return _filled(found, context)


def substituted(value: Any, context: Mapping[str, Mapping[str, Any]]) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Replace `${entity.attribute}` in every text of a value.

    Raises:
        NotFoundError: The context has no such entity or attribute; names the nearest.
    """
    if isinstance(value, str):
        return _PLACEHOLDER.sub(lambda match: str(_attribute(match, context)), value)
    if isinstance(value, Mapping):
        return {key: substituted(part, context) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [substituted(part, context) for part in value]
    return value


def _filled(found: Found, context: Mapping[str, Mapping[str, Any]]) -> Found:
    return Found(found.skill, found.condition, found.path, substituted(found.value, context), found.source)


def _attribute(match: re.Match[str], context: Mapping[str, Mapping[str, Any]]) -> object:
    entity, attribute = match.groups()
    known = [f"{name}.{key}" for name, attributes in context.items() for key in attributes]
    if f"{entity}.{attribute}" not in known:
        raise NotFoundError("attribute of the context", f"{entity}.{attribute}", known, path="$.context")
    return context[entity][attribute]


def _members(value: object) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    if isinstance(value, list):
        return {entry["id"]: entry for entry in value if isinstance(entry, Mapping) and "id" in entry}
    return {}


def _near(inner: str, part: str, members: Mapping[str, Any]) -> list[str]:
    """Give the paths that would be right in the place of one whose part leads nowhere."""
    parts = inner.split(".")
    before = parts[: parts.index(part)]
    return [".".join((*before, member)) for member in members]

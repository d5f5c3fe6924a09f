"""What a skill says, asked for by the name of the skill or of a condition."""

from dataclasses import asdict
from typing import Any

from healthsim.errors import InvalidInputError, Problem, rendered
from healthsim.skills.installed import skill_library
from healthsim.skills.library import SkillLibrary
from healthsim.skills.lookup import lookup


def lookup_skill(*, skill: str | None = None, condition: str | None = None, path: str | None = None) -> dict[str, Any]:
    """Give a skill, or what it says at a dotted path, with its source.

    Args:
        skill: Name of the skill, such as `diabetes-management`.
        condition: Name, alias or ICD-10-CM code of one of its conditions, such as `diabetes` or `E11`.
        path: Dotted path within the condition, such as `monitoring.labs.hba1c`; the whole skill without one.

    Returns:
        JSON: the skill's document; with a condition, of that condition alone; with a path, the `value` there and its
        `source`.

    Raises:
        InvalidInputError: Neither is named, or the condition is another skill's.
        NotFoundError: There is no such skill or condition, or nothing at the path; names the nearest.
    """
    library = skill_library()
    name, condition_id = _named(library, skill, condition)
    if path is not None:
        return asdict(lookup(library, name, f"{condition_id}.{path}" if condition_id else path))
    document = library.skill(name, path="$.skill").document
    wanted = [each for each in document["conditions"] if condition_id in {None, each["id"]}]
    return {**document, "conditions": wanted}


def _named(library: SkillLibrary, skill: str | None, condition: str | None) -> tuple[str, str | None]:
    """Give the name of the skill meant, and the id of the condition where one is named."""
    if condition is not None:
        known = library.condition(condition, path="$.condition")
        if skill is not None and library.skill(skill, path="$.skill").name != known.skill:
            problem = Problem("$.condition", f"is of {known.skill}", rendered(condition), "leave one of them out")
            raise InvalidInputError([problem])
        return known.skill, known.id
    if skill is None:
        raise InvalidInputError([Problem("$", "neither a skill nor a condition is named", None, "give one of them")])
    return library.skill(skill, path="$.skill").name, None

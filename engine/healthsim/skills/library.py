"""Skills: what they are, and which answers to a name or code."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from healthsim.errors import InvalidInputError, NotFoundError, Problem, did_you_mean, rendered
from healthsim.skills.condition import Condition, condition_of
from healthsim.skills.files import SkillFile

_CODE = re.compile(r"[a-z]\d[0-9ab](?:\.?[0-9a-z]{1,4})?")
_VERSION_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Skill:
    """A folder of `skills`.

    Attributes:
        name: The folder's name.
        description: What it knows, a sentence.
        conditions: The conditions it describes; none in a skill of prevention.
        default_journey: Id of the journey that people with what it describes go through; None where it names none.
        document: All of its `skill.json`.
    """

    name: str
    description: str
    conditions: tuple[Condition, ...]
    default_journey: str | None
    document: Mapping[str, Any]


class SkillLibrary:
    """Skills that are known together.

    Args:
        files: Their files, sound and of different names.
    """

    def __init__(self, files: Iterable[SkillFile]) -> None:
        by_name = {each.name: each for each in files}
        self._contents = {path: content for each in by_name.values() for path, content in each.contents.items()}
        self.skills: Mapping[str, Skill] = {name: _skill(each) for name, each in sorted(by_name.items())}
        found = (condition for skill in self.skills.values() for condition in skill.conditions)
        self.conditions: tuple[Condition, ...] = tuple(sorted(found, key=lambda condition: condition.id))

    def find(self, text: str) -> Condition | None:
        """Give the condition that answers to an id, a name, an alias or an ICD-10-CM code; None if none does.

        A code is answered by the condition it equals or lies below, the closest if several. Case, spaces, hyphens and
        dots do not matter.
        """
        named = self._by_name.get(folded(text))
        if named is not None or not _CODE.fullmatch(text.strip().casefold()):
            return named
        bare = folded(text)
        matches = [
            (len(folded(category)), condition)
            for condition in self.conditions
            for category in condition.categories
            if bare.startswith(folded(category))
        ]
        return max(matches, key=lambda match: match[0])[1] if matches else None

    def condition(self, text: str, *, path: str = "$") -> Condition:
        """Give the condition that answers to a text.

        Raises:
            NotFoundError: None does; names the nearest.
        """
        found = self.find(text)
        if found is None:
            names = {name for each in self.conditions for name in (each.id, each.name, *each.aliases)}
            raise NotFoundError("condition", text, sorted(names), path=path)
        return found

    def for_measure(self, measure: str) -> Condition | None:
        """Give the condition that a measure of CDC PLACES counts, None if there is none."""
        return next((each for each in self.conditions if each.places_measure == measure), None)

    def skill(self, name: str, *, path: str = "$") -> Skill:
        """Give a skill by its name.

        Raises:
            NotFoundError: There is none; names the nearest.
            InvalidInputError: It is the name of a condition; names its skill.
        """
        if name in self.skills:
            return self.skills[name]
        known = self.find(name)
        if known is None:
            raise NotFoundError("skill", name, self.skills, path=path)
        hint = did_you_mean([known.skill])
        raise InvalidInputError([Problem(path, "names a condition, not a skill", rendered(name), hint)])

    def default_journey(self, text: str) -> str | None:
        """Give the id of the default journey of the skill, or of the skill of the condition, that a text names."""
        condition = self.find(text)
        skill = self.skills.get(text) or (self.skills[condition.skill] if condition is not None else None)
        return skill.default_journey if skill is not None else None

    def version(self) -> str:
        """Give a short hash of all files of all skills."""
        parts = [f"{name} {sha256(content).hexdigest()}" for name, content in sorted(self._contents.items())]
        return sha256("\n".join(parts).encode()).hexdigest()[:_VERSION_DIGITS]

    @cached_property
    def _by_name(self) -> Mapping[str, Condition]:
        return {
            folded(name): condition
            for condition in self.conditions
            for name in (*condition.aliases, condition.name, condition.id)
        }


def folded(text: str) -> str:
    """Reduce a name or code to what identifies it: lower case, letters and digits alone."""
    return re.sub(r"[^0-9a-z]", "", text.casefold())


def _skill(files: SkillFile) -> Skill:
    conditions = tuple(condition_of(part, files.name) for part in files.document["conditions"])
    document = files.document
    return Skill(files.name, document["description"], conditions, document.get("default_journey"), document)

"""Whether skills agree: no two conditions of one name, code or measure, and every drug the same in all of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from healthsim.errors import Problem, rendered
from healthsim.reference import analytes
from healthsim.skills.files import SkillFile, at
from healthsim.skills.library import folded

_KINDS = {"labs": "analyte", "vitals": "analyte", "stage": "condition"}
_Placed = tuple[str, str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Known:
    """Names that skills may use of each other.

    Attributes:
        conditions: Ids of conditions.
        stages: Names of stages, by condition.
        groups: Groups of drugs.
        analytes: What is measured.
    """

    conditions: tuple[str, ...]
    stages: Mapping[str, Sequence[str]]
    groups: tuple[str, ...]
    analytes: tuple[str, ...]

    @classmethod
    def of(cls, skills: Mapping[str, SkillFile]) -> "Known":
        """Give the names of some skills that are well formed."""
        conditions = [condition for _, _, condition in _conditions(skills)]
        drugs = chain.from_iterable(condition.get("medications", ()) for condition in conditions)
        return cls(
            conditions=tuple(sorted(condition["id"] for condition in conditions)),
            stages={
                each["id"]: [item["id"] for item in each["stages"]["items"]] for each in conditions if "stages" in each
            },
            groups=tuple(sorted({drug["group"] for drug in drugs})),
            analytes=tuple(analytes()),
        )

    def names(self, kind: str) -> Sequence[str]:
        """Give the names that may follow a kind of attribute, or that it may contain; none for others."""
        match kind:
            case "conditions":
                return self.conditions
            case "medications":
                return self.groups
            case "labs" | "vitals":
                return self.analytes
            case "stage":
                return tuple(self.stages)
            case _:
                return ()

    def kind(self, attribute: str) -> str:
        """Say what the name after an attribute names."""
        return _KINDS[attribute]


def together_problems(own: Mapping[str, SkillFile], every: Mapping[str, SkillFile]) -> Iterator[Problem]:
    """Give everything in which some skills contradict others, or each other.

    Args:
        own: The skills to check, by name, well formed.
        every: All that will be known together, those among them.
    """
    ordered = {**{name: files for name, files in every.items() if name not in own}, **own}
    taken: dict[tuple[str, str], str] = {}
    for skill, path, condition in _conditions(ordered):
        for kind, value, where in _claims(condition, path):
            holder = taken.setdefault((kind, folded(value)), f"{skill}: {condition['id']}")
            if holder != f"{skill}: {condition['id']}" and skill in own:
                yield Problem(at(skill, where), f"this {kind} belongs to {holder}", rendered(value))
    yield from _drug_problems(own, ordered)


def _claims(condition: Mapping[str, Any], path: str) -> Iterator[tuple[str, str, str]]:
    """Give what no other condition may have: what it is, its value, and where it stands."""
    yield "name", condition["id"], f"{path}.id"
    yield "name", condition["name"], f"{path}.name"
    for index, alias in enumerate(condition["aliases"]):
        yield "name", alias, f"{path}.aliases[{index}]"
    for index, category in enumerate(condition["categories"]):
        yield "code", category, f"{path}.categories[{index}]"
    if condition["places_measure"] is not None:
        yield "measure", condition["places_measure"], f"{path}.places_measure"


def _drug_problems(own: Mapping[str, SkillFile], ordered: Mapping[str, SkillFile]) -> Iterator[Problem]:
    """Check that an ingredient is of one group, and a RxCUI one drug, in all skills."""
    groups: dict[str, str] = {}
    names: dict[str, str] = {}
    for skill, path, condition in _conditions(ordered):
        for index, drug in enumerate(condition.get("medications", ())):
            where = f"{path}.medications[{index}]"
            group = groups.setdefault(drug["ingredient"], drug["group"])
            if group != drug["group"] and skill in own:
                message = f"{drug['ingredient']} is of the group {group} elsewhere"
                yield Problem(at(skill, f"{where}.group"), message, rendered(drug["group"]))
            name = names.setdefault(drug["rxnorm"], drug["name"])
            if name != drug["name"] and skill in own:
                message = f"{drug['rxnorm']} is {name} elsewhere"
                yield Problem(at(skill, f"{where}.name"), message, rendered(drug["name"]))


def _stage_ids(condition: Mapping[str, Any]) -> list[str]:
    return [item["id"] for item in condition["stages"]["items"]]


def _conditions(skills: Mapping[str, SkillFile]) -> Iterator[_Placed]:
    """Give the conditions of skills: the skill's name, where it stands, and its part of the document."""
    for skill, files in skills.items():
        for index, condition in enumerate(files.document["conditions"]):
            yield skill, f"$.conditions[{index}]", condition

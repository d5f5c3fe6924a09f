"""Whether conditions on a person can be asked: attributes that people have, names that something answers to."""

from collections.abc import Iterator, Sequence

from pydantic import TypeAdapter, ValidationError

from healthsim.errors import Problem, did_you_mean, nearest_names, rendered
from healthsim.skills.check_together import Known
from healthsim.skills.files import at
from healthsim.spec.predicates import Comparison, Predicate, comparisons_of

PLAIN = ("age", "gender", "race", "pregnant", "code")
"""Attributes of a person that conditions on a drug may compare, besides those with a name after a dot."""

MEMBERS = ("conditions", "medications")
"""Attributes that are sets, asked by `contains`."""

_ORDERED = {"gt", "gte", "lt", "lte"}


def predicate_problems(
    skill: str, document: object, path: str, known: Known, plain: Sequence[str] = PLAIN
) -> Iterator[Problem]:
    """Give everything that is wrong with a condition on a person.

    Args:
        skill: Name of the skill.
        document: The condition, as JSON.
        path: Where it stands.
        known: What its names may name.
        plain: Attributes it may compare, besides sets and those with a name after a dot.
    """
    try:
        predicate = TypeAdapter(Predicate).validate_python(document)
    except ValidationError as error:
        yield Problem(at(skill, path), f"not a condition on a person: {error.errors()[0]['msg']}", rendered(document))
        return
    for comparison in comparisons_of(predicate):
        yield from _comparison_problems(skill, comparison, path, known, plain)


def _comparison_problems(
    skill: str, comparison: Comparison, path: str, known: Known, plain: Sequence[str]
) -> Iterator[Problem]:
    kind, _, name = comparison.attribute.partition(".")
    names = known.names(kind)
    if kind in MEMBERS and not name:
        if comparison.operator != "contains":
            yield Problem(at(skill, path), f"{kind} are asked by contains", rendered(comparison.operator))
        elif comparison.value not in names:
            yield unknown_name(skill, path, kind.removesuffix("s"), comparison.value, names)
    elif name and names:
        if name not in names:
            yield unknown_name(skill, path, known.kind(kind), name, names)
        elif kind == "stage":
            yield from _stage_problems(skill, comparison, path, known.stages[name])
        elif isinstance(comparison.value, str | tuple) or comparison.operator == "contains":
            yield Problem(at(skill, path), f"{comparison.attribute} is a number", rendered(comparison.value))
    elif comparison.attribute not in plain:
        hint = f"known are {', '.join((*plain, *MEMBERS))}, labs.…, vitals.… and stage.…"
        yield Problem(at(skill, path), "no such attribute", rendered(comparison.attribute), hint)


def _stage_problems(skill: str, comparison: Comparison, path: str, stages: Sequence[str]) -> Iterator[Problem]:
    wanted = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
    for stage in wanted:
        if stage not in stages:
            yield unknown_name(skill, path, "stage", stage, stages)
    if comparison.operator in _ORDERED | {"contains"}:
        yield Problem(at(skill, path), "stages are compared by eq, ne, in and not_in", rendered(comparison.operator))


def unknown_name(skill: str, path: str, kind: str, name: object, names: Sequence[str]) -> Problem:
    """Say that a name names nothing, with the nearest that does."""
    hint = did_you_mean(nearest_names(str(name), names)) or f"known are {', '.join(names)}"
    return Problem(at(skill, path), f"no such {kind}", rendered(name), hint)

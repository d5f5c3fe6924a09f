"""What the names of conditions in a journey stand for: slots of the conditions that the people asked for have."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, assert_never

from healthsim.errors import Problem, did_you_mean, nearest_names, rendered
from healthsim.reference import is_icd10
from healthsim.skills import SkillLibrary
from healthsim.spec import AllOf, AnyOf, Comparison, EventDefinition, Not, Predicate
from healthsim.spec.predicates import comparisons_of
from healthsim.spec.shorthand import condition_document, dotted_code


class HasId(Protocol):
    """A condition of the people asked for."""

    @property
    def id(self) -> str:
        """Its stable name."""

    @property
    def code(self) -> str:
        """Category or code it was asked for by."""


class KnownConditions:
    """The conditions of the people asked for, by whatever names they go.

    Args:
        present: The conditions, by slot; None where people may have any.
        library: The skills.
    """

    def __init__(self, present: Sequence[HasId] | None, library: SkillLibrary) -> None:
        ids = (each.id for each in (library.conditions if present is None else present))
        self._slots: Mapping[str, int] = {name: slot for slot, name in enumerate(ids)}
        self._by_code = {condition.code: condition.id for condition in reversed(present or ())}
        self._may_be_any = present is None
        self._library = library

    def slot(self, name: str) -> int | None:
        """Give the slot of a condition by its stable name; None where nobody has it."""
        return self._slots.get(name)

    def named(self, text: str) -> str | None:
        """Give the stable name of a condition by id, name, alias or code; None where the text names none."""
        code = dotted_code(text)
        if code in self._by_code:
            return self._by_code[code]
        found = self._library.find(text)
        if found is not None:
            return found.id
        return f"icd10:{code}" if "code" in condition_document(text) and is_icd10(code) else None

    def problems(self, event: EventDefinition, path: str) -> Iterator[Problem]:
        """Give what is wrong with the names of conditions in an event."""
        if event.condition is not None:
            named = self.named(event.condition)
            if named is None:
                yield self._unknown(event.condition, f"{path}.condition")
            elif named not in self._slots and not self._may_be_any:
                message = "nobody of the people asked for has this condition"
                hint = "add it to the profile's clinical.conditions"
                yield Problem(f"{path}.condition", message, rendered(event.condition), hint)
        for where, predicate in conditions_of(event, path):
            for comparison in comparisons_of(predicate):
                head, _, rest = comparison.attribute.partition(".")
                text = str(comparison.value) if head == "conditions" else rest if head == "stage" else None
                if text is not None and self.named(text) is None:
                    yield self._unknown(text, f"{where}.{'value' if head == 'conditions' else 'attribute'}")

    def resolved(self, predicate: Predicate) -> Predicate:
        """Give a predicate with the stable names of the conditions it asks for."""
        match predicate:
            case Comparison():
                head, _, rest = predicate.attribute.partition(".")
                if head == "conditions":
                    return predicate.model_copy(update={"value": self.named(str(predicate.value))})
                if head == "stage":
                    return predicate.model_copy(update={"attribute": f"stage.{self.named(rest)}"})
                return predicate
            case AllOf():
                return AllOf(all=tuple(self.resolved(part) for part in predicate.all))
            case AnyOf():
                return AnyOf(any=tuple(self.resolved(part) for part in predicate.any))
            case Not():
                return predicate.model_copy(update={"condition": self.resolved(predicate.condition)})
            case _:
                assert_never(predicate)

    def _unknown(self, text: str, path: str) -> Problem:
        names = {name for each in self._library.conditions for name in (each.id, each.name, *each.aliases)}
        hint = did_you_mean(nearest_names(text, sorted(names)))
        return Problem(path, "no such condition", rendered(text), hint)


def conditions_of(event: EventDefinition, path: str) -> Iterator[tuple[str, Predicate]]:
    """Give all conditions of an event, of what it sets off and of its choices, with their paths."""
    yield from ((f"{path}.conditions[{index}]", predicate) for index, predicate in enumerate(event.conditions))
    for section in ("triggers", "choices"):
        for place, following in enumerate(getattr(event, section)):
            for index, predicate in enumerate(following.conditions):
                yield f"{path}.{section}[{place}].conditions[{index}]", predicate

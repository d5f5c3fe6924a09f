"""Conditions on a person, with every name looked up: what is left is numbers to compare columns with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from healthsim.planning.medication_plan import Test
from healthsim.planning.plan import RACES, SEXES
from healthsim.spec.predicates import AllOf, AnyOf, Comparison, Not, Predicate, attributes_of

CONDITION, STAGE, LEVEL, GROUP = "condition:", "stage:", "level:", "group:"
"""What columns of a condition held, its stage, a level and a group of drugs taken begin with, before the name."""

NOWHERE = -2
"""Index of a stage or a code that nobody of the plan has."""

_FLAGS = {"conditions": CONDITION, "medications": GROUP}
_MEASURED = ("labs", "vitals")
_ENUMERATED = {"gender": SEXES, "race": RACES}


@dataclass(frozen=True, slots=True)
class Names:
    """What the names in conditions on a person stand for.

    Attributes:
        stages: Names of the stages of each condition, in their order.
        codes: Codes of the plan.
    """

    stages: Mapping[str, Sequence[str]]
    codes: Sequence[str]

    def compiled(self, predicate: Predicate) -> Test:
        """Look the names in a condition up.

        Columns of the result are `age` in completed years, `gender`, `race`, `code` and `stage:…` by their indices,
        `pregnant`, `condition:…` and `group:…` by truth, `level:…` in the units of the analyte.
        """
        numeric = self._numeric(predicate)
        return Test(numeric, tuple(sorted(attributes_of(numeric))))

    def _numeric(self, predicate: Predicate) -> Predicate:
        match predicate:
            case Comparison():
                return self._compared(predicate)
            case AllOf():
                return AllOf(all=tuple(self._numeric(part) for part in predicate.all))
            case AnyOf():
                return AnyOf(any=tuple(self._numeric(part) for part in predicate.any))
            case Not():
                return Not.model_validate({"not": self._numeric(predicate.condition)})
            case _:
                assert_never(predicate)

    def _compared(self, comparison: Comparison) -> Comparison:
        kind, _, name = comparison.attribute.partition(".")
        if kind in _FLAGS:
            return Comparison(attribute=f"{_FLAGS[kind]}{comparison.value}", operator="eq", value=True)
        if kind in _MEASURED:
            return comparison.model_copy(update={"attribute": f"{LEVEL}{name}"})
        texts = self._texts(kind, name)
        return comparison if texts is None else _indexed(comparison, f"{kind}:{name}" if name else kind, texts)

    def _texts(self, kind: str, name: str) -> Sequence[str] | None:
        """Give the texts whose indices stand in a column; None where it has numbers of its own."""
        if kind == "stage":
            return self.stages.get(name, ())
        return self.codes if kind == "code" else _ENUMERATED.get(kind)


def _indexed(comparison: Comparison, column: str, texts: Sequence[str]) -> Comparison:
    """Compare the indices of texts instead of the texts."""
    indices = {text: index for index, text in enumerate(texts)}
    wanted = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
    found = tuple(indices.get(str(value), NOWHERE) for value in wanted)
    value = found if isinstance(comparison.value, tuple) else found[0]
    return Comparison(attribute=column, operator=comparison.operator, value=value)

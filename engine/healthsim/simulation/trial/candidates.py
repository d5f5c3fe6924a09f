"""Candidates at their screening, as the criteria of a protocol see them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from healthsim.planning.attributes_plan import SMOKING_STATUSES
from healthsim.planning.natural import ADULT
from healthsim.planning.plan import ETHNICITIES, RACES, SEXES, Floats, Ints, Plan
from healthsim.planning.trial.trial_plan import TrialPlan
from healthsim.simulation.birthdays import completed_years
from healthsim.simulation.block import Block
from healthsim.simulation.conditions import Booleans
from healthsim.tables import MISSING


@dataclass(frozen=True, slots=True)
class Candidates(Mapping[str, Any]):
    """What criteria compare, made when looked at; arrays have the shape `(candidates,)`.

    Attributes:
        plan: The run's plan.
        trial: The trial's.
        block: The people.
        person: Places of the candidates in the block.
        day: Day of screening, days since 1970-01-01.
        results: What is measured of them at screening, by analyte, in its unit.
    """

    plan: Plan
    trial: TrialPlan
    block: Block
    person: Ints
    day: Ints
    results: Mapping[str, Floats]

    def __getitem__(self, attribute: str) -> Any:  # noqa: ANN401 - an array, or arrays by member
        """Give an attribute of everybody; of a set, who has each member."""
        kind, _, name = attribute.partition(".")
        match kind:
            case "age":
                return completed_years(self.block.people.birth_day[self.person], self.day)
            case "labs" | "vitals":
                return self.results[name]
            case "stage":
                return self._stages(name)
            case "conditions" | "codes" | "medications":
                return self._members(kind) or {"": np.zeros(len(self.person), np.bool_)}
            case _:
                names, index = self._categories(kind)
                return np.array([*names, ""])[index[self.person]]

    def __iter__(self) -> Iterator[str]:
        """Name the attributes that need no name after a dot."""
        return iter(("age", "gender", "race", "ethnicity", "smoking", "conditions", "codes", "medications"))

    def __len__(self) -> int:
        """Count them."""
        return len(tuple(iter(self)))

    def _categories(self, kind: str) -> "tuple[tuple[str, ...], np.ndarray[Any, Any]]":
        people = self.block.people
        known: Mapping[str, tuple[tuple[str, ...], np.ndarray[Any, Any]]] = {
            "gender": (SEXES, people.sex),
            "race": (RACES, people.race),
            "ethnicity": (ETHNICITIES, people.ethnicity),
            "smoking": (SMOKING_STATUSES, self.block.attributes.smoking),
        }
        return known[kind]

    def _stages(self, name: str) -> Any:  # noqa: ANN401 - names
        body = self.block.body
        if self.plan.body is None or body is None or name not in body.stages:
            return np.full(len(self.person), "")
        ids = next(each.ids for each in self.plan.body.stages if each.condition == name)
        return np.array([*ids, ""])[body.stages[name][self.person]]

    def _members(self, kind: str) -> Mapping[str, Booleans]:
        if kind == "conditions":
            none = np.zeros(len(self.person), np.bool_)
            held = self.block.held[self.person]
            return {
                text: held[:, slot] if slot >= 0 else none for text, slot in self.trial.eligibility.conditions.items()
            }
        if kind == "codes":
            cases = self.block.cases
            return {
                text: self._has(cases.person[np.isin(cases.code, codes)])
                for text, codes in self.trial.eligibility.codes.items()
            }
        return {text: self._has(self._takers(entries)) for text, entries in self.trial.eligibility.drugs.items()}

    def _takers(self, entries: Ints) -> Ints:
        taken = self.block.medications
        if taken is None:
            return np.zeros(0, np.int64)
        takers: Ints = taken.person[np.isin(taken.entry, entries) & (taken.end_day == MISSING)]
        return takers

    def _has(self, people: Ints) -> Booleans:
        has = np.zeros(self.block.people.count, np.bool_)
        has[people] = True
        return has[self.person]


def with_disease(trial: TrialPlan, block: Block) -> Booleans:
    """Tell who has the disease of the trial before it begins and is an adult then, shape `(people,)`."""
    cases = block.cases
    has = np.zeros(block.people.count, np.bool_)
    has[cases.person[np.isin(cases.code, trial.eligibility.indication) & (cases.onset_day < trial.start_day)]] = True
    is_adult = completed_years(block.people.birth_day, np.full(block.people.count, trial.start_day)) >= ADULT
    return has & is_adult

"""How things stand with people on a day, for the conditions of a journey to look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from healthsim.planning.body_plan import BodyPlan
from healthsim.planning.plan import ETHNICITIES, RACES, SEXES, ConditionsPlan, Floats, Ints
from healthsim.simulation.birthdays import completed_years
from healthsim.simulation.body import Body
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.people import People
from healthsim.simulation.regimen import Regimen
from healthsim.spec import Predicate, evaluate

_SETS = ("conditions", "events", "medications")


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the people of a block before anything happens to them.

    Attributes:
        people: Who they are.
        conditions: What they may have.
        onset: Since when they have each, days since 1970-01-01, shape `(people, slots)`; `NEVER` for none.
        body_plan: How bodies are drawn; None where nothing is measured.
        body: Their bodies.
        regimen: What they take because of journeys; None where nothing is ordered.
    """

    people: People
    conditions: ConditionsPlan
    onset: Ints
    body_plan: BodyPlan | None = None
    body: Body | None = None
    regimen: Regimen | None = None


@dataclass(frozen=True, slots=True)
class Situation(Mapping[str, Any]):
    """The attributes that conditions may compare, made when looked at.

    Attributes:
        known: What is known of the people.
        day: The day, days since 1970-01-01, shape `(people,)`.
        happened: Who has had each event by that day, by its id.
        results: Latest result of each analyte and vital sign by that day, in its unit, shape `(people,)` each.
    """

    known: Standing
    day: Ints
    happened: Mapping[str, Booleans]
    results: Mapping[str, Floats]

    def __getitem__(self, attribute: str) -> Any:  # noqa: ANN401 - an array, or arrays by member
        """Give an attribute of everybody, shape `(people,)`; of a set, who has each member."""
        people = self.known.people
        categories = {
            "gender": (SEXES, people.sex),
            "race": (RACES, people.race),
            "ethnicity": (ETHNICITIES, people.ethnicity),
        }
        if attribute in categories:
            names, index = categories[attribute]
            return np.array(names)[index]
        if attribute == "age":
            return completed_years(people.birth_day, self.day)
        if attribute in _SETS:
            return self._members(attribute) or {"": np.zeros(people.count, np.bool_)}
        return self._measured(*attribute.split(".", 1))

    def _members(self, attribute: str) -> Mapping[str, Booleans]:
        """Give who has each member of a set."""
        known = self.known
        if attribute == "conditions":
            return {each.id: known.onset[:, slot] <= self.day for slot, each in enumerate(known.conditions.conditions)}
        if attribute == "events":
            return self.happened
        return {} if known.regimen is None else known.regimen.names_taken(self.day)

    def _measured(self, kind: str, name: str) -> Any:  # noqa: ANN401 - numbers or names
        if kind in {"labs", "vitals"}:
            return self.results[name]
        plan, body = self.known.body_plan, self.known.body
        if kind != "stage" or plan is None or body is None:
            raise KeyError(f"{kind}.{name}")
        ids = next((each.ids for each in plan.stages if each.condition == name), ())
        return np.array([*ids, ""])[body.stages.get(name, np.full(self.known.people.count, -1))]

    def __iter__(self) -> Any:  # noqa: ANN401 - an iterator of names
        """Name the attributes."""
        return iter(("age", "gender", "race", "ethnicity", *_SETS))

    def __len__(self) -> int:
        """Count the attributes."""
        return len(tuple(iter(self)))


def all_hold(predicates: Sequence[Predicate], situation: Mapping[str, Any], people: int) -> Booleans:
    """Tell of whom all conditions hold, shape `(people,)`."""
    held = np.ones(people, np.bool_)
    for predicate in predicates:
        held &= evaluate(predicate, situation)
    return held

"""How things stand with people on a day, for the conditions of a journey to look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.plan import ETHNICITIES, RACES, SEXES, ConditionsPlan, Ints
from healthsim.simulation.birthdays import completed_years
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.people import People
from healthsim.spec import Predicate, evaluate


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the people of a block before anything happens to them.

    Attributes:
        people: Who they are.
        conditions: What they may have.
        held: What they have, shape `(people, slots)`.
    """

    people: People
    conditions: ConditionsPlan
    held: Booleans


@dataclass(frozen=True, slots=True)
class Situation(Mapping[str, Any]):
    """The attributes that conditions may compare, made when looked at.

    Attributes:
        known: What is known of the people.
        day: The day, days since 1970-01-01, shape `(people,)`.
        happened: Who has had each event by that day, by its id.
    """

    known: Standing
    day: Ints
    happened: Mapping[str, Booleans]

    def __getitem__(self, attribute: str) -> Any:  # noqa: ANN401 - an array, or arrays by member
        """Give an attribute of everybody, shape `(people,)`; of a set, who has each member."""
        match attribute:
            case "age":
                return completed_years(self.known.people.birth_day, self.day)
            case "gender":
                return np.array(SEXES)[self.known.people.sex]
            case "race":
                return np.array(RACES)[self.known.people.race]
            case "ethnicity":
                return np.array(ETHNICITIES)[self.known.people.ethnicity]
            case "conditions":
                return self._conditions()
            case "events":
                return self.happened or self._nothing()
            case _:
                raise KeyError(attribute)

    def __iter__(self) -> Any:  # noqa: ANN401 - an iterator of names
        """Name the attributes."""
        return iter(("age", "gender", "race", "ethnicity", "conditions", "events"))

    def __len__(self) -> int:
        """Count the attributes."""
        return len(tuple(iter(self)))

    def _conditions(self) -> Mapping[str, NDArray[np.bool_]]:
        named = {
            condition.id: self.known.held[:, slot] for slot, condition in enumerate(self.known.conditions.conditions)
        }
        return named or self._nothing()

    def _nothing(self) -> Mapping[str, NDArray[np.bool_]]:
        return {"": np.zeros(self.known.people.count, np.bool_)}


def all_hold(predicates: Sequence[Predicate], situation: Mapping[str, Any], people: int) -> Booleans:
    """Tell of whom all conditions hold, shape `(people,)`."""
    held = np.ones(people, np.bool_)
    for predicate in predicates:
        held &= evaluate(predicate, situation)
    return held

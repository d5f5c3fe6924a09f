"""What conditions on a person are asked of: columns of people, by the names that planning gave them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.medication_plan import MedicationPlan, Test
from healthsim.planning.plan import Floats, Ints
from healthsim.planning.suitability import CONDITION, GROUP, LEVEL, STAGE
from healthsim.simulation.body import Body
from healthsim.simulation.cases import Cases
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.people import People
from healthsim.spec.predicates import evaluate

_DAYS_OF_FOUR_YEARS = 1461
_UNSTAGED = np.int8(-1)


@dataclass(frozen=True, slots=True)
class Traits:
    """The people of a block, as conditions on a person see them; every array has a row a person.

    Attributes:
        days_lived: Days from birth to the day in question.
        gender: Index of the sex.
        race: Index of the race.
        pregnant: Whether a code of theirs says so.
        held: Which conditions they have, shape `(people, slots)`.
        slots: Slot of each condition by its id.
        levels: Long-term level of what is measured of them, by analyte; not a number where it was not.
        stages: Index of their stage, by condition; -1 for none.
        taken: Which groups of drugs they take, shape `(people, groups)`.
        groups: Place of each group by its name.
    """

    days_lived: Ints
    gender: NDArray[np.integer]
    race: NDArray[np.integer]
    pregnant: Booleans
    held: Booleans
    slots: Mapping[str, int]
    levels: Mapping[str, Floats]
    stages: Mapping[str, NDArray[np.int8]]
    taken: Booleans
    groups: Mapping[str, int]

    def hold(self, test: Test, person: Ints, code: Ints) -> Booleans:
        """Tell of whom a condition holds, shape `(rows,)`; what was not measured of a person compares as false.

        Args:
            test: The condition.
            person: Places of the people asked, shape `(rows,)`.
            code: Index of their code of the disease in question, shape `(rows,)`.
        """
        columns = {name: code if name == "code" else self._column(name)[person] for name in test.columns}
        return evaluate(test.predicate, columns)

    def _column(self, name: str) -> NDArray[Any]:
        kind, _, named = name.partition(":")
        match f"{kind}:":
            case prefix if prefix == CONDITION:
                return self._flag(self.held, self.slots.get(named))
            case prefix if prefix == GROUP:
                return self._flag(self.taken, self.groups.get(named))
            case prefix if prefix == LEVEL:
                return self.levels.get(named, np.full(len(self.days_lived), np.nan))
            case prefix if prefix == STAGE:
                return self.stages.get(named, np.full(len(self.days_lived), _UNSTAGED))
            case _:
                return self._own(name)

    def _own(self, name: str) -> NDArray[Any]:
        own = {"gender": self.gender, "race": self.race, "pregnant": self.pregnant}
        return self.days_lived * 4 // _DAYS_OF_FOUR_YEARS if name == "age" else own[name]

    def _flag(self, flags: Booleans, column: int | None) -> Booleans:
        if column is None:
            return np.zeros(len(self.days_lived), np.bool_)
        found: Booleans = flags[:, column]
        return found


def traits_of(plan: MedicationPlan, people: People, held: Booleans, cases: Cases, body: Body, day: Ints) -> Traits:
    """Give what conditions on the people of a block are asked of, before anybody takes a drug.

    Args:
        plan: The drugs.
        people: The people.
        held: Which conditions they have, shape `(people, slots)`.
        cases: Their conditions, one by one.
        body: Their bodies.
        day: The day in question for each, days since 1970-01-01, shape `(people,)`.
    """
    pregnant = np.zeros(people.count, np.bool_)
    pregnant[cases.person[np.isin(cases.code, plan.pregnancy_codes)]] = True
    return Traits(
        days_lived=day - people.birth_day,
        gender=people.sex,
        race=people.race,
        pregnant=pregnant,
        held=held,
        slots=plan.slots,
        levels=body.levels,
        stages=body.stages,
        taken=np.zeros((people.count, len(plan.groups)), np.bool_),
        groups={name: place for place, name in enumerate(plan.groups)},
    )

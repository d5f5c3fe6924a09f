"""People with a condition, at a visit."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.plan import Ints
from healthsim.randomness import Draws
from healthsim.simulation.cases import Cases
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.people import People


@dataclass(frozen=True, slots=True)
class Patients:
    """People with a condition; every array has a row a person.

    Attributes:
        person: Their places in the block.
        draws: Their draws.
        code: Index of their code of it.
        birth_day: Date of birth, days since 1970-01-01.
        onset_day: Date of onset.
        seen_day: Date of the visit at which it is asked what they take.
    """

    person: Ints
    draws: Draws
    code: Ints
    birth_day: Ints
    onset_day: Ints
    seen_day: Ints

    def only(self, rows: Booleans) -> "Patients":
        """Give some of them, by truth, shape `(rows,)`."""
        return Patients(
            self.person[rows],
            self.draws.rows(rows),
            self.code[rows],
            self.birth_day[rows],
            self.onset_day[rows],
            self.seen_day[rows],
        )


def patients_of(slot: int, people: People, cases: Cases, seen_day: Ints) -> Patients:
    """Give those who have the condition of a slot.

    Args:
        slot: Of the condition.
        people: The people of a block.
        cases: Their conditions.
        seen_day: Day of everybody's visit, days since 1970-01-01, shape `(people,)`.
    """
    which = np.flatnonzero(cases.slot == slot)
    person = cases.person[which]
    return Patients(
        person=person,
        draws=people.draws.rows(person),
        code=cases.code[which],
        birth_day=people.birth_day[person],
        onset_day=cases.onset_day[which],
        seen_day=seen_day[person],
    )

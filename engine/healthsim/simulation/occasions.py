"""Occasions on which people are measured: visits, as arrays, however many a person has."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.plan import AGES, SEXES, Ints
from healthsim.simulation.birthdays import completed_years
from healthsim.simulation.people import People, SmallInts
from healthsim.simulation.visits import Visits

ROWS_BITS = 6
"""Bits of an id that number the results of one occasion."""

_MICROSECONDS_A_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Occasions:
    """Occasions; every array has the shape `(occasions,)`.

    Attributes:
        person: Place of the person in the block.
        encounter_id: The encounter.
        start: When it began, microseconds since 1970-01-01.
        end: When it ended.
        slot: Number of the occasion among the person's, 0 to 1,023: numbers its results.
        address: Stable number that addresses its draws.
    """

    person: Ints
    encounter_id: Ints
    start: Ints
    end: Ints
    slot: Ints
    address: Ints

    def age_sex(self, people: People) -> Ints:
        """Give the cell of age and sex at each occasion, by completed years at its date, the oldest for all beyond."""
        day = self.start // _MICROSECONDS_A_DAY
        born = people.birth_day[self.person]
        age = np.clip(completed_years(born, day), 0, AGES - 1)
        sex: SmallInts = people.sex[self.person]
        return age * len(SEXES) + sex

    def days_old(self, people: People) -> Ints:
        """Give the days lived at each occasion."""
        return self.start // _MICROSECONDS_A_DAY - people.birth_day[self.person]


def occasions_of(visits: Visits) -> Occasions:
    """Give the occasions of everybody's latest visit."""
    latest = np.zeros(len(visits.person), np.int64)
    return Occasions(visits.person, visits.encounter_id, visits.start, visits.end, latest, latest)

"""Who the people of a block are: place, age, sex, race and ethnicity, date of birth, and their conditions' status."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.plan import AGE_SEX_CELLS, CELLS, ETHNICITIES, GROUPS, RACES, SEXES, Floats, Ints, Plan
from healthsim.randomness import Draws

SmallInts = NDArray[np.int32]

_HISPANIC = ETHNICITIES.index("hispanic")
_HISPANIC_GROUP = len(RACES)


@dataclass(frozen=True, slots=True)
class People:
    """The people of a block; every array has the shape `(people,)`.

    Attributes:
        first: Index of the first of them.
        draws: Their draws.
        county: Index of the county.
        row: Row of the demographic tables.
        cell: Cell of age, sex, race and ethnicity.
        age_sex: Cell of age and sex.
        birth_day: Date of birth, days since 1970-01-01.
        days_lived: Days from birth to `as_of`.
        zip_code: Index of the ZIP code.
    """

    first: int
    draws: Draws
    county: SmallInts
    row: SmallInts
    cell: SmallInts
    age_sex: SmallInts
    birth_day: Ints
    days_lived: Ints
    zip_code: Ints

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.county)

    @property
    def ids(self) -> Ints:
        """Their `person_id`."""
        return np.arange(self.first + 1, self.first + 1 + self.count, dtype=np.int64)

    @property
    def age(self) -> SmallInts:
        """Completed years at `as_of`."""
        return self.age_sex // len(SEXES)

    @property
    def sex(self) -> SmallInts:
        """Index of the sex."""
        return self.age_sex % len(SEXES)

    @property
    def race(self) -> SmallInts:
        """Index of the race."""
        return self.cell % GROUPS // len(ETHNICITIES)

    @property
    def ethnicity(self) -> SmallInts:
        """Index of the ethnicity."""
        return self.cell % len(ETHNICITIES)

    @property
    def name_group(self) -> SmallInts:
        """Index of the group whose names they bear: the race, or that of Hispanics."""
        return np.where(self.ethnicity == _HISPANIC, np.int32(_HISPANIC_GROUP), self.race)

    @property
    def place_cell(self) -> SmallInts:
        """Row and cell of age and sex, as the tables of prevalence count them."""
        return self.row * np.int32(AGE_SEX_CELLS) + self.age_sex


def people_of_block(plan: Plan, first: int, count: int) -> People:
    """Draw the people with indices `first` to `first + count - 1`."""
    who = plan.people
    draws = Draws.for_people(plan.seed, first, count)
    county = who.places.draw(draws.uniform("county"))
    row = who.row_of_county[county].astype(np.int32)
    cell = who.cells.draw(draws.uniform("demographics"), row)
    age_sex = cell // np.int32(GROUPS)
    age = age_sex // np.int32(len(SEXES))
    birth_day = draws.integer("birth_date", who.years_ago[age + 1] + 1, who.years_ago[age])
    zip_code = _zip_codes(plan, draws, county)
    return People(first, draws, county, row, cell, age_sex, birth_day, who.years_ago[0] - birth_day, zip_code)


def _zip_codes(plan: Plan, draws: Draws, county: SmallInts) -> Ints:
    address = plan.address
    last = address.member_count[county] - 1
    codes: Ints = address.members[address.first_member[county] + draws.integer("zip", 0, last)]
    return codes


def primary_status(plan: Plan, people: People) -> NDArray[np.bool_]:
    """Tell who has the primary condition, shape `(people,)`."""
    share: Floats = plan.conditions.primary_share[people.row.astype(np.int64) * CELLS + people.cell]
    held: NDArray[np.bool_] = people.draws.uniform(f"status:{plan.conditions.conditions[0].id}") < share
    return held

"""Screening and vaccination of the people of a block: who is due for what, and when."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from healthsim.planning.attributes_plan import SMOKING_STATUSES
from healthsim.planning.plan import Ints
from healthsim.planning.prevention import FIRST_YEAR
from healthsim.planning.prevention_plan import PlannedProgramme, PreventionPlan
from healthsim.simulation.attributes import Attributes
from healthsim.simulation.birthdays import birthdays, completed_years
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.people import People

_NEVER_SMOKED = SMOKING_STATUSES.index("never")
_DAYS_A_YEAR = 366
_MOST_AGES = 112
_DOSE_BITS = 3
"""Bits of an address that number the doses of an age."""


@dataclass(frozen=True, slots=True)
class Services:
    """Vaccines and screenings; every array has the shape `(services,)`.

    Attributes:
        person: Place of the person in the block.
        programme: Place of the programme in the plan.
        product: Index of the code in the texts of its table.
        day: Day on which it is due, days since 1970-01-01.
        address: Stable number among the person's of its programme, which addresses its draws.
    """

    person: Ints
    programme: Ints
    product: Ints
    day: Ints
    address: Ints

    def chosen(self, places: Ints | Booleans) -> "Services":
        """Give some of them."""
        return Services(
            self.person[places], self.programme[places], self.product[places], self.day[places], self.address[places]
        )


@dataclass(frozen=True, slots=True)
class _Ages:
    """Ages that people reach in the time asked for, person after person; arrays have the shape `(ages,)`.

    Attributes:
        person: Place of the person in the block.
        age: Completed years.
        start: Where each age begins in the order of ages, shape `(113,)`.
        order: Places in the order of ages.
    """

    person: Ints
    age: Ints
    start: Ints
    order: Ints


def services_due(
    plan: PreventionPlan, people: People, attributes: Attributes, first_day: int, last_day: int
) -> Services:
    """Give what people are due for and take part in, whether or not they are seen in that time.

    Args:
        plan: The programmes.
        people: The people.
        attributes: What else they are.
        first_day: First day of the time asked for, days since 1970-01-01.
        last_day: Its last day.
    """
    ages = _ages(people, first_day, last_day)
    year = np.searchsorted(plan.year_days, people.birth_day, side="right") - 1 + FIRST_YEAR
    has_smoked = attributes.smoking > _NEVER_SMOKED
    parts = []
    for place, programme in enumerate(plan.programmes):
        concerned = np.ones(people.count, np.bool_) if programme.sex < 0 else people.sex == programme.sex
        if programme.is_for_smokers:
            concerned &= has_smoked
        person, age = _takers(programme, people, concerned, ages, year - plan.first_birth_year)
        for dose, (who, day, at) in enumerate(_doses(programme, people, person, age, year)):
            product = _product(programme, completed_years(people.birth_day[who], day), day, dose)
            inside = (product >= 0) & (day >= first_day) & (day <= last_day) & (day >= people.birth_day[who])
            address = (at << _DOSE_BITS) + dose
            parts.append(Services(who, np.full(len(who), place), product, day, address).chosen(inside))
    return Services(*(np.concatenate([getattr(part, name) for part in parts]) for name in Services.__slots__))


def _ages(people: People, first_day: int, last_day: int) -> _Ages:
    """Give the ages of the time asked for, and a year more at either end: seasons and further doses reach over."""
    born = people.birth_day
    oldest = completed_years(born, np.full(people.count, last_day)) + 1
    youngest = np.maximum(completed_years(born, np.full(people.count, first_day - _DAYS_A_YEAR)), 0)
    count = np.maximum(oldest - youngest + 1, 0)
    person = np.repeat(np.arange(people.count), count)
    age = np.arange(len(person)) - np.repeat(np.cumsum(count) - count, count) + youngest[person]
    order = np.argsort(age, kind="stable")
    return _Ages(person, age, np.searchsorted(age[order], np.arange(_MOST_AGES + 1)), order)


def _takers(
    programme: PlannedProgramme, people: People, concerned: Booleans, ages: _Ages, born: Ints
) -> tuple[Ints, Ints]:
    """Give who is due and takes part, and at which age."""
    count = programme.is_due.shape[2]
    upto = min(programme.first_age + count, _MOST_AGES)
    rows = ages.order[ages.start[programme.first_age] : ages.start[upto]]
    person, age = ages.person[rows], ages.age[rows]
    cell = np.searchsorted(programme.thresholds, people.draws.uniform(programme.stream), side="right")
    known = np.clip(born[person], 0, len(programme.is_due) - 1)
    is_due = programme.is_due[known, cell[person], age - programme.first_age] & concerned[person]
    return person[is_due], age[is_due]


def _doses(
    programme: PlannedProgramme, people: People, person: Ints, age: Ints, year: Ints
) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Give who has each dose, on which day, and the age that addresses it."""
    draws = people.draws.rows(person).of_events(age)
    first, last = programme.days
    uniform = draws.uniform(f"prevention:{programme.name}:day")
    if programme.season is None:
        begin = birthdays(people.birth_day[person], age)
    else:
        begin = programme.season[year[person] + age - FIRST_YEAR]
        uniform = (uniform + draws.uniform(f"prevention:{programme.name}:day", 1)) / 2
    day = begin + first + (uniform * (last - first + 1)).astype(np.int64)
    yield person, day, age
    least, most = programme.gap
    for dose in range(1, int(programme.doses.max())):
        again = np.flatnonzero(draws.uniform(f"prevention:{programme.name}:again", dose) < programme.again_share)
        person, day, age, draws = person[again], day[again], age[again], draws.rows(again)
        gap = draws.uniform(f"prevention:{programme.name}:gap", dose) * (most - least + 1)
        day = day + least + gap.astype(np.int64)
        yield person, day, age


def _product(programme: PlannedProgramme, age: Ints, day: Ints, dose: int) -> Ints:
    """Give what is in use on days for people of an age: the product of the highest age, of those the latest."""
    product = np.full(len(day), -1)
    for place, code in enumerate(programme.product.tolist()):
        fits = (age >= programme.product_age[place]) & (day >= programme.product_day[place])
        product[fits] = code if dose < programme.doses[place] else -1
    return product

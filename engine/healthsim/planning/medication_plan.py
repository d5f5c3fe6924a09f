"""The drugs people may take, as data: what planning hands to simulation."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from healthsim.randomness import CategoryTable
from healthsim.skills import Drug
from healthsim.spec.predicates import Predicate

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Test:
    """A condition on a person, compiled.

    Attributes:
        predicate: The condition, over columns of numbers.
        columns: Names of the columns.
    """

    predicate: Predicate
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedDrug:
    """A drug for a condition of the plan.

    Attributes:
        entry: Its place among the drugs of the plan.
        drug: What the skill says of it.
        suits: The condition on a person under which it suits; None where it always does.
        minimum_days: Days of life before which it is not begun.
        first_day: Day before which nobody takes it, days since 1970-01-01.
    """

    entry: int
    drug: Drug
    suits: Test | None
    minimum_days: int
    first_day: int


@dataclass(frozen=True, slots=True)
class PlannedGroup:
    """Drugs for a condition of which nobody takes two.

    Attributes:
        index: Place among the plan's groups.
        name: Of the group; names its streams.
        share: Share of treated people who take one, if one suits.
        is_adjunct: Whether it does not count as treatment of the condition.
        heeds_drugs: Whether one of them suits or not by what else is taken.
        drugs: The drugs.
    """

    index: int
    name: str
    share: float
    is_adjunct: bool
    heeds_drugs: bool
    drugs: tuple[PlannedDrug, ...]


@dataclass(frozen=True, slots=True)
class PlannedTreatment:
    """How people with a condition of the plan are treated.

    Attributes:
        condition: Id of the condition; names its streams.
        slot: Its slot.
        treated_share: Share of people with it who are treated.
        given: Shares treated of people of whom something holds, the first that does.
        otherwise: Share treated of the others.
        groups: Groups of drugs, those that count as treatment first.
        counting: How many count as treatment.
        chance_first: Chance of a group while none was taken yet, by set of suitable groups and group, shape
            `(2**counting, counting)`; a group is in a set if the bit of its place is set in the set's number.
        chance_later: The same after one was taken.
    """

    condition: str
    slot: int
    treated_share: float
    given: tuple[tuple[Test, float], ...]
    otherwise: float
    groups: tuple[PlannedGroup, ...]
    counting: int
    chance_first: Floats
    chance_later: Floats


@dataclass(frozen=True, slots=True)
class CoursesPlan:
    """The drugs that visits of background care leave people with for a short while.

    Attributes:
        row: Row of `table` for each of what people may be seen for, -1 where no course is ordered, shape `(reasons,)`.
        table: Which course; the last category is none.
        first_entry: Place of the first course's drug among the drugs of the plan.
        days: Days that each lasts, shape `(courses,)`.
        from_age: Youngest who are ordered it, of the same shape.
        to_age: Oldest who are.
        beside: Groups of drugs beside which it is not ordered, shape `(courses, groups)`.
        within: Conditions in which it is not, shape `(courses, slots)`.
    """

    row: Ints
    table: CategoryTable
    first_entry: int
    days: Ints
    from_age: Ints
    to_age: Ints
    beside: Booleans
    within: Booleans


@dataclass(frozen=True, slots=True)
class MedicationPlan:
    """The drugs people may take.

    Attributes:
        treatments: In the order in which they are chosen.
        groups: Names of the groups of drugs.
        drugs: All drugs, each for its condition, then those of courses; a row's number among its person's is the
            drug's place here.
        slots: Slot of each condition by its id.
        pregnancy_codes: Indices of the plan's codes of pregnancy.
        texts: Texts of the columns `rxnorm`, `dose`, `route` and `frequency`.
        indices: Index of each drug's text in those columns, shape `(drugs,)` each.
        days_supply: Of each drug, shape `(drugs,)`.
        refills: Of each drug, shape `(drugs,)`.
        names: Name of each drug by its RxCUI.
        courses: Courses that background care leaves people with; None without it.
    """

    treatments: tuple[PlannedTreatment, ...]
    groups: tuple[str, ...]
    drugs: tuple[PlannedDrug, ...]
    slots: Mapping[str, int]
    pregnancy_codes: Ints
    texts: Mapping[str, tuple[str, ...]]
    indices: Mapping[str, Ints]
    days_supply: Ints
    refills: Ints
    names: Mapping[str, str]
    courses: CoursesPlan | None

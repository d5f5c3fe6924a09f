"""Coverage, planned: which plans people may have, and how often that changes."""

from dataclasses import dataclass

from healthsim.planning.payer.insurance import Benefits
from healthsim.planning.payer.messages import MessagesPlan
from healthsim.randomness import CategoryTable, Floats, Ints

RELATIONSHIPS = ("self", "spouse", "child")
"""Of members to the subscriber."""

MOST_RELATIVES = 4
"""Relatives under a policy beside the member, at most."""

TIERS = ("single", "plus one", "family")
"""Whom a policy covers, by the people covered together less one, the last for all beyond."""

END_REASONS = ("changed plan", "lost coverage", "died", "left")
"""Why spans of coverage end; people leave by events of journeys."""


@dataclass(frozen=True, slots=True)
class HouseholdPlan:
    """Who else is under the policies of members.

    Attributes:
        couples: Share of households with a spouse, of those with room for one relative and for more.
        couple_days: Most days between the births of a couple.
        parent_age: Least and most years of parents at the birth of a child.
        male_births: Share of births that are of boys.
        same_sex: Share of couples of one sex.
        year_days: Days of a year.
    """

    couples: tuple[float, float]
    couple_days: int
    parent_age: tuple[int, int]
    male_births: float
    same_sex: float
    year_days: float = 365.25


@dataclass(frozen=True, slots=True)
class CoveragePlan:
    """Who is covered by what.

    Attributes:
        benefits: The plans.
        first_day: First day that coverage is told of, days since 1970-01-01; the first of a month.
        last_day: Last day that is told of.
        months: First days of the months from that of `first_day` to that of `last_day`, and of the one after, shape
            `(months + 1,)`.
        first_month: Months since 1970-01 of the first.
        current: Place of the month of `as_of` among the months.
        places: Places of each payer's plans, by the payer's place in `PAYERS` minus 1; draws of `choice` index them.
        choice: Which of its plans a payer's members have, by the payer's place in `PAYERS` minus 1.
        switch: Chance that a plan changes at a new year, by the payer's place in `PAYERS`, shape `(4,)`.
        gap: Chance of a gap in a year, likewise.
        gap_months: Months of a gap; category 0 is one.
        lost: Chance that an uninsured person was covered before.
        before_medicare: Chance that who has Medicare by age was covered before.
        relationship: Of the privately insured, by the band of their age.
        band: Index of that band by age, shape `(111,)`.
        household: People covered together, of subscribers (row 0) and dependents (row 1); category 0 is one.
        relatives: Who these others are.
        as_of: Date at which relationships hold, days since 1970-01-01.
        premium: Monthly premium by plan and people covered together, cents, shape `(plans, 5)`.
        late: Chance that an enrollment is recorded after it began.
        late_days: Most days of that.
        messages: What payers are told, and how late.
        sources: Where the figures are from.
    """

    benefits: Benefits
    first_day: int
    last_day: int
    months: Ints
    first_month: int
    current: int
    places: tuple[Ints, ...]
    choice: CategoryTable
    switch: Floats
    gap: Floats
    gap_months: CategoryTable
    lost: float
    before_medicare: float
    relationship: CategoryTable
    band: Ints
    household: CategoryTable
    relatives: HouseholdPlan
    as_of: int
    premium: Ints
    late: float
    late_days: int
    messages: MessagesPlan
    sources: tuple[str, ...]

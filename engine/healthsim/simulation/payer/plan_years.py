"""Plan years of members, and what their relatives spend in them."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.payer.adjudication_plan import AdjudicationPlan
from healthsim.planning.payer.claims_content import LINES
from healthsim.planning.payer.coverage_plan import MOST_RELATIVES
from healthsim.planning.payer.insurance import BASIS
from healthsim.planning.plan import Ints
from healthsim.randomness import Draws
from healthsim.simulation.payer.membership import Membership

YEAR_BITS, PLAN_BITS = 9, 10
"""Bits that number a plan year among a person's: the calendar year since `FIRST_YEAR`, and the insurance plan."""

FIRST_YEAR = 1800
_EPOCH_YEAR = 1970
_QUARTERS = 4
_QUARTER_DAYS = 91
_OF_FAMILIES = [LINES.index("commercial"), LINES.index("exchange")]


@dataclass(frozen=True, slots=True)
class PlanYears:
    """Calendar years of people in insurance plans, in order of person, plan and year, shape `(years,)`.

    Attributes:
        person: Place of the person in the block.
        plan: Place of the insurance plan.
        year: The calendar year.
    """

    person: Ints
    plan: Ints
    year: Ints

    @property
    def number(self) -> Ints:
        """Number of each among the person's."""
        return (self.plan << YEAR_BITS) + self.year - FIRST_YEAR


@dataclass(frozen=True, slots=True)
class Relatives:
    """What the relatives of members spend in their plan years; money in cents.

    Attributes:
        day: When the payer knows of it, at four dates, shape `(years, 4)`: of a quarter of it more each time.
        deductible: Of the family's deductible, by relative, shape `(years, MOST_RELATIVES)`.
        paid: Out of pocket, by relative, of the same shape.
    """

    day: Ints
    deductible: Ints
    paid: Ints

    def until(self, year: Ints, day: Ints) -> tuple[Ints, Ints]:
        """Give what relatives have had of the deductible, and have paid, by a day of a plan year each."""
        known = np.zeros(len(year), np.int64)
        for quarter in range(_QUARTERS):
            known += self.day[year, quarter] <= day
        deductible, paid = self.deductible.sum(axis=1)[year], self.paid.sum(axis=1)[year]
        return deductible * known // _QUARTERS, paid * known // _QUARTERS

    def within(self, deductible: Ints, paid: Ints) -> "Relatives":
        """Give what they owe where families have a limit: what is left of it, each as much less by proportion.

        Args:
            deductible: What is left of the family's deductible, shape `(years,)`.
            paid: What is left of the most that the family pays.
        """
        lowered = _lowered(self.paid, paid)
        return Relatives(self.day, np.minimum(_lowered(self.deductible, deductible), lowered), lowered)


def _lowered(amounts: Ints, most: Ints) -> Ints:
    """Lower the amounts of each row in proportion, so that their sum is no more than a limit."""
    total = amounts.sum(axis=1, keepdims=True)
    kept = np.minimum(total, most[:, np.newaxis])
    through = np.cumsum(amounts, axis=1) * kept // np.maximum(total, 1)
    lowered: Ints = np.diff(through, axis=1, prepend=0)
    return lowered


def year_of(day: Ints) -> Ints:
    """Give the calendar year of days since 1970-01-01, of the same shape."""
    years: Ints = day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + _EPOCH_YEAR
    return years


def plan_years(person: Ints, plan: Ints, day: Ints) -> tuple[PlanYears, Ints]:
    """Give the plan years that claims fall into, and the place of each claim's.

    Args:
        person: Place of the person in the block, shape `(claims,)`.
        plan: Place of the insurance plan.
        day: First day of service.
    """
    bits = YEAR_BITS + PLAN_BITS
    keys = (person << bits) + (plan << YEAR_BITS) + year_of(day) - FIRST_YEAR
    known, place = np.unique(keys, return_inverse=True)
    within = known & ((1 << bits) - 1)
    return PlanYears(known >> bits, within >> YEAR_BITS, (within & ((1 << YEAR_BITS) - 1)) + FIRST_YEAR), place


def relatives_of(plan: AdjudicationPlan, membership: Membership, years: PlanYears, draws: Draws) -> Relatives:
    """Draw what the relatives of members spend, from the year of their birth on.

    Only the plans of employers and marketplaces have families with a limit in common.

    Args:
        plan: How much that is, and what insurance plans are like.
        membership: Who is covered with whom.
        years: The plan years.
        draws: Draws of the people of the block.
    """
    rows = len(years.person)
    day = np.zeros((rows, _QUARTERS), np.int64)
    deductible, paid = np.zeros((2, rows, MOST_RELATIVES), np.int64)
    benefits, handling, household = plan.benefits, plan.handling, membership.household
    first = np.searchsorted(household.person, years.person)
    others = np.searchsorted(household.person, years.person, side="right") - first
    places = np.flatnonzero(np.isin(plan.line, _OF_FAMILIES)[years.plan] & (others > 0))
    of_family, number, which = draws.rows(years.person[places]), years.number[places], years.plan[places]
    start = (years.year[places] - _EPOCH_YEAR).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    for relative in range(int(others[places].max(initial=0))):
        uniform = of_family.event_uniform("payer:relatives", number, relative)
        one = handling.relatives[(uniform * len(handling.relatives)).astype(np.int64)]
        at = np.minimum(first[places] + relative, len(household.person) - 1)
        is_there = (others[places] > relative) & (year_of(household.birth_day[at]) <= years.year[places])
        one = np.minimum(one, benefits.maximum[which]) * is_there
        paid[places, relative] = one
        deductible[places, relative] = np.minimum(
            one * handling.relatives_deductible // BASIS, benefits.deductible[which]
        )
    for quarter in range(_QUARTERS):
        uniform = of_family.event_uniform("payer:relatives:day", number, quarter)
        day[places, quarter] = start + quarter * _QUARTER_DAYS + (uniform * _QUARTER_DAYS).astype(np.int64)
    return Relatives(day, deductible, paid)

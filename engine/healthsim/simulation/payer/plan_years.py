"""Plan years of members, and what their relatives spend in them."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.payer.adjudication_plan import AdjudicationPlan
from healthsim.planning.payer.claims_content import LINES
from healthsim.planning.payer.insurance import BASIS
from healthsim.planning.plan import Ints
from healthsim.randomness import Draws
from healthsim.simulation.payer.membership import Membership

YEAR_BITS, PLAN_BITS = 9, 10
"""Bits that number a plan year among a person's: the calendar year since 1850, and the insurance plan."""

_FIRST_YEAR = 1850
_EPOCH_YEAR = 1970
_QUARTERS = 4
_QUARTER_DAYS = 91
_MOST_RELATIVES = 6
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
        return (self.plan << YEAR_BITS) + self.year - _FIRST_YEAR


@dataclass(frozen=True, slots=True)
class Relatives:
    """What the relatives of members spend, at four dates a plan year; cents, shape `(years, 4)`.

    Attributes:
        day: When the payer knows of it.
        deductible: Of the family's deductible, all until then.
        paid: Out of pocket, all until then.
    """

    day: Ints
    deductible: Ints
    paid: Ints

    def until(self, year: Ints, day: Ints) -> tuple[Ints, Ints]:
        """Give what relatives have had of the deductible, and have paid, by a day of a plan year each."""
        known = np.zeros(len(year), np.int64)
        for quarter in range(_QUARTERS):
            known += self.day[year, quarter] <= day
        at = np.maximum(known - 1, 0)
        return np.where(known, self.deductible[year, at], 0), np.where(known, self.paid[year, at], 0)


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
    keys = (person << bits) + (plan << YEAR_BITS) + year_of(day) - _FIRST_YEAR
    known, place = np.unique(keys, return_inverse=True)
    within = known & ((1 << bits) - 1)
    return PlanYears(known >> bits, within >> YEAR_BITS, (within & ((1 << YEAR_BITS) - 1)) + _FIRST_YEAR), place


def relatives_of(plan: AdjudicationPlan, membership: Membership, years: PlanYears, draws: Draws) -> Relatives:
    """Draw what the relatives of members spend, who are no members of the cohort themselves.

    Only the plans of employers and marketplaces have families with a limit in common.
    A relative's spending is spread evenly over the quarters.

    Args:
        plan: How much that is, and what insurance plans are like.
        membership: Who is covered with how many.
        years: The plan years.
        draws: Draws of the people of the block.
    """
    rows = len(years.person)
    day, deductible, paid = (np.zeros((rows, _QUARTERS), np.int64) for _ in range(3))
    benefits, handling = plan.benefits, plan.handling
    is_family = np.isin(plan.line, _OF_FAMILIES)[years.plan]
    others = np.minimum(membership.household_size[years.person] - 1, _MOST_RELATIVES)
    places = np.flatnonzero(is_family & (others > 0))
    of_family, number = draws.rows(years.person[places]), years.number[places]
    start = (years.year[places] - _EPOCH_YEAR).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    spent, met = np.zeros((2, len(places)), np.int64)
    most = benefits.maximum[years.plan[places]]
    for relative in range(int(others[places].max(initial=0))):
        uniform = of_family.event_uniform("payer:relatives", number, relative)
        one = np.minimum(handling.relatives[(uniform * len(handling.relatives)).astype(np.int64)], most)
        one *= others[places] > relative
        spent += one
        met += np.minimum(one * handling.relatives_deductible // BASIS, benefits.deductible[years.plan[places]])
    for quarter in range(_QUARTERS):
        uniform = of_family.event_uniform("payer:relatives:day", number, quarter)
        day[places, quarter] = start + quarter * _QUARTER_DAYS + (uniform * _QUARTER_DAYS).astype(np.int64)
        deductible[places, quarter] = met * (quarter + 1) // _QUARTERS
        paid[places, quarter] = spent * (quarter + 1) // _QUARTERS
    return Relatives(day, deductible, paid)

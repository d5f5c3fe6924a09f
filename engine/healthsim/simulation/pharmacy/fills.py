"""Fills: when people collect what they are prescribed, supply after supply."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.pharmacy.pharmacy_plan import PharmacyPlan
from healthsim.planning.plan import Floats, Ints
from healthsim.randomness import Draws
from healthsim.simulation.pharmacy.therapies import Therapies
from healthsim.simulation.pharmacy.turns import USUAL, Turns

FILL_BITS = 11
"""Bits of an id that number the fills of an order."""

_MONTH, _QUARTER = 30, 90
_VALID_DAYS = 365
"""Days for which a prescription may be filled (National Association of Boards of Pharmacy, Survey of Pharmacy Law)."""


@dataclass(frozen=True, slots=True)
class Fills:
    """What is collected, in no order but that of a therapy's fills; every array has the shape `(fills,)`.

    Attributes:
        therapy: The therapy.
        order: Place among the orders.
        index: Number of the fill in the therapy, from 0.
        first_index: Number of the first fill of its prescription.
        fill_number: 0 for the first fill of a prescription, 1 for its first refill, and so on.
        written: Day on which the prescription was written.
        day: Day of the fill.
        ran_out: First day without the drug if it had not been filled.
        days: Days of supply.
        refills: Refills that the prescription allows.
    """

    therapy: Ints
    order: Ints
    index: Ints
    first_index: Ints
    fill_number: Ints
    written: Ints
    day: Ints
    ran_out: Ints
    days: Ints
    refills: Ints


@dataclass(frozen=True, slots=True)
class Habits:
    """How therapies are kept to; every array has the shape `(therapies,)`.

    Attributes:
        covered: Share of days covered.
        takes_ninety: Whether supplies of 90 days are collected as ordered, rather than of 30.
        max_days: Most days of supply that the person's benefits pay.
    """

    covered: Floats
    takes_ninety: Ints
    max_days: Ints


def fills_of(pharmacy: PharmacyPlan, therapies: Therapies, habits: Habits, turns: Turns, draws: Draws) -> Fills:
    """Follow all therapies, one fill after another.

    A supply that is left counts: the next one runs out later. After the last refill, or a year, the drug is prescribed
    anew. Who took a drug before the first day has some of it at hand then.

    Args:
        pharmacy: The benefit.
        therapies: The orders.
        habits: How they are kept to.
        turns: What journeys say of that.
        draws: Of the therapies' people, a row a therapy.
    """
    if not len(therapies.first):
        none = np.zeros(0, np.int64)
        return Fills(none, none, none, none, none, none, none, none, none, none)
    course = _Course(pharmacy, therapies, habits, turns, draws)
    while course.goes_on:
        course.step()
    return course.fills()


class _Course:
    """The therapies, at one fill after another."""

    def __init__(
        self, pharmacy: PharmacyPlan, therapies: Therapies, habits: Habits, turns: Turns, draws: Draws
    ) -> None:
        self._turns = turns
        self._person = therapies.person[therapies.first]
        self._adherence = pharmacy.adherence
        self._therapies = therapies
        self._draws = draws
        self._address = therapies.number[therapies.first] << FILL_BITS
        self._is_converted = self._converted(pharmacy, habits)
        self._mean_gap = (1.0 - habits.covered) / habits.covered
        start = therapies.start[therapies.first]
        is_under_way = start < pharmacy.first_day
        days = self._supply(therapies.first)
        at_hand = (draws.event_uniform("supply_at_hand", self._address) * days).astype(np.int64)
        self._ran_out = np.where(is_under_way, pharmacy.first_day + at_hand, start)
        self._order = np.full(len(start), -1)
        self._fill_number = np.zeros(len(start), np.int64)
        self._first_index = np.zeros(len(start), np.int64)
        self._written = start.copy()
        self._day = start - 1
        self._begun = np.where(is_under_way, self._filled_before(days), 0)
        self._active = np.arange(len(start))
        self._index = 0
        self._made: list[tuple[Ints, ...]] = []

    @property
    def goes_on(self) -> bool:
        """Whether somebody still takes something."""
        return bool(len(self._active)) and self._index < 1 << FILL_BITS

    def fills(self) -> Fills:
        """Give all fills."""
        return Fills(*(np.concatenate(parts) for parts in zip(*self._made, strict=True)))

    def step(self) -> None:
        """Fill once what everybody still takes."""
        active = self._active
        day, order, asked = self._due(active)
        goes_on = (day <= self._therapies.end[order]) & (day >= self._therapies.start[order])
        active, day, order, asked = active[goes_on], day[goes_on], order[goes_on], asked[goes_on]
        self._prescribe(active, order, day)
        days = np.where(asked == USUAL, self._supply(order), asked)
        written = self._written[active]
        self._made.append(
            (
                active,
                order,
                np.full(len(active), self._index),
                self._first_index[active],
                self._fill_number[active],
                written,
                day,
                self._ran_out[active],
                days,
                self._refills(order),
            )
        )
        self._ran_out[active] = np.maximum(self._ran_out[active], day) + days
        self._day[active] = day
        self._active = active
        self._index += 1

    def _due(self, active: Ints) -> tuple[Ints, Ints, Ints]:
        """Give day, order and asked days of the next fill; the day is past the order's end where there is none."""
        therapies, draws = self._therapies, self._draws.rows(active)
        address = self._address[active] + self._index
        longest = self._supply(therapies.order_on(active, self._ran_out[active]))
        gap = self._adherence.gap.at(draws.event_uniform("refill_gap", address))
        late = (gap * self._mean_gap[active] * longest + 0.5).astype(np.int64)
        uniform = draws.event_uniform("early_refill", address) / self._adherence.early_share
        early = 1 + (uniform * self._adherence.early_days).astype(np.int64)
        is_early = (late == 0) & (uniform < 1.0) & (self._index > 0)
        due = self._ran_out[active] + np.where(is_early, -early, late)
        is_first = self._index == 0
        soonest = self._ran_out[active] - (0 if is_first else self._adherence.early_days)
        soonest = np.maximum(soonest, self._day[active] + 1)
        due, asked = self._turns.called(self._person[active], soonest, due, is_first=is_first)
        due = self._turns.held_back(self._person[active], due)
        order = therapies.order_on(active, due)
        is_over = due > therapies.end[order]
        following = np.minimum(order + 1, len(therapies.start) - 1)
        has_next = is_over & (therapies.therapy[following] == active)
        order = np.where(has_next, following, order)
        return np.maximum(due, np.where(has_next, therapies.start[following], due)), order, asked

    def _prescribe(self, active: Ints, order: Ints, day: Ints) -> None:
        """Count the refills, and prescribe anew where there is none left."""
        is_first = self._order[active] < 0
        is_next = self._order[active] == order
        self._fill_number[active] += 1
        is_spent = (self._fill_number[active] > self._refills(order)) | (day > self._written[active] + _VALID_DAYS)
        is_new = ~is_next | is_spent
        rows = active[is_new]
        self._fill_number[rows] = 0
        self._first_index[rows] = self._index
        start = self._therapies.start[order[is_new]]
        self._written[rows] = np.where(is_next[is_new], day[is_new], np.maximum(start, self._longest_ago(day[is_new])))
        self._order[active] = order
        under_way = active[is_first & (self._begun[active] > 0)]
        self._resume(under_way, day[is_first & (self._begun[active] > 0)])

    def _resume(self, rows: Ints, day: Ints) -> None:
        """Go on with prescriptions that were filled before the first day."""
        order = self._order[rows]
        self._fill_number[rows] = np.minimum(self._begun[rows], self._refills(order))
        back = np.minimum(self._fill_number[rows] * self._supply(order), _VALID_DAYS)
        self._written[rows] = np.maximum(self._therapies.start[order], day - back)

    def _longest_ago(self, day: Ints) -> Ints:
        """Give the first day on which what is filled on a day may have been written."""
        return day - _VALID_DAYS

    def _filled_before(self, days: Ints) -> Ints:
        """Give how many times the prescription of the first day was filled before, shape `(therapies,)`."""
        first = self._therapies.first
        refills = self._refills(first)
        drawn = (self._draws.event_uniform("fills_before", self._address) * (refills + 1)).astype(np.int64)
        since = self._ran_out - self._therapies.start[first]
        return np.clip(drawn, 0, np.maximum(since // days, 0))

    def _converted(self, pharmacy: PharmacyPlan, habits: Habits) -> Ints:
        """Tell which therapies are dispensed for 30 days though ordered for 90."""
        drug = self._therapies.drug[self._therapies.first]
        is_long = pharmacy.drugs.is_chronic[drug]
        return np.asarray(is_long & ((habits.takes_ninety == 0) | (habits.max_days < _QUARTER)), np.int64)

    def _supply(self, order: Ints) -> Ints:
        """Give the days that a fill of orders lasts."""
        days = self._therapies.days[order]
        is_monthly = (self._is_converted[self._therapies.therapy[order]] == 1) & (days == _QUARTER)
        return np.where(is_monthly, _MONTH, days)

    def _refills(self, order: Ints) -> Ints:
        """Give the refills of a prescription: three fills of 30 days stand for one of 90."""
        is_monthly = self._supply(order) != self._therapies.days[order]
        refills = self._therapies.refills[order]
        return np.where(is_monthly, (refills + 1) * (_QUARTER // _MONTH) - 1, refills)

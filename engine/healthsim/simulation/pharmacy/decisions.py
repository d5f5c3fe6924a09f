"""Which fills a drug benefit pays for, and what it asks first."""

from dataclasses import dataclass, fields

import numpy as np

from healthsim.planning.pharmacy.pharmacy_plan import PharmacyPlan
from healthsim.planning.plan import Ints
from healthsim.randomness import Draws
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.events.marked import Marks
from healthsim.simulation.pharmacy.benefit import DrugCoverage
from healthsim.simulation.pharmacy.fills import FILL_BITS, Fills
from healthsim.simulation.pharmacy.taken_back import days_taken_back
from healthsim.simulation.pharmacy.therapies import Therapies
from healthsim.tables import MISSING

NOT_REJECTED = -1
_EXCEPTION_TIER = 4
"""Tier on which drugs off the formulary are paid by exception."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Fills in the order of their therapies, with what the benefit says; every array has the shape `(fills,)`.

    Attributes:
        fills: The fills.
        draws: Of their people.
        person: Place of the person in the block.
        drug: Index of the RxCUI.
        address: Number of the fill among all of its person; draws are addressed by it.
        span: Span of coverage; -1 for none.
        benefit: Drug benefit; -1 for none.
        earliest: First day on which it may be asked for: prescribed, covered, and after the fill before.
        is_new: Whether it is the first fill of its therapy under the benefit.
        tier: Of the drug.
        is_paid: Whether the benefit pays.
        is_authorized: Whether an authorization or exception stands behind that.
        reject: Index of the code by which the benefit refuses at first; `NOT_REJECTED` where it does not.
        returned_day: Day on which a journey takes it back; `MISSING` for none.
    """

    fills: Fills
    draws: Draws
    person: Ints
    drug: Ints
    address: Ints
    span: Ints
    benefit: Ints
    earliest: Ints
    is_new: Booleans
    tier: Ints
    is_paid: Booleans
    is_authorized: Booleans
    reject: Ints
    returned_day: Ints

    @property
    def is_kept(self) -> Booleans:
        """Tell which fills are paid for and not taken back by a journey."""
        kept: Booleans = self.is_paid & (self.returned_day == MISSING)
        return kept

    @property
    def follows_returned(self) -> Booleans:
        """Tell which fills come after one of the same therapy that a journey takes back."""
        therapy, is_back = self.fills.therapy, self.returned_day != MISSING
        return np.append(False, is_back[:-1] & (therapy[1:] == therapy[:-1]))[: len(therapy)]


def decided(
    pharmacy: PharmacyPlan,
    therapies: Therapies,
    fills: Fills,
    coverage: DrugCoverage,
    draws: Draws,
    reversals: Marks,
) -> Decided:
    """Decide on fills: what is off the formulary, out of step or not authorized may not be paid.

    Whoever took the drug before the first day has what it needs.

    Args:
        pharmacy: The benefits.
        therapies: The orders.
        fills: The fills.
        coverage: Drug benefits.
        draws: Of the people of the block.
        reversals: Events that take fills back.
    """
    order = np.lexsort((fills.index, fills.therapy))
    fills = Fills(*(getattr(fills, each.name)[order] for each in fields(fills)))
    first = therapies.first[fills.therapy]
    person, drug, number = therapies.person[first], therapies.drug[first], therapies.number[first]
    own = draws.rows(person)
    span, benefit = coverage.on(person, fills.day)
    held = np.maximum(benefit, 0)
    rules, rates = pharmacy.formulary, pharmacy.rejections
    tier = rules.tier[held, drug]
    was_before = therapies.start[first] < pharmacy.first_day
    is_off = tier == 0
    is_skipped = ~is_off & ~was_before & ~_tried(pharmacy, therapies, rules.steps[held, drug], first)
    needs = ~is_off & ~is_skipped & ~was_before & rules.needs_authorization[held, drug]
    uniform = own.event_uniform("drug_authorization", number * len(rules.tier) + held)
    excepted = (uniform < rates.excepted) & ~rules.is_excluded[held, drug]
    granted = np.where(is_off | is_skipped, excepted, uniform < rates.authorized)
    is_held_up = is_off | is_skipped | needs
    is_paid = (benefit >= 0) & (~is_held_up | granted)
    is_new = _is_new(fills, benefit)
    codes = np.where(is_off, _code(pharmacy, "70"), np.where(is_skipped, _code(pharmacy, "608"), _code(pharmacy, "75")))
    is_refused = (benefit >= 0) & is_new & is_held_up & rates.is_asked
    return Decided(
        fills=fills,
        draws=own,
        person=person,
        drug=drug,
        address=(number << FILL_BITS) + fills.index,
        span=span,
        benefit=benefit,
        earliest=_earliest(fills, coverage, span),
        is_new=is_new,
        tier=np.where(is_off & is_paid, _EXCEPTION_TIER, tier),
        is_paid=is_paid,
        is_authorized=is_paid & (is_held_up | (was_before & rules.needs_authorization[held, drug])),
        reject=np.where(is_refused, codes, NOT_REJECTED),
        returned_day=days_taken_back(person, fills.day, is_paid, reversals),
    )


def _tried(pharmacy: PharmacyPlan, therapies: Therapies, steps: Ints, first: Ints) -> Booleans:
    """Tell of which fills a drug of the step before was taken by the time the therapy began; true without a step.

    Args:
        pharmacy: The benefits.
        therapies: The orders.
        steps: Set of drugs of which one has to be tried, -1 for none, shape `(fills,)`.
        first: First order of the therapies, of the same shape.
    """
    tried = steps < 0
    people = int(therapies.person.max()) + 1 if len(therapies.person) else 0
    for number, members in enumerate(pharmacy.formulary.step_sets):
        begun = np.full(people, np.iinfo(np.int64).max)
        rows = np.flatnonzero(members[therapies.drug])
        np.minimum.at(begun, therapies.person[rows], therapies.start[rows])
        tried |= (steps == number) & (begun[therapies.person[first]] <= therapies.start[first])
    return tried


def _is_new(fills: Fills, benefit: Ints) -> Booleans:
    same = (fills.therapy[1:] == fills.therapy[:-1]) & (benefit[1:] == benefit[:-1])
    return np.append(True, ~same)[: len(benefit)]


def _earliest(fills: Fills, coverage: DrugCoverage, span: Ints) -> Ints:
    follows = np.append(False, fills.therapy[1:] == fills.therapy[:-1])[: len(span)]
    earliest = np.where(follows, np.maximum(np.roll(fills.day, 1) + 1, fills.written), fills.written)
    start = coverage.membership.start_day
    if len(start):
        earliest = np.where(span >= 0, np.maximum(earliest, start[np.maximum(span, 0)]), earliest)
    return np.minimum(earliest, fills.day)


def _code(pharmacy: PharmacyPlan, code: str) -> int:
    return pharmacy.rejections.codes.index(code)

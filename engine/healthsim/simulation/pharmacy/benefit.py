"""Who has which drug benefit, and how people keep to their drugs."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.pharmacy.pharmacy_plan import PharmacyPlan
from healthsim.planning.plan import Ints
from healthsim.randomness import Draws
from healthsim.simulation.payer.membership import Membership
from healthsim.simulation.pharmacy.fills import Habits
from healthsim.simulation.pharmacy.therapies import Therapies

NO_BENEFIT = -1
_ALWAYS = 365


@dataclass(frozen=True, slots=True)
class DrugCoverage:
    """Drug benefits of the people of a block.

    Attributes:
        membership: Their spans of coverage.
        benefit: Benefit of each span, `NO_BENEFIT` for none, shape `(spans,)`.
        usual: Benefit that each person has first, `NO_BENEFIT` for none, shape `(people,)`.
    """

    membership: Membership
    benefit: Ints
    usual: Ints

    def on(self, person: Ints, day: Ints) -> tuple[Ints, Ints]:
        """Give span and benefit of people on days, -1 for none, shape `(rows,)` each."""
        span = self.membership.span_at(person, day)
        if not len(self.benefit):
            return span, span
        benefit = np.where(span >= 0, self.benefit[np.maximum(span, 0)], NO_BENEFIT)
        return np.where(benefit >= 0, span, -1), benefit


def drug_coverage(pharmacy: PharmacyPlan, membership: Membership, draws: Draws) -> DrugCoverage:
    """Give everybody's drug benefits; of those in traditional Medicare, a share has a drug plan.

    Args:
        pharmacy: The benefits.
        membership: Spans of coverage.
        draws: Of the people of the block.
    """
    benefit = pharmacy.benefit_of_plan[membership.plan]
    enrolls = draws.uniform("drug_plan")[membership.person] < pharmacy.benefits.enrolled[benefit]
    benefit = np.where(enrolls, benefit, NO_BENEFIT)
    usual = np.full(len(draws.keys), NO_BENEFIT)
    has = np.flatnonzero(benefit >= 0)[::-1]
    usual[membership.person[has]] = benefit[has]
    return DrugCoverage(membership, benefit, usual)


def habits_of(pharmacy: PharmacyPlan, therapies: Therapies, coverage: DrugCoverage, draws: Draws) -> Habits:
    """Draw how therapies are kept to: some people keep to all their drugs alike.

    Args:
        pharmacy: The benefit.
        therapies: The orders.
        coverage: Drug benefits.
        draws: Of the people of the block.
    """
    first = therapies.first
    person, drug = therapies.person[first], therapies.drug[first]
    own = draws.rows(person)
    benefit = np.maximum(coverage.usual[person], 0)
    adherence = pharmacy.adherence
    address = therapies.number[first]
    place = np.where(
        own.uniform("adherence_is_shared") < adherence.is_shared,
        own.uniform("adherence_of_person"),
        own.event_uniform("adherence", address),
    )
    covered = adherence.covered.at(place, benefit * adherence.classes + pharmacy.drugs.adherence[drug])
    ninety = own.event_uniform("ninety_days", address) < pharmacy.benefits.ninety_days[benefit]
    return Habits(covered, np.asarray(ninety, np.int64), _most_days(pharmacy, therapies, coverage))


def _most_days(pharmacy: PharmacyPlan, therapies: Therapies, coverage: DrugCoverage) -> Ints:
    """Give the most days of supply that all benefits of a therapy's person pay, shape `(therapies,)`."""
    first = therapies.first
    held = np.zeros((len(coverage.usual), len(pharmacy.benefits.ids)), np.bool_)
    has = np.flatnonzero(coverage.benefit >= 0)
    held[coverage.membership.person[has], coverage.benefit[has]] = True
    days = np.full(len(first), _ALWAYS)
    for benefit in range(len(pharmacy.benefits.ids)):
        limit = pharmacy.formulary.max_days[benefit, therapies.drug[first]]
        days = np.where(held[therapies.person[first], benefit], np.minimum(days, limit), days)
    return days

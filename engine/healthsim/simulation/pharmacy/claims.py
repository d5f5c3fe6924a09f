"""Claims of pharmacies, priced and decided in order of time."""

from dataclasses import dataclass, fields

import numpy as np

from healthsim.planning.pharmacy.pharmacy_plan import PharmacyPlan
from healthsim.planning.plan import Ints
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.people import People
from healthsim.simulation.pharmacy.accumulation import Accumulated, accumulated
from healthsim.simulation.pharmacy.attempts import ATTEMPT_BITS, RETURNED, REVERSAL, Attempts
from healthsim.simulation.pharmacy.benefit import DrugCoverage
from healthsim.simulation.pharmacy.decisions import NOT_REJECTED, Decided
from healthsim.simulation.pharmacy.fills import FILL_BITS, Fills
from healthsim.simulation.pharmacy.pricing import Dispensed, dispensed
from healthsim.simulation.pharmacy.sharing import Priced, terms_of
from healthsim.simulation.pharmacy.therapies import Therapies

ROW_BITS = SLOT_BITS + FILL_BITS + ATTEMPT_BITS
"""Bits of an id that number a person's claims: the order, the fill, the attempt."""


@dataclass(frozen=True, slots=True)
class Claims:
    """Claims in order of person and time; every array has the shape `(claims,)`.

    Attributes:
        attempts: What is billed.
        person: Place of the person in the block.
        order: Place among the orders.
        drug: Index of the RxCUI.
        benefit: Drug benefit.
        tier: Of the drug.
        claim_id: Of the claim.
        prescription_id: Of what it is for.
        reverses: Place of the claim that it takes back; -1 for none.
        dispensed: What is dispensed, and what it costs.
        kind: Place of the kind of drug in `KINDS`.
        is_authorized: Whether an authorization or exception stands behind it.
        has_money: Whether it is paid or taken back.
        accumulated: How the cost is shared; 0 where it has no money.
    """

    attempts: Attempts
    person: Ints
    order: Ints
    drug: Ints
    benefit: Ints
    tier: Ints
    claim_id: Ints
    prescription_id: Ints
    reverses: Ints
    dispensed: Dispensed
    kind: Ints
    is_authorized: Booleans
    has_money: Booleans
    accumulated: Accumulated


def prescription_ids(people: People, therapies: Therapies, fills: Fills) -> Ints:
    """Give the identifiers of the prescriptions of fills, shape `(fills,)`."""
    number = therapies.number[fills.order]
    own = ((number << FILL_BITS) + fills.first_index) << ATTEMPT_BITS
    return (people.ids[therapies.person[fills.order]] << ROW_BITS) + own


def claims_of(
    pharmacy: PharmacyPlan,
    people: People,
    therapies: Therapies,
    known: Decided,
    attempts: Attempts,
    coverage: DrugCoverage,
) -> Claims:
    """Price and decide claims.

    Args:
        pharmacy: The benefits.
        people: The people of the block.
        therapies: The orders.
        known: The fills.
        attempts: What is billed.
        coverage: Drug benefits.
    """
    prescriptions = prescription_ids(people, therapies, known.fills)
    ids = prescriptions + ((known.fills.index - known.fills.first_index) << ATTEMPT_BITS)
    claim_id = ids[attempts.fill] + attempts.attempt
    person = known.person[attempts.fill]
    order = np.lexsort((claim_id, attempts.billed_day, person))
    attempts = Attempts(*(getattr(attempts, each.name)[order] for each in fields(attempts)))
    claim_id, person, fill = claim_id[order], person[order], attempts.fill
    benefit = coverage.benefit[attempts.span] if len(coverage.benefit) else attempts.span
    drug = known.drug[fill]
    tier = pharmacy.formulary.tier[benefit, drug]
    tier = np.where(attempts.reject == NOT_REJECTED, known.tier[fill], tier)
    given = dispensed(pharmacy, drug, benefit, attempts.days, people.draws.rows(person))
    reverses = _reverses(claim_id, attempts.attempt)
    has_money = attempts.reject == NOT_REJECTED
    money = _shared(pharmacy, people, attempts, given, (person, benefit, tier, drug), reverses)
    return Claims(
        attempts=attempts,
        person=person,
        order=known.fills.order[fill],
        drug=drug,
        benefit=benefit,
        tier=tier,
        claim_id=claim_id,
        prescription_id=prescriptions[fill],
        reverses=reverses,
        dispensed=given,
        kind=pharmacy.drugs.kind[drug],
        is_authorized=known.is_authorized[fill] & has_money,
        has_money=has_money,
        accumulated=money,
    )


def _reverses(claim_id: Ints, attempt: Ints) -> Ints:
    """Give the place of the claim that each takes back, -1 for none, shape `(claims,)`."""
    places = np.full(len(claim_id), -1)
    order = np.argsort(claim_id, kind="stable")
    rows = np.flatnonzero(attempt == REVERSAL)
    found = np.searchsorted(claim_id, claim_id[rows] - (REVERSAL - RETURNED), sorter=order)
    places[rows] = order[found]
    return places


def _shared(
    pharmacy: PharmacyPlan,
    people: People,
    attempts: Attempts,
    given: Dispensed,
    what: tuple[Ints, Ints, Ints, Ints],
    reverses: Ints,
) -> Accumulated:
    """Share the cost of the claims that are paid: each year, and each kind of benefit, has an account of its own."""
    rows = np.flatnonzero(attempts.reject == NOT_REJECTED)
    person, benefit, tier, drug = (values[rows] for values in what)
    year = np.searchsorted(pharmacy.years, attempts.day[rows], side="right") - 1
    priced = Priced(
        benefit=benefit,
        year=year,
        tier=tier,
        drug=drug,
        days=attempts.days[rows],
        channel=given.channel[rows],
        days_lived=attempts.day[rows] - people.birth_day[person],
        total=given.ingredient[rows] + given.fee[rows],
    )
    count = len(pharmacy.benefits.ids)
    account = (person * count + pharmacy.benefits.account[benefit]) * len(pharmacy.years) + year
    place = np.full(len(attempts.day) + 1, -1)
    place[rows] = np.arange(len(rows))
    money = accumulated(terms_of(pharmacy, priced), account, place[reverses[rows]])
    return _spread(money, rows, len(attempts.day))


def _spread(money: Accumulated, rows: Ints, count: int) -> Accumulated:
    """Give the same for all claims, 0 for those without money."""

    def spread(values: Ints) -> Ints:
        whole = np.zeros(count, np.int64)
        whole[rows] = values
        return whole

    shared = type(money.shared)(*(spread(getattr(money.shared, each.name)) for each in fields(money.shared)))
    return Accumulated(shared, spread(money.deductible_met), spread(money.own))

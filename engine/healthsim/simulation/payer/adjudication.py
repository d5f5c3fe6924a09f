"""Adjudication: which claims come, and what of each line payers allow, members owe and payers pay."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.payer.adjudication_plan import AdjudicationPlan
from healthsim.planning.payer.claim_texts import FREQUENCIES
from healthsim.planning.payer.insurance import BASIS
from healthsim.planning.plan import Ints
from healthsim.randomness import Draws
from healthsim.simulation.payer.accumulation import Limits, Owed, Owing, owed
from healthsim.simulation.payer.adjudicated import DENIED, PAID, PENDING, VOIDED, Adjudicated
from healthsim.simulation.payer.authorization import Requests
from healthsim.simulation.payer.charges import CLAIM_KINDS, Charges
from healthsim.simulation.payer.claim_events import Asked
from healthsim.simulation.payer.first_decisions import FirstDecisions, first_decisions
from healthsim.simulation.payer.membership import Membership
from healthsim.simulation.payer.plan_years import PlanYears, Relatives, plan_years, relatives_of
from healthsim.simulation.payer.sharing import Stays, allowed_amounts, paid_before, shares_of, stays_of
from healthsim.simulation.payer.submissions import Submissions, submissions_of

_INPATIENT = CLAIM_KINDS.index("inpatient")
_VOIDING = FREQUENCIES.index("8")
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Accumulated:
    """What members and their families have owed in each plan year; money in cents, shape `(years,)`.

    Attributes:
        years: The plan years.
        stay: Deductibles of benefit periods.
        deductible: The member's deductible.
        paid: What the member owed in all.
        relatives: What their relatives owe.
        family_deductible: The family's deductible, the member's included.
        family_paid: What the family owed in all.
        deductible_day: When the deductible was met; `MISSING` if never.
        maximum_day: When the most was reached; `MISSING` if never.
    """

    years: PlanYears
    stay: Ints
    deductible: Ints
    paid: Ints
    relatives: Relatives
    family_deductible: Ints
    family_paid: Ints
    deductible_day: Ints
    maximum_day: Ints


@dataclass(frozen=True, slots=True)
class Decisions:
    """All that payers decide.

    Attributes:
        claims: Claims and their lines.
        requests: Prior authorizations.
        accumulated: What was owed in each plan year.
    """

    claims: Adjudicated
    requests: Requests
    accumulated: Accumulated


def adjudicated(
    plan: AdjudicationPlan, membership: Membership, charges: Charges, draws: Draws, asked: Asked | None = None
) -> Decisions:
    """Submit the claims of a block and decide on them, in the order in which payers receive them.

    Args:
        plan: How claims are handled.
        membership: Who is covered by what.
        charges: What providers charge.
        draws: Draws of the people of the block.
        asked: What journeys say of the claims; nothing if None.
    """
    asked = asked or Asked.nothing(len(charges.person))
    first = first_decisions(plan, membership, charges, draws, asked)
    sent = submissions_of(plan, charges, first, draws.rows(charges.person[first.charge]), asked.chosen(first.charge))
    filed = _filed(charges, first, sent, membership)
    priced = _priced(plan, filed, draws)
    relatives = relatives_of(plan, membership, filed.years, draws)
    decided = _decided(plan, filed, priced, relatives)
    return Decisions(
        _claims(plan, filed, priced, decided), sent.requests, _accumulated(plan, filed, decided, relatives)
    )


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines of submissions; every array has the shape `(lines,)`.

    Attributes:
        submission: Submission of each, ascending.
        of: Line of the charges.
        reverses: Place of the line that it takes back; -1 for none.
    """

    submission: Ints
    of: Ints
    reverses: Ints


@dataclass(frozen=True, slots=True)
class _Filed:
    """Submissions with what they are decided by.

    Attributes:
        charges: All claims.
        first: How they were decided at first.
        sent: The submissions.
        lines: Their lines.
        insurance: Insurance plan of each submission, shape `(submissions,)`.
        years: Plan years with anything accepted.
        year: Place of each submission's among them; -1 for those that are not accepted, shape `(submissions,)`.
    """

    charges: Charges
    first: FirstDecisions
    sent: Submissions
    lines: _Lines
    insurance: Ints
    years: PlanYears
    year: Ints


def _filed(charges: Charges, first: FirstDecisions, sent: Submissions, membership: Membership) -> _Filed:
    insurance = membership.plan[first.span][sent.first]
    accepted = np.flatnonzero((sent.status == PAID) | (sent.status == VOIDED))
    charge = sent.charge[accepted]
    years, place = plan_years(charges.person[charge], insurance[accepted], charges.from_day[charge])
    year = np.full(len(sent.charge), -1)
    year[accepted] = place
    return _Filed(charges, first, sent, _lines_of(charges, sent), insurance, years, year)


def _lines_of(charges: Charges, sent: Submissions) -> _Lines:
    counts = np.bincount(charges.claim, minlength=len(charges.person))
    starts = np.cumsum(counts) - counts
    of_each = counts[sent.charge]
    begins = np.cumsum(of_each) - of_each
    submission = np.repeat(np.arange(len(sent.charge)), of_each)
    within = np.arange(len(submission)) - begins[submission]
    is_void = sent.frequency == _VOIDING
    reverses = np.where(is_void[submission], begins[sent.original[submission]] + within, -1)
    return _Lines(submission, starts[sent.charge[submission]] + within, reverses)


@dataclass(frozen=True, slots=True)
class _Priced:
    """What is allowed of lines, and what another payer paid of that; cents, shape `(lines,)`."""

    allowed: Ints
    other_payer: Ints


def _priced(plan: AdjudicationPlan, filed: _Filed, draws: Draws) -> _Priced:
    """Price the lines of what is accepted; what takes back is priced as what it takes back."""
    charges, sent, lines = filed.charges, filed.sent, filed.lines
    is_accepted = filed.year >= 0
    of_line, kind = filed.insurance[lines.submission], charges.kind[sent.charge[lines.submission]]
    allowed = allowed_amounts(plan.benefits, charges, lines.of, kind, of_line)
    is_low = sent.is_underpaid | ((sent.frequency == _VOIDING) & sent.is_underpaid[sent.original])
    allowed = np.where(is_low[lines.submission], allowed * (BASIS - plan.handling.underpaid) // BASIS, allowed)
    allowed = np.where(is_accepted[lines.submission], allowed, 0)
    of_people, number = draws.rows(charges.person[sent.charge]), charges.number[sent.charge]
    percent = paid_before(plan, of_people, filed.first.line[sent.first], filed.insurance, number)
    return _Priced(allowed, allowed * percent[lines.submission] // _PERCENT)


def _decided(plan: AdjudicationPlan, filed: _Filed, priced: _Priced, relatives: Relatives) -> Owed:
    """Decide what members owe; amounts are of lines, zero for what is not accepted."""
    charges, sent, lines = filed.charges, filed.sent, filed.lines
    at = _in_order(filed)
    submission = lines.submission[at]
    shared = (priced.allowed - priced.other_payer)[at]
    of_plan = filed.insurance[submission]
    shares = shares_of(plan.benefits, charges, lines.of[at], submission, of_plan, shared, _stays(plan, filed))
    accepted = np.flatnonzero(filed.year >= 0)
    known, paid = np.zeros((2, len(filed.year)), np.int64)
    known[accepted], paid[accepted] = relatives.until(filed.year[accepted], sent.received_day[accepted])
    place = np.full(len(lines.submission), -1)
    place[at] = np.arange(len(at))
    taken = lines.reverses[at]
    found = owed(
        Owing(
            year=filed.year[submission],
            day=sent.decided_day[submission],
            reverses=np.where(taken >= 0, place[taken], -1),
            shared=shared,
            stay=shares.stay,
            takes_deductible=shares.takes_deductible,
            copay=shares.copay,
            coinsurance=shares.coinsurance,
            relatives_deductible=known[submission],
            relatives_paid=paid[submission],
        ),
        _limits(plan, filed.years),
    )
    parts = {}
    for name in ("stay", "deductible", "copay", "coinsurance"):
        parts[name] = np.zeros(len(lines.submission), np.int64)
        parts[name][at] = getattr(found, name)
    return Owed(
        **parts,
        used_deductible=found.used_deductible,
        used_maximum=found.used_maximum,
        deductible_day=found.deductible_day,
        maximum_day=found.maximum_day,
    )


def _in_order(filed: _Filed) -> Ints:
    """Give the places of the lines of what is accepted: plan year after plan year, each in the order of receipt."""
    accepted = np.flatnonzero(filed.year >= 0)
    order = accepted[np.lexsort((filed.sent.received_day[accepted], filed.year[accepted]))]
    counts = np.bincount(filed.lines.submission, minlength=len(filed.year))
    first, many = (np.cumsum(counts) - counts)[order], counts[order]
    return np.repeat(first - (np.cumsum(many) - many), many) + np.arange(many.sum())


def _limits(plan: AdjudicationPlan, years: PlanYears) -> Limits:
    benefits = plan.benefits
    return Limits(
        benefits.deductible[years.plan],
        benefits.family_deductible[years.plan],
        benefits.maximum[years.plan],
        benefits.family_maximum[years.plan],
    )


def _stays(plan: AdjudicationPlan, filed: _Filed) -> Stays:
    """Find the benefit periods of stays that are paid for by these and that are not denied for good."""
    sent = filed.sent
    is_stay = filed.charges.kind[sent.charge] == _INPATIENT
    is_paid = is_stay & (sent.status == PAID) & (plan.benefits.hospital_deductible[filed.insurance] > 0)
    return stays_of(plan.handling, filed.charges, np.unique(sent.charge[is_paid]))


def _claims(plan: AdjudicationPlan, filed: _Filed, priced: _Priced, decided: Owed) -> Adjudicated:
    sent, lines = filed.sent, filed.lines
    sign = np.where(lines.reverses >= 0, -1, 1)
    billed = filed.charges.billed[lines.of] * sign
    allowed, other = priced.allowed * sign, priced.other_payer * sign
    deductible = decided.deductible + decided.stay
    status = sent.status[lines.submission]
    adjustment = np.where(status == PENDING, 0, billed - allowed)
    reason = np.where(status == DENIED, sent.denial[lines.submission], len(plan.denials.names))
    return Adjudicated(
        charge=sent.charge,
        person=filed.charges.person[sent.charge],
        span=filed.first.span[sent.first],
        year=filed.year,
        number=sent.number,
        frequency=sent.frequency,
        original=sent.original,
        status=sent.status,
        received_day=sent.received_day,
        decided_day=sent.decided_day,
        denial=sent.denial,
        submission=lines.submission,
        charge_line=lines.of,
        billed=billed,
        allowed=allowed,
        adjustment=adjustment,
        deductible=deductible,
        copay=decided.copay,
        coinsurance=decided.coinsurance,
        other_payer=other,
        paid=allowed - deductible - decided.copay - decided.coinsurance - other,
        reason=np.where(adjustment == 0, -1, reason),
    )


def _accumulated(plan: AdjudicationPlan, filed: _Filed, decided: Owed, relatives: Relatives) -> Accumulated:
    limits, rows = _limits(plan, filed.years), len(filed.years.person)
    of_line = filed.year[filed.lines.submission]
    stay = np.zeros(rows, np.int64)
    # Lines that are not accepted owe nothing, and few others a stay.
    owing = np.flatnonzero(decided.stay)
    np.add.at(stay, of_line[owing], decided.stay[owing])
    owed_by_them = relatives.within(
        limits.family_deductible - decided.used_deductible, limits.family_maximum - decided.used_maximum
    )
    return Accumulated(
        years=filed.years,
        stay=stay,
        deductible=decided.used_deductible,
        paid=decided.used_maximum,
        relatives=owed_by_them,
        family_deductible=decided.used_deductible + owed_by_them.deductible.sum(axis=1),
        family_paid=decided.used_maximum + owed_by_them.paid.sum(axis=1),
        deductible_day=decided.deductible_day,
        maximum_day=decided.maximum_day,
    )

"""Which claims are submitted to which coverage, when, and how each submission is decided."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.payer.adjudication import AUTHORIZATION, DUPLICATE
from healthsim.planning.payer.adjudication_plan import AdjudicationPlan, Booleans, HandlingPlan
from healthsim.planning.payer.claim_texts import FREQUENCIES
from healthsim.planning.plan import Ints
from healthsim.randomness import Draws
from healthsim.simulation.payer.adjudicated import DENIED, PAID, PENDING, VOIDED
from healthsim.simulation.payer.authorization import Requests, retrospective, together
from healthsim.simulation.payer.charges import CLAIM_KINDS, Charges
from healthsim.simulation.payer.claim_events import PENDING as PENDING_CLAIM
from healthsim.simulation.payer.claim_events import Asked
from healthsim.simulation.payer.first_decisions import FirstDecisions
from healthsim.tables import MISSING

SUBMISSION_BITS = 3
"""Bits that number the submissions of a claim."""

_FIRST, _AGAIN, _CORRECTED, _VOID, _REPRICED = range(5)
"""What a submission is: the first one, the same once more, one after a denial, the taking back of a paid one, and the
one that is decided instead."""

_ORIGINAL, _REPLACEMENT, _VOIDING = range(len(FREQUENCIES))
_INPATIENT = CLAIM_KINDS.index("inpatient")
_NEVER = 1.0


@dataclass(frozen=True, slots=True)
class Submissions:
    """Submissions, person after person; every array has the shape `(submissions,)` but the last.

    Attributes:
        charge: Claim of the charges.
        first: Place of the claim's first decision.
        number: Number among the person's.
        frequency: Place in `FREQUENCIES`.
        original: Place of the submission that it replaces or takes back; -1 for none.
        status: Place in `STATUSES`.
        received_day: When the payer had it.
        decided_day: When it was decided, or would be.
        denial: Index of the reason it was denied for; -1 for none.
        is_underpaid: Whether it was priced too low by mistake.
        requests: Authorizations asked for.
    """

    charge: Ints
    first: Ints
    number: Ints
    frequency: Ints
    original: Ints
    status: Ints
    received_day: Ints
    decided_day: Ints
    denial: Ints
    is_underpaid: Booleans
    requests: Requests


def submissions_of(
    plan: AdjudicationPlan, charges: Charges, first: FirstDecisions, draws: Draws, asked: Asked
) -> Submissions:
    """Submit claims: first, again where that happens, after denials, and to take back or correct what was paid.

    What would come after the last day that claims are followed does not come.

    Args:
        plan: How claims are handled.
        charges: All claims.
        first: How their first submissions are decided.
        draws: Draws of the people of each first decision.
        asked: What journeys say of the claims, of the same shape.
    """
    handling, number = plan.handling, charges.number[first.charge]
    received, decided = _days(plan, charges, first, draws, asked)
    is_decided = decided <= handling.last_day
    is_paid = is_decided & (first.denial < 0)
    turn = np.where(asked.is_decided, _NEVER, draws.event_uniform("payer:taken_back", number))
    is_voided = is_paid & (turn < handling.voided) & (charges.kind[first.charge] != _INPATIENT)
    is_repriced = is_paid & (turn >= handling.voided) & (turn < handling.voided + handling.adjusted)
    back_on = decided + _within(handling.taken_back, draws, number, "payer:taken_back:days")
    is_back = (is_voided | is_repriced) & (back_on <= handling.last_day)
    status = np.where(is_decided, np.where(first.denial < 0, np.where(is_back, VOIDED, PAID), DENIED), PENDING)
    every, come = np.arange(len(number)), np.flatnonzero(received <= handling.last_day)
    denial = np.where(is_decided, first.denial, -1)
    parts = [
        _Part(come, _FIRST, _ORIGINAL, status[come], received[come], decided[come], denial[come]),
        _sent_twice(plan, first, received, is_decided & ~asked.is_decided, draws, number),
        _sent_after_denial(plan, first, decided, is_decided, draws, number),
        _Part.of(every[is_back], _VOID, _VOIDING, VOIDED, back_on[is_back], back_on[is_back], -1),
    ]
    repriced = every[is_back & is_repriced]
    parts.append(_Part.of(repriced, _REPRICED, _REPLACEMENT, PAID, back_on[repriced], back_on[repriced], -1))
    return _in_order(plan, charges, first, parts, is_underpaid=is_back & is_repriced)


def _days(
    plan: AdjudicationPlan, charges: Charges, first: FirstDecisions, draws: Draws, asked: Asked
) -> tuple[Ints, Ints]:
    """Give when payers have the first submissions and decide on them, as journeys say or else as it comes.

    Nothing is billed before the last day of service, and nothing decided before it is billed.
    """
    handling, number, served = plan.handling, charges.number[first.charge], charges.to_day[first.charge]
    received = served + _step(handling.received, charges.kind[first.charge], draws, number)
    received = np.where(asked.received_day == MISSING, received, np.maximum(asked.received_day, served))
    is_paid = (asked.decided_day != MISSING) & first.is_covered
    received = np.where(is_paid, np.minimum(received, np.maximum(asked.decided_day, served)), received)
    decided = received + _decision(handling, draws, number, _FIRST)
    decided = np.where(is_paid, np.maximum(asked.decided_day, received), decided)
    is_pending = (asked.decision == PENDING_CLAIM) & first.is_covered
    return received, np.where(is_pending, handling.last_day + 1, decided)


@dataclass(frozen=True, slots=True)
class _Part:
    """Submissions of one kind; as the attributes of `Submissions` of the same names."""

    first: Ints
    kind: int
    frequency: int
    status: Ints
    received_day: Ints
    decided_day: Ints
    denial: Ints

    @classmethod
    def of(
        cls, first: Ints, kind: int, frequency: int, status: int, received: Ints, decided: Ints, denial: int
    ) -> "_Part":
        rows = len(first)
        return cls(first, kind, frequency, np.full(rows, status), received, decided, np.full(rows, denial))


def _sent_twice(
    plan: AdjudicationPlan, first: FirstDecisions, received: Ints, is_decided: Booleans, draws: Draws, number: Ints
) -> _Part:
    handling = plan.handling
    again = received + _within(handling.duplicated, draws, number, "payer:duplicate:days")
    is_again = draws.event_uniform("payer:duplicate", number) < plan.denials.duplicated[first.line]
    places = np.flatnonzero(is_again & is_decided & first.is_covered & (again <= handling.last_day))
    decided = (again + _decision(handling, draws, number, _AGAIN))[places]
    is_pending = decided > handling.last_day
    status = np.where(is_pending, PENDING, DENIED)
    denial = np.where(is_pending, -1, plan.denials.names.index(DUPLICATE))
    return _Part(places, _AGAIN, _ORIGINAL, status, again[places], decided, denial)


def _sent_after_denial(
    plan: AdjudicationPlan, first: FirstDecisions, decided: Ints, is_decided: Booleans, draws: Draws, number: Ints
) -> _Part:
    handling, denials = plan.handling, plan.denials
    again = decided + _within(handling.resubmitted, draws, number, "payer:resubmission:days")
    is_sent = draws.event_uniform("payer:resubmission", number) < denials.resubmitted[first.denial]
    is_sent &= is_decided & (first.denial >= 0) & (again <= handling.last_day)
    places = np.flatnonzero(is_sent)
    late = (again + _decision(handling, draws, number, _CORRECTED))[places]
    is_pending = late > handling.last_day
    is_paid = (draws.event_uniform("payer:resubmission:paid", number) < denials.paid_later[first.line])[places]
    status = np.where(is_pending, PENDING, np.where(is_paid, PAID, DENIED))
    denial = np.where(is_pending | is_paid, -1, first.denial[places])
    return _Part(places, _CORRECTED, _REPLACEMENT, status, again[places], late, denial)


def _in_order(
    plan: AdjudicationPlan, charges: Charges, first: FirstDecisions, parts: list[_Part], *, is_underpaid: Booleans
) -> Submissions:
    """Put submissions in the order of their numbers, and find what they replace and authorize."""
    of_first = np.concatenate([part.first for part in parts])
    kind = np.repeat([part.kind for part in parts], [len(part.first) for part in parts])
    charge = first.charge[of_first]
    # Charges stand person after person, and so do their first decisions.
    order = np.argsort((of_first << SUBMISSION_BITS) + kind, kind="stable")
    of_first, kind, charge = of_first[order], kind[order], charge[order]
    place = np.full(len(first.charge), -1)
    place[of_first[kind == _FIRST]] = np.flatnonzero(kind == _FIRST)
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts])[order]
        for name in ("status", "received_day", "decided_day", "denial")
    }
    frequency = np.repeat([part.frequency for part in parts], [len(part.first) for part in parts])[order]
    late = np.flatnonzero((kind == _CORRECTED) & (columns["status"] == PAID))
    late = late[first.denial[of_first[late]] == plan.denials.names.index(AUTHORIZATION)]
    granted = retrospective(charge[late], columns["received_day"][late] - 1, columns["received_day"][late])
    return Submissions(
        charge=charge,
        first=of_first,
        number=(charges.number[charge] << SUBMISSION_BITS) + kind,
        frequency=frequency,
        original=np.where(frequency == _ORIGINAL, -1, place[of_first]),
        is_underpaid=(kind == _FIRST) & is_underpaid[of_first],
        requests=together((first.requests, granted)),
        **columns,
    )


def _step(steps: tuple[Ints, ...], kind: Ints, draws: Draws, number: Ints) -> Ints:
    """Draw days from equally likely steps, by kind of claim."""
    uniform = draws.event_uniform("payer:received", number)
    drawn = [of_kind[(uniform * len(of_kind)).astype(np.int64)] for of_kind in steps]
    days: Ints = np.choose(kind, drawn)
    return days


def _decision(handling: HandlingPlan, draws: Draws, number: Ints, which: int) -> Ints:
    """Draw the days from the claim to its decision."""
    uniform = draws.event_uniform("payer:decided", number, which)
    days: Ints = handling.decided[(uniform * len(handling.decided)).astype(np.int64)]
    return days


def _within(window: tuple[int, int], draws: Draws, number: Ints, stream: str) -> Ints:
    """Draw whole days between two numbers, both included."""
    least, most = window
    days: Ints = least + (draws.event_uniform(stream, number) * (most - least + 1)).astype(np.int64)
    return days

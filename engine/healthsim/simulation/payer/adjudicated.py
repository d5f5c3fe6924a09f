"""Claims as they were decided."""

from dataclasses import dataclass

from healthsim.planning.payer.claim_texts import STATUSES
from healthsim.planning.plan import Ints

PAID, DENIED, PENDING, VOIDED = range(len(STATUSES))
"""Places in `STATUSES`."""


@dataclass(frozen=True, slots=True)
class Adjudicated:
    """Submissions of claims with their decisions; money in cents.

    On every line of a claim that is not pending, billed = adjustment + allowed, and allowed = deductible + copay +
    coinsurance + other_payer + paid. A denied line allows nothing, and nothing is known of a pending one. A void has
    the amounts of the claim that it takes back with the sign reversed; both are voided.

    Attributes:
        charge: Claim of the charges that each submission is of, shape `(submissions,)`.
        person: Place of the person in the block; ascending.
        span: Span of coverage that it was billed to.
        year: Place of the member's plan year among the accumulators; -1 where nothing was allowed.
        number: Number of the submission among the person's; rows are identified by it.
        frequency: Place in `FREQUENCIES`.
        original: Place of the submission that it replaces or takes back; -1 for none.
        status: Place in `STATUSES`.
        received_day: When the payer had it.
        decided_day: When it was decided; after the last day that claims are followed for a pending one.
        denial: Index of the reason it was denied for; -1 for none.
        submission: Submission that each line belongs to, shape `(lines,)`; ascending.
        charge_line: Line of the charges that it is of.
        billed: Charge.
        allowed: Allowed amount.
        adjustment: Contractual or denied amount.
        deductible: Deductible, of the year or of a benefit period.
        copay: Copayment.
        coinsurance: Coinsurance.
        other_payer: What another payer paid before.
        paid: What this payer pays.
        reason: Index of the reason of the adjustment; -1 for none.
    """

    charge: Ints
    person: Ints
    span: Ints
    year: Ints
    number: Ints
    frequency: Ints
    original: Ints
    status: Ints
    received_day: Ints
    decided_day: Ints
    denial: Ints
    submission: Ints
    charge_line: Ints
    billed: Ints
    allowed: Ints
    adjustment: Ints
    deductible: Ints
    copay: Ints
    coinsurance: Ints
    other_payer: Ints
    paid: Ints
    reason: Ints

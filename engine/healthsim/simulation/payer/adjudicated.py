"""Claims as they were decided."""

from dataclasses import dataclass

from healthsim.planning.plan import Ints

STATUSES = ("paid", "denied", "pending", "voided")
GROUP_CODES = ("CO", "PR", "OA", "PI")


@dataclass(frozen=True, slots=True)
class Adjudicated:
    """Submissions of claims with their decisions; money in cents.

    On every line billed = adjustment + allowed, and allowed = deductible + copay + coinsurance + other_payer + paid; a
    denied line allows nothing.

    Attributes:
        charge: Claim of the charges that each submission is of, shape `(submissions,)`.
        person: Place of the person in the block; ascending.
        span: Span of coverage that it was decided under; -1 for none.
        number: Number of the submission among the person's; rows are identified by it.
        frequency: 1 original, 7 replacement, 8 void.
        original: Place of the submission that it replaces; -1 for none.
        status: Place in `STATUSES`.
        received_day: When the payer had it.
        decided_day: When it was decided.
        remittance: Number of the remittance that it was paid or denied by, among the person's; -1 while pending.
        submission: Submission that each line belongs to, shape `(lines,)`; ascending.
        charge_line: Line of the charges that it is of.
        allowed: Allowed amount.
        adjustment: Contractual or denied amount.
        deductible: Part of the allowed that counts to the deductible.
        copay: Copayment.
        coinsurance: Coinsurance.
        other_payer: What another payer paid before.
        paid: What this payer pays.
        group_code: Place in `GROUP_CODES` of the adjustment.
        reason: Index of the CARC of the adjustment; -1 for none.
        remark: Index of the RARC; -1 for none.
    """

    charge: Ints
    person: Ints
    span: Ints
    number: Ints
    frequency: Ints
    original: Ints
    status: Ints
    received_day: Ints
    decided_day: Ints
    remittance: Ints
    submission: Ints
    charge_line: Ints
    allowed: Ints
    adjustment: Ints
    deductible: Ints
    copay: Ints
    coinsurance: Ints
    other_payer: Ints
    paid: Ints
    group_code: Ints
    reason: Ints
    remark: Ints

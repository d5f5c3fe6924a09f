"""Texts behind the codes of the tables of claims."""

from collections.abc import Mapping

from healthsim.planning.payer.adjudication_plan import DenialPlan
from healthsim.planning.payer.claims_content import GROUP_CODES
from healthsim.planning.payer.services import SERVICES

CLAIM_TYPES = ("professional", "outpatient", "inpatient")
"""Kinds of claims: of physicians and laboratories, and of hospitals for outpatients and for stays."""

STATUSES = ("paid", "denied", "pending", "voided")
"""What becomes of a submission."""

FREQUENCIES = ("1", "7", "8")
"""Claim frequency codes: an original claim, a replacement of one before, a void of one before."""

TIMINGS = ("prospective", "retrospective")
URGENCIES = ("standard", "urgent")
DECISIONS = ("approved", "denied")
APPEALS = ("upheld", "overturned")

DIAGNOSES = tuple(f"diagnosis_{place}" for place in range(1, 13))
"""Columns of the diagnoses of a claim."""


def claim_texts(
    billed: Mapping[str, tuple[str, ...]], denials: DenialPlan
) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Give the texts by table and column.

    Args:
        billed: Texts behind the codes of charges: `bill_type`, `drg`, `diagnosis`, `code`, `modifier` and `revenue`.
        denials: Codes of denials.
    """
    return {
        "claims": {
            "claim_type": CLAIM_TYPES,
            "frequency_code": FREQUENCIES,
            "status": STATUSES,
            "bill_type": billed["bill_type"],
            "drg": billed["drg"],
            **dict.fromkeys(DIAGNOSES, billed["diagnosis"]),
            "denial_code": denials.carcs,
            "denial_remark": denials.rarcs,
        },
        "claim_lines": {
            "service": SERVICES,
            "code": billed["code"],
            "modifier": billed["modifier"],
            "revenue_code": billed["revenue"],
            "group_code": GROUP_CODES,
            "reason_code": denials.carcs,
            "remark_code": denials.rarcs,
        },
        "accumulators": {},
        "relative_accumulators": {},
        "prior_authorizations": {
            "timing": TIMINGS,
            "urgency": URGENCIES,
            "service": SERVICES,
            "code": billed["code"],
            "diagnosis_code": billed["diagnosis"],
            "decision": DECISIONS,
            "appeal_decision": APPEALS,
            "status": DECISIONS,
        },
        "remittances": {},
    }

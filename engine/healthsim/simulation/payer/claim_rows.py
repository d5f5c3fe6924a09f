"""The tables of claims and their lines."""

import numpy as np

from healthsim.planning.payer.adjudication_plan import DenialPlan
from healthsim.planning.payer.claim_texts import DIAGNOSES
from healthsim.planning.plan import Ints
from healthsim.simulation.payer.adjudicated import PENDING, Adjudicated
from healthsim.simulation.payer.adjudication import Decisions
from healthsim.simulation.payer.charges import Charges
from healthsim.simulation.payer.membership import Membership
from healthsim.simulation.payer.remittances import remittance_numbers
from healthsim.simulation.payer.submissions import SUBMISSION_BITS
from healthsim.tables import MISSING, Batch, Column

CLAIM_BITS = 28
"""Bits that number a person's submissions."""

REMITTANCE_BITS = 24
"""Bits that number a person's remittances."""

AMOUNTS = ("billed", "allowed", "adjustment", "deductible", "copay", "coinsurance", "other_payer", "paid")

_ORIGINAL_MASK = -1 << SUBMISSION_BITS


def claim_ids(ids: Ints, claims: Adjudicated) -> Ints:
    """Give the identifiers of submissions, shape `(submissions,)`.

    Args:
        ids: `person_id` of the people of the block.
        claims: The submissions.
    """
    numbered: Ints = (ids[claims.person] << CLAIM_BITS) + claims.number
    return numbered


def claim_rows(
    denials: DenialPlan, payday: int, ids: Ints, membership: Membership, charges: Charges, decisions: Decisions
) -> Batch:
    """Describe submissions and how they were decided.

    Args:
        denials: Codes of denials.
        payday: Day of the week on which payers pay.
        ids: `person_id` of the people of the block.
        membership: Who is covered by what.
        charges: What was charged.
        decisions: What was decided.
    """
    claims = decisions.claims
    of, row_id = claims.charge, claim_ids(ids, claims)
    is_pending = claims.status == PENDING
    insurance = membership.plan[claims.span]
    remittance = (ids[claims.person] << REMITTANCE_BITS) + remittance_numbers(insurance, claims.decided_day, payday)
    columns: dict[str, Column] = {
        "person_id": ids[claims.person],
        "claim_id": row_id,
        "member_number": membership.member_id[claims.person],
        "plan_id": insurance + 1,
        "encounter_id": charges.encounter_id[of],
        "claim_type": charges.kind[of],
        "frequency_code": claims.frequency,
        "original_claim_id": np.where(claims.original < 0, MISSING, row_id[claims.original]),
        "status": claims.status,
        "from_date": charges.from_day[of],
        "to_date": charges.to_day[of],
        "received_date": claims.received_day,
        "decided_date": np.where(is_pending, MISSING, claims.decided_day),
        "place_of_service": _or_missing(charges.place_of_service[of]),
        "bill_type": charges.bill_type[of],
        "drg": charges.drg[of],
        "admission_type": _or_missing(charges.admission_type[of]),
        "discharge_status": _or_missing(charges.discharge_status[of]),
        **{name: charges.diagnosis[of, place] for place, name in enumerate(DIAGNOSES)},
        "provider_npi": charges.provider_npi[of],
        "facility_id": charges.facility_id[of],
        "is_network": charges.is_network[of] == 1,
        "authorization_id": _authorizations(claims, decisions, row_id),
        "denial_code": np.where(claims.denial < 0, -1, denials.carc[claims.denial]),
        "denial_remark": np.where(claims.denial < 0, -1, denials.rarc[claims.denial]),
        "remittance_id": np.where(is_pending, MISSING, remittance),
        **_sums(claims, is_pending),
    }
    return Batch("claims", len(of), columns)


def claim_line_rows(denials: DenialPlan, ids: Ints, charges: Charges, claims: Adjudicated) -> Batch:
    """Describe the lines of submissions; the arguments are those of `claim_rows`."""
    of, submission = claims.charge_line, claims.submission
    pending = np.flatnonzero((claims.status == PENDING).take(submission))
    columns: dict[str, Column] = {
        "person_id": ids[claims.person].take(submission),
        "claim_id": claim_ids(ids, claims).take(submission),
        "line_number": charges.line.take(of),
        "service_date": charges.service_day.take(of),
        "service": charges.service.take(of),
        "code": charges.code.take(of),
        "modifier": charges.modifier.take(of),
        "revenue_code": charges.revenue.take(of),
        "units": charges.units.take(of),
        "diagnosis_pointer": charges.pointer.take(of) + 1,
        **{name: _known(getattr(claims, name), pending, name) for name in AMOUNTS},
        # The reason -1, for none, takes the last element.
        "group_code": np.append(denials.group, -1).take(claims.reason),
        "reason_code": np.append(denials.carc, -1).take(claims.reason),
        "remark_code": np.append(denials.rarc, -1).take(claims.reason),
    }
    return Batch("claim_lines", len(of), columns)


def _sums(claims: Adjudicated, is_pending: Ints) -> dict[str, Column]:
    """Add up the amounts of each submission's lines, of which it has one at least."""
    last = np.flatnonzero(np.diff(claims.submission, append=len(is_pending)))
    pending = np.flatnonzero(is_pending)
    return {name: _known(_differences(getattr(claims, name), last), pending, name) for name in AMOUNTS}


def _differences(amounts: Ints, last: Ints) -> Ints:
    """Add up amounts up to each of some places from the one before: several times faster than summing each stretch."""
    return np.diff(np.cumsum(amounts)[last], prepend=0)


def _known(amounts: Ints, pending: Ints, name: str) -> Ints:
    """Give amounts, those of pending claims, by place, as missing; what was charged is known all the same."""
    if name == "billed" or not len(pending):
        return amounts
    known = amounts.copy()
    known[pending] = MISSING
    return known


def _authorizations(claims: Adjudicated, decisions: Decisions, row_id: Ints) -> Ints:
    """Give the request behind each submission; one made after a denial belongs to what was sent then."""
    requests = decisions.requests
    found = np.full(len(claims.charge), MISSING)
    if len(requests.charge):
        place = np.minimum(np.searchsorted(requests.charge, claims.charge), len(requests.charge) - 1)
        has_one = requests.charge[place] == claims.charge
        is_later = requests.is_retrospective[place] & (claims.original < 0)
        found = np.where(has_one & ~is_later, row_id & _ORIGINAL_MASK, MISSING)
    return found


def _or_missing(codes: Ints) -> Ints:
    return np.where(codes < 0, MISSING, codes)

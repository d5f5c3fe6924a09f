"""The tables of accumulators and of prior authorizations."""

import numpy as np

from healthsim.planning.payer.insurance import UNLIMITED, Benefits
from healthsim.planning.plan import Ints
from healthsim.simulation.payer.adjudication import Accumulated
from healthsim.simulation.payer.authorization import Requests, leading_line
from healthsim.simulation.payer.charges import Charges
from healthsim.simulation.payer.claim_rows import CLAIM_BITS
from healthsim.simulation.payer.membership import Membership
from healthsim.simulation.payer.plan_years import PLAN_BITS, YEAR_BITS
from healthsim.simulation.payer.submissions import SUBMISSION_BITS
from healthsim.tables import MISSING, Batch, Column


def accumulator_rows(benefits: Benefits, ids: Ints, membership: Membership, found: Accumulated) -> Batch:
    """Describe what members and families have owed in each plan year.

    Args:
        benefits: Of the plans.
        ids: `person_id` of the people of the block.
        membership: Who is covered by what.
        found: What they have owed.
    """
    years = found.years
    columns: dict[str, Column] = {
        "person_id": ids[years.person],
        "accumulator_id": (ids[years.person] << (YEAR_BITS + PLAN_BITS)) + years.number,
        "member_number": membership.member_id[years.person],
        "plan_id": years.plan + 1,
        "plan_year": years.year,
        "deductible": found.deductible,
        "deductible_limit": benefits.deductible[years.plan],
        "deductible_met_date": found.deductible_day,
        "hospital_deductible": found.stay,
        "out_of_pocket": found.paid,
        "out_of_pocket_limit": _limit(benefits.maximum[years.plan]),
        "out_of_pocket_met_date": found.maximum_day,
        "family_deductible": found.family_deductible,
        "family_deductible_limit": benefits.family_deductible[years.plan],
        "family_out_of_pocket": found.family_paid,
        "family_out_of_pocket_limit": _limit(benefits.family_maximum[years.plan]),
    }
    return Batch("accumulators", len(years.person), columns)


def authorization_rows(ids: Ints, membership: Membership, span: Ints, charges: Charges, requests: Requests) -> Batch:
    """Describe requests for authorization.

    Args:
        ids: `person_id` of the people of the block.
        membership: Who is covered by what.
        span: Span of coverage of each request, shape `(requests,)`.
        charges: What was charged.
        requests: The requests.
    """
    of, line = requests.charge, leading_line(charges)[requests.charge]
    person = charges.person[of]
    is_appealed = requests.appealed_day != MISSING
    columns: dict[str, Column] = {
        "person_id": ids[person],
        "authorization_id": (ids[person] << CLAIM_BITS) + (charges.number[of] << SUBMISSION_BITS),
        "member_number": membership.member_id[person],
        "plan_id": membership.plan[span] + 1,
        "timing": requests.is_retrospective.astype(np.int64),
        "urgency": requests.is_urgent.astype(np.int64),
        "service": charges.service[line],
        "code": charges.code[line],
        "diagnosis_code": charges.diagnosis[of, 0],
        "provider_npi": charges.provider_npi[of],
        "facility_id": charges.facility_id[of],
        "requested_date": requests.requested_day,
        "service_date": charges.from_day[of],
        "decided_date": requests.decided_day,
        "decision": requests.is_denied.astype(np.int64),
        "appealed_date": requests.appealed_day,
        "appeal_decided_date": requests.appeal_decided_day,
        "appeal_decision": np.where(is_appealed, requests.is_overturned, -1),
        "status": (requests.is_denied & ~requests.is_overturned).astype(np.int64),
    }
    return Batch("prior_authorizations", len(of), columns)


def _limit(cents: Ints) -> Ints:
    return np.where(cents >= UNLIMITED, MISSING, cents)

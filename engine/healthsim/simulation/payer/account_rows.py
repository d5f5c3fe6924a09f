"""The tables of accumulators and of prior authorizations."""

import numpy as np

from healthsim.planning.payer.adjudication_plan import AdjudicationPlan
from healthsim.planning.payer.insurance import UNLIMITED, Benefits
from healthsim.planning.plan import Ints
from healthsim.randomness import Draws
from healthsim.simulation.events.marked import Marks
from healthsim.simulation.payer.adjudication import Accumulated
from healthsim.simulation.payer.authorization import Requests, leading_line, requests_on
from healthsim.simulation.payer.charges import Charges
from healthsim.simulation.payer.claim_rows import CLAIM_BITS
from healthsim.simulation.payer.membership import Membership
from healthsim.simulation.payer.plan_years import PLAN_BITS, YEAR_BITS, PlanYears
from healthsim.simulation.payer.submissions import SUBMISSION_BITS
from healthsim.tables import MISSING, Batch, Column

_FOR_NO_CLAIM = 5
"""In the place of the number of a claim's submission, the mark of a request that no claim is behind."""


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
        "accumulator_id": _accumulator_ids(ids, years),
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


def relative_accumulator_rows(ids: Ints, membership: Membership, found: Accumulated) -> Batch:
    """Describe what the relatives of members have owed in these plan years; who owed nothing has no row.

    Args:
        ids: `person_id` of the people of the block.
        membership: Who is covered with whom.
        found: What was owed.
    """
    years, owed = found.years, found.relatives
    year, slot = np.nonzero(owed.paid)
    household = membership.household
    at = np.searchsorted(household.person, years.person[year]) + slot
    columns: dict[str, Column] = {
        "person_id": ids[years.person[year]],
        "accumulator_id": _accumulator_ids(ids, years)[year],
        "relative_id": household.number[at],
        "deductible": owed.deductible[year, slot],
        "out_of_pocket": owed.paid[year, slot],
    }
    return Batch("relative_accumulators", len(year), columns)


def _accumulator_ids(ids: Ints, years: PlanYears) -> Ints:
    return (ids[years.person] << (YEAR_BITS + PLAN_BITS)) + years.number


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
    columns: dict[str, Column] = {
        "person_id": ids[person],
        "authorization_id": (ids[person] << CLAIM_BITS) + (charges.number[of] << SUBMISSION_BITS),
        "member_number": membership.member_id[person],
        "plan_id": membership.plan[span] + 1,
        "service": charges.service[line],
        "code": charges.code[line],
        "diagnosis_code": charges.diagnosis[of, 0],
        "provider_npi": charges.provider_npi[of],
        "facility_id": charges.facility_id[of],
        "service_date": charges.from_day[of],
        **_answers(requests),
    }
    return Batch("prior_authorizations", len(of), columns)


def asked_authorization_rows(
    plan: AdjudicationPlan, ids: Ints, draws: Draws, membership: Membership, asked: Marks, service: Ints
) -> Batch:
    """Describe requests that journeys make, of people who are covered on the day; no claim is behind them.

    Args:
        plan: How requests are decided.
        ids: `person_id` of the people of the block.
        draws: Their draws.
        membership: Who is covered by what.
        asked: Who asks when.
        service: Place in `SERVICES` of what each asks for.
    """
    span = membership.span_at(asked.person, asked.day)
    made = np.flatnonzero(span >= 0)
    person, number, insurance = asked.person[made], asked.number[made], membership.plan[span[made]]
    line, rows = plan.line[insurance], len(made)
    requests = requests_on(plan.authorizations, number, asked.day[made], line, draws.rows(person))
    columns: dict[str, Column] = {
        "person_id": ids[person],
        "authorization_id": (ids[person] << CLAIM_BITS) + (number << SUBMISSION_BITS) + _FOR_NO_CLAIM,
        "member_number": membership.member_id[person],
        "plan_id": insurance + 1,
        "service": service[made],
        **dict.fromkeys(("code", "diagnosis_code"), np.full(rows, -1)),
        **dict.fromkeys(("provider_npi", "facility_id", "service_date"), np.full(rows, MISSING)),
        **_answers(requests),
    }
    return Batch("prior_authorizations", rows, columns)


def _answers(requests: Requests) -> dict[str, Column]:
    """Give the columns that say when requests were made and what became of them."""
    is_appealed = requests.appealed_day != MISSING
    return {
        "timing": requests.is_retrospective.astype(np.int64),
        "urgency": requests.is_urgent.astype(np.int64),
        "requested_date": requests.requested_day,
        "decided_date": requests.decided_day,
        "decision": requests.is_denied.astype(np.int64),
        "appealed_date": requests.appealed_day,
        "appeal_decided_date": requests.appeal_decided_day,
        "appeal_decision": np.where(is_appealed, requests.is_overturned, -1),
        "status": (requests.is_denied & ~requests.is_overturned).astype(np.int64),
    }


def _limit(cents: Ints) -> Ints:
    return np.where(cents >= UNLIMITED, MISSING, cents)

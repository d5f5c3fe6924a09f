"""The tables of what is claimed: claims, their lines, accumulators, prior authorizations and remittances."""

from collections.abc import Iterator

from healthsim.planning.payer.adjudication_plan import AdjudicationPlan
from healthsim.planning.plan import Ints
from healthsim.randomness import Draws
from healthsim.simulation.payer.account_rows import accumulator_rows, authorization_rows, relative_accumulator_rows
from healthsim.simulation.payer.adjudication import adjudicated
from healthsim.simulation.payer.charges import Charges
from healthsim.simulation.payer.claim_events import Asked
from healthsim.simulation.payer.claim_rows import claim_line_rows, claim_rows
from healthsim.simulation.payer.membership import Membership
from healthsim.simulation.payer.remittances import remittance_rows
from healthsim.tables import Batch


def claim_tables(
    plan: AdjudicationPlan, ids: Ints, draws: Draws, membership: Membership, charges: Charges, asked: Asked
) -> Iterator[Batch]:
    """Give the rows of all that is claimed for the people of a block, and decided.

    Args:
        plan: How claims are handled.
        ids: Their `person_id`.
        draws: Their draws.
        membership: Who is covered by what.
        charges: What providers charge for them.
        asked: What journeys say of that.
    """
    decisions = adjudicated(plan, membership, charges, draws, asked)
    claims = claim_rows(plan.denials, plan.handling.payday, ids, membership, charges, decisions)
    yield claims
    yield claim_line_rows(plan.denials, ids, charges, decisions.claims)
    yield accumulator_rows(plan.benefits, ids, membership, decisions.accumulated)
    yield relative_accumulator_rows(ids, membership, decisions.accumulated)
    requests = decisions.requests
    span = membership.span_at(charges.person[requests.charge], charges.from_day[requests.charge])
    yield authorization_rows(ids, membership, span, charges, requests)
    yield remittance_rows(claims, plan.handling.payday)

"""Which coverage claims are billed to, and how each is decided when it first comes."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.payer.adjudication import AUTHORIZATION, ENDED, NOT_BEGUN, OUTSIDE, REFUSED
from healthsim.planning.payer.adjudication_plan import AdjudicationPlan, Booleans
from healthsim.planning.payer.services import SERVICES
from healthsim.planning.plan import Ints
from healthsim.randomness import Draws
from healthsim.simulation.payer.authorization import Requests, leading_line, needing_authorization, requests_for
from healthsim.simulation.payer.charges import Charges
from healthsim.simulation.payer.claim_events import Asked
from healthsim.simulation.payer.membership import Membership

_EMERGENCY = SERVICES.index("emergency")


@dataclass(frozen=True, slots=True)
class FirstDecisions:
    """First submissions, of those claims that any coverage is billed for; shape `(claims billed,)` but the last.

    Attributes:
        charge: Claim of the charges, ascending.
        span: Span of coverage it is billed to.
        line: Place of the plan's line of business in `LINES`.
        is_covered: Whether that coverage was there on the day.
        denial: Index of the reason it is denied for; -1 for none.
        requests: Authorizations asked for before.
    """

    charge: Ints
    span: Ints
    line: Ints
    is_covered: Booleans
    denial: Ints
    requests: Requests


def first_decisions(
    plan: AdjudicationPlan, membership: Membership, charges: Charges, draws: Draws, asked: Asked
) -> FirstDecisions:
    """Bill claims to coverage and decide on them.

    Args:
        plan: How claims are handled.
        membership: Who is covered by what.
        charges: The claims.
        draws: Draws of the people of the block.
        asked: What journeys say of the claims.
    """
    span, uncovered = billed_to(plan, membership, charges, draws)
    charge = np.flatnonzero(span >= 0)
    span, denial = span[charge], uncovered[charge]
    insurance = membership.plan[span]
    is_covered = denial < 0
    covered = np.flatnonzero(is_covered)
    of_person = draws.rows(charges.person[charge[covered]])
    reason, requests = _decided(
        plan,
        charges,
        charge[covered],
        insurance[covered],
        membership.start_day[span[covered]],
        of_person,
        asked.chosen(charge[covered]),
    )
    denial[covered] = reason
    return FirstDecisions(charge, span, plan.line[insurance], is_covered, denial, requests)


def billed_to(plan: AdjudicationPlan, membership: Membership, charges: Charges, draws: Draws) -> tuple[Ints, Ints]:
    """Give the span that each claim is billed to, -1 for none, and why it does not cover it, -1 where it does.

    Some services soon after the end of a coverage, or shortly before its begin, are billed to it all the same.
    """
    person, day, spans = charges.person, charges.from_day, len(membership.person)
    span = membership.span_at(person, day)
    reason = np.full(len(person), -1)
    rest = np.flatnonzero(span < 0)
    if not spans or not len(rest):
        return span, reason
    of, on = person[rest], day[rest]
    keys = membership.person * (2**33) + membership.start_day + 2**32
    after = np.searchsorted(keys, of * (2**33) + on + 2**32, side="right")
    last, following = np.maximum(after - 1, 0), np.minimum(after, spans - 1)
    is_after = (after > 0) & (membership.person[last] == of)
    is_after &= on - membership.end_day[last] <= plan.handling.days_after
    is_before = (after < spans) & (membership.person[following] == of)
    is_before &= membership.start_day[following] - on <= plan.handling.days_before
    number = charges.number[rest]
    is_billed = draws.rows(of).event_uniform("payer:uncovered", number) < plan.handling.uncovered
    ended, not_begun = (plan.denials.names.index(name) for name in (ENDED, NOT_BEGUN))
    span[rest] = np.where(is_billed & is_after, last, np.where(is_billed & is_before, following, -1))
    reason[rest] = np.where(is_billed & is_after, ended, np.where(is_billed & is_before, not_begun, -1))
    return span, reason


def _decided(
    plan: AdjudicationPlan,
    charges: Charges,
    covered: Ints,
    insurance: Ints,
    earliest: Ints,
    draws: Draws,
    asked: Asked,
) -> tuple[Ints, Requests]:
    """Decide on covered claims, and give what was asked for before; what journeys decide needs no authorization."""
    number = charges.number[covered]
    is_outside = charges.is_network[covered] == 0
    row = 2 * insurance + is_outside
    reason = plan.denials.initial.draw(draws.event_uniform("payer:denial", number), row).astype(np.int64)
    reason[reason == len(plan.denials.names)] = -1
    needing = needing_authorization(plan, charges, insurance, covered, draws)
    needing = needing[~asked.is_decided[needing]]
    of_needing = draws.rows(needing)
    is_unasked = (
        of_needing.event_uniform("payer:unauthorized", number[needing]) < plan.denials.unauthorized[row[needing]]
    )
    requested, unasked = needing[~is_unasked], needing[is_unasked]
    requests = requests_for(
        plan.authorizations,
        charges,
        covered[requested],
        plan.line[insurance[requested]],
        earliest[requested],
        draws.rows(requested),
    )
    is_emergency = charges.service[leading_line(charges)[covered]] == _EMERGENCY
    reason[is_emergency & (reason == plan.denials.names.index(OUTSIDE))] = -1
    reason[unasked] = plan.denials.names.index(AUTHORIZATION)
    reason[requested[requests.is_denied & ~requests.is_overturned]] = plan.denials.names.index(REFUSED)
    return np.where(asked.is_decided, np.maximum(asked.decision, -1), reason), requests

"""The tables of MemberSim: who is covered, and what is claimed for them."""

from collections.abc import Iterator

import numpy as np

from healthsim.planning.payer.adjudication_plan import AdjudicationPlan
from healthsim.planning.payer.coverage_plan import CoveragePlan
from healthsim.planning.payer.services import SERVICES
from healthsim.planning.plan import Ints, Plan
from healthsim.simulation.block import Block
from healthsim.simulation.chart import Chart
from healthsim.simulation.events.marked import marks_of
from healthsim.simulation.payer.account_rows import asked_authorization_rows
from healthsim.simulation.payer.billing import charges_of
from healthsim.simulation.payer.claim_events import asked_of
from healthsim.simulation.payer.claim_tables import claim_tables
from healthsim.simulation.payer.member_rows import eligibility_rows, enrollment_rows, member_rows, relative_rows
from healthsim.simulation.payer.membership import Membership
from healthsim.simulation.payer.message_rows import message_rows
from healthsim.simulation.payer.recording import end_reasons, recorded_dates
from healthsim.tables import MISSING, Batch

_SERVICES = tuple(map(str, SERVICES))


def payer_tables(plan: Plan, block: Block, chart: Chart, membership: Membership) -> Iterator[Batch]:
    """Give the rows of MemberSim of a block.

    Args:
        plan: A plan with coverage.
        block: The people.
        chart: What their clinical tables say.
        membership: Who is covered by what.
    """
    coverage = plan.others.coverage
    if coverage is None:
        return
    yield from _coverage_tables(plan, coverage, block, membership)
    billing, adjudication = plan.others.billing, plan.others.adjudication
    if billing is None or adjudication is None:
        return
    charges = charges_of(billing, plan, block, chart, membership)
    asked = asked_of(plan, adjudication.denials, block, charges)
    yield from claim_tables(adjudication, block.people.ids, block.people.draws, membership, charges, asked)
    yield from _asked_tables(plan, adjudication, block, membership)


def _coverage_tables(plan: Plan, coverage: CoveragePlan, block: Block, membership: Membership) -> Iterator[Batch]:
    ending, recorded = _endings(plan, block, membership), recorded_dates(coverage, block.people, membership)
    yield member_rows(coverage, block, membership)
    yield relative_rows(block, membership)
    yield enrollment_rows(coverage, block, membership, ending, recorded)
    yield message_rows(coverage, block, membership, ending, recorded)
    if "eligibility_checks" in plan.dictionaries:
        yield eligibility_rows(plan, block, membership)


def _asked_tables(plan: Plan, adjudication: AdjudicationPlan, block: Block, membership: Membership) -> Iterator[Batch]:
    """Give the authorizations that journeys ask for; what is no kind of service is another one."""
    asked = marks_of(plan, block, "prior_authorization")
    if plan.timeline is None or not len(asked.person):
        return
    named = [str(event.parameters.get("service")) for event in plan.timeline.events]
    services = np.array([_SERVICES.index(name if name in _SERVICES else "other") for name in named])
    people = block.people
    yield asked_authorization_rows(adjudication, people.ids, people.draws, membership, asked, services[asked.event])


def _endings(plan: Plan, block: Block, membership: Membership) -> Ints:
    """Give why spans end."""
    if plan.timeline is None or block.timeline is None:
        return end_reasons(membership, None, None)
    leavings = marks_of(plan, block, "disenrollment")
    left = np.full(block.people.count, MISSING)
    left[leavings.person] = leavings.day
    return end_reasons(membership, block.timeline.deaths(plan.timeline), left)

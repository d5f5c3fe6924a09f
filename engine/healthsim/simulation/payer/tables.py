"""The tables of MemberSim: who is covered, and what is claimed for them."""

from collections.abc import Iterator

from healthsim.planning.plan import Plan
from healthsim.simulation.block import Block
from healthsim.simulation.chart import Chart
from healthsim.simulation.payer.billing import charges_of
from healthsim.simulation.payer.claim_tables import claim_tables
from healthsim.simulation.payer.member_rows import eligibility_rows, enrollment_rows, member_rows
from healthsim.simulation.payer.membership import Membership
from healthsim.tables import Batch


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
    yield member_rows(coverage, block, membership)
    yield enrollment_rows(coverage, block, membership)
    if "eligibility_checks" in plan.dictionaries:
        yield eligibility_rows(plan, block, membership)
    billing, adjudication = plan.others.billing, plan.others.adjudication
    if billing is None or adjudication is None:
        return
    charges = charges_of(billing, plan, block, chart, membership)
    yield from claim_tables(adjudication, block.people.ids, block.people.draws, membership, charges)

"""The tables of MemberSim: who is covered, and what is claimed for them."""

from collections.abc import Iterator

from healthsim.planning.plan import Plan
from healthsim.simulation.block import Block
from healthsim.simulation.chart import Chart
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
    del chart
    coverage = plan.others.coverage
    if coverage is None:
        return
    yield member_rows(coverage, block, membership)
    yield enrollment_rows(coverage, block, membership)
    if "eligibility_checks" in plan.dictionaries:
        yield eligibility_rows(plan, block, membership)

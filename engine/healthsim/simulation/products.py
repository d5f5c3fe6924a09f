"""The tables of the products beside PatientSim: each derived from the people of a block and their chart."""

from collections.abc import Iterator

from healthsim.planning.plan import Plan
from healthsim.simulation.block import Block
from healthsim.simulation.chart import Chart
from healthsim.simulation.payer.enrolling import entering_plans, membership_of
from healthsim.simulation.payer.entries import entries_of
from healthsim.simulation.payer.member_rows import plan_rows
from healthsim.simulation.payer.tables import payer_tables
from healthsim.simulation.pharmacy.tables import pharmacy_tables
from healthsim.simulation.trial.tables import trial_standing, trial_tables
from healthsim.tables import Batch


def product_tables(plan: Plan, block: Block, chart: Chart) -> Iterator[Batch]:
    """Give the rows of all products asked for, beside the chart itself."""
    yield from _insured(plan, block, chart)
    yield from trial_tables(plan, block, chart)


def _insured(plan: Plan, block: Block, chart: Chart) -> Iterator[Batch]:
    """Give the rows of the products that insurance belongs to."""
    coverage = plan.others.coverage
    if coverage is None:
        return
    entries = entries_of(plan, coverage, block, entering_plans(coverage, block)) if plan.timeline is not None else None
    membership = membership_of(coverage, block, block.deaths(plan.timeline), entries)
    if "membersim" in plan.products:
        yield from payer_tables(plan, block, chart, membership)
    yield from pharmacy_tables(plan, block, chart, membership)


def standing_tables(plan: Plan) -> Iterator[Batch]:
    """Give the rows that do not depend on people, once a run."""
    if plan.others.coverage is not None and "membersim" in plan.products:
        yield plan_rows(plan.others.coverage)
    if plan.others.trial is not None:
        yield from trial_standing(plan.others.trial)

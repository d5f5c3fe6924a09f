"""How many people a block may have, so that its rows fit into memory."""

from healthsim.planning.journey_explain import rows_each
from healthsim.planning.plan import Plan

BLOCK = 10_000
"""People a block: what fits the processor's cache. The rows do not depend on it."""

_BLOCK_ROWS = 1_000_000
"""Rows a block, at most, of what happens over time: larger ones fall out of the cache that threads share."""

_OF_A_VISIT, _OF_A_BILLED_VISIT = 2, 10
"""Rows that a visit of background care leaves in a chart, and with claims, their lines and payments; about."""


def people_a_block(plan: Plan, most: int = BLOCK) -> int:
    """Give how many people are drawn at a time.

    Args:
        plan: What is to be drawn.
        most: How many it may be.
    """
    rows = _journey_rows(plan) + _background_rows(plan)
    return min(most, plan.count, max(int(_BLOCK_ROWS // max(rows, 1.0)), 1))


def _journey_rows(plan: Plan) -> float:
    """Give the rows a person of journeys, if all of them happened."""
    if plan.timeline is None:
        return 0.0
    events = plan.timeline.events
    return float(sum(rows_each(events[column.event].details) for column in plan.timeline.columns))


def _background_rows(plan: Plan) -> float:
    """Give the rows a person to be expected of background care."""
    if plan.utilization is None:
        return 0.0
    visits = sum(plan.utilization.expected.values())
    testing = plan.utilization.testing
    measured = 0.0 if testing is None else testing.expected_labs + testing.expected_vitals
    return visits * (_OF_A_VISIT if plan.others.coverage is None else _OF_A_BILLED_VISIT) + measured

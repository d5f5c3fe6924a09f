"""Blocks hold about so many rows, however much happens to each person."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from healthsim.planning import Plan
from healthsim.simulation.block_size import BLOCK, people_a_block
from samples import DIABETICS, MIXED, made

Planner = Callable[..., Plan]

CLAIMS = {**MIXED, "products": ["patientsim", "membersim"]}
LIFE = {"utilization": {"lookback": "lifetime"}}
MOST_ROWS = 3_000_000


@pytest.mark.parametrize(
    ("profile", "is_whole"),
    [(MIXED, True), (CLAIMS, True), ({**MIXED, **LIFE}, False), ({**CLAIMS, **LIFE}, False)],
    ids=["latest visits", "their claims", "lives", "their claims too"],
)
def test_a_block_of_a_large_cohort_stays_small(planned: Planner, profile: dict[str, Any], *, is_whole: bool) -> None:
    plan = replace(planned(profile), count=200)
    people = people_a_block(replace(plan, count=1_000_000))
    _, outcome = made(plan)
    assert sum(outcome.rows.values()) / plan.count * people < MOST_ROWS
    assert (people == BLOCK) == is_whole


def test_a_block_has_no_more_people_than_asked_for_and_one_at_least(planned: Planner) -> None:
    plan = replace(planned({**DIABETICS, "journeys": ["diabetic-year-one"]}), count=500)
    assert people_a_block(plan) == 500
    assert people_a_block(plan, 7) == 7
    visits = {"id": "visits", "event_type": "encounter", "timing": {"type": "recurring", "interval_days": 1}}
    daily = {"id": "daily", "duration_days": 365, "events": [visits]}
    plan = replace(planned({**DIABETICS, "journeys": [daily]}), count=1_000_000)
    assert 1 <= people_a_block(plan) < BLOCK

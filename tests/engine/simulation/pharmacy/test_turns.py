"""Journeys say when people collect their drugs, and when they do not."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from healthsim import generate
from healthsim.errors import InvalidInputError
from healthsim.planning import Plan
from healthsim.simulation.block import block_of
from healthsim.simulation.events.marked import marks_of
from healthsim.simulation.pharmacy.turns import USUAL, Marked, Turns
from samples import Rows, made

Planner = Callable[..., Plan]
Ints = NDArray[np.int64]

COUNT = 600
STATIN = {
    "id": "statin",
    "event_type": "prescription",
    "condition": "hyperlipidemia",
    "timing": {"type": "fixed", "day": 10},
}
PROFILE: dict[str, Any] = {
    "products": ["patientsim", "rxmembersim"],
    "generation": {"count": COUNT, "seed": 2},
    "demographics": {"age": {"min": 45, "max": 75}},
    "clinical": {"primary_condition": "hyperlipidemia", "baseline": "none"},
    "coverage": {"changes": "none", "payer_mix": {"private": 1.0}, "plans": ["ppo-employer"]},
    "pharmacy": {"rejections": False},
}


def fills_with(planned: Planner, *events: dict[str, Any]) -> tuple[Plan, Rows]:
    ordered = {**STATIN, "parameters": {"drug": "statin", "days_supply": 30, "refills": 11}}
    journey = {"id": "j", "duration_days": 300, "events": [ordered, *events]}
    plan = planned({**PROFILE, "journeys": [journey], "start_date": "2025-01-01"})
    return plan, made(plan)[0]


def event(event_id: str, event_type: str, day: int, **parameters: int) -> dict[str, Any]:
    return {"id": event_id, "event_type": event_type, "timing": {"type": "fixed", "day": day}, "parameters": parameters}


def start_of(plan: Plan) -> int:
    assert plan.timeline is not None
    return int(np.datetime64(plan.timeline.start, "D").astype(np.int64))


def test_a_prescription_of_a_journey_is_an_order_that_is_filled(planned: Planner) -> None:
    plan, rows = fills_with(planned)
    ordered, written, claims = (rows.columns(name) for name in ("medications", "prescriptions", "pharmacy_claims"))
    assert 0.5 * COUNT < len(ordered["person_id"]) <= COUNT
    assert set(written["medication_id"].tolist()) <= set(ordered["medication_id"].tolist())
    assert len(set(written["medication_id"].tolist())) > 0.9 * len(ordered["person_id"])
    assert (claims["service_date"] >= start_of(plan) + 10).all()
    assert claims["fill_number"].max() > 6


def test_nobody_collects_anything_in_a_gap(planned: Planner) -> None:
    _, without = fills_with(planned)
    plan, rows = fills_with(planned, event("gap", "adherence_gap", 100, days=60))
    days = rows.column("pharmacy_claims", "service_date") - start_of(plan)
    before = without.column("pharmacy_claims", "service_date") - start_of(plan)
    assert ((days >= 100) & (days < 160)).sum() == 0
    assert ((before >= 100) & (before < 160)).sum() > COUNT / 2
    assert (days == 160).sum() > COUNT / 5


def test_a_fill_and_a_refill_are_collected_on_their_day_for_the_days_they_name(planned: Planner) -> None:
    plan, rows = fills_with(
        planned, event("fill", "fill", 10, days_supply=14), event("refill", "refill", 24, days_supply=60)
    )
    claims = rows.columns("pharmacy_claims")
    days = claims["service_date"] - start_of(plan)
    first = days == 10
    assert len(set(claims["person_id"][first].tolist())) == len(set(claims["person_id"].tolist()))
    assert set(claims["days_supply"][first].tolist()) == {14}
    again = (days >= 19) & (days <= 24)
    assert set(claims["days_supply"][days == 24].tolist()) == {60}
    assert again.sum() == len(set(claims["person_id"].tolist()))
    assert (days == 24).mean() > 0.05


def test_events_of_the_pharmacy_need_its_product() -> None:
    with pytest.raises(InvalidInputError, match="add rxmembersim to products"):
        generate(profile={"journeys": ["medication-adherence"], "clinical": {"primary_condition": "hyperlipidemia"}})


def test_marks_of_the_timeline_are_those_of_the_events(planned: Planner) -> None:
    plan, _ = fills_with(planned, event("gap", "adherence_gap", 100, days=60))
    marks = marks_of(plan, block_of(plan, 0, COUNT), "adherence_gap")
    assert set((marks.day - start_of(plan)).tolist()) == {100}
    assert len(marks.person) == COUNT


NOBODY = Marked(*(np.zeros(0, np.int64),) * 3)
SPANS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 200), st.integers(1, 40)), max_size=12)


def marked(spans: list[tuple[int, int, int]]) -> Marked:
    return Marked(*(np.array(column, np.int64) for column in zip(*sorted(spans), strict=True))) if spans else NOBODY


@given(SPANS, st.lists(st.tuples(st.integers(0, 3), st.integers(0, 260)), min_size=1, max_size=10))
def test_what_is_held_back_is_due_on_the_first_day_without_a_gap(
    spans: list[tuple[int, int, int]], wanted: list[tuple[int, int]]
) -> None:
    person, due = (np.array(column, np.int64) for column in zip(*wanted, strict=True))
    found = Turns(NOBODY, NOBODY, marked(spans)).held_back(person, due)
    for who, day, later in zip(person.tolist(), due.tolist(), found.tolist(), strict=True):
        blocked = {on for own, start, days in spans if own == who for on in range(start, start + days)}
        assert later == next(on for on in range(day, 1_000) if on not in blocked)


@given(SPANS, st.lists(st.tuples(st.integers(0, 3), st.integers(0, 150), st.integers(0, 60)), min_size=1, max_size=10))
def test_who_is_called_comes_on_the_first_call_before_they_would(
    spans: list[tuple[int, int, int]], wanted: list[tuple[int, int, int]]
) -> None:
    person, soonest, until = (np.array(column, np.int64) for column in zip(*wanted, strict=True))
    due = soonest + until
    day, days = Turns(marked(spans), NOBODY, NOBODY).called(person, soonest, due, is_first=True)
    for place, (who, first, last) in enumerate(zip(person.tolist(), soonest.tolist(), due.tolist(), strict=True)):
        calls = sorted((start, length) for own, start, length in spans if own == who and first <= start <= last)
        assert day[place] == (calls[0][0] if calls else last)
        assert (days[place] == USUAL) == (not calls)

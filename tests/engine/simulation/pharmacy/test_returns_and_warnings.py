"""Journeys take fills back, and have pharmacies warned."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.simulation.pharmacy.test_turns import COUNT, event, fills_with, start_of
from healthsim.errors import InvalidProfileError
from healthsim.planning import Plan
from healthsim.simulation.events.marked import Marks
from healthsim.simulation.pharmacy.taken_back import days_taken_back
from healthsim.tables import MISSING
from samples import Rows

Planner = Callable[..., Plan]
ALERT = {"id": "zwarn", "event_type": "dur_alert", "timing": {"type": "fixed", "day": 90}}


def texts(plan: Plan, rows: Rows, column: str, table: str = "pharmacy_claims") -> "np.ndarray[Any, Any]":
    return np.array([*plan.dictionaries[table][column], None], object)[rows.column(table, column)]


def test_what_was_collected_last_is_returned_on_the_day_of_the_event(planned: Planner) -> None:
    _, without = fills_with(planned)
    plan, rows = fills_with(planned, event("zback", "reversal", 100))
    claims, start = rows.columns("pharmacy_claims"), start_of(plan)
    is_back = (texts(plan, rows, "transaction") == "B2") & (claims["processed_date"] == start + 100)
    taken = np.isin(claims["pharmacy_claim_id"], claims["reversed_claim_id"][is_back])
    before = without.columns("pharmacy_claims")
    usual = before["service_date"] <= start + 100
    assert is_back.sum() == taken.sum() == len(set(before["person_id"][usual].tolist())) > COUNT / 2
    last: dict[int, int] = {}
    for person, day in zip(before["person_id"][usual].tolist(), before["service_date"][usual].tolist(), strict=True):
        last[person] = max(last.get(person, 0), day)
    found = dict(zip(claims["person_id"][taken].tolist(), claims["service_date"][taken].tolist(), strict=True))
    assert found == last
    assert set(texts(plan, rows, "status")[taken | is_back].tolist()) == {"reversed"}
    assert (claims["total_cost"][taken] > 0).all()
    for amount in ("total_cost", "patient_pay", "plan_paid"):
        assert claims[amount][taken].sum() + claims[amount][is_back].sum() == 0


def test_what_is_not_taken_back_stays_as_it_was(planned: Planner) -> None:
    _, without = fills_with(planned)
    plan, rows = fills_with(planned, {**event("zback", "reversal", 100), "probability": 0.3})
    before, after = without.columns("pharmacy_claims"), rows.columns("pharmacy_claims")
    touched = set(after["person_id"][after["processed_date"] - after["service_date"] > 10].tolist())
    others = {person for person in before["person_id"].tolist() if person not in touched}
    assert 0 < len(touched) < COUNT / 2
    kept, same = np.isin(before["person_id"], list(others)), np.isin(after["person_id"], list(others))
    back = np.isin(after["person_id"], np.unique(after["person_id"][texts(plan, rows, "transaction") == "B2"]))
    assert set(after["pharmacy_claim_id"][same & ~back].tolist()) <= set(before["pharmacy_claim_id"][kept].tolist())


DAYS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 60), st.booleans()), max_size=12)


@given(DAYS, st.lists(st.tuples(st.integers(0, 3), st.integers(0, 70)), max_size=6))
def test_an_event_takes_back_the_latest_paid_day_by_then_and_the_first_event_counts(
    fills: list[tuple[int, int, bool]], events: list[tuple[int, int]]
) -> None:
    person, day, paid = (np.array([fill[place] for fill in fills], np.int64) for place in range(3))
    marks = sorted(events)
    who, when = (np.array([mark[place] for mark in marks], np.int64) for place in range(2))
    found = days_taken_back(person, day, paid == 1, Marks(who, when, who, who, who))
    expected = [MISSING] * len(fills)
    for one, on in reversed(marks):
        latest = max((at for owner, at, is_paid in fills if is_paid and owner == one and at <= on), default=None)
        for place, (owner, at, is_paid) in enumerate(fills):
            if is_paid and owner == one and at == latest:
                expected[place] = on
    assert found.tolist() == expected


def test_a_warning_is_shown_at_the_latest_fill_of_a_drug_that_its_rule_is_about(planned: Planner) -> None:
    plan, rows = fills_with(planned, {**ALERT, "parameters": {"alert": "above-highest-dose"}})
    warned = texts(plan, rows, "rule", "dur_alerts") == "above-highest-dose"
    alerts = {name: values[warned] for name, values in rows.columns("dur_alerts").items()}
    claims = rows.columns("pharmacy_claims")
    dispensed = (claims["service_date"] <= start_of(plan) + 90) & (texts(plan, rows, "status") == "paid")
    latest: dict[int, int] = {}
    for person, on in zip(
        claims["person_id"][dispensed].tolist(), claims["service_date"][dispensed].tolist(), strict=True
    ):
        latest[person] = max(latest.get(person, 0), on)
    assert dict(zip(alerts["person_id"].tolist(), alerts["service_date"].tolist(), strict=True)) == latest
    assert len(latest) > COUNT / 2
    _, without = fills_with(planned)
    assert without.rows["dur_alerts"] == rows.rows["dur_alerts"] - len(latest)


def test_nobody_is_warned_of_drugs_that_they_do_not_collect(planned: Planner) -> None:
    _, without = fills_with(planned)
    _, rows = fills_with(planned, {**ALERT, "parameters": {"alert": "two-renin-angiotensin-drugs"}})
    assert rows.rows["dur_alerts"] == without.rows["dur_alerts"]


def test_a_warning_of_no_rule_is_refused_with_the_nearest(planned: Planner) -> None:
    with pytest.raises(InvalidProfileError, match="did you mean refill-too-soon"):
        fills_with(planned, {**ALERT, "parameters": {"alert": "refil-too-soon"}})
    with pytest.raises(InvalidProfileError, match="nothing says what the pharmacy is warned of"):
        fills_with(planned, ALERT)

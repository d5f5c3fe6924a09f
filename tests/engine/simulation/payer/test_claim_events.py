"""Journeys say what becomes of claims: when they are filed and paid, and what is denied."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from healthsim.content import content_directory
from healthsim.errors import InvalidProfileError
from healthsim.planning import Plan
from healthsim.planning.payer.adjudication import AUTHORIZATION, DUPLICATE, ENDED, NOT_BEGUN, OUTSIDE, REFUSED
from healthsim.planning.payer.claims_content import Denials, benefits_file
from healthsim.simulation.payer.claim_events import SERVICE_CLAIMED
from healthsim.spec import event_types
from samples import Rows, made

Planner = Callable[..., Plan]
COUNT = 400
VISITS = {
    "id": "visit",
    "event_type": "encounter",
    "condition": "diabetes",
    "timing": {"type": "recurring", "interval_days": 90, "count": 3},
}
PROFILE: dict[str, Any] = {
    "products": ["patientsim", "membersim"],
    "generation": {"count": COUNT, "seed": 5},
    "as_of": "2025-12-31",
    "start_date": "2025-01-01",
    "demographics": {"age": {"min": 45, "max": 60}},
    "clinical": {"primary_condition": {"name": "diabetes", "prevalence": 0.7}, "baseline": "none"},
    "coverage": {"changes": "none", "payer_mix": {"private": 0.8, "medicaid": 0.2}},
}


def event(name: str, kind: str, *, after: str | None = None, days: int = 0, **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever an event has
    timing = {"type": "fixed", "day": days} if after is None else {"type": "relative", "to": after, "days": days}
    return {"id": name, "event_type": kind, "timing": timing, **rest}


def asked(*events: dict[str, Any]) -> dict[str, Any]:
    return {**PROFILE, "journeys": [{"id": "j", "duration_days": 364, "events": [VISITS, *events]}]}


@pytest.fixture
def billed(planned: Planner) -> Callable[..., tuple[Plan, Rows]]:
    def rows(*events: dict[str, Any]) -> tuple[Plan, Rows]:
        plan = planned(asked(*events))
        return plan, made(plan)[0]

    return rows


Billed = Callable[..., tuple[Plan, Rows]]


def first_claims(rows: Rows) -> dict[str, "np.ndarray[Any, Any]"]:
    """Give the first submissions: originals that are not the same once more."""
    columns = rows.columns("claims")
    kept = (columns["claim_id"] & 7) == 0
    return {name: values[kept] for name, values in columns.items()}


def statuses(plan: Plan, values: "np.ndarray[Any, Any]") -> set[str]:
    return {plan.dictionaries["claims"]["status"][place] for place in np.unique(values).tolist()}


def test_a_claim_is_received_on_its_day_and_nothing_is_billed_twice(billed: Billed) -> None:
    _, plain = billed()
    _, rows = billed(event("xfile", "claim", after="visit", days=40))
    before, after = first_claims(plain), first_claims(rows)
    assert sorted(before["claim_id"].tolist()) == sorted(after["claim_id"].tolist())
    assert set((after["received_date"] - after["to_date"]).tolist()) == {40}
    assert set((before["received_date"] - before["to_date"]).tolist()) != {40}
    assert (before["billed"].sum(), len(before["billed"])) == (after["billed"].sum(), len(after["billed"]))


def test_what_an_event_decides_is_decided_in_all_claims_of_its_encounter_alone(billed: Billed) -> None:
    denied = event("refused", "claim", days=95, parameters={"event": "visit", "status": "denied", "denial_code": "50"})
    paid = event("accepted", "claim", days=10, parameters={"event": "visit", "status": "paid"})
    plan, rows = billed(paid, denied)
    claims = first_claims(rows)
    visit = claims["from_date"] - int(np.datetime64("2025-01-01", "D").astype(int))
    assert statuses(plan, claims["status"][visit == 0]) == {"paid"}
    assert statuses(plan, claims["status"][visit == 90]) == {"denied"}
    assert len(statuses(plan, claims["status"][visit == 180])) > 1
    codes = plan.dictionaries["claims"]["denial_code"]
    assert {codes[place] for place in claims["denial_code"][visit == 90].tolist()} == {"50"}
    assert set(claims["received_date"][visit == 90].tolist()) == {int(np.datetime64("2025-04-06", "D").astype(int))}


def test_a_payment_is_decided_on_its_day_and_paid_on_the_next_payday(billed: Billed) -> None:
    file = event("xfile", "claim", after="visit", days=5)
    plan, rows = billed(file, event("pay", "payment", after="xfile", days=7))
    claims, remittances = first_claims(rows), rows.columns("remittances")
    assert statuses(plan, claims["status"]) == {"paid"}
    assert set((claims["decided_date"] - claims["to_date"]).tolist()) == {12}
    paid_on = dict(zip(remittances["remittance_id"].tolist(), remittances["payment_date"].tolist(), strict=True))
    waits = {paid_on[which] - day for which, day in zip(claims["remittance_id"], claims["decided_date"], strict=True)}
    assert waits <= set(range(7))


def test_a_pending_claim_has_no_decision_and_no_amounts(billed: Billed) -> None:
    plan, rows = billed(event("xfile", "claim", after="visit", parameters={"status": "pending"}))
    claims = first_claims(rows)
    assert statuses(plan, claims["status"]) == {"pending"}
    assert (claims["decided_date"] < 0).all()
    assert len(claims["claim_id"]) == len(rows.column("claims", "claim_id"))


def test_a_service_is_claimed_without_an_encounter(billed: Billed) -> None:
    _, plain = billed()
    call = event("xcoach", "claim", days=33, condition="diabetes", parameters={"code": "G0108"}, probability=0.5)
    plan, rows = billed(call, event("xpay", "payment", after="xcoach", days=3))
    added = first_claims(rows)
    own = added["claim_id"] >> 3 >> 4 >> 16 & 7 == SERVICE_CLAIMED
    assert own.sum() == len(added["claim_id"]) - len(first_claims(plain)["claim_id"]) > 0.2 * COUNT
    assert (added["encounter_id"][own] < 0).all()
    assert set(added["from_date"][own].tolist()) == {int(np.datetime64("2025-02-03", "D").astype(int))}
    assert set((added["decided_date"] - added["from_date"])[own].tolist()) == {3}
    lines = rows.columns("claim_lines")
    of_own = np.isin(lines["claim_id"], added["claim_id"][own])
    assert {plan.dictionaries["claim_lines"]["code"][place] for place in lines["code"][of_own].tolist()} == {"G0108"}
    diagnoses = plan.dictionaries["claims"]["diagnosis_1"]
    assert {diagnoses[place][:3] for place in added["diagnosis_1"][own].tolist()} == {"E11"}


def test_claims_of_some_kind_alone_are_meant(billed: Billed) -> None:
    stay = event("stay", "admission", days=20)
    late = event("xfile", "claim", after="stay", days=60, parameters={"claim_type": "institutional"})
    plan, rows = billed(stay, late)
    claims = first_claims(rows)
    is_stay = np.isin(claims["encounter_id"], claims["encounter_id"][claims["bill_type"] >= 0])
    kinds = np.array(plan.dictionaries["claims"]["claim_type"], object)[claims["claim_type"]]
    filed = claims["received_date"] - int(np.datetime64("2025-01-01", "D").astype(int))
    assert set(filed[is_stay & (kinds == "inpatient")].tolist()) == {80}
    assert (filed[is_stay & (kinds == "professional")] < 80).any()


def test_the_skipped_have_no_claims_and_one_person_has_the_claims_they_have_among_others(planned: Planner) -> None:
    plan = planned(
        asked(
            event("xcoach", "claim", days=33, parameters={"code": "98960"}, depends_on="visit"),
            event("xfile", "claim", after="visit", days=9, probability=0.5),
        )
    )
    whole, small = made(plan)[0], made(plan, block_size=7)[0]
    for table in ("claims", "claim_lines", "remittances", "accumulators"):
        for name, values in whole.columns(table).items():
            other = small.column(table, name)
            assert np.array_equal(np.sort(values), np.sort(other), equal_nan=values.dtype.kind == "f")
    claims = first_claims(whole)
    own = claims["claim_id"] >> 3 >> 4 >> 16 & 7 == SERVICE_CLAIMED
    assert set(claims["person_id"][own].tolist()) <= set(whole.column("encounters", "person_id").tolist())
    waited = set((claims["received_date"] - claims["to_date"])[~own].tolist())
    assert waited > {9}


def test_what_a_claim_is_for_has_to_be_there(planned: Planner) -> None:
    wrong = [
        event("lost", "claim", days=3),
        event("unknown", "claim", days=3, parameters={"event": "vist"}),
        event("both", "claim", days=3, parameters={"event": "visit", "code": "G0108"}),
        event("unasked", "claim", after="visit", parameters={"denial_code": "50"}),
        event("unpaid", "payment", days=9),
    ]
    with pytest.raises(InvalidProfileError) as raised:
        planned(asked(*wrong))
    found = {problem.path.removeprefix("$.journeys[0]."): problem.hint for problem in raised.value.problems}
    assert set(found) == {
        "events[1].parameters",
        "events[2].parameters.event",
        "events[3].parameters.code",
        "events[4].parameters.denial_code",
        "events[5].parameters",
    }
    assert found["events[2].parameters.event"] == "did you mean visit?"


def test_the_codes_of_denials_are_those_that_payers_decide_by_themselves() -> None:
    apart = {AUTHORIZATION, REFUSED, DUPLICATE, OUTSIDE, ENDED, NOT_BEGUN}
    known = {each.carc for each in benefits_file("denials", Denials).reasons if each.name not in apart}
    assert set(event_types()["claim"].parameters["denial_code"]["enum"]) == known
    assert (content_directory("benefits") / "denials.json").exists()

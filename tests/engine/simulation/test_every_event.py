"""One journey with every type of event there is: nothing is refused, and no rule of the scorecard is broken."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from healthsim import generate, get_manager
from healthsim.planning import Plan
from healthsim.spec import event_types
from healthsim.state import Result
from samples import made

OF_OTHERS = {"enrollment", "randomization", "withdrawal", "completion"}
"""Types that would end or replace what the others here speak of; their own tests have them."""


def event(kind: str, day: int, *, to: str | None = None, name: str | None = None, **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever an event has
    timing = {"type": "fixed", "day": day} if to is None else {"type": "relative", "to": to, "days": day}
    return {"id": name or kind, "event_type": kind, "timing": timing, **rest}


EVENTS = (
    event("encounter", 0, condition="diabetes"),
    event("telehealth", 9),
    event("ed_visit", 40, parameters={"reason_code": "R07.9"}),
    event("admission", 0, to="ed_visit", condition="diabetes", probability=0.6),
    event("transfer", 1, to="admission", parameters={"to": "Intensive care unit"}, probability=0.7),
    event("transfer", 2, to="transfer", name="ward", parameters={"to": "General ward"}),
    event("discharge", 8, to="admission", probability=0.5),
    event("diagnosis", 41, parameters={"code": "N39.0"}),
    event("lab_order", 0, parameters={"panels": ["cmp"]}),
    event("lab_result", 60, parameters={"tests": ["hba1c"]}),
    event("vital_signs", 0),
    event("medication_order", 0, condition="diabetes"),
    event("medication_change", 120, condition="diabetes", parameters={"action": "stop"}, probability=0.2),
    event("procedure", 60, parameters={"system": "HCPCS", "code": "G0108", "name": "Lesson"}),
    event("imaging", 61, parameters={"system": "CPT", "code": "71046", "name": "Image of the chest"}),
    event("immunization", 62, parameters={"cvx": "140"}),
    event("referral", 63, condition="diabetes", parameters={"specialty": "ophthalmology"}),
    event("care_plan", 0, condition="diabetes", parameters={"goals": ["HbA1c below 7 %"], "days": 400}),
    event("care_plan", 1, to="discharge", name="aftercare", parameters={"category": "discharge", "days": 30}),
    event("death", 200, probability=0.1),
    event("disenrollment", 170, probability=0.1),
    event("claim", 12, to="encounter", parameters={"status": "denied", "denial_code": "50"}, probability=0.3),
    event("claim", 2, to="admission", name="hospital", parameters={"status": "paid"}),
    event("claim", 33, name="coaching", condition="diabetes", parameters={"code": "98960"}, probability=0.5),
    event("claim", 165, name="late", parameters={"event": "ed_visit", "status": "pending"}, probability=0.2),
    event("payment", 20, to="hospital"),
    event("prior_authorization", 30, parameters={"service": "imaging"}),
    event("eligibility_check", 1),
    event("prescription", 5, condition="hypertension"),
    event("fill", 6),
    event("refill", 50),
    event("reversal", 55, probability=0.5),
    event("adherence_gap", 90, parameters={"days": 40}, probability=0.3),
    event("dur_alert", 80, parameters={"alert": "above-highest-dose"}),
    event("screening", 3),
    event("trial_visit", 38, parameters={"visit": "Week 4"}),
    event("dosing", 20, parameters={"dose": 5}),
    event("dosing", 48, name="second_dose"),
    event("adverse_event", 70, parameters={"term": "Fall", "grade": 2}, probability=0.2),
    event("efficacy_measure", 100, parameters={"measure": "hba1c"}),
)

PROFILE: dict[str, Any] = {
    "products": ["patientsim", "membersim", "rxmembersim", "trialsim"],
    "generation": {"count": 800, "seed": 5},
    "as_of": "2025-01-01",
    "demographics": {"age": {"min": 40, "max": 75}},
    "clinical": {
        "primary_condition": {"name": "diabetes", "prevalence": 0.8},
        "comorbidities": [{"name": "hypertension", "prevalence": 0.6}],
    },
    "trial": "t2dm-phase-3",
    "journeys": [{"id": "j", "duration_days": 250, "events": list(EVENTS)}],
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("every") / "workspace.duckdb"


@pytest.fixture(scope="module")
def cohort(workspace: Path) -> Result:
    return generate(profile=PROFILE, persist=True, db=workspace)


def test_every_type_of_event_is_made() -> None:
    assert {each["event_type"] for each in EVENTS} | OF_OTHERS == set(event_types())


def test_a_journey_of_all_of_them_breaks_no_rule(cohort: Result, workspace: Path) -> None:
    card = get_manager(workspace).score(cohort.get("cohort_id"))
    assert [rule for rule in card["rules"] if rule["status"] == "broken"] == []
    passed = {rule["id"] for rule in card["rules"] if rule["status"] == "passed"}
    assert {
        "ward-outside-its-stay",
        "two-wards-at-once",
        "plan-of-care-ends-before-it-begins",
        "wrong-change",
    } <= passed


def test_nobodys_rows_depend_on_the_others_of_their_block(planned: Callable[..., Plan]) -> None:
    plan = planned({**PROFILE, "generation": {"count": 120}})
    assert made(plan)[1].digest == made(plan, block_size=17)[1].digest


def test_wards_are_billed_with_their_stay(cohort: Result) -> None:
    wards = {row["encounter_id"]: row["part_of_id"] for row in cohort["encounters"] if row["class_code"] == "ACUTE"}
    billed = {row["encounter_id"] for row in cohort["claims"]}
    assert wards
    assert not set(wards) & billed
    assert set(wards.values()) & billed

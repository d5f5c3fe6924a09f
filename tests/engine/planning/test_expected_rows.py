"""The dry run tells about how many rows each table of the products gets, and draws nothing for it."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from healthsim.planning import Plan, explained
from samples import made

Planner = Callable[..., Plan]
COUNT = 3_000

COVERAGE = {"plans": 0.0, "members": 0.02, "enrollments": 0.04, "enrollment_changes": 0.05, "rx_members": 0.04}
"""What follows from chances that the plan knows: within what 3,000 people vary by, at 4 standard errors and more."""

ESTIMATED = {
    "claims": 0.12,
    "claim_lines": 0.15,
    "remittances": 0.15,
    "accumulators": 0.12,
    "prior_authorizations": 0.25,
    "prescriptions": 0.3,
    "pharmacy_claims": 0.25,
}
"""What rests on simplifications, such as that conditions are independent: within what these were seen to be off by."""

PROFILES: Mapping[str, dict[str, Any]] = {
    "the nation and the care it has anyway": {"utilization": "realistic", "clinical": {"baseline": "none"}},
    "people seen once": {
        "clinical": {
            "primary_condition": "diabetes",
            "comorbidities": [
                {"name": "hypertension", "prevalence": 0.7},
                {"name": "hyperlipidemia", "prevalence": 0.5},
            ],
        }
    },
    "a year of a journey": {"clinical": {"primary_condition": "diabetes"}, "journeys": ["diabetic-year-one"]},
    "seniors who all have one plan": {
        "demographics": {"age": {"min": 65, "max": 80}},
        "clinical": {"baseline": "none"},
        "coverage": {"payer_mix": {"medicare": 1}, "plans": ["medicare-traditional"]},
    },
    "seniors": {
        "demographics": {"age": {"min": 60, "max": 80}},
        "clinical": {"conditions": ["hypertension", "hyperlipidemia"]},
    },
}


@pytest.mark.parametrize("name", list(PROFILES))
def test_the_rows_expected_of_insurance_are_those_that_are_made(planned: Planner, name: str) -> None:
    products = ["patientsim", "membersim", "rxmembersim"]
    plan = planned({"products": products, "generation": {"count": COUNT}, **PROFILES[name]})
    expected, rows = explained(plan)["estimated_rows"], made(plan)[1].rows
    for table, tolerance in {**COVERAGE, **ESTIMATED}.items():
        if rows.get(table):
            assert expected[table] == pytest.approx(rows[table], rel=tolerance, abs=25), table
        else:
            assert not expected.get(table), table


def test_tables_that_are_not_kept_are_not_expected(planned: Planner) -> None:
    plan = planned({"products": ["membersim"], "generation": {"count": 200}, **PROFILES["a year of a journey"]})
    expected = explained(plan)["estimated_rows"]
    assert "labs" not in expected
    assert "claims" in expected
    assert set(expected) <= set(plan.tables)


def test_the_time_expected_counts_the_rows_of_all_products(planned: Planner) -> None:
    alone = explained(planned({"generation": {"count": 100_000}, **PROFILES["people seen once"]}))
    both = explained(
        planned(
            {"products": ["patientsim", "membersim"], "generation": {"count": 100_000}, **PROFILES["people seen once"]}
        )
    )
    assert both["estimated_seconds"] > alone["estimated_seconds"] + 1


EVENTS = [
    {"id": "screening", "event_type": "screening", "timing": {"type": "fixed", "day": 2}},
    {"id": "dose", "event_type": "dosing", "timing": {"type": "recurring", "interval_days": 30, "start_day": 30}},
    {"id": "visit", "event_type": "encounter", "timing": {"type": "fixed", "day": 5}, "probability": 0.5},
    {"id": "coaching", "event_type": "claim", "timing": {"type": "fixed", "day": 9}, "parameters": {"code": "98960"}},
    {"id": "check", "event_type": "eligibility_check", "timing": {"type": "fixed", "day": 9}, "probability": 0.25},
    {"id": "plan", "event_type": "care_plan", "timing": {"type": "fixed", "day": 9}, "probability": 0.5},
]


def test_every_event_and_what_it_leaves_is_expected(planned: Planner) -> None:
    plan = planned(
        {
            "products": ["patientsim", "membersim", "trialsim"],
            "generation": {"count": 1_000},
            "clinical": {"primary_condition": "diabetes", "baseline": "none"},
            "trial": "t2dm-phase-3",
            "journeys": [{"id": "j", "duration_days": 200, "events": EVENTS}],
        }
    )
    told = explained(plan)
    often = {each["event_type"]: each["expected_per_person"] for each in told["journeys"]}
    assert often == {
        "screening": 1.0, "dosing": 6.0, "encounter": 0.5, "claim": 1.0, "eligibility_check": 0.25, "care_plan": 0.5,
    }  # fmt: skip
    expected, rows = told["estimated_rows"], made(plan)[1].rows
    assert expected["care_plans"] == 500 == pytest.approx(rows["care_plans"], rel=0.1)
    assert expected["eligibility_checks"] == 250 == pytest.approx(rows["eligibility_checks"], rel=0.2)
    assert expected["claims"] == pytest.approx(rows["claims"], rel=0.12)
    assert expected["exposures"] > 0

"""From a profile to a plan: names that are unknown, wishes that are not fulfilled, handles that tell plans apart."""

from collections.abc import Callable
from typing import Any

import pytest

from healthsim.errors import InvalidProfileError
from healthsim.planning import Plan, explained
from samples import DIABETICS, made

Planner = Callable[..., Plan]


def problems(planned: Planner, document: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(InvalidProfileError) as caught:
        planned(document)
    return {problem.path: str(problem) for problem in caught.value.problems}


def test_every_unknown_name_is_told_at_once(planned: Planner) -> None:
    document = {
        "demographics": {"reference": {"type": "county", "fips": "48999"}},
        "clinical": {
            "primary_condition": "diabetis",
            "comorbidities": [{"code": "E11.999", "prevalence": 0.1}, {"code": "J99", "prevalence": 0.1}],
        },
    }
    found = problems(planned, document)
    assert "$.demographics.reference.fips" in found
    assert "did you mean diabetes" in found["$.clinical.primary_condition.name"]
    assert "did you mean E11.9" in found["$.clinical.comorbidities[0].code"]
    assert "$.clinical.comorbidities[1].code" not in found, "J99 is a billable code"


def test_a_category_without_a_skill_lists_its_billable_codes(planned: Planner) -> None:
    found = problems(planned, {"clinical": {"conditions": [{"code": "L40", "prevalence": 0.1}]}})
    assert "L40.0" in found["$.clinical.conditions[0].code"]


def test_a_code_without_a_skill_needs_its_prevalence(planned: Planner) -> None:
    found = problems(planned, {"clinical": {"conditions": ["L40.0"]}})
    assert "give its prevalence" in found["$.clinical.conditions[0].prevalence"]


def test_two_names_of_one_condition_are_one_too_many(planned: Planner) -> None:
    found = problems(planned, {"clinical": {"primary_condition": "E11", "comorbidities": ["diabetes"]}})
    assert "asked for twice" in found["$.clinical.comorbidities[0]"]


def test_a_county_in_another_state_is_told(planned: Planner) -> None:
    found = problems(planned, {"demographics": {"reference": {"fips": "48201", "state": "CA"}}})
    assert "TX" in found["$.demographics.reference.state"]


def test_equal_profiles_have_one_handle_and_others_another(planned: Planner) -> None:
    handle = planned(DIABETICS).cohort_id
    assert planned({"profile": DIABETICS}).cohort_id == handle
    assert planned({**DIABETICS, "generation": {**DIABETICS["generation"], "batch_size": 7}}).cohort_id == handle
    assert planned({**DIABETICS, "generation": {**DIABETICS["generation"], "storage": "parquet"}}).cohort_id == handle
    assert planned(DIABETICS, seed=2).cohort_id != handle
    assert planned({**DIABETICS, "as_of": "2025-01-02"}).cohort_id != handle


def test_explaining_tells_what_would_be_made(planned: Planner) -> None:
    plan = explained(planned(DIABETICS))
    rows = plan["estimated_rows"]
    made_rows = made(planned(DIABETICS))[1].rows
    assert list(rows) == list(made_rows)
    assert (rows["patients"], rows["diagnoses"], rows["encounters"], rows["vitals"]) == (2_000, 4_400, 2_000, 16_000)
    assert rows["labs"] == pytest.approx(made_rows["labs"], rel=0.03)
    assert rows["medications"] == pytest.approx(made_rows["medications"], rel=0.2)
    assert [condition["expected"] for condition in plan["conditions"]] == [1.0, 0.7, 0.5]
    assert all(condition["sources"] for condition in plan["conditions"])
    assert plan["demographics"]["age"]["mean"] == pytest.approx(66, abs=1)


@pytest.mark.parametrize(
    "clinical",
    [
        {"conditions": [{"name": "arthritis", "prevalence": 0.8}, {"name": "cancer", "prevalence": 0.5}]},
        {"conditions": [{"name": name, "prevalence": 0.9} for name in ("hyperlipidemia", "diabetes")]},
    ],
    ids=["drugs for some codes alone", "one group for two conditions"],
)
def test_explaining_expects_about_the_drugs_that_people_take(planned: Planner, clinical: dict[str, Any]) -> None:
    plan = planned({"generation": {"count": 1_500}, "demographics": {"age": {"min": 30}}, "clinical": clinical})
    expected = explained(plan)["estimated_rows"]["medications"]
    assert expected == pytest.approx(made(plan)[1].rows["medications"], rel=0.2)

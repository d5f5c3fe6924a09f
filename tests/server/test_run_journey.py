"""The tool that lets the people of a cohort go through a journey."""

from typing import Any

import pytest

from healthsim_mcp.sizes import CONCISE_TOKENS, compact, estimated_tokens
from server.calling import Caller

JOURNEY = "diabetic-year-one"
MADE: dict[str, Any] = {"condition": "diabetes", "count": 40, "seed": 3}


@pytest.fixture
def cohort(caller: Caller) -> dict[str, Any]:
    return caller.answer("generate_cohort", **MADE, name="walkers")


def people_of(caller: Caller, cohort_id: str) -> list[Any]:
    sql = "SELECT person_id, given_name, birth_date, pcp_npi FROM patients ORDER BY person_id"
    rows: list[Any] = caller.answer("query_cohort", cohort_id=cohort_id, sql=sql, limit=100)["rows"]
    return rows


def test_the_same_people_have_a_year_more_and_both_handles_lead_to_it(caller: Caller, cohort: dict[str, Any]) -> None:
    before = people_of(caller, "walkers")
    answer = caller.answer("run_journey", cohort_id="walkers", journey=JOURNEY, start_date="2024-01-01")
    assert (answer["name"], answer["replaces"], answer["existing"]) == ("walkers", cohort["cohort_id"], False)
    assert answer["rows_added"]["encounters"] > 40
    assert "patients" not in answer["rows_added"]
    assert "2024-01-01" <= answer["first_date"] < answer["last_date"] <= "2024-12-31"
    assert estimated_tokens(compact(answer)) <= CONCISE_TOKENS
    assert people_of(caller, cohort["cohort_id"]) == people_of(caller, answer["cohort_id"]) == before
    assert len(caller.answer("list_library", kind="cohorts")["items"]) == 1


def test_the_same_journey_again_adds_nothing(caller: Caller, cohort: dict[str, Any]) -> None:
    first = caller.answer("run_journey", cohort_id=cohort["cohort_id"], journey=JOURNEY)
    again = caller.answer("run_journey", cohort_id=cohort["cohort_id"], journey=JOURNEY)
    assert (again["existing"], again["digest"], again["rows_added"]) == (True, first["digest"], {})


def test_it_is_the_cohort_that_generating_with_the_journey_gives(caller: Caller) -> None:
    caller.answer("generate_cohort", **MADE)
    walked = caller.answer("run_journey", cohort_id="diabetes", journey=JOURNEY, start_date="2024-01-01")
    profile = {
        "clinical": {"primary_condition": "diabetes", "baseline": "visit"},
        "journeys": [JOURNEY],
        "start_date": "2024-01-01",
        "generation": {"count": 40, "seed": 3},
    }
    assert caller.answer("generate_cohort", profile=profile)["digest"] == walked["digest"]


def test_another_seed_gives_other_events_to_the_same_people(caller: Caller, cohort: dict[str, Any]) -> None:
    before = people_of(caller, cohort["cohort_id"])
    one = caller.answer("run_journey", cohort_id=cohort["cohort_id"], journey=JOURNEY)
    caller.answer("generate_cohort", **MADE, name="others")
    other = caller.answer("run_journey", cohort_id="others", journey=JOURNEY, seed=99)
    assert one["digest"] != other["digest"]
    assert people_of(caller, "others") == before


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ({"journey": "diabetic-yer-one"}, JOURNEY),
        ({"journey": {"id": "x", "events": [{"id": "a", "event_type": "encountr"}]}}, "encounter"),
        ({"journey": JOURNEY, "start_date": "2024"}, "$.start_date"),
        ({"journey": 7}, "must be string or object (received 7)"),
        ({"journey": JOURNEY, "cohort_id": "walker"}, "walkers"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(
    caller: Caller, cohort: dict[str, Any], arguments: dict[str, Any], hint: str
) -> None:
    assert hint in caller.refusal("run_journey", **{"cohort_id": "walkers", **arguments})
    assert caller.answer("get_cohort_summary", cohort_id="walkers")["digest"] == cohort["digest"]


def test_journeys_of_a_cohort_begin_on_one_day_and_have_one_seed(caller: Caller, cohort: dict[str, Any]) -> None:
    caller.answer("run_journey", cohort_id=cohort["cohort_id"], journey=JOURNEY, start_date="2024-01-01")
    other = {
        "id": "check",
        "events": [{"id": "visit", "event_type": "encounter", "timing": {"type": "fixed", "day": 3}}],
    }
    told = caller.refusal("run_journey", cohort_id="walkers", journey=other, start_date="2024-02-01", seed=5)
    assert "$.start_date" in told
    assert "$.seed" in told
    assert caller.answer("run_journey", cohort_id="walkers", journey=other)["rows_added"] == {"encounters": 40}

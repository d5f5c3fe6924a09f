"""Arguments that cannot be: told in the reply, all at once, with what would be right."""

import pytest
from mcp.shared.exceptions import MCPError
from mcp.types import INVALID_PARAMS

from server.calling import Caller

LONGEST_ERROR = 600
COUNTY = {"source": "populationsim", "reference": {"type": "county", "fips": "48201"}}


def test_an_unknown_argument_is_refused_with_the_nearest_name(shared_caller: Caller) -> None:
    refusal = shared_caller.refusal("generate_cohort", cuont=3)
    assert refusal == "$.cuont: unknown argument (received 3); did you mean count?"


def test_every_problem_is_told_at_once(shared_caller: Caller) -> None:
    refusal = shared_caller.refusal("generate_cohort", count=0, seed=-1, min_age="x", product="patientsimm")
    assert all(part in refusal for part in ("$.count", "$.seed", "$.min_age", "$.product", "patientsim", "'x'"))


def test_every_problem_in_a_profile_is_told_at_once(shared_caller: Caller) -> None:
    profile = {
        "demografics": {"age": {"min": 18}},
        "generation": {"count": 0},
        "clinical": {"primary_condition": {"code": "E11", "prevalence": 2}},
    }
    refusal = shared_caller.refusal("generate_cohort", profile=profile)
    assert all(part in refusal for part in ("demografics", "demographics", "generation.count", "prevalence"))


def test_an_error_is_short_and_tells_how_many_problems_it_left_out(shared_caller: Caller) -> None:
    refusal = shared_caller.refusal("generate_cohort", **{f"unheard_of_{number}": number for number in range(50)})
    assert len(refusal) <= LONGEST_ERROR
    assert "more problems" in refusal


def test_an_error_with_one_long_problem_is_cut(shared_caller: Caller) -> None:
    refusal = shared_caller.refusal("query_cohort", cohort_id="x" * 200, sql="y" * 20_001)
    assert len(refusal) <= LONGEST_ERROR


@pytest.mark.parametrize("seed", [2**63, 2**64, 2**70])
def test_a_seed_beyond_what_is_kept_is_refused(shared_caller: Caller, seed: int) -> None:
    assert shared_caller.refusal("generate_cohort", seed=seed, count=1).startswith("$.seed: ")


def test_more_people_than_a_call_makes_are_refused_wherever_they_are_asked_for(shared_caller: Caller) -> None:
    assert "$.count" in shared_caller.refusal("generate_cohort", count=10_000_001)
    profile = {"profile": {"generation": {"count": 10_000_001}}}
    assert "generation.count" in shared_caller.refusal("generate_cohort", profile=profile)


def test_a_profile_and_a_condition_contradict_each_other(shared_caller: Caller) -> None:
    assert "$.condition" in shared_caller.refusal("generate_cohort", profile={}, condition="diabetes")


def test_a_condition_that_nobody_knows_is_refused_with_the_nearest(shared_caller: Caller) -> None:
    refusal = shared_caller.refusal("generate_cohort", condition="diabetis", count=1)
    assert "did you mean diabetes" in refusal


def test_a_county_that_nobody_knows_is_refused_with_the_nearest(shared_caller: Caller) -> None:
    assert "Harris" in shared_caller.refusal("lookup_county", name="Haris", state="TX")


def test_a_cohort_that_nobody_knows_is_refused(shared_caller: Caller) -> None:
    assert "no such cohort" in shared_caller.refusal("get_cohort_summary", cohort_id="co_none")


@pytest.mark.parametrize(
    ("tool", "arguments", "listed_by"),
    [
        ("query_cohort", {"cohort_id": "co_none", "sql": "SELECT 1"}, "list_library with kind cohorts"),
        ("run_journey", {"cohort_id": "co_none", "journey": "x"}, "list_library with kind cohorts"),
        (
            "generate_cohort",
            {"profile_name": "none"},
            "$.profile_name: no such profile (received 'none'); list",
        ),
        ("explain_profile", {"profile": {"journeys": ["none"]}}, "list_library with kind journeys"),
        ("rerun_execution", {"execution_id": 99}, "list_library with kind executions"),
        ("lookup_skill", {"skill": "none"}, "list_library with kind skills"),
        ("generate_cohort", {"condition": "zzz", "count": 1}, "lookup_skill tells the conditions"),
        ("get_item", {"kind": "schemas", "name": "none"}, "list_library with kind schemas"),
        ("lookup_county", {"name": "zzz", "state": "TX"}, "lookup_county finds them"),
        ("lookup_skill", {"skill": "copd", "path": "none"}, "lookup_skill without path"),
        ("find_providers", {"state": "TX", "specialty": "zzz"}, "find_providers without one"),
        ("get_run", {"run_id": "none"}, "list_library with kind cohorts"),
    ],
)
def test_a_name_that_nothing_answers_to_is_told_with_the_call_that_lists_names(
    shared_caller: Caller, tool: str, arguments: dict[str, object], listed_by: str
) -> None:
    refusal = shared_caller.refusal(tool, **arguments)
    assert listed_by in refusal
    assert refusal.count("list_library") <= 1


@pytest.mark.parametrize(("tool", "argument"), [("generate_cohort", "county_fips"), ("lookup_county", "fips")])
def test_a_name_given_for_a_county_code_is_answered_with_the_code(
    shared_caller: Caller, tool: str, argument: str
) -> None:
    refusal = shared_caller.refusal(tool, **{argument: "Cook, IL"})
    assert f"$.{argument}" in refusal
    assert "did you mean 17031 (Cook County, IL)?" in refusal


def test_a_needed_argument_is_asked_for(shared_caller: Caller) -> None:
    refusal = shared_caller.refusal("query_cohort")
    assert refusal == "$.cohort_id: this argument is needed; $.sql: this argument is needed"


def test_an_unknown_tool_is_an_error_of_the_protocol_with_the_nearest_name(shared_caller: Caller) -> None:
    with pytest.raises(MCPError, match="generate_cohort") as caught:
        shared_caller.call("generate_cohorts")
    assert caught.value.code == INVALID_PARAMS


@pytest.mark.parametrize(("given", "fips"), [(48201, "48201"), (1001, "01001"), ("01001", "01001")])
def test_a_county_code_without_its_leading_zero_is_understood(shared_caller: Caller, given: object, fips: str) -> None:
    assert shared_caller.answer("lookup_county", fips=given)["fips"] == fips


def test_whole_numbers_that_came_as_floats_are_understood(shared_caller: Caller) -> None:
    answer = shared_caller.answer("generate_cohort", condition="diabetes", count=3.0, seed=0.0)
    assert (answer["count"], answer["seed"]) == (3, 0)


def test_a_profile_that_came_as_text_is_understood(shared_caller: Caller) -> None:
    answer = shared_caller.answer("explain_profile", profile='{"generation": {"count": 7}}')
    assert answer["count"] == 7


def test_a_text_that_is_no_profile_is_refused(shared_caller: Caller) -> None:
    assert "$.profile" in shared_caller.refusal("explain_profile", profile="diabetics of Texas")

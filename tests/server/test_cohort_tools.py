"""The main job through the tools: generate, summarise, query, explain, look up."""

from pathlib import Path
from typing import Any

import pytest

from healthsim_mcp.replies import HARD_CAP
from healthsim_mcp.sizes import compact, estimated_tokens
from server.calling import Caller, text_of

CONCISE, DETAILED = 500, 5_000
HARRIS: dict[str, Any] = {
    "demographics": {
        "source": "populationsim",
        "reference": {"type": "county", "fips": "48201"},
        "age": {"min": 18},
    },
    "clinical": {
        "primary_condition": {"code": "E11", "prevalence": 1.0},
        "comorbidities": [{"code": "I10", "prevalence": 0.7}, {"code": "E78", "prevalence": 0.5}],
    },
}


@pytest.fixture(scope="module")
def cohort(shared_caller: Caller) -> dict[str, Any]:
    return shared_caller.answer("generate_cohort", profile=HARRIS, count=1000, seed=42, name="harris")


def tokens_of(answer: dict[str, Any]) -> int:
    return estimated_tokens(compact(answer))


def test_a_cohort_is_answered_with_its_handle_and_figures_never_records(cohort: dict[str, Any]) -> None:
    assert (cohort["name"], cohort["count"], cohort["seed"], cohort["existing"]) == ("harris", 1000, 42, False)
    assert cohort["cohort_id"].startswith("co_")
    assert cohort["tables"]["patients"] == 1000
    reached = {condition["code"]: condition["reached"] for condition in cohort["conditions"]}
    assert reached["E11"] == 1.0
    assert abs(reached["I10"] - 0.7) < 0.05
    assert "given_name" not in compact(cohort)


def test_the_same_call_with_the_same_seed_is_the_same_cohort(caller: Caller) -> None:
    first = caller.answer("generate_cohort", condition="diabetes", count=20, seed=7)
    second = caller.answer("generate_cohort", condition="diabetes", count=20, seed=7)
    assert (first["existing"], second["existing"]) == (False, True)
    assert {**first, "existing": True} == second


def test_another_seed_is_another_cohort(caller: Caller) -> None:
    answers = [caller.answer("generate_cohort", condition="diabetes", count=20, seed=seed) for seed in (1, 2)]
    assert answers[0]["cohort_id"] != answers[1]["cohort_id"]
    assert answers[0]["digest"] != answers[1]["digest"]


def test_a_seed_that_is_not_given_is_reported_and_makes_the_cohort_again(caller: Caller) -> None:
    drawn = caller.answer("generate_cohort", condition="diabetes", count=5)
    again = caller.answer("generate_cohort", condition="diabetes", count=5, seed=drawn["seed"])
    assert again["existing"]


def test_the_shorthand_and_a_profile_of_the_same_meaning_agree(caller: Caller) -> None:
    short = caller.answer(
        "generate_cohort", condition="E11", county_fips=48201, min_age=18, max_age=64, count=30, seed=3
    )
    place = {"type": "county", "fips": "48201"}
    profile = {
        "demographics": {"age": {"min": 18, "max": 64}, "reference": place},
        "clinical": {"primary_condition": "E11"},
    }
    long = caller.answer("generate_cohort", profile=profile, count=30, seed=3)
    assert short["digest"] == long["digest"]


def test_a_summary_gives_what_generating_answered(shared_caller: Caller, cohort: dict[str, Any]) -> None:
    summary = shared_caller.answer("get_cohort_summary", cohort_id=cohort["cohort_id"])
    assert {key: value for key, value in summary.items() if key != "score"} == {**cohort, "existing": True}


def test_a_summary_has_the_score(shared_caller: Caller, cohort: dict[str, Any]) -> None:
    score = shared_caller.answer("get_cohort_summary", cohort_id=cohort["cohort_id"])["score"]
    assert score["rules_checked"] > 40
    assert (score["rules_broken"], score["rows_broken"]) == (0, 0)
    assert score["figures_outside"] <= 3


def test_a_cohort_answers_to_its_name(shared_caller: Caller, cohort: dict[str, Any]) -> None:
    assert shared_caller.answer("get_cohort_summary", cohort_id="harris")["cohort_id"] == cohort["cohort_id"]


def test_a_detailed_summary_has_a_few_rows_of_each_table(shared_caller: Caller, cohort: dict[str, Any]) -> None:
    summary = shared_caller.answer("get_cohort_summary", cohort_id=cohort["cohort_id"], detail="detailed")
    assert set(summary["samples"]) == set(cohort["tables"])
    assert tokens_of(summary) <= DETAILED


def test_a_query_is_answered_with_columns_and_rows(shared_caller: Caller, cohort: dict[str, Any]) -> None:
    sql = "SELECT gender, count(*) AS people FROM patients GROUP BY gender ORDER BY gender"
    answer = shared_caller.answer("query_cohort", cohort_id=cohort["cohort_id"], sql=sql)
    assert answer["columns"] == ["gender", "people"]
    assert [row[0] for row in answer["rows"]] == ["F", "M"]
    assert sum(row[1] for row in answer["rows"]) == 1000
    assert (answer["total"], answer["truncated"]) == (2, False)


def test_the_cursor_leads_through_every_row_once(shared_caller: Caller, cohort: dict[str, Any]) -> None:
    sql = "SELECT person_id, address_line, city FROM patients WHERE person_id <= 50 ORDER BY person_id"
    seen: list[int] = []
    cursor: dict[str, str] = {}
    while True:
        page = shared_caller.answer("query_cohort", cohort_id=cohort["cohort_id"], sql=sql, **cursor)
        seen += [row[0] for row in page["rows"]]
        assert page["total"] == 50
        if not page["truncated"]:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == list(range(1, 51))


def test_a_limit_is_kept(shared_caller: Caller, cohort: dict[str, Any]) -> None:
    sql = "SELECT person_id FROM patients"
    page = shared_caller.answer("query_cohort", cohort_id=cohort["cohort_id"], sql=sql, limit=3)
    assert len(page["rows"]) == 3
    assert page["next_cursor"] == "3"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM patients",
        "SELECT person_id FROM patients",
        "SELECT repeat('x', 1000000) FROM patients",
        f"SELECT {', '.join(['repeat(chr(97), 5000)'] * 20)} FROM patients",  # noqa: S608 - written here
    ],
)
def test_an_answer_that_nobody_asked_to_be_long_is_short(
    shared_caller: Caller, cohort: dict[str, Any], sql: str
) -> None:
    answer = shared_caller.answer("query_cohort", cohort_id=cohort["cohort_id"], sql=sql)
    assert tokens_of(answer) <= CONCISE
    assert answer["rows"]
    assert answer["truncated"]


@pytest.mark.parametrize("columns", [1, 40, 150])
def test_no_answer_exceeds_the_hard_cap(shared_caller: Caller, cohort: dict[str, Any], columns: int) -> None:
    cells = ", ".join(f"repeat('\u4e2d', 500) AS column_{column}" for column in range(columns))
    sql = f"SELECT {cells} FROM diagnoses"  # noqa: S608 - written above
    result = shared_caller.call("query_cohort", cohort_id=cohort["cohort_id"], sql=sql, limit=200)
    assert not result.is_error
    assert len(text_of(result)) <= HARD_CAP


@pytest.mark.parametrize("sql", ["DROP TABLE patients", "SELECT 1; SELECT 2", "SELECT * FROM read_csv('/etc/passwd')"])
def test_anything_but_one_select_over_the_cohort_is_refused(
    shared_caller: Caller, cohort: dict[str, Any], sql: str
) -> None:
    assert "$.sql" in shared_caller.refusal("query_cohort", cohort_id=cohort["cohort_id"], sql=sql)


def test_whole_numbers_of_any_size_and_odd_values_are_answered_alike_in_text_and_structure(
    shared_caller: Caller, cohort: dict[str, Any]
) -> None:
    sql = (
        "SELECT 170141183460469231731687303715884105727::HUGEINT, 'nan'::DOUBLE, DATE '2025-01-01', INTERVAL 1 DAY, "
        "[1, 2], {'a': 1}, NULL, 'x'::BLOB, 1.10::DECIMAL(4, 2), chr(0), '\U0001f600'"
    )
    (row,) = shared_caller.answer("query_cohort", cohort_id=cohort["cohort_id"], sql=sql)["rows"]
    assert row[0] == 2**127 - 1
    assert row[1:3] == [None, "2025-01-01"]
    assert row[9:] == ["", "\U0001f600"]


def test_explaining_draws_nobody_and_tells_what_would_be_generated(caller: Caller, workspace: Path) -> None:
    answer = caller.answer("explain_profile", profile=HARRIS)
    assert answer["estimated_rows"]["patients"] == 100
    assert {condition["code"]: condition["expected"] for condition in answer["conditions"]}["I10"] == 0.7
    assert any("PLACES" in source for source in answer["sources"])
    assert not workspace.exists()


def test_an_explained_profile_promises_the_handle_that_generating_gives(caller: Caller) -> None:
    profile = {**HARRIS, "generation": {"count": 10, "seed": 1}}
    explained = caller.answer("explain_profile", profile=profile)
    assert caller.answer("generate_cohort", profile=profile)["cohort_id"] == explained["cohort_id"]


def test_a_county_is_the_same_by_code_and_by_name(shared_caller: Caller) -> None:
    by_code = shared_caller.answer("lookup_county", fips="48201")
    assert shared_caller.answer("lookup_county", name="Harris", state="TX") == by_code
    assert (by_code["name"], by_code["state"]) == ("Harris County", "TX")


def test_a_county_has_its_figures_under_their_source_and_year(shared_caller: Caller) -> None:
    answer = shared_caller.answer("lookup_county", fips="48201")
    groups = {key: figures for key, figures in answer.items() if key.startswith("percent")}
    assert all("2022" in source for source in groups)
    assert any("DIABETES" in figures for figures in groups.values())
    assert any("EP_AGE65" in figures for figures in groups.values())


def test_a_figure_that_is_the_states_says_so(shared_caller: Caller) -> None:
    assert any("figure of Alabama" in key for key in shared_caller.answer("lookup_county", fips="01001"))


def test_a_state_alone_is_answered(shared_caller: Caller) -> None:
    assert shared_caller.answer("lookup_county", state="TX")["name"] == "Texas"


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("generate_cohort", {"profile": HARRIS, "count": 1000, "seed": 42}),
        ("generate_cohort", {"count": 10}),
        ("get_cohort_summary", {"cohort_id": "harris"}),
        ("explain_profile", {"profile": HARRIS}),
        ("explain_profile", {"profile": {}}),
        ("lookup_county", {"fips": "48201"}),
        ("lookup_county", {"fips": "01001"}),
        ("lookup_county", {"state": "TX"}),
    ],
)
@pytest.mark.usefixtures("cohort")
def test_a_reply_that_nobody_asked_to_be_long_is_short(
    shared_caller: Caller, tool: str, arguments: dict[str, Any]
) -> None:
    answer = shared_caller.answer(tool, **arguments)
    assert tokens_of(answer) <= CONCISE
    assert "left_out" not in answer

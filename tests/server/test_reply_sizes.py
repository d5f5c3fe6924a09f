"""How replies are measured and shortened."""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from healthsim.content import content_directory
from healthsim_mcp.sizes import CONCISE_TOKENS, compact, estimated_tokens, shortened
from healthsim_mcp.tools.summaries import brief
from server.counting import tokens_of

MOST_OF_A_SUMMARY = 500

# Counted with the o200k vocabulary.
MEASURED = [
    ('{"fips":"48201","name":"Harris County","state":"TX","population":4726177}', 23),
    ('{"ACCESS2":32.0,"ARTHRITIS":19.0,"BINGE":18.2,"BPHIGH":30.7,"BPMED":69.6}', 42),
    ('{"code":"E11","name":"Type 2 diabetes mellitus","among":"all","asked":1.0,"reached":1.0}', 31),
    ('[1,"P0000000001","9343470017","Timothy","Harris","1960-06-01","M","White"]', 31),
    ('{"columns":["gender","people"],"rows":[["F",463],["M",537]],"total":2,"truncated":false}', 30),
]


@pytest.mark.parametrize(("text", "tokens"), MEASURED)
def test_the_estimate_is_near_the_tokens_counted(text: str, tokens: int) -> None:
    assert estimated_tokens(text) == pytest.approx(tokens, rel=0.15)


def test_an_answer_that_fits_is_left_alone() -> None:
    answer = {"rows": [1, 2, 3]}
    assert shortened(answer, ("rows",), 100, "") == answer


def test_what_is_left_out_is_told_with_the_way_to_it() -> None:
    answer: dict[str, Any] = {"head": "x", "minor": list(range(1000)), "major": {str(key): key for key in range(10)}}
    shorter = shortened(answer, ("minor", "major"), 200, "ask for it")
    assert estimated_tokens(compact(shorter)) <= 200
    assert shorter["major"] == answer["major"]
    assert shorter["left_out"] == {"minor": 1000 - len(shorter["minor"]), "hint": "ask for it"}
    assert len(answer["minor"]) == 1000


class Answering:
    """Answers whatever is asked of a cohort with dates or arms of a million people."""

    def query(self, _cohort_id: str, sql: str, *, limit: int = 100) -> SimpleNamespace:
        if "FROM subjects" in sql:
            return SimpleNamespace(
                rows=[[f"Compound {number} {number * 10} mg", 123_456] for number in range(8)][:limit]
            )
        if "total_cost" in sql:
            return SimpleNamespace(rows=[[23_456_789, 1_234_567_890.12, 234_567_890.34, 999_999_999.78, 0.0678]])
        tables = re.findall(r"SELECT '(\w+)'", sql)
        return SimpleNamespace(rows=[[table, "1931-01-02", "2026-12-31"] for table in tables])


def summary_of(tables: list[str], conditions: int) -> dict[str, Any]:
    """Make up the summary of a cohort of a million people."""
    condition = {"name": "A condition with a long name", "asked": 0.5, "expected": 0.5123, "reached": 0.5123}
    shares = {"white": 0.5123, "black": 0.1234, "asian": 0.0612, "aian": 0.0134, "nhpi": 0.0021, "other": 0.1012}
    return {
        "cohort_id": "co_utnj7af5wggtn4ge",
        "name": "x" * 60,
        "products": ["patientsim", "membersim", "rxmembersim", "trialsim"],
        "count": 1_000_000,
        "seed": 9_223_372_036_854_775_807,
        "digest": "1821a929797dc4f78301eda4f99fda26",
        "as_of": "2025-01-01",
        "existing": False,
        "tables": dict.fromkeys(tables, 123_456_789),
        "demographics": {
            "age": {
                "mean": 44.4,
                "min": 0,
                "max": 110,
                "bands": {"0-17": 0.2123, "18-44": 0.3456, "45-64": 0.2345, "65-84": 0.1678, "85-110": 0.0398},
            },
            "gender": {"F": 0.5123, "M": 0.4877},
            "race": shares,
            "ethnicity": {"hispanic": 0.2456, "not_hispanic": 0.7544},
        },
        "conditions": [{**condition, "code": f"E{number}", "among": "all"} for number in range(conditions)]
        + [{**condition, "code": f"F{number}", "among": "adults"} for number in range(conditions)],
        "claims": {
            "submissions": 123_456_789,
            "billed": 98_765_432_109.87,
            "allowed": 45_678_901_234.56,
            "paid": 34_567_890_123.45,
            "denied_at_first": 0.1517,
        },
        "score": dict.fromkeys(
            ("rules_checked", "rules_broken", "rows_broken", "figures_compared", "figures_outside"), 123
        ),
        "notes": ["a note " * 100] * 10,
    }


@pytest.mark.parametrize(
    ("left_out", "conditions", "shown"), [("score", 0, 20), ("score", 1, 20), ("", 3, 12), ("", 60, 12)]
)
def test_a_million_people_with_every_table_there_is_are_summarised_within_500_tokens(
    left_out: str, conditions: int, shown: int
) -> None:
    tables = sorted(path.stem for path in (content_directory("schemas") / "tables").glob("*.json"))
    summary = {key: part for key, part in summary_of(tables, conditions).items() if key != left_out}
    answer = brief(summary, Answering())
    assert tokens_of(compact(answer)) <= MOST_OF_A_SUMMARY
    assert len(answer["tables"]) >= shown
    assert len(answer["tables"]) + answer["left_out"].get("tables", 0) == len(tables)
    assert {"age", "gender"} <= answer["demographics"].keys()
    assert {"claims", "pharmacy", "next"} <= answer.keys()


def test_a_summary_with_more_than_there_is_room_for_says_what_is_left_out() -> None:
    answer = brief(summary_of([f"table_{number}" for number in range(60)], 60), Answering())
    assert estimated_tokens(compact(answer)) <= CONCISE_TOKENS
    assert set(answer["left_out"]) >= {"conditions", "other_prevalence_among_adults", "hint"}


def test_conditions_asked_for_are_the_last_to_be_left_out() -> None:
    answer = brief(summary_of(["patients", "claims", "pharmacy_claims", "subjects"], 2), Answering())
    assert [condition["code"] for condition in answer["conditions"]] == ["E0", "E1"]

"""How replies are measured and shortened."""

from typing import Any

import pytest

from healthsim_mcp.sizes import CONCISE_TOKENS, compact, estimated_tokens, shortened
from healthsim_mcp.tools.summaries import brief

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


def test_a_summary_of_many_tables_and_conditions_is_short() -> None:
    condition = {"name": "A condition with a long name", "asked": 0.5, "expected": 0.5, "reached": 0.5}
    summary: dict[str, Any] = {
        **dict.fromkeys(("cohort_id", "name", "count", "seed", "digest", "as_of", "existing", "demographics"), 1),
        "tables": {f"table_{number}": 1_000_000_000 for number in range(60)},
        "conditions": [{**condition, "code": f"E{number}", "among": "all"} for number in range(60)]
        + [{**condition, "code": f"F{number}", "among": "adults"} for number in range(60)],
        "notes": ["a note " * 100] * 10,
    }
    answer = brief(summary)
    assert estimated_tokens(compact(answer)) <= CONCISE_TOKENS
    assert set(answer["left_out"]) >= {"conditions", "other_prevalence_among_adults", "hint"}

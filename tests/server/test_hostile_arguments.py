"""Whatever arrives as arguments: an answer or a short refusal, never a breakdown."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from healthsim.errors import InvalidInputError
from healthsim_mcp.call import Call
from healthsim_mcp.replies import HARD_CAP
from healthsim_mcp.runs import Runs
from healthsim_mcp.settings import Settings
from healthsim_mcp.tools.profiles import explain_profile
from healthsim_mcp.validation import checked, tool_schema
from server.calling import Caller, text_of

LONGEST_ERROR = 600
TOOLS = ["generate_cohort", "explain_profile", "lookup_county", "get_cohort_summary", "query_cohort"]

# Counts stay small so that whatever is accepted is made in a moment.
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-2, 120)
    | st.sampled_from([2**31, 2**63, 2**64, -(2**63), 10**30])
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(
        ["48201", "TX", "E11", "diabetes", "concise", "0", "SELECT 1", "SELECT * FROM patients", "\ud800"]
    )
)
anything = st.recursive(
    leaves,
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=8), part, max_size=3),
    max_leaves=8,
)
counts = st.integers(-1, 40) | st.text(max_size=3) | st.none() | st.floats(-5, 40)
shares = st.floats() | st.integers(-1, 2) | st.none()
ages = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("type", "min", "max", "mean", "std_dev", "weights", "value", "bands"), leaves)
)
conditions = st.fixed_dictionaries({}, optional={"code": leaves, "name": leaves, "prevalence": shares, "extra": leaves})
profiles = anything | st.fixed_dictionaries(
    {"generation": st.fixed_dictionaries({"count": counts}, optional={"seed": leaves})},
    optional={
        "id": leaves,
        "products": anything,
        "as_of": leaves,
        "demographics": anything
        | st.fixed_dictionaries({}, optional={"age": ages, "gender": anything, "race": anything}),
        "clinical": anything
        | st.fixed_dictionaries({}, optional={"primary_condition": conditions, "comorbidities": st.lists(conditions)}),
        "coverage": anything,
        "surplus": anything,
    },
)


def arguments_of(tool: str) -> st.SearchStrategy[dict[str, Any]]:
    by_name = {"profile": profiles | profiles.map(repr), "count": counts}
    named = {name: by_name.get(name, leaves | anything) for name in tool_schema(tool)["properties"]}
    return st.fixed_dictionaries({}, optional={**named, "surplus": anything})


def check(caller: Caller, tool: str, arguments: dict[str, Any]) -> None:
    result = caller.call(tool, **arguments)
    text = text_of(result)
    assert len(text) <= HARD_CAP
    assert "Traceback" not in text
    if result.is_error:
        assert len(text) <= LONGEST_ERROR
        assert "internal error" not in text
    else:
        assert json.loads(text) == result.structured_content


@pytest.mark.parametrize("tool", TOOLS)
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(drawn=st.data())
def test_whatever_the_arguments_are_the_reply_is_an_answer_or_a_short_refusal(
    shared_caller: Caller, tool: str, drawn: st.DataObject
) -> None:
    check(shared_caller, tool, drawn.draw(arguments_of(tool)))


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(profile=profiles)
def test_whatever_the_profile_is_the_reply_is_an_explanation_or_a_short_refusal(
    shared_caller: Caller, profile: object
) -> None:
    check(shared_caller, "explain_profile", {"profile": profile})


@pytest.mark.parametrize("levels", [100, 10_000])
def test_arguments_nested_beyond_measure_are_refused(levels: int) -> None:
    nested: dict[str, Any] = {}
    for _ in range(levels):
        nested = {"id": nested}
    with pytest.raises(InvalidInputError, match="deep"):
        explain_profile(checked("explain_profile", {"profile": nested}), Call(Settings(), Runs()))


@pytest.mark.parametrize("text", ["\ud800", "a\udfff"])
def test_text_that_is_not_unicode_is_refused(shared_caller: Caller, text: str) -> None:
    assert "Unicode" in shared_caller.refusal("generate_cohort", name=text, count=1)

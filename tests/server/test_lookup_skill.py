"""The tool that looks clinical knowledge up."""

import pytest

from healthsim_mcp.sizes import CONCISE_TOKENS, compact, estimated_tokens
from server.calling import Caller


def test_an_outline_names_paths_each_of_which_leads_somewhere(shared_caller: Caller) -> None:
    outline = shared_caller.answer("lookup_skill", condition="diabetes")
    paths = outline["conditions"][0]["paths"]
    assert "monitoring.labs.hba1c" in paths
    assert "medications.metformin" in paths
    for path in paths:
        found = shared_caller.answer("lookup_skill", skill=outline["skill"], path=path)
        assert found["value"] is not None or found["paths"]
        assert estimated_tokens(compact(found)) <= CONCISE_TOKENS


def test_a_value_comes_with_its_source(shared_caller: Caller) -> None:
    found = shared_caller.answer("lookup_skill", condition="E11", path="monitoring.labs.hba1c.loinc")
    assert found["value"] == "4548-4"
    assert "American Diabetes Association" in found["source"]


@pytest.mark.parametrize("skill", ["copd", "diabetes-management", "cancer"])
def test_the_outline_of_a_skill_is_short(shared_caller: Caller, skill: str) -> None:
    assert estimated_tokens(compact(shared_caller.answer("lookup_skill", skill=skill))) <= CONCISE_TOKENS


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ({"skill": "diabetes-managment"}, "diabetes-management"),
        ({"condition": "diabetis"}, "diabetes"),
        ({"skill": "copd", "path": "monitoring.labs.fev"}, "fev1"),
        ({"skill": "copd", "condition": "diabetes"}, "diabetes-management"),
        ({"path": "monitoring"}, "neither a skill nor a condition"),
        ({"skil": "copd"}, "skill"),
    ],
)
def test_a_wrong_name_is_told_with_the_nearest(shared_caller: Caller, arguments: dict[str, str], hint: str) -> None:
    assert hint in shared_caller.refusal("lookup_skill", **arguments)

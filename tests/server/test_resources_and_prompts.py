"""Resources, prompts and completions: extras for the clients that know them."""

import json
from typing import Any

import pytest
from mcp.shared.exceptions import MCPError
from mcp.types import PromptReference, ResourceTemplateReference, TextContent, TextResourceContents

from healthsim_mcp.prompts import STORIES
from healthsim_mcp.replies import cleaned
from healthsim_mcp.resources import LONGEST
from server.calling import Caller


def read(caller: Caller, uri: str) -> dict[str, Any]:
    (content,) = caller.portal.call(caller.client.read_resource, uri).contents
    assert isinstance(content, TextResourceContents)
    assert content.uri == uri
    document: dict[str, Any] = json.loads(content.text)
    return document


def completed(
    caller: Caller, reference: PromptReference | ResourceTemplateReference, name: str, typed: str
) -> list[str]:
    return caller.portal.call(caller.client.complete, reference, {"name": name, "value": typed}).completion.values


def test_every_listed_resource_can_be_read_and_is_bounded(shared_caller: Caller) -> None:
    listed = shared_caller.portal.call(shared_caller.client.list_resources).resources
    assert len(listed) > 15
    for resource in listed:
        assert len(json.dumps(read(shared_caller, resource.uri))) <= LONGEST * 1.2


def test_a_skill_a_schema_a_table_and_a_cohort_are_documents(shared_caller: Caller) -> None:
    assert read(shared_caller, "healthsim://skills/copd")["conditions"][0]["id"] == "copd"
    assert read(shared_caller, "healthsim://schemas/profile")["title"]
    assert "person_id" in json.dumps(read(shared_caller, "healthsim://schemas/patients"))
    made = shared_caller.answer("generate_cohort", condition="copd", count=5, seed=1, name="five smokers")
    assert read(shared_caller, f"healthsim://cohorts/{made['cohort_id']}")["digest"] == made["digest"]
    assert read(shared_caller, "healthsim://cohorts/five%20smokers")["digest"] == made["digest"]


@pytest.mark.parametrize(
    ("uri", "hint"),
    [
        ("healthsim://skills/cop", "copd"),
        ("healthsim://schemas/profil", "profile"),
        ("healthsim://cohorts/co_none", "no"),
        ("healthsim://skill/copd", "healthsim://skills/{name}"),
        ("healthsim://skills/../../etc/passwd", "no"),
        ("file:///etc/passwd", "no such resource"),
    ],
)
def test_an_unknown_resource_names_what_there_is(shared_caller: Caller, uri: str, hint: str) -> None:
    with pytest.raises(MCPError) as error:
        read(shared_caller, uri)
    assert hint in str(error.value)
    assert "root:" not in str(error.value)


def test_every_kind_of_resource_has_a_template(shared_caller: Caller) -> None:
    templates = shared_caller.portal.call(shared_caller.client.list_resource_templates).resource_templates
    assert {template.uri_template.split("/")[2] for template in templates} == {
        "skills",
        "schemas",
        "profiles",
        "cohorts",
    }


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_prompt_names_tools_that_exist_and_takes_its_arguments(shared_caller: Caller, story: Any) -> None:  # noqa: ANN401 - parametrised
    given = {argument: f"<{argument}>" for argument in story.arguments}
    result = shared_caller.portal.call(shared_caller.client.get_prompt, story.name, given)
    content = result.messages[0].content
    assert isinstance(content, TextContent)
    assert all(value in content.text for value in given.values())
    assert any(tool in content.text for tool in shared_caller.tools())
    default = shared_caller.portal.call(shared_caller.client.get_prompt, story.name, {}).messages[0].content
    assert isinstance(default, TextContent)
    assert "{" not in default.text


def test_an_unknown_prompt_or_argument_is_an_error_that_names_the_nearest(shared_caller: Caller) -> None:
    for name, arguments, hint in (
        ("county_cohorts", {}, "county_cohort"),
        ("county_cohort", {"counties": "Harris"}, "county"),
        ("county_cohort", {"county": "x" * 1000}, "at most"),
    ):
        with pytest.raises(MCPError, match=hint):
            shared_caller.portal.call(shared_caller.client.get_prompt, name, arguments)


def test_names_are_completed_those_that_begin_so_first(shared_caller: Caller) -> None:
    skills = ResourceTemplateReference(type="ref/resource", uri="healthsim://skills/{name}")
    assert completed(shared_caller, skills, "name", "co")[:2] == ["copd", "coronary-artery-disease"]
    story = PromptReference(type="ref/prompt", name="county_cohort")
    assert "t2dm" in completed(shared_caller, story, "condition", "t2")
    assert "E11" in completed(shared_caller, story, "condition", "e1")
    assert completed(shared_caller, story, "count", "1") == []


def test_counties_are_completed_by_name_the_largest_first_and_by_code(shared_caller: Caller) -> None:
    story = PromptReference(type="ref/prompt", name="county_cohort")
    assert completed(shared_caller, story, "county", "harris")[0] == "Harris County, TX"
    assert completed(shared_caller, story, "county", "4820")[:2] == ["48201", "48209"]
    assert completed(shared_caller, story, "county", "cook county, i") == ["Cook County, IL"]


def test_journeys_are_completed_the_saved_ones_too(caller: Caller) -> None:
    journey = {"id": "check", "events": [{"id": "visit", "event_type": "encounter"}]}
    caller.answer("save_journey", name="diabetic-check", journey=journey)
    story = PromptReference(type="ref/prompt", name="care_journey")
    assert {"diabetic-check", "diabetic-year-one"} <= set(completed(caller, story, "journey", "diabetic"))


def test_a_saved_profile_is_a_document_and_its_name_is_completed(caller: Caller) -> None:
    profile = {"generation": {"count": 3}, "clinical": {"primary_condition": {"code": "E11"}}}
    caller.answer("save_profile", name="harris diabetics", profile=profile, tags=["texas"])
    document = read(caller, "healthsim://profiles/harris%20diabetics")
    assert (document["profile"], document["tags"]) == (profile, ["texas"])
    names = ResourceTemplateReference(type="ref/resource", uri="healthsim://profiles/{name}")
    assert completed(caller, names, "name", "har") == ["harris diabetics"]
    with pytest.raises(MCPError, match="harris diabetics"):
        read(caller, "healthsim://profiles/haris%20diabetics")


def test_cohorts_and_payers_are_completed(caller: Caller) -> None:
    made = caller.answer("generate_cohort", condition="copd", count=3, seed=1)
    cohorts = ResourceTemplateReference(type="ref/resource", uri="healthsim://cohorts/{id}")
    assert completed(caller, cohorts, "id", "co_") == [made["cohort_id"]]
    assert completed(caller, PromptReference(type="ref/prompt", name="test_claims"), "payer", "medi") == [
        "medicare",
        "medicaid",
    ]


def test_the_profile_that_the_prompt_for_claims_describes_can_be_generated(caller: Caller) -> None:
    profile = {
        "products": ["patientsim", "membersim"],
        "demographics": {"reference": {"type": "county", "fips": "48201"}, "age": {"min": 65}},
        "clinical": {"primary_condition": "diabetes"},
        "utilization": "realistic",
        "coverage": {"payer_mix": {"medicare": 1}},
    }
    assert caller.answer("generate_cohort", profile=profile, count=5, seed=42)["claims"]["submissions"] > 0


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("abc\u202edef", "abcdef"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("\U000e0041\U000e0042hidden", "hidden"),
        ("naïve Ñandú 名", "naïve Ñandú 名"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
    ],
)
def test_texts_lose_what_is_obeyed_but_not_seen(text: str, shown: str) -> None:
    assert cleaned({"key": [text]}) == {"key": [shown]}

"""Profiles: what is accepted means what it says, and whatever is wrong is told at once with its path."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthsim.errors import InvalidProfileError
from healthsim.spec import Categorical, Normal, Population, Profile, parse_profile, profile_document
from samples import DIABETICS, MIXED


def problems(document: Any) -> dict[str, str]:  # noqa: ANN401 - whatever is wrong
    with pytest.raises(InvalidProfileError) as caught:
        parse_profile(document)
    return {problem.path: str(problem) for problem in caught.value.problems}


def test_products_are_known_whatever_their_case() -> None:
    assert parse_profile({"product": " MemberSim"}).products == ("membersim",)
    assert parse_profile({"products": ["PatientSim", "TRIALSIM"]}).products == ("patientsim", "trialsim")


def test_an_empty_profile_is_a_hundred_people() -> None:
    profile = parse_profile({})
    assert profile == Profile()
    assert profile.generation.count == 100
    assert profile.as_of.isoformat() == "2025-01-01"
    assert profile.products == ("patientsim",)


def test_nested_flat_text_and_file_are_the_same(tmp_path: Path) -> None:
    path = tmp_path / "profile.json"
    path.write_text(json.dumps({"profile": MIXED}), encoding="utf-8")
    forms = [MIXED, {"profile": MIXED}, json.dumps(MIXED), path, parse_profile(MIXED)]
    assert len({json.dumps(profile_document(parse_profile(form))) for form in forms}) == 1


def test_shorthands_mean_the_full_forms() -> None:
    short = parse_profile(
        {
            "product": "patientsim",
            "demographics": {
                "age": {"mean": 60, "std_dev": 5},
                "gender": {"male": 48, "Female": 52},
                "reference": {"fips": 1001},
            },
            "clinical": {"primary_condition": "e119", "comorbidities": ["high blood pressure"]},
        }
    )
    assert short.demographics.age == Normal(mean=60, std_dev=5)
    assert short.demographics.gender == Categorical(weights={"M": 0.48, "F": 0.52})
    assert short.demographics.source == "populationsim"
    assert short.demographics.reference is not None
    assert short.demographics.reference.fips == "01001"
    assert short.demographics.reference.type == "county"
    assert short.clinical.primary_condition is not None
    assert short.clinical.primary_condition.code == "E11.9"
    assert short.clinical.comorbidities[0].name == "high blood pressure"
    assert parse_profile({"demographics": {"age": {"min": 18}}}).demographics.age == Population(min=18)


def test_sections_that_are_placeholders_count_as_left_out() -> None:
    placeholders = {name: {...} for name in ("demographics", "clinical", "coverage", "pharmacy", "trial")}
    assert parse_profile({"profile": placeholders}) == Profile()
    assert parse_profile({"coverage": {}, "trial": None, "clinical": {}}) == Profile()


def test_every_problem_is_told_at_once() -> None:
    found = problems(
        {
            "idd": "x",
            "generation": {"count": 0, "sed": 1},
            "demographics": {
                "age": {"type": "normal", "mean": 50, "std_dev": 5, "min": 80, "max": 20},
                "gender": {"male": 0.5, "female": 0.6},
                "race": "hispanic",
            },
            "clinical": {"comorbidities": [{"code": "E11", "prevalence": 1.2}]},
            "coverage": {"plan": "HMO"},
        }
    )
    assert "did you mean id" in found["$.idd"]
    assert "did you mean seed" in found["$.generation.sed"]
    assert "received 0" in found["$.generation.count"]
    assert "min 80 is above max 20" in found["$.demographics.age"]
    assert "a sum of 1.1" in found["$.demographics.gender.weights"]
    assert "demographics.ethnicity" in found["$.demographics.race.value"]
    assert "received 1.2" in found["$.clinical.comorbidities[0].prevalence"]
    assert "membersim" in found["$.coverage"]


@pytest.mark.parametrize(
    ("document", "path", "told"),
    [
        ({"generation": {"count": "10"}}, "$.generation.count", "received '10'"),
        ({"generation": {"count": True}}, "$.generation.count", "received True"),
        ({"generation": {"count": 2.5}}, "$.generation.count", "received 2.5"),
        ({"generation": {"count": 10**18}}, "$.generation.count", "less than or equal to 100000000"),
        ({"generation": {"seed": -1}}, "$.generation.seed", "greater than or equal to 0"),
        ({"generation": []}, "$.generation", "received []"),
        ({"products": ["membrsim"]}, "$.products[0]", "did you mean membersim"),
        ({"product": "trialsim", "trial": {"siets": 3}}, "$.trial.siets", "did you mean sites"),
        ({"product": "trialsim", "trial": {"phase": 3}}, "$.trial.phase", "known are protocol, sites"),
        ({"as_of": "yesterday"}, "$.as_of", "received 'yesterday'"),
        ({"demographics": {"agee": 5}}, "$.demographics.agee", "did you mean age"),
        ({"demographics": {"age": {"type": "norml"}}}, "$.demographics.age.type", "did you mean normal"),
        ({"demographics": {"age": {"type": "normal", "mean": 5}}}, "$.demographics.age.std_dev", "needed"),
        ({"demographics": {"age": {"type": "normal", "mean": "5", "std_dev": 1}}}, "$.demographics.age.mean", "'5'"),
        (
            {"demographics": {"age": {"type": "normal", "mean": 20, "std_dev": 1, "min": 90}}},
            "$.demographics.age",
            "nobody",
        ),
        ({"demographics": {"age": 200}}, "$.demographics.age.value", "from 0 to 110"),
        ({"demographics": {"age": "old"}}, "$.demographics.age.value", "from 0 to 110"),
        (
            {"demographics": {"age": {"type": "uniform", "min": 20.2, "max": 20.8}}},
            "$.demographics.age",
            "no completed year",
        ),
        ({"demographics": {"age": {"0-17": 0.5, "10-20": 0.5}}}, "$.demographics.age.bands", "overlap"),
        ({"demographics": {"age": {"type": "age_bands", "bands": {"old": 1}}}}, "$.demographics.age.bands", "18-64"),
        ({"demographics": {"gender": "femle"}}, "$.demographics.gender.value", "female"),
        (
            {"demographics": {"gender": {"type": "normal", "mean": 1, "std_dev": 1}}},
            "$.demographics.gender.type",
            "categories",
        ),
        ({"demographics": {"reference": {"type": "county"}}}, "$.demographics.reference", "48201"),
        ({"demographics": {"reference": {"type": "contry"}}}, "$.demographics.reference.type", "did you mean county"),
        ({"clinical": {"primary_condition": {"prevalence": 0.5}}}, "$.clinical.primary_condition", "needs its code"),
        ({"clinical": {"comorbidities": ["I10"]}}, "$.clinical.comorbidities", "primary condition"),
        ({"clinical": {"conditions": ["I10", "i10"]}}, "$.clinical.conditions[1]", "same condition"),
        ({"pharmacy": {"adherence": 0.9}}, "$.pharmacy", "rxmembersim"),
        ("{", "$", "line 1, column 2"),
        ("[]", "$", "JSON object"),
        (json.dumps({"id": "x" * 2_000_000}), "$", "characters"),
        ({"profile": 3}, "$.profile", "JSON object"),
    ],
    ids=str,
)
def test_a_problem_is_told_with_its_path(document: Any, path: str, told: str) -> None:  # noqa: ANN401 - any
    found = problems(document)
    assert list(found) == [path]
    assert told in found[path]


def test_deep_nesting_is_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"not": deep}
    assert list(problems({"demographics": {"age": deep}})) == ["$"]
    assert list(problems('{"a":' * 100_000)) == ["$"]


@pytest.mark.parametrize(
    "rules",
    [
        {"age": {"if": {"attribute": "age", "operator": "gt", "value": 3}, "then": 5}},
        {"age": {"if": {"attribute": "agee", "operator": "gt", "value": 3}, "then": 5}},
        {"age": {"if": {"attribute": "gender", "operator": "gt", "value": "F"}, "then": 5}},
        {"age": {"if": {"attribute": "gender", "operator": "eq", "value": "femle"}, "then": 5}},
        {"gender": {"if": {"attribute": "age", "operator": "gt", "value": "old"}, "then": "F"}},
        {"gender": {"if": {"attribute": "age", "operator": "over", "value": 3}, "then": "F"}},
    ],
    ids=str,
)
def test_a_rule_that_cannot_be_is_told(rules: dict[str, Any]) -> None:
    ((attribute, rule),) = rules.items()
    otherwise = 9 if attribute == "age" else "M"
    found = problems({"demographics": {attribute: {"type": "conditional", "rules": [rule], "else": otherwise}}})
    assert all(path.startswith(f"$.demographics.{attribute}.rules[0].if") for path in found)


def test_attributes_conditional_on_each_other_are_told() -> None:
    by_gender = {"if": {"attribute": "gender", "operator": "eq", "value": "F"}, "then": 40}
    by_age = {"if": {"attribute": "age", "operator": "lt", "value": 50}, "then": "F"}
    found = problems(
        {
            "demographics": {
                "age": {"type": "conditional", "rules": [by_gender], "else": 60},
                "gender": {"type": "conditional", "rules": [by_age], "else": "M"},
            }
        }
    )
    assert list(found) == ["$.demographics.age", "$.demographics.gender"]


@pytest.mark.parametrize("profile", [DIABETICS, MIXED, {}], ids=lambda profile: profile.get("id", "empty"))
def test_writing_and_reading_gives_the_same_profile(profile: dict[str, Any]) -> None:
    read = parse_profile(profile)
    assert parse_profile(json.dumps(profile_document(read))) == read


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["id", "product", "products", "as_of", "generation", "demographics", "clinical", "trial", "providers"]
)
INNER = st.sampled_from(
    ["count", "seed", "age", "gender", "race", "reference", "type", "mean", "min", "max", "weights", "values", "rules",
     "primary_condition", "comorbidities", "conditions", "code", "prevalence", "fips", "state", "value", "bands",
     "else"]
)  # fmt: skip
NESTED = st.recursive(
    JSON, lambda inner: st.dictionaries(INNER, inner, max_size=4) | st.lists(inner, max_size=3), max_leaves=12
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(KEYS, NESTED, max_size=4))
def test_whatever_is_asked_gives_a_profile_or_problems(document: dict[str, Any]) -> None:
    try:
        read = parse_profile(document)
    except InvalidProfileError as error:
        assert error.problems, document  # noqa: PT017 - most documents are refused, some are not
        assert all(problem.path.startswith("$") for problem in error.problems)  # noqa: PT017 - as above
        return
    assert parse_profile(profile_document(read)) == read

"""Conditions answer to their names, aliases and codes; the unknown is told with the nearest."""

import pytest

from healthsim.errors import NotFoundError
from healthsim.skills import skill_library


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("diabetes", "type_2_diabetes"),
        ("type2_diabetes", "type_2_diabetes"),
        ("Type 2 Diabetes Mellitus", "type_2_diabetes"),
        ("T2DM", "type_2_diabetes"),
        ("E11", "type_2_diabetes"),
        ("e11.65", "type_2_diabetes"),
        ("E1165", "type_2_diabetes"),
        ("ckd", "chronic_kidney_disease"),
        ("renal_disease", "chronic_kidney_disease"),
        ("hf", "heart_failure"),
        ("chf", "heart_failure"),
        ("htn", "hypertension"),
        ("high blood pressure", "hypertension"),
        ("copd", "copd"),
        ("F33.1", "depression"),
        ("Z86.73", "stroke"),
    ],
)
def test_a_condition_answers_to(text: str, condition: str) -> None:
    found = skill_library().find(text)
    assert found is not None
    assert found.id == condition


@pytest.mark.parametrize("text", ["", "E1", "Z99", "plague", "E", "11", "C50"])
def test_what_is_unknown_is_not_found(text: str) -> None:
    assert skill_library().find(text) is None


def test_an_unknown_condition_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="did you mean hypertension") as caught:
        skill_library().condition("hypertenson", path="$.condition")
    assert caught.value.problems[0].path == "$.condition"


def test_an_unknown_skill_names_the_nearest() -> None:
    assert skill_library().skill("copd").name == "copd"
    with pytest.raises(NotFoundError, match="did you mean heart-failure"):
        skill_library().skill("heart-failur")


def test_the_guides_skills_are_there() -> None:
    names = {"diabetes-management", "chronic-kidney-disease", "heart-failure", "hypertension", "copd"}
    assert names <= skill_library().skills.keys()


def test_figures_cannot_be_changed_by_accident() -> None:
    with pytest.raises(ValueError, match="read-only"):
        skill_library().conditions[0].prevalence[0, 0] = 1.0

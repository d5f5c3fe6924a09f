"""Bodies: stages agree with codes, levels with stages and conditions, and everything with everything else."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from healthsim.planning import Plan
from healthsim.simulation.block import Block, block_of
from healthsim.skills import skill_library

Planner = Callable[..., Plan]
PEOPLE = 20_000
EVERYTHING = ["hypertension", "diabetes", "ckd", "obesity", "hyperlipidemia", "heart failure", "copd", "hypothyroidism"]
ADULTS: dict[str, Any] = {
    "demographics": {"age": {"min": 18}},
    "clinical": {"conditions": [{"name": name, "prevalence": 0.3} for name in EVERYTHING]},
}


@pytest.fixture(scope="module")
def drawn(planned: Planner) -> tuple[Plan, Block]:
    plan = replace(planned(ADULTS), count=PEOPLE)
    return plan, block_of(plan, 0, PEOPLE)


def holders(drawn: tuple[Plan, Block], condition: str) -> NDArray[np.bool_]:
    plan, block = drawn
    slot = [each.id for each in plan.conditions.conditions].index(condition)
    return block.held[:, slot]


def levels(drawn: tuple[Plan, Block]) -> dict[str, NDArray[np.float64]]:
    body = drawn[1].body
    assert body is not None
    return dict(body.levels)


def stage_ids(drawn: tuple[Plan, Block], condition: str) -> NDArray[np.str_]:
    """Give everybody's stage by its id, empty for none."""
    body = drawn[1].body
    assert body is not None
    ids = [stage.id for stage in skill_library().condition(condition).stages]
    return np.array([*ids, ""])[body.stages[condition]]


def codes(drawn: tuple[Plan, Block], condition: str) -> NDArray[np.str_]:
    """Give everybody's code of a condition, empty for none."""
    plan, block = drawn
    slot = [each.id for each in plan.conditions.conditions].index(condition)
    mine = block.cases.slot == slot
    found = np.full(PEOPLE, "", dtype="<U8")
    found[block.cases.person[mine]] = np.array(plan.conditions.codes)[block.cases.code[mine]]
    return found


def test_a_profile_without_visits_has_no_bodies(planned: Planner) -> None:
    plan = planned({**ADULTS, "clinical": {**ADULTS["clinical"], "baseline": "none"}})
    assert plan.body is None
    assert block_of(plan, 0, 10).body is None


@pytest.mark.parametrize("condition", ["chronic_kidney_disease", "obesity"])
def test_stages_are_those_that_the_codes_say(drawn: tuple[Plan, Block], condition: str) -> None:
    said = {code: stage.id for stage in skill_library().condition(condition).stages for code in stage.codes}
    stage, code = stage_ids(drawn, condition), codes(drawn, condition)
    assert set(code) == {*said, ""}
    assert (stage == np.array([said.get(each, "") for each in code.tolist()])).all()


@pytest.mark.parametrize(
    ("code", "low", "below"), [("E66.01", 40, 100), ("E66.3", 25, 30), ("E66.9", 30, 100), ("E66.812", 35, 40)]
)
def test_codes_that_the_skill_does_not_take_bound_bodies_all_the_same(
    planned: Planner, code: str, low: float, below: float
) -> None:
    """Morbid obesity, overweight, obesity unspecified, obesity of class 2."""
    clinical = {"primary_condition": {"code": code, "prevalence": 1.0}}
    plan = planned({"demographics": {"age": {"min": 18}}, "clinical": clinical})
    found = levels((plan, block_of(plan, 0, 500)))["bmi"]
    assert low <= found.min() <= found.max() < below


def test_a_code_that_leaves_two_stages_open_leaves_them_to_their_shares(planned: Planner) -> None:
    clinical = {"primary_condition": {"code": "N18.30", "prevalence": 1.0}}
    plan = planned({"demographics": {"age": {"min": 18}}, "clinical": clinical})
    found = levels((plan, block_of(plan, 0, 2_000)))["egfr"]
    assert 30 <= found.min() < found.max() < 60
    # Of 33 and 13.5 % of people with the disease: 71 % in stage 3a; four standard errors.
    assert (found >= 45).mean() == pytest.approx(0.71, abs=0.04)


@pytest.mark.parametrize("condition", ["heart_failure", "copd"])
def test_stages_that_no_code_says_have_their_shares(drawn: tuple[Plan, Block], condition: str) -> None:
    stage = stage_ids(drawn, condition)
    assert ((stage != "") == holders(drawn, condition)).all()
    for each in skill_library().condition(condition).stages:
        # Four standard errors of a share of a half among 6,000 people.
        assert (stage == each.id).sum() / (stage != "").sum() == pytest.approx(each.share, abs=0.026)


def test_kidney_disease_is_reduced_filtration_or_albuminuria_by_its_stage(drawn: tuple[Plan, Block]) -> None:
    found, stage = levels(drawn), stage_ids(drawn, "chronic_kidney_disease")
    egfr, uacr = found["egfr"], found["uacr"]
    assert ((stage != "") == ((egfr < 60) | (np.round(uacr) >= 30))).all()
    limits = {"1": (90, 300), "2": (60, 90), "3a": (45, 60), "3b": (30, 45), "4": (15, 30), "5": (0, 15)}
    for each, (low, below) in {**limits, "dialysis": (0, 15)}.items():
        there = stage == each
        assert there.any()
        assert (egfr[there] >= low).all(), each
        assert (egfr[there] < below).all(), each
    assert (np.round(uacr[np.isin(stage, ["1", "2"])]) >= 30).all()


def test_obesity_is_a_body_mass_index_of_thirty_by_its_class(drawn: tuple[Plan, Block]) -> None:
    found, stage = levels(drawn), stage_ids(drawn, "obesity")
    classes = np.array(["", "class_1", "class_2", "class_3"])
    assert (classes[np.digitize(np.round(found["bmi"], 1), [30, 35, 40])] == stage).all()
    assert found["weight"] == pytest.approx(found["bmi"] * (found["height"] / 100) ** 2)


def test_diabetes_is_undiagnosed_as_often_as_published(planned: Planner) -> None:
    """NCHS Data Brief 516: 5.6 % of all people of 40 to 59, of whom 12.1 % are diagnosed."""
    profile = {"demographics": {"age": {"min": 40, "max": 59}}, "clinical": {"conditions": ["diabetes"]}}
    plan = replace(planned(profile), count=PEOPLE)
    block = block_of(plan, 0, PEOPLE)
    found, held = levels((plan, block)), block.held[:, 0]
    has_figures = (np.round(found["hba1c"], 1) >= 6.5) | (np.round(found["glucose"]) >= 126)
    assert (has_figures & ~held).mean() == pytest.approx(0.056, abs=0.008)
    assert has_figures[held].mean() > 0.6


def test_pressure_is_high_only_with_hypertension_and_controlled_in_a_fifth(planned: Planner) -> None:
    profile = {"demographics": {"age": {"min": 18}}, "clinical": {"conditions": ["hypertension"]}}
    plan = replace(planned(profile), count=PEOPLE)
    block = block_of(plan, 0, PEOPLE)
    found, held = levels((plan, block)), block.held[:, 0]
    is_high = (np.round(found["sbp"]) >= 130) | (np.round(found["dbp"]) >= 80)
    assert not is_high[~held].any()
    # NCHS Data Brief 511: 20.7 % of people with hypertension are below 130/80 mmHg.
    assert 1 - is_high[held].mean() == pytest.approx(0.207, abs=0.02)


def test_ejection_is_what_the_code_of_heart_failure_says(drawn: tuple[Plan, Block]) -> None:
    found, code = levels(drawn), codes(drawn, "heart_failure")
    fraction = np.round(found["ejection_fraction"])
    assert (fraction[np.isin(code, ["I50.20", "I50.22", "I50.42"])] <= 40).all()
    assert (fraction[np.isin(code, ["I50.30", "I50.32", ""])] >= 50).all()
    assert (np.round(found["nt_probnp"][code != ""]) >= 125).all()


def test_obstruction_is_copd_by_its_grade(drawn: tuple[Plan, Block]) -> None:
    found, stage = levels(drawn), stage_ids(drawn, "copd")
    assert ((np.round(found["fev1_fvc"]) < 70) == (stage != "")).all()
    for grade, (low, below) in {"gold_1": (80, 200), "gold_2": (50, 80), "gold_3": (30, 50), "gold_4": (0, 30)}.items():
        percent = np.round(found["fev1_percent"][stage == grade])
        assert ((percent >= low) & (percent < below)).all(), grade


def test_worse_stages_are_worse_in_what_goes_with_them(drawn: tuple[Plan, Block]) -> None:
    found = levels(drawn)
    kidney = stage_ids(drawn, "chronic_kidney_disease")
    assert np.median(found["hemoglobin"][kidney == "4"]) < np.median(found["hemoglobin"][kidney == ""]) - 0.5
    assert np.median(found["bun"][kidney == "4"]) > 1.6 * np.median(found["bun"][kidney == ""])
    heart = stage_ids(drawn, "heart_failure")
    medians = [np.median(found["nt_probnp"][heart == f"nyha_{number}"]) for number in (1, 2, 3, 4)]
    assert medians == sorted(medians)
    lungs = stage_ids(drawn, "copd")
    assert np.median(found["spo2"][lungs == "gold_4"]) < np.median(found["spo2"][lungs == "gold_1"]) - 2


def test_every_level_is_a_number_that_people_can_have(drawn: tuple[Plan, Block]) -> None:
    for analyte, values in levels(drawn).items():
        assert np.isfinite(values).all(), analyte
        assert (values > 0).all(), analyte


def test_levels_do_not_depend_on_the_block(drawn: tuple[Plan, Block]) -> None:
    plan, whole = drawn
    part = block_of(plan, 777, 50)
    assert whole.body is not None
    assert part.body is not None
    for analyte, values in part.body.levels.items():
        assert (values == whole.body.levels[analyte][777:827]).all(), analyte

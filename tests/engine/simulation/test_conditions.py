"""What people have: asked prevalences hold, comorbidities cluster, diagnoses agree with lives."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from healthsim import generate
from healthsim.planning import Plan
from healthsim.simulation.block import block_of
from healthsim.summary import summary_of
from samples import DIABETICS, HARRIS, MIXED, made

Planner = Callable[..., Plan]
PEOPLE = 60_000


def summarised(plan: Plan) -> dict[str, Any]:
    _, outcome = made(replace(plan, count=PEOPLE))
    return summary_of(plan, outcome.counts, outcome.rows, outcome.digest, "x")


@pytest.mark.parametrize("prevalence", [0.0, 0.05, 0.3, 0.8, 1.0])
@pytest.mark.parametrize("ages", [{"min": 18}, {"type": "normal", "mean": 40, "std_dev": 15, "min": 18}])
def test_the_primary_condition_has_its_prevalence(planned: Planner, prevalence: float, ages: dict[str, Any]) -> None:
    profile = {
        "demographics": {"age": ages},
        "clinical": {"primary_condition": {"code": "E11", "prevalence": prevalence}},
    }
    (condition,) = summarised(planned(profile))["conditions"]
    assert condition["expected"] == pytest.approx(prevalence, abs=1e-6)
    assert condition["reached"] == pytest.approx(prevalence, abs=0.008)


@pytest.mark.parametrize("profile", [DIABETICS, HARRIS, MIXED], ids=lambda profile: profile["id"])
def test_every_prevalence_reaches_what_the_plan_expects(planned: Planner, profile: dict[str, Any]) -> None:
    for condition in summarised(planned(profile))["conditions"]:
        # Four standard errors of a share of 0.5 among the smallest group.
        assert condition["reached"] == pytest.approx(condition["expected"], abs=0.012), condition
        if condition["asked"] is not None:
            assert condition["expected"] == pytest.approx(condition["asked"], abs=1e-4), condition


@pytest.mark.parametrize("prevalence", [0.02, 0.5, 0.95])
def test_a_comorbidity_has_its_prevalence_among_those_with_the_primary_condition(
    planned: Planner, prevalence: float
) -> None:
    profile = {
        "demographics": {"age": {"min": 30, "max": 80}},
        "clinical": {
            "primary_condition": {"code": "E11", "prevalence": 0.4},
            "comorbidities": [{"code": "I10", "prevalence": prevalence}],
        },
    }
    _, comorbidity = summarised(planned(profile))["conditions"]
    assert comorbidity["reached"] == pytest.approx(prevalence, abs=0.012)


def test_comorbidities_cluster(planned: Planner) -> None:
    held = block_of(planned(DIABETICS), 0, PEOPLE).held
    both = (held[:, 1] & held[:, 2]).mean()
    assert both > held[:, 1].mean() * held[:, 2].mean() + 0.02


def test_a_condition_brings_along_those_that_go_with_it(planned: Planner) -> None:
    profile = {
        "demographics": {"age": {"type": "constant", "value": 60}},
        "clinical": {"primary_condition": {"code": "E11", "prevalence": 0.5}, "conditions": ["hypertension", "J45"]},
    }
    held = block_of(planned(profile), 0, PEOPLE).held
    diabetic = held[:, 0]
    odds = [share / (1 - share) for share in (held[diabetic, 1].mean(), held[~diabetic, 1].mean())]
    assert odds[0] / odds[1] > 2
    # Asthma shares no factor with diabetes.
    assert abs(held[diabetic, 2].mean() - held[~diabetic, 2].mean()) < 0.01


def test_people_with_a_condition_are_as_such_people_are(planned: Planner) -> None:
    everybody = planned({"demographics": {"age": {"min": 18}}}).people.expected["age"]
    diabetics = planned(
        {"demographics": {"age": {"min": 18}}, "clinical": {"primary_condition": "E11"}}
    ).people.expected["age"]
    years = np.arange(111)
    assert diabetics @ years > everybody @ years + 8


def test_ages_that_were_asked_for_stay_as_asked(planned: Planner) -> None:
    ages = {"type": "normal", "mean": 30, "std_dev": 5, "min": 18}
    plain = planned({"demographics": {"age": ages}}).people.expected["age"]
    diabetics = planned({"demographics": {"age": ages}, "clinical": {"primary_condition": "E11"}}).people.expected[
        "age"
    ]
    assert np.allclose(plain, diabetics, atol=1e-12)


def test_prevalence_without_a_figure_is_as_in_life_and_rises_with_age(planned: Planner) -> None:
    def expected(age: int) -> float:
        plan = planned({"demographics": {"age": age}, "clinical": {"conditions": ["hypertension"]}})
        return plan.conditions.conditions[0].expected

    assert expected(5) < 0.01
    assert expected(30) < expected(50) < expected(70)


def test_a_part_of_a_condition_is_as_common_as_its_codes(planned: Planner) -> None:
    plan = planned({"clinical": {"conditions": ["N18.6"]}})
    whole = planned({"clinical": {"conditions": ["N18"]}})
    share = plan.conditions.conditions[0].expected / whole.conditions.conditions[0].expected
    assert share == pytest.approx(0.02, abs=0.001)


def test_a_code_no_skill_knows_has_the_prevalence_asked_for(planned: Planner) -> None:
    (condition,) = summarised(planned({"clinical": {"conditions": [{"code": "L40.0", "prevalence": 0.03}]}}))[
        "conditions"
    ]
    assert condition["reached"] == pytest.approx(0.03, abs=0.003)


def test_diagnoses_agree_with_lives_and_codes() -> None:
    result = generate(profile=DIABETICS, seed=4)
    patients = {patient["person_id"]: patient for patient in result["patients"]}
    ranks: dict[int, list[int]] = {}
    for diagnosis in result["diagnoses"]:
        born = patients[diagnosis["person_id"]]["birth_date"]
        assert (
            born <= diagnosis["onset_date"] <= diagnosis["recorded_date"] <= date.fromisoformat(result.summary["as_of"])
        )
        assert diagnosis["code"].startswith(("E11", "I10", "E78"))
        assert len(diagnosis["description"]) > 10
        ranks.setdefault(diagnosis["person_id"], []).append(diagnosis["rank"])
    assert all(sorted(found) == list(range(1, len(found) + 1)) for found in ranks.values())
    primary = [diagnosis for diagnosis in result["diagnoses"] if diagnosis["rank"] == 1]
    assert all(diagnosis["code"].startswith("E11") for diagnosis in primary)


def test_diabetes_does_not_begin_in_early_childhood() -> None:
    result = generate(profile=DIABETICS, seed=4)
    born = {patient["person_id"]: patient["birth_date"] for patient in result["patients"]}
    ages = [
        (diagnosis["onset_date"] - born[diagnosis["person_id"]]).days / 365.25
        for diagnosis in result["diagnoses"]
        if diagnosis["code"].startswith("E11")
    ]
    assert min(ages) > 8
    assert 44 < float(np.median(ages)) < 65


def test_what_adults_have_began_in_childhood_as_seldom_as_published() -> None:
    """Simmonds et al. 2016: 30 % of obese adults were obese before they were adults; the other shares are small."""
    asked = {
        "demographics": {"age": {"min": 20, "max": 85}},
        "clinical": {"conditions": ["obesity", "hypertension", "ckd", "depression"]},
    }
    result = generate(profile=asked, count=6_000, seed=1)
    born = {patient["person_id"]: patient["birth_date"] for patient in result["patients"]}
    ages: dict[str, list[float]] = {}
    for row in result["diagnoses"]:
        ages.setdefault(row["code"][:2], []).append((row["onset_date"] - born[row["person_id"]]).days / 365.25)
    share = {chapter: float(np.mean(np.array(found) < 18)) for chapter, found in ages.items()}
    assert share["E6"] == pytest.approx(0.3, abs=0.05)
    assert share["I1"] < 0.08
    assert share["N1"] < 0.08
    # NCS-R (Kessler et al. 2005): a quarter of all by 19, of whom the young have lived fewer years since.
    assert 0.2 < share["F3"] < 0.4


def test_cancers_of_one_sex_stay_with_that_sex() -> None:
    profile = {"clinical": {"primary_condition": "cancer"}, "demographics": {"age": {"min": 18}}}
    result = generate(profile=profile, count=4_000, seed=1)
    sex = {patient["person_id"]: patient["gender"] for patient in result["patients"]}
    codes = {(sex[diagnosis["person_id"]], diagnosis["code"]) for diagnosis in result["diagnoses"]}
    assert {code for who, code in codes if who == "M"}.isdisjoint(
        {"Z85.3", "C50.919", "C54.1", "Z85.41", "Z85.42", "Z85.43"}
    )
    assert {code for who, code in codes if who == "F"}.isdisjoint({"C61", "Z85.46"})
    assert ("F", "Z85.3") in codes
    assert ("M", "Z85.46") in codes


def test_no_cancer_begins_before_the_least_age_of_its_code() -> None:
    least = {"Z85.3": 25, "C50.919": 25, "Z85.46": 40, "C61": 40, "Z85.118": 30, "C34.90": 30}
    profile = {"clinical": {"primary_condition": "cancer"}, "demographics": {"age": {"min": 18}}}
    result = generate(profile=profile, count=4_000, seed=1)
    born = {patient["person_id"]: patient["birth_date"] for patient in result["patients"]}
    ages: dict[str, list[int]] = {}
    for row in result["diagnoses"]:
        birth, onset = born[row["person_id"]], row["onset_date"]
        is_before_birthday = (onset.month, onset.day) < (birth.month, birth.day)
        ages.setdefault(row["code"], []).append(onset.year - birth.year - is_before_birthday)
    assert all(min(ages[code]) >= age for code, age in least.items())
    # Whoever would have had it earlier does not have it on one birthday, all of them together.
    assert max(np.bincount(ages["Z85.46"])) < 0.1 * len(ages["Z85.46"])


@pytest.mark.parametrize(
    ("combined", "other", "asked"),
    [("I11.0", "I50", "heart failure"), ("I12.9", "N18", "ckd"), ("E11.22", "N18", "ckd")],
)
def test_a_code_of_two_conditions_is_recorded_when_the_later_one_begins(combined: str, other: str, asked: str) -> None:
    clinical = {"primary_condition": asked, "conditions": ["hypertension", "diabetes"]}
    rows: dict[int, dict[str, tuple[date, date]]] = {}
    for row in generate(profile={"clinical": clinical}, count=3_000, seed=2)["diagnoses"]:
        code = row["code"] if row["code"] == combined else row["code"][:3]
        rows.setdefault(row["person_id"], {})[code] = (row["onset_date"], row["recorded_date"])
    pairs = [(each[combined], each[other][0]) for each in rows.values() if combined in each]
    assert any(onset < begun for (onset, _), begun in pairs)
    assert any(onset > begun for (onset, _), begun in pairs)
    assert all(recorded == max(onset, begun) for (onset, recorded), begun in pairs)


def test_diabetic_kidney_disease_is_coded_where_there_is_kidney_disease_and_only_there() -> None:
    clinical = {"primary_condition": "diabetes", "conditions": ["ckd"]}
    codes: dict[int, set[str]] = {}
    for row in generate(profile={"clinical": clinical}, count=4_000, seed=2)["diagnoses"]:
        codes.setdefault(row["person_id"], set()).add(row["code"])
    has_kidney_disease = [any(code.startswith("N18") for code in each) for each in codes.values()]
    assert 400 < sum(has_kidney_disease) < 2_000
    assert ["E11.22" in each for each in codes.values()] == has_kidney_disease
    alone = generate(condition="diabetes", count=2_000, seed=2)["diagnoses"]
    assert "E11.22" not in {row["code"] for row in alone}


def combined_code(codes: set[str]) -> str:
    """Give the code of high blood pressure that goes with others (ICD-10-CM guidelines, section I.C.9.a)."""
    kidney = {code for code in codes if code.startswith("N18")}
    heart = any(code.startswith("I50") for code in codes)
    is_failed = bool(kidney & {"N18.5", "N18.6"})
    if kidney:
        return {(False, False): "I12.9", (False, True): "I12.0", (True, False): "I13.0", (True, True): "I13.2"}[
            heart, is_failed
        ]
    return "I11.0" if heart else "I10"


@pytest.mark.parametrize("asked", [{"name": "hypertension"}, {"code": "I10"}], ids=["by name", "by code"])
def test_high_pressure_is_coded_together_with_heart_and_kidney_disease(asked: dict[str, str]) -> None:
    comorbidities = [{"name": "ckd", "prevalence": 0.6}, {"name": "heart failure", "prevalence": 0.5}]
    clinical = {"primary_condition": asked, "comorbidities": comorbidities}
    codes: dict[int, set[str]] = {}
    for row in generate(profile={"clinical": clinical}, count=6_000, seed=2)["diagnoses"]:
        codes.setdefault(row["person_id"], set()).add(row["code"])
    expected = {person: combined_code(each) for person, each in codes.items()}
    assert set(expected.values()) == {"I10", "I11.0", "I12.9", "I12.0", "I13.0", "I13.2"}
    assert all(expected[person] in each and len(each) <= 3 for person, each in codes.items())


def test_whoever_asks_for_a_combined_code_gets_it() -> None:
    rows = generate(profile={"clinical": {"primary_condition": "I12.9"}}, count=50, seed=2)["diagnoses"]
    assert {row["code"] for row in rows} == {"I12.9"}

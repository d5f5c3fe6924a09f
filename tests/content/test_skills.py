"""One walk over all skills: whoever adds a disease adds a folder, and this says whether it is whole."""

import json
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter

from healthsim.content import content_directory
from healthsim.planning import Plan
from healthsim.planning.cooccurrence import share_of_both
from healthsim.reference import CONDITIONS, Reference, icd10_title, is_billable
from healthsim.skills import Condition, skill_library
from healthsim.skills.library import folded
from healthsim.spec.predicates import Predicate, attributes_of

FOLDERS = sorted(path.parent for path in content_directory("skills").glob("*/skill.json"))
SCHEMA = json.loads((content_directory("schemas") / "skill.schema.json").read_text(encoding="utf-8"))
MODELS = skill_library().conditions

CLUSTERING = {
    # Pairs, and the band in which their odds ratio at age 60 shall lie. Bands are wide, as surveys differ: diabetes
    # with hypertension about 2.5 to 4 (NHANES), with kidney disease 2 to 4 (USRDS) or less, as 24 % of diabetics
    # (Iglay 2016) and 14 % of adults (NHANES) have it, heart failure with coronary disease
    # 5 to 12 (AHA), with atrial fibrillation 4 to 10 (Framingham), COPD with asthma 3 to 8 (BRFSS).
    ("type_2_diabetes", "hypertension"): (2.2, 5.0),
    ("type_2_diabetes", "hyperlipidemia"): (2.0, 4.5),
    ("type_2_diabetes", "obesity"): (1.6, 3.5),
    ("type_2_diabetes", "chronic_kidney_disease"): (1.2, 5.0),
    ("heart_failure", "coronary_artery_disease"): (5.0, 16.0),
    ("heart_failure", "atrial_fibrillation"): (4.0, 14.0),
    ("copd", "asthma"): (3.0, 8.0),
    ("depression", "arthritis"): (1.3, 2.5),
}


MEASURED = {
    "BPHIGH": "the skill counts 130/80 mmHg or treatment, PLACES what people were told",
    "KIDNEY": "the skill counts what laboratories find, PLACES what people were told",
}
"""Measures that the skill defines otherwise than PLACES, and how."""

PUBLISHED = {
    # NCHS Data Briefs 511, 508 and 516 (NHANES August 2021 to August 2023); CDC, Chronic Kidney Disease in the United
    # States 2023 (NHANES 2017-March 2020).
    ("hypertension", "F", 18, 39): 0.164,
    ("hypertension", "M", 18, 39): 0.300,
    ("hypertension", "F", 40, 59): 0.490,
    ("hypertension", "M", 40, 59): 0.559,
    ("hypertension", "FM", 60, 110): 0.716,
    ("obesity", "FM", 20, 39): 0.355,
    ("obesity", "FM", 40, 59): 0.464,
    ("obesity", "FM", 60, 110): 0.389,
    ("obesity", "F", 20, 110): 0.413,
    ("obesity", "M", 20, 110): 0.392,
    ("type_2_diabetes", "FM", 20, 39): 0.022,
    ("type_2_diabetes", "FM", 40, 59): 0.121,
    ("type_2_diabetes", "FM", 60, 110): 0.205,
    ("type_2_diabetes", "F", 20, 110): 0.097,
    ("type_2_diabetes", "M", 20, 110): 0.129,
    ("chronic_kidney_disease", "FM", 18, 44): 0.06,
    ("chronic_kidney_disease", "FM", 45, 64): 0.12,
    ("chronic_kidney_disease", "FM", 65, 110): 0.34,
    ("chronic_kidney_disease", "F", 18, 110): 0.14,
    ("chronic_kidney_disease", "M", 18, 110): 0.12,
}
ATTRIBUTES = {"age", "gender", "race", "conditions", "pregnant", "medications", "code", "smoking_pack_years"}


def documents() -> list[tuple[str, dict[str, Any]]]:
    return [(folder.name, json.loads((folder / "skill.json").read_text(encoding="utf-8"))) for folder in FOLDERS]


def every_condition() -> Iterator[dict[str, Any]]:
    return (condition for _, document in documents() for condition in document["conditions"])


def parts() -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the conditions with drugs and monitoring, by their ids."""
    return ((condition["id"], condition) for condition in every_condition() if "medications" in condition)


def loinc_check_digit(number: str) -> int:
    """Give the check digit of a LOINC number, by the Luhn formula (LOINC Users' Guide, appendix C)."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[::2])
    return -(doubled + sum(digits[1::2])) % 10


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_skill_fits_its_schema_and_can_be_read_by_people(folder: Path) -> None:
    document = json.loads((folder / "skill.json").read_text(encoding="utf-8"))
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(document)] == []
    assert document["name"] == folder.name
    front, _, body = (folder / "SKILL.md").read_text(encoding="utf-8").removeprefix("---\n").partition("---\n")
    assert f"name: {folder.name}\n" in front
    assert f"description: {document['description']}\n" in front
    assert len(body) > 100


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_its_codes_are_billable_with_their_official_titles(model: Condition) -> None:
    for share in model.codes:
        assert is_billable(share.code), share.code
        assert share.title == icd10_title(share.code)
    for sex in "FM":
        assert sum(share.share for share in model.codes if share.sex in {None, sex}) == pytest.approx(1)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_its_figures_are_possible(model: Condition) -> None:
    assert model.prevalence.shape == (111, 2)
    assert ((model.prevalence >= 0) & (model.prevalence <= 1)).all()
    assert sum(loading**2 for loading in model.loadings.values()) < 1
    assert all(len(source) > 10 for source in model.sources)


@pytest.mark.parametrize(("name", "document"), documents(), ids=lambda value: value if isinstance(value, str) else "")
def test_ages_rise_and_have_a_figure_for_each_sex(name: str, document: dict[str, Any]) -> None:
    assert name
    for condition in document["conditions"]:
        table = condition["prevalence"]
        assert table["age"] == sorted(table["age"])
        assert len(table["age"]) == len(table["F"]) == len(table["M"])


def test_no_two_conditions_answer_to_one_name_or_code() -> None:
    names = [folded(name) for model in MODELS for name in {model.id, *model.aliases, folded(model.name)}]
    by_condition = [{folded(name) for name in (model.id, model.name, *model.aliases)} for model in MODELS]
    assert names
    assert [one & other for one, other in combinations(by_condition, 2) if one & other] == []
    categories = [category for model in MODELS for category in model.categories]
    assert len(categories) == len(set(categories))


def test_every_condition_of_places_has_one_skill() -> None:
    assert sorted(model.places_measure for model in MODELS if model.places_measure) == sorted(CONDITIONS)


@pytest.mark.parametrize("measure", [measure for measure in CONDITIONS if measure not in MEASURED])
def test_national_prevalence_is_near_that_of_places(measure: str) -> None:
    """The shape by age and sex is the skill's; its level is within a third of the nation's rate, or 1.5 points."""
    model = skill_library().for_measure(measure)
    nation = Reference().places(["00"])
    adults = nation.age_sex[0, 18:] / nation.age_sex[0, 18:].sum()
    assert model is not None
    rate = float((model.prevalence[18:] * adults).sum())
    published = float(nation.prevalence[measure][0])
    assert abs(rate - published) <= max(0.015, published / 3), (rate, published)


@pytest.mark.parametrize(("who", "published"), PUBLISHED.items(), ids=str)
def test_prevalence_by_age_and_sex_is_within_two_points_of_the_published(
    who: tuple[str, str, int, int], published: float
) -> None:
    name, sexes, first, last = who
    model = next(model for model in MODELS if model.id == name)
    columns = ["FM".index(sex) for sex in sexes]
    people = Reference().places(["00"]).age_sex[0][first : last + 1, columns]
    rate = float((model.prevalence[first : last + 1, columns] * people).sum() / people.sum())
    assert rate == pytest.approx(published, abs=0.02)


@pytest.mark.parametrize(
    ("comorbidity", "published"), [("hypertension", 0.82), ("chronic_kidney_disease", 0.24)], ids=str
)
def test_people_with_diabetes_have_what_such_people_have(
    planned: Callable[..., Plan], comorbidity: str, published: float
) -> None:
    """Shares of diagnosed diabetics with each: Iglay et al., Curr Med Res Opin 2016;32:1243."""
    profile = {
        "demographics": {"age": {"min": 18}},
        "clinical": {"primary_condition": "diabetes", "comorbidities": [comorbidity]},
    }
    _, planned_condition = planned(profile).conditions.conditions
    assert planned_condition.expected == pytest.approx(published, abs=0.04)


@pytest.mark.parametrize("part", list(parts()), ids=lambda part: part[0])
def test_what_is_measured_has_loinc_codes_whose_check_digits_fit(part: tuple[str, dict[str, Any]]) -> None:
    for measured in (*part[1]["monitoring"]["labs"].values(), *part[1]["monitoring"]["vitals"].values()):
        number, _, check = measured["loinc"].partition("-")
        assert check == str(loinc_check_digit(number)), measured["loinc"]


@pytest.mark.parametrize("part", list(parts()), ids=lambda part: part[0])
def test_drugs_are_told_apart_and_name_what_people_are_compared_by(part: tuple[str, dict[str, Any]]) -> None:
    drugs = part[1]["medications"]
    assert len({drug["id"] for drug in drugs}) == len({drug["rxnorm"] for drug in drugs}) == len(drugs)
    assert min(drug["line"] for drug in drugs) == 1
    measured = {*part[1]["monitoring"]["labs"], *part[1]["monitoring"]["vitals"]}
    assert measured
    for drug in drugs:
        for predicate in (*drug["indications"], *drug["contraindications"]):
            attributes = attributes_of(TypeAdapter(Predicate).validate_python(predicate))
            assert all(
                name in ATTRIBUTES or name.partition(".")[0] in {"labs", "vitals", "stage"} for name in attributes
            )


def test_one_drug_is_one_code_in_every_skill() -> None:
    named = {(drug["rxnorm"], drug["name"]) for _, part in parts() for drug in part["medications"]}
    assert len({code for code, _ in named}) == len(named)


def test_shares_of_stages_sum_to_one_and_codes_follow_from_them() -> None:
    staged = [(condition, condition["stages"]["items"]) for condition in every_condition() if "stages" in condition]
    assert {condition["id"] for condition, _ in staged} >= {
        "chronic_kidney_disease",
        "heart_failure",
        "copd",
        "obesity",
    }
    for condition, stages in staged:
        assert sum(stage["share"] for stage in stages) == pytest.approx(1)
        assert len({stage["id"] for stage in stages}) == len(stages)
        if all("codes" in stage for stage in stages):
            by_stage = {code["code"]: stage["share"] * code["share"] for stage in stages for code in stage["codes"]}
            assert {code["code"]: code["share"] for code in condition["codes"]["mix"]} == pytest.approx(
                by_stage, abs=1e-5
            )


@pytest.mark.parametrize("pair", CLUSTERING, ids="-".join)
def test_pairs_cluster_as_surveys_find(pair: tuple[str, str]) -> None:
    one, other = (next(model for model in MODELS if model.id == name) for name in pair)
    correlation = sum(loading * other.loadings.get(factor, 0) for factor, loading in one.loadings.items())
    shares = [model.prevalence[60].mean() for model in (one, other)]
    both = float(share_of_both(np.array(shares[0]), np.array(shares[1]), correlation))
    odds_ratio = both * (1 - sum(shares) + both) / ((shares[0] - both) * (shares[1] - both))
    low, high = CLUSTERING[pair]
    assert low <= odds_ratio <= high, odds_ratio

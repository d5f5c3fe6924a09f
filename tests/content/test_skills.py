"""One walk over all skills: whoever adds a disease adds a folder, and this says whether it is whole."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ucumvert import get_ucum_parser

from healthsim.content import content_directory
from healthsim.planning import Plan
from healthsim.planning.cooccurrence import share_of_both
from healthsim.reference import CONDITIONS, Reference, analytes
from healthsim.skills import Condition, skill_library
from healthsim.skills.checking import skill_problems
from healthsim.skills.files import skill_files

FOLDERS = sorted(path.parent for path in content_directory("skills").glob("*/skill.json"))
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


def every_condition() -> list[dict[str, Any]]:
    documents = (json.loads((folder / "skill.json").read_text(encoding="utf-8")) for folder in FOLDERS)
    return [condition for document in documents for condition in document["conditions"]]


def test_every_skill_is_sound_as_users_skills_must_be() -> None:
    """Shape, codes that are billable with their titles, check digits, sums of shares, names, agreement of skills."""
    files = skill_files(content_directory("skills"))
    assert len(files) >= 16
    assert [str(problem) for problem in skill_problems(files, files)] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_skill_can_be_read_by_people(folder: Path) -> None:
    _, _, body = (folder / "SKILL.md").read_text(encoding="utf-8").removeprefix("---\n").partition("---\n")
    assert len(body) > 100


@pytest.mark.parametrize("condition", every_condition(), ids=lambda condition: condition["id"])
def test_a_condition_is_known_in_depth(condition: dict[str, Any]) -> None:
    parts = {"monitoring", "treated_share", "medications", "procedures", "referrals", "complications"}
    assert parts <= condition.keys()
    assert condition["monitoring"]["labs"].keys() <= analytes().keys()
    assert condition["monitoring"]["vitals"].keys() <= analytes().keys()


@pytest.mark.parametrize("condition", every_condition(), ids=lambda condition: condition["id"])
def test_treated_people_find_a_drug(condition: dict[str, Any]) -> None:
    """Shares of groups that sum to 1 or more hold exactly; less, and they are scaled up."""
    counting = [drug["share"] for drug in condition["medications"] if not drug.get("adjunct")]
    assert sum(counting) >= 1


@pytest.mark.parametrize("condition", every_condition(), ids=lambda condition: condition["id"])
def test_who_is_treated_adds_up(condition: dict[str, Any]) -> None:
    treated = condition["treated_share"]
    values = [given["value"] for given in treated.get("given", ())] + [treated.get("otherwise", treated["value"])]
    assert min(values) <= treated["value"] <= max(values)


def test_units_are_ucum() -> None:
    parser = get_ucum_parser()
    measured = [
        part
        for condition in every_condition()
        for kind in ("labs", "vitals")
        for part in condition["monitoring"][kind].values()
    ]
    assert len(measured) > 50
    for unit in {part["unit"] for part in measured} | {analyte.unit for analyte in analytes().values()}:
        assert parser.parse(unit)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_its_figures_are_possible(model: Condition) -> None:
    assert model.prevalence.shape == (111, 2)
    assert ((model.prevalence >= 0) & (model.prevalence <= 1)).all()
    assert all(len(source) > 10 for source in model.sources)


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


def _stages_taken(condition: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the stages that people are in unless a profile asks for others."""
    return [stage for stage in condition.get("stages", {}).get("items", []) if stage["share"] > 0]


def test_codes_follow_from_stages_that_codes_tell() -> None:
    told = [
        condition
        for condition in every_condition()
        if all("codes" in stage for stage in _stages_taken(condition) or [{}])
    ]
    assert {condition["id"] for condition in told} >= {"chronic_kidney_disease", "obesity", "asthma", "stroke"}
    for condition in told:
        stages = _stages_taken(condition)
        by_stage = {code["code"]: stage["share"] * code["share"] for stage in stages for code in stage["codes"]}
        mix = {code["code"]: code["share"] for code in condition["codes"]["mix"]}
        assert mix == pytest.approx(by_stage, abs=1e-5)


@pytest.mark.parametrize("pair", CLUSTERING, ids="-".join)
def test_pairs_cluster_as_surveys_find(pair: tuple[str, str]) -> None:
    one, other = (next(model for model in MODELS if model.id == name) for name in pair)
    correlation = sum(loading * other.loadings.get(factor, 0) for factor, loading in one.loadings.items())
    shares = [model.prevalence[60].mean() for model in (one, other)]
    both = float(share_of_both(np.array(shares[0]), np.array(shares[1]), correlation))
    odds_ratio = both * (1 - sum(shares) + both) / ((shares[0] - both) * (shares[1] - both))
    low, high = CLUSTERING[pair]
    assert low <= odds_ratio <= high, odds_ratio

"""One walk over all skills: whoever adds a disease adds a folder, and this says whether it is whole."""

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from healthsim.content import content_directory
from healthsim.planning.cooccurrence import share_of_both
from healthsim.reference import CONDITIONS, Reference, icd10_title, is_billable
from healthsim.skills import Condition, skill_library
from healthsim.skills.library import folded

FOLDERS = sorted(path.parent for path in content_directory("skills").glob("*/skill.json"))
SCHEMA = json.loads((content_directory("schemas") / "skill.schema.json").read_text(encoding="utf-8"))
MODELS = skill_library().conditions

CLUSTERING = {
    # Pairs, and the band in which their odds ratio at age 60 shall lie. Bands are wide, as surveys differ: diabetes
    # with hypertension about 2.5 to 4 (NHANES), with kidney disease 2 to 4 (USRDS), heart failure with coronary disease
    # 5 to 12 (AHA), with atrial fibrillation 4 to 10 (Framingham), COPD with asthma 3 to 8 (BRFSS).
    ("type_2_diabetes", "hypertension"): (2.2, 5.0),
    ("type_2_diabetes", "hyperlipidemia"): (2.0, 4.5),
    ("type_2_diabetes", "obesity"): (1.6, 3.5),
    ("type_2_diabetes", "chronic_kidney_disease"): (2.0, 5.0),
    ("heart_failure", "coronary_artery_disease"): (5.0, 16.0),
    ("heart_failure", "atrial_fibrillation"): (4.0, 14.0),
    ("copd", "asthma"): (3.0, 8.0),
    ("depression", "arthritis"): (1.3, 2.5),
}


def documents() -> list[tuple[str, dict[str, Any]]]:
    return [(folder.name, json.loads((folder / "skill.json").read_text(encoding="utf-8"))) for folder in FOLDERS]


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


@pytest.mark.parametrize("measure", CONDITIONS)
def test_national_prevalence_is_near_that_of_places(measure: str) -> None:
    """The shape by age and sex is the skill's; its level is within a third of the nation's rate, or 1.5 points."""
    model = skill_library().for_measure(measure)
    nation = Reference().places(["00"])
    adults = nation.age_sex[0, 18:] / nation.age_sex[0, 18:].sum()
    assert model is not None
    rate = float((model.prevalence[18:] * adults).sum())
    published = float(nation.prevalence[measure][0])
    assert abs(rate - published) <= max(0.015, published / 3), (rate, published)


@pytest.mark.parametrize("pair", CLUSTERING, ids="-".join)
def test_pairs_cluster_as_surveys_find(pair: tuple[str, str]) -> None:
    one, other = (next(model for model in MODELS if model.id == name) for name in pair)
    correlation = sum(loading * other.loadings.get(factor, 0) for factor, loading in one.loadings.items())
    shares = [model.prevalence[60].mean() for model in (one, other)]
    both = float(share_of_both(np.array(shares[0]), np.array(shares[1]), correlation))
    odds_ratio = both * (1 - sum(shares) + both) / ((shares[0] - both) * (shares[1] - both))
    low, high = CLUSTERING[pair]
    assert low <= odds_ratio <= high, odds_ratio

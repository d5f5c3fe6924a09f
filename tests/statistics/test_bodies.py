"""Bodies of large samples against the nation's figures: prevalences as measured, control, and how analytes go together.

Samples are of 50,000 people or less, so shares of a tenth of them have a standard error of half a point at most.
"""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from conftest import SHARED
from healthsim.planning import Plan
from healthsim.simulation.block import Block, block_of
from samples import made
from wide import values_of

Planner = Callable[..., Plan]
Floats = NDArray[np.float64]
Reference = dict[tuple[str, ...], dict[str, str]]

CONDITIONS = ["hypertension", "diabetes", "ckd", "obesity", "hyperlipidemia", "heart failure", "copd", "hypothyroidism"]
PAIRS = [
    *((analyte, "hdl") for analyte in ("weight", "bmi", "glucose", "hba1c", "triglycerides")),
    *((analyte, "triglycerides") for analyte in ("glucose", "hba1c")),
]
NAMES = {
    "weight": "weight_kg",
    "height": "height_cm",
    "sbp": "systolic",
    "dbp": "diastolic",
    "bicarbonate": "co2",
    "bilirubin": "bilirubin_total",
    "total_cholesterol": "cholesterol_total",
}
"""Names of analytes in the reference, where they differ."""

BENT = {"hba1c", "glucose"}
"""Analytes whose distribution with diagnosed diabetes is that of all ages and of weighted samples."""


class Examined:
    """People and what an examination finds of them."""

    def __init__(self, plan: Plan, people: int) -> None:
        self.plan = replace(plan, count=people)
        self.block: Block = block_of(self.plan, 0, people)
        self.values = values_of(self.plan, made(self.plan)[0])
        self.age = self.block.people.age
        self.is_female = self.block.people.sex == 0

    def has(self, condition: str) -> NDArray[np.bool_]:
        return self.block.held[:, [each.id for each in self.plan.conditions.conditions].index(condition)]


def examined(planned: Planner, ages: dict[str, int], clinical: dict[str, Any], people: int) -> Examined:
    profile = {"demographics": {"age": ages}, "clinical": {**clinical, "baseline": "examination"}}
    return Examined(planned(profile), people)


@pytest.fixture(scope="module")
def adults(planned: Planner) -> Examined:
    return examined(planned, {"min": 18}, {"conditions": CONDITIONS}, 50_000)


@pytest.fixture(scope="module")
def middle_aged(planned: Planner) -> Examined:
    return examined(planned, {"min": 45, "max": 65}, {"conditions": CONDITIONS}, 40_000)


@pytest.fixture(scope="module")
def diabetics(planned: Planner) -> Examined:
    clinical = {"primary_condition": "diabetes", "comorbidities": ["hypertension", "ckd", "obesity"]}
    return examined(planned, {"min": 18}, clinical, 20_000)


@pytest.fixture(scope="session")
def clinical_reference() -> Path:
    path = SHARED / "reference" / "clinical"
    if not path.exists():
        pytest.skip("the reference of NHANES is not here")
    return path


def read(path: Path, *keys: str) -> Reference:
    with path.open(encoding="utf-8") as file:
        return {tuple(row[key] for key in keys): row for row in csv.DictReader(file)}


def test_hba1c_of_diagnosed_diabetes_is_as_controlled_as_in_the_nation(diabetics: Examined) -> None:
    """CDC, National Diabetes Statistics Report 2022: 49.4 % at 7 % or more, 13.2 % at 9 % or more."""
    hba1c = diabetics.values["hba1c"]
    hba1c = hba1c[~np.isnan(hba1c)]
    assert (hba1c >= 7).mean() == pytest.approx(0.494, abs=0.03)
    assert (hba1c >= 9).mean() == pytest.approx(0.132, abs=0.03)


def test_hba1c_follows_mean_glucose_as_in_the_adag_study(diabetics: Examined) -> None:
    """Nathan et al. 2008: 28.7 mg/dL per point of HbA1c, R2 0.84."""
    assert diabetics.block.body is not None
    mean_glucose = diabetics.block.body.levels["mean_glucose"]
    hba1c = diabetics.values["hba1c"]
    there = ~np.isnan(hba1c)
    slope = np.polyfit(hba1c[there], mean_glucose[there], 1)[0]
    assert slope == pytest.approx(28.7, abs=1.5)
    assert np.corrcoef(hba1c[there], mean_glucose[there])[0, 1] ** 2 == pytest.approx(0.84, abs=0.05)


def test_people_with_diabetes_have_the_comorbidities_of_such_people(diabetics: Examined) -> None:
    """Iglay et al. 2016: hypertension 82 %, chronic kidney disease 24 %."""
    assert diabetics.has("hypertension").mean() == pytest.approx(0.82, abs=0.04)
    kidney = (diabetics.values["egfr"] < 60) | (diabetics.values["uacr"] >= 30)
    assert kidney.mean() == pytest.approx(0.24, abs=0.04)


@pytest.mark.parametrize(
    ("condition", "sexes", "first", "last", "published"),
    [
        # NCHS Data Briefs 511, 508 and 516; CDC, Chronic Kidney Disease in the United States 2023.
        ("hypertension", "F", 18, 39, 0.164),
        ("hypertension", "M", 18, 39, 0.300),
        ("hypertension", "F", 40, 59, 0.490),
        ("hypertension", "M", 40, 59, 0.559),
        ("hypertension", "FM", 60, 110, 0.716),
        ("diabetes", "FM", 20, 39, 0.022),
        ("diabetes", "FM", 40, 59, 0.121),
        ("diabetes", "FM", 60, 110, 0.205),
        ("diabetes", "F", 20, 110, 0.097),
        ("diabetes", "M", 20, 110, 0.129),
        ("obesity", "FM", 20, 39, 0.355),
        ("obesity", "FM", 40, 59, 0.464),
        ("obesity", "FM", 60, 110, 0.389),
        ("obesity", "F", 20, 110, 0.413),
        ("obesity", "M", 20, 110, 0.392),
        ("kidney", "FM", 18, 44, 0.06),
        ("kidney", "FM", 45, 64, 0.12),
        ("kidney", "FM", 65, 110, 0.34),
        ("kidney", "F", 18, 110, 0.14),
        ("kidney", "M", 18, 110, 0.12),
    ],
)
def test_prevalences_as_measured_are_within_two_points_of_the_published(
    adults: Examined, condition: str, sexes: str, first: int, last: int, published: float
) -> None:
    values = adults.values
    measured = {
        "hypertension": adults.has("hypertension"),
        "diabetes": adults.has("type_2_diabetes"),
        "obesity": values["bmi"] >= 30,
        "kidney": (values["egfr"] < 60) | (values["uacr"] >= 30),
    }[condition]
    chosen = (adults.age >= first) & (adults.age <= last) & np.isin(adults.is_female, [sex == "F" for sex in sexes])
    assert measured[chosen].mean() == pytest.approx(published, abs=0.02)


def test_correlations_within_sex_are_those_of_nhanes(middle_aged: Examined, clinical_reference: Path) -> None:
    """The mean absolute deviation of 14 Pearson correlations is at most .05, and all signs agree."""
    reference = read(clinical_reference / "nhanes_correlations_45_65.csv", "stratum", "sex", "analyte_1", "analyte_2")
    deviations = []
    for sex in "FM":
        chosen = middle_aged.is_female == (sex == "F")
        for one, other in PAIRS:
            names = tuple(NAMES.get(name, name) for name in (one, other))
            row = reference.get(("all", sex, *names)) or reference["all", sex, names[1], names[0]]
            ours = np.corrcoef(middle_aged.values[one][chosen], middle_aged.values[other][chosen])[0, 1]
            assert ours * float(row["pearson"]) > 0, (sex, one, other)
            deviations.append(abs(ours - float(row["pearson"])))
    assert len(deviations) == 14
    assert np.mean(deviations) <= 0.05


def test_signs_of_correlations_are_those_of_metabolism(middle_aged: Examined) -> None:
    """What goes with high-density lipoprotein goes against it, and with triglycerides; no file is needed for that."""
    for is_female in (True, False):
        chosen = middle_aged.is_female == is_female
        for one, other in PAIRS:
            ours = np.corrcoef(middle_aged.values[one][chosen], middle_aged.values[other][chosen])[0, 1]
            assert ours < -0.08 if other == "hdl" else ours > 0.05, (one, other)


@pytest.mark.parametrize("stratum", ["all", "diagnosed"])
@pytest.mark.parametrize("sex", ["F", "M"])
def test_distributions_are_those_of_nhanes(
    middle_aged: Examined, clinical_reference: Path, sex: str, stratum: str
) -> None:
    """Quartiles lie within a third of the interquartile range: the reference is an unweighted sample."""
    reference = read(clinical_reference / "nhanes_marginals_45_65.csv", "sex", "stratum", "analyte")
    chosen = middle_aged.is_female == (sex == "F")
    if stratum == "diagnosed":
        chosen &= middle_aged.has("type_2_diabetes")
    compared = 0
    for name, values in middle_aged.values.items():
        row = reference.get((sex, stratum, NAMES.get(name, name)))
        if row is None or name in BENT:
            continue
        expected = np.array([float(row[share]) for share in ("q0.25", "q0.5", "q0.75")])
        ours = np.nanquantile(values[chosen], [0.25, 0.5, 0.75])
        assert np.abs(ours - expected).max() <= (expected[2] - expected[0]) / 3, name
        compared += 1
    assert compared > 20


def test_metabolic_syndrome_clusters_as_in_nhanes(middle_aged: Examined) -> None:
    """Three of obesity, triglycerides of 150, low HDL and glucose of 100, without diagnosed diabetes: 15.0 %."""
    values = middle_aged.values
    has_low_hdl = values["hdl"] < np.where(middle_aged.is_female, 50, 40)
    risks = [values["bmi"] >= 30, values["triglycerides"] >= 150, has_low_hdl, values["glucose"] >= 100]
    has_three = np.sum(risks, axis=0) >= 3
    assert has_three[~middle_aged.has("type_2_diabetes")].mean() == pytest.approx(0.15, abs=0.015)

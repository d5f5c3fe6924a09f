"""Figures beside those asked for and those published."""

import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthsim import generate, get_manager
from healthsim.scorecard import scorecard
from healthsim.scorecard.comparable import is_comparable
from healthsim.scorecard.figures import wilson
from healthsim.scorecard.groups import Group
from healthsim.scorecard.own_tables import facts
from samples import DIABETICS

Figures = dict[str, dict[str, Any]]

VISIT = datetime(2024, 6, 3, 9, 5)  # noqa: DTZ001 - local time, as in the tables
LOINCS = {"bmi": ("39156-5", "kg/m2"), "hdl": ("2085-9", "mg/dL")}
SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


@pytest.mark.parametrize(
    ("count", "people", "interval"), [(10, 100, (0.0552, 0.1744)), (0, 10, (0.0, 0.2775)), (10, 10, (0.7225, 1.0))]
)
def test_wilsons_interval_is_that_of_the_tables(count: int, people: int, interval: tuple[float, float]) -> None:
    # Newcombe, Stat Med 1998;17:857, method 3.
    assert wilson(count, people, 1.96) == pytest.approx(interval, abs=5e-4)


@given(st.integers(1, 10**6).flatmap(lambda people: st.tuples(st.integers(0, people), st.just(people))))
def test_wilsons_interval_holds_the_share(counts: tuple[int, int]) -> None:
    count, people = counts
    low, high = wilson(count, people, 1.96)
    assert 0 <= low <= count / people <= high <= 1


@pytest.fixture(scope="module")
def diabetics(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    made = generate(profile=DIABETICS, persist=True, db=tmp_path_factory.mktemp("figures") / "w.duckdb")
    return made.file, made.summary


def figures_of(file: Path, summary: dict[str, Any]) -> Figures:
    with duckdb.connect(str(file), read_only=True) as connection:
        return {figure["what"]: figure for figure in scorecard(connection, summary, {})["figures"]}


def test_prevalences_are_those_asked_for(diabetics: tuple[Path, dict[str, Any]]) -> None:
    figures = figures_of(*diabetics)
    pressure = figures["Essential hypertension (I10) among those with type 2 diabetes mellitus"]
    assert (pressure["expected"], pressure["source"], pressure["people"]) == (0.7, "the profile", 2_000)
    assert pressure["low"] < pressure["reached"] < pressure["high"]
    assert all(figure["is_within"] for figure in figures.values() if figure["kind"] == "prevalence")


def test_a_prevalence_is_counted_from_the_rows_not_taken_from_the_summary(
    diabetics: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    file, summary = diabetics
    copy = tmp_path / "copy.duckdb"
    shutil.copyfile(file, copy)
    with duckdb.connect(str(copy)) as connection:
        connection.execute(
            "DELETE FROM stored.diagnoses WHERE code IN ('I10', 'I11.0', 'I12.9', 'I13.0') AND person_id % 5 = 0"
        )
    pressure = figures_of(copy, summary)["Essential hypertension (I10) among those with type 2 diabetes mellitus"]
    assert pressure["reached"] == pytest.approx(0.56, abs=0.04)
    assert not pressure["is_within"]


def middle_aged(people: int, values: dict[str, list[float]]) -> dict[str, list[dict[str, Any]]]:
    """Give women of 55, each with a value of each analyte for as long as there are values."""
    everybody = range(1, people + 1)
    rows = [
        {"person_id": person, "lab_id": person * 65_536 + slot, "loinc": loinc, "unit": unit, "value": value}
        for slot, (analyte, given_values) in enumerate(values.items())
        for person, value in zip(everybody, given_values, strict=False)
        for loinc, unit in [LOINCS[analyte]]
    ]
    return {
        "patients": [{"person_id": person, "birth_date": date(1969, 1, 1), "gender": "F"} for person in everybody],
        "diagnoses": [{"person_id": 1, "diagnosis_id": 65_536, "code": "J45.909", "onset_date": date(1990, 1, 1)}],
        "labs": [{**row, "collected_at": VISIT} for row in rows],
    }


def as_published(analyte: str, people: int) -> list[float]:
    """Give values whose quantiles are those published of women."""
    (row,) = [
        row for row in facts("published_quantiles") if (row["analyte"], row["group"], row["sex"]) == (analyte, "", "F")
    ]
    known = [float(row[f"q{share}"]) for share in SHARES]
    shares = (np.arange(people) + 0.5) / people
    return [float(value) for value in np.interp(shares, SHARES, known)]


def compared(tables: dict[str, list[dict[str, Any]]], db: Path) -> Figures:
    manager = get_manager(db)
    return {figure["what"]: figure for figure in manager.score(manager.persist(tables)["cohort_id"])["figures"]}


def test_a_distribution_as_published_is_within_and_another_is_not(tmp_path: Path) -> None:
    values = as_published("bmi", 800)
    what = "bmi: women of 45 to 65"
    same = compared(middle_aged(800, {"bmi": values}), tmp_path / "same.duckdb")[what]
    assert same["is_within"]
    assert same["reached"] < 0.01
    assert "NHANES" in same["source"]
    moved = compared(middle_aged(800, {"bmi": [value + 3 for value in values]}), tmp_path / "moved.duckdb")[what]
    assert not moved["is_within"]
    assert moved["reached"] > 0.1


def test_who_is_measured_in_part_or_too_few_are_not_compared(tmp_path: Path) -> None:
    values = as_published("bmi", 800)
    part = compared(middle_aged(800, {"bmi": values[:700]}), tmp_path / "part.duckdb")
    few = compared(middle_aged(100, {"bmi": as_published("bmi", 100)}), tmp_path / "few.duckdb")
    assert [what for what in (*part, *few) if what.startswith("bmi")] == []


def test_correlations_are_compared_with_those_published(tmp_path: Path) -> None:
    draws = np.random.default_rng(7).multivariate_normal([0, 0], [[1, -0.33], [-0.33, 1]], size=2_000)
    body, lipid = (30 + 6 * draws[:, 0]).tolist(), (58 + 15 * draws[:, 1]).tolist()
    figures = compared(middle_aged(2_000, {"bmi": body, "hdl": lipid}), tmp_path / "joint.duckdb")
    together = figures["bmi with hdl: women of 45 to 65"]
    assert together["reached"] == pytest.approx(-0.33, abs=0.05)
    assert together["is_within"]
    assert figures["mean deviation of 1 correlations: people of 45 to 65"]["is_within"]
    apart = compared(middle_aged(2_000, {"bmi": body, "hdl": lipid[::-1]}), tmp_path / "apart.duckdb")
    assert not apart["bmi with hdl: women of 45 to 65"]["is_within"]
    assert not apart["mean deviation of 1 correlations: people of 45 to 65"]["is_within"]


GENERAL, WOMEN, DIABETICS_ONLY = (
    Group("", "", (20, 120)),
    Group("", "F", (45, 65)),
    Group("type_2_diabetes", "", (18, 120)),
)


@pytest.mark.parametrize(
    ("demographics", "groups"),
    [
        ({}, {GENERAL, WOMEN, DIABETICS_ONLY}),
        ({"age": {"type": "population", "min": 18}}, {GENERAL, WOMEN, DIABETICS_ONLY}),
        ({"age": {"type": "population", "min": 18, "max": 70}}, {WOMEN}),
        ({"age": {"type": "normal", "mean": 60, "std_dev": 5}}, set()),
        ({"gender": {"weights": {"F": 0.9, "M": 0.1}}}, {WOMEN}),
        ({"race": {"weights": {"asian": 1.0}}}, set()),
        ({"reference": {"type": "nation"}}, {GENERAL, WOMEN, DIABETICS_ONLY}),
        ({"reference": {"type": "county", "fips": "48201"}}, {DIABETICS_ONLY}),
    ],
)
def test_a_group_is_compared_where_the_profile_leaves_it_as_in_life(
    demographics: dict[str, Any], groups: set[Group]
) -> None:
    every = (GENERAL, WOMEN, DIABETICS_ONLY)
    assert {group for group in every if is_comparable(group, {"demographics": demographics}, set())} == groups


def test_a_group_is_not_compared_where_another_condition_is_asked_for() -> None:
    assert is_comparable(DIABETICS_ONLY, {}, {"type_2_diabetes"})
    assert not is_comparable(DIABETICS_ONLY, {}, {"type_2_diabetes", "hypertension"})
    assert not is_comparable(GENERAL, {}, {"type_2_diabetes"})


def test_people_who_were_treated_in_a_journey_are_not_compared() -> None:
    assert not is_comparable(DIABETICS_ONLY, {"journeys": [{"id": "treatment"}]}, set())

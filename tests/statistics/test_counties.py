"""Counties come out as the official files say: prevalences of adults, bands of age, sexes, races.

With the full files where they are, and with small twins in the official format anywhere.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pytest
from numpy.typing import NDArray

from healthsim.planning import plan_of
from healthsim.reference import CONDITIONS, Reference, load_file
from healthsim.skills import skill_library
from healthsim.spec import parse_profile
from samples import made

PEOPLE = 20_000
LARGE_AND_SMALL = ("48201", "06037", "12086", "54045", "21195")
"""Harris TX, Los Angeles CA, Miami-Dade FL, Logan WV and Pike KY: large, small, young, old, healthy and ill."""

WITHIN = 0.01
"""A percentage point. The standard error of a share of one half among 20,000 is a third of it."""


@pytest.fixture(scope="module")
def loaded(official_files: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for name in ("places_county_2022.csv", "svi_county_2022.csv"):
            load_file(connection, official_files / name)
        yield connection


def adults_of(
    fips: str, reference: Reference
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], dict[str, float]]:
    """Give shares of adults by year of age, by sex and by race and ethnicity, and the prevalences reached."""
    profile = parse_profile(
        {
            "generation": {"count": PEOPLE},
            "demographics": {"age": {"min": 18}, "reference": {"type": "county", "fips": fips}},
        }
    )
    library = skill_library()
    plan = plan_of(profile, 7, reference, library)
    rows, outcome = made(plan)
    counts = outcome.counts
    measures = {condition.id: condition.places_measure for condition in library.conditions}
    reached = {
        str(measures[condition.id]): counts.held["adults"][slot] / counts.groups["adults"]
        for slot, condition in enumerate(plan.conditions.conditions)
    }
    races = rows.column("patients", "race")
    hispanic = rows.column("patients", "ethnicity") == 0
    groups = np.bincount(np.where(hispanic, 7, races), minlength=8) / PEOPLE
    return counts.age / PEOPLE, counts.sex / PEOPLE, groups, reached


def check_county(fips: str, reference: Reference) -> None:
    ages, sexes, groups, reached = adults_of(fips, reference)
    figures = reference.places([fips])
    adults = figures.age_sex[0, 18:] / figures.age_sex[0, 18:].sum()
    for low, high in ((18, 44), (45, 64), (65, 84), (85, 110)):
        assert ages[low : high + 1].sum() == pytest.approx(adults[low - 18 : high - 17].sum(), abs=WITHIN)
    assert sexes == pytest.approx(adults.sum(axis=0), abs=WITHIN)
    assert groups == pytest.approx(figures.race[0], abs=WITHIN)
    assert set(reached) == set(CONDITIONS)
    misses = [abs(reached[measure] - figures.prevalence[measure][0]) for measure in CONDITIONS]
    assert float(np.mean(misses)) <= WITHIN
    assert max(misses) <= 2.5 * WITHIN


@pytest.mark.parametrize("fips", LARGE_AND_SMALL)
def test_a_county_of_the_full_files_comes_out_as_they_say(loaded: duckdb.DuckDBPyConnection, fips: str) -> None:
    reference = Reference(loaded)
    assert not reference.places([fips]).fallbacks or fips.startswith("12"), (
        "Florida lacks measures; the others lack none"
    )
    check_county(fips, reference)


@pytest.mark.parametrize("fips", ["48201", "36061"])
def test_a_county_of_the_starter_comes_out_as_it_says(fips: str) -> None:
    check_county(fips, Reference())


def test_a_county_of_a_small_twin_comes_out_as_the_twin_says(tmp_path: Path) -> None:
    measures = {"DIABETES": "30.0", "BPHIGH": "55.5", "OBESITY": "12.5"}
    header = ["StateAbbr", "StateDesc", "CountyName", "CountyFIPS", "TotalPopulation"]
    row = ["TX", "Texas", "Andrews", "48003", "18705"]
    for name, rate in measures.items():
        header += [f"{name}_CrudePrev", f"{name}_Crude95CI", f"{name}_AdjPrev", f"{name}_Adj95CI"]
        row += [rate, "(1.0, 99.0)", rate, "(1.0, 99.0)"]
    twin = tmp_path / "places_county_2022.csv"
    with twin.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([[*header, "Geolocation"], [*row, "POINT (-102.6 32.3)"]])
    with duckdb.connect() as connection:
        load_file(connection, twin)
        reference = Reference(connection)
    figures = reference.places(["48003"])
    assert {name: figures.prevalence[name][0] for name in measures} == pytest.approx(
        {name: float(rate) / 100 for name, rate in measures.items()}
    )
    check_county("48003", reference)

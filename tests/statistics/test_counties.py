"""Counties come out as the official files say: prevalences of adults, bands of age, sexes, races.

With the full files where they are, and with small twins in the official format anywhere.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pytest
import zipcodes

from healthsim.planning import Plan, plan_of
from healthsim.reference import CONDITIONS, Places, Reference, load_file
from healthsim.reference.gazetteer import fips_by_name
from healthsim.skills import skill_library
from healthsim.spec import parse_profile
from healthsim.summary import Counts
from samples import Rows, made

PEOPLE = 20_000
LARGE_AND_SMALL = ("48201", "06037", "12086", "54045", "21195")
"""Harris TX, Los Angeles CA, Miami-Dade FL, Logan WV and Pike KY: large, small, young, old, healthy and ill."""

AT_RANDOM = ("48343", "39013", "41001", "48275", "02150", "09001")
"""Counties drawn at random; of Fairfield CT, which the SVI of 2022 does not know, the counts of 2018 hold."""

WITHIN = 0.01
"""A percentage point. The standard error of a share of one half among 20,000 is a third of it."""

BANDS = ((0, 17), (18, 44), (45, 64), (65, 84), (85, 110))


@pytest.fixture(scope="module")
def loaded(official_files: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for name in ("places_county_2022.csv", "svi_county_2022.csv", "county_age_sex_race_2018.csv"):
            load_file(connection, official_files / name)
        yield connection


def people_of(fips: str, reference: Reference) -> tuple[Plan, Rows, Counts]:
    """Make people of all ages."""
    profile = parse_profile(
        {"generation": {"count": PEOPLE}, "demographics": {"reference": {"type": "county", "fips": fips}}}
    )
    plan = plan_of(profile, 7, reference, skill_library())
    rows, outcome = made(plan)
    return plan, rows, outcome.counts


def check_county(fips: str, reference: Reference) -> None:
    plan, rows, counts = people_of(fips, reference)
    figures = reference.places([fips])
    for low, high in BANDS:
        expected = figures.age_sex[0, low : high + 1].sum()
        assert counts.age[low : high + 1].sum() / PEOPLE == pytest.approx(expected, abs=WITHIN)
    assert counts.sex / PEOPLE == pytest.approx(figures.age_sex[0].sum(axis=0), abs=WITHIN)
    hispanic = rows.column("patients", "ethnicity") == 0
    groups = np.bincount(np.where(hispanic, 7, rows.column("patients", "race")), minlength=8) / PEOPLE
    assert groups == pytest.approx(figures.race[0], abs=WITHIN)
    misses = list(misses_of(plan, counts, figures).values())
    assert len(misses) == len(CONDITIONS)
    assert float(np.mean(misses)) <= WITHIN
    assert max(misses) <= 2.5 * WITHIN
    assert counties_of_zips(plan, rows) == {fips}


def misses_of(plan: Plan, counts: Counts, figures: Places) -> dict[str, float]:
    """Give how far the share of adults with each condition is from the county's, by measure of CDC PLACES."""
    measures = {condition.id: condition.places_measure for condition in skill_library().conditions}
    held, adults = counts.held["adults"], counts.groups["adults"]
    reached = {measures[each.id]: held[slot] / adults for slot, each in enumerate(plan.conditions.conditions)}
    return {name: abs(share - figures.prevalence[name][0]) for name, share in reached.items() if name in CONDITIONS}


def counties_of_zips(plan: Plan, rows: Rows) -> set[str]:
    """Look the ZIP codes of all people up in the directory of ZIP codes."""
    used = [plan.address.zips[index] for index in np.unique(rows.column("patients", "zip"))]
    named = [(found["state"], found["county"]) for code in used for found in zipcodes.matching(code)]
    return set(fips_by_name(named).values())


@pytest.mark.parametrize("fips", [*LARGE_AND_SMALL, *AT_RANDOM])
def test_a_county_of_the_full_files_comes_out_as_they_say(loaded: duckdb.DuckDBPyConnection, fips: str) -> None:
    reference = Reference(loaded)
    assert not reference.places([fips]).fallbacks
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

"""Who the people are: ages as asked, addresses that agree, identifiers that are unique and belong to nobody."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
import zipcodes
from hypothesis import given
from hypothesis import strategies as st

from healthsim import generate
from healthsim.planning import Plan
from healthsim.randomness import stream_hash
from healthsim.simulation.patients import MRN_STEP, MRNS, SSN_STEP, SSNS, scattered
from samples import DIABETICS, HARRIS, MIXED, made

Planner = Callable[..., Plan]


@pytest.mark.parametrize("as_of", ["2025-01-01", "2024-02-29", "2023-12-31", "2000-03-01"])
def test_birth_dates_and_completed_years_agree_at_the_date_asked(as_of: str) -> None:
    profile = {
        "as_of": as_of,
        "generation": {"count": 400, "seed": 3},
        "demographics": {"age": {"type": "explicit", "values": [0, 1, 40, 100, 110]}},
    }
    born = [patient["birth_date"] for patient in generate(profile=profile)["patients"]]
    ages = {completed_years(day, date.fromisoformat(as_of)) for day in born}
    assert ages == {0, 1, 40, 100, 110}


def test_birthdays_fall_on_every_day_of_the_year(planned: Planner) -> None:
    plan = replace(planned({"demographics": {"age": 40}}), count=60_000)
    days = made(plan)[0].column("patients", "birth_date")
    counts = np.bincount(days - days.min())
    assert len(counts) in {365, 366}
    assert counts.min() > 0.5 * counts.mean()


def test_identifiers_are_unique_and_belong_to_nobody() -> None:
    patients = generate(profile=MIXED, count=3_000).table("patients").to_pydict()
    for name in ("person_id", "patient_id", "mrn", "ssn"):
        assert len(set(patients[name])) == 3_000, name
    for ssn in patients["ssn"]:
        area, group, serial = ssn.split("-")
        assert 900 <= int(area) <= 999
        assert 1 <= int(group) <= 49
        assert 1 <= int(serial) <= 9999
    assert all(phone[6:11] == "555-0" and 100 <= int(phone[-4:]) <= 199 for phone in patients["phone"])


@given(st.integers(0, 2**63 - 1), st.integers(0, 10**7), st.sampled_from([(SSN_STEP, SSNS), (MRN_STEP, MRNS)]))
def test_scattered_numbers_are_unique(seed: int, first: int, kind: tuple[int, int]) -> None:
    step, modulus = kind
    numbers = scattered(first, 2_000, stream_hash(seed, "x"), step, modulus)
    assert len(np.unique(numbers)) == 2_000
    assert numbers.min() >= 0
    assert numbers.max() < modulus


def test_city_zip_county_and_area_code_agree() -> None:
    result = generate(profile=MIXED, count=500)
    for patient in list(result["patients"])[:200]:
        (record,) = zipcodes.matching(patient["zip"])
        assert record["city"] == patient["city"]
        assert record["state"] == patient["state"] == "RI"
        assert patient["county_fips"].startswith("44")
        assert patient["phone"][1:4] in record["area_codes"]


def test_given_names_follow_sex_and_decade_of_birth() -> None:
    def share(sex: str, age: int, names: set[str]) -> float:
        profile = {"demographics": {"gender": sex, "age": age, "race": "white", "ethnicity": "not hispanic"}}
        given_names = generate(profile=profile, count=4_000, seed=1).table("patients")["given_name"].to_pylist()
        return sum(name in names for name in given_names) / len(given_names)

    of_the_forties = {"Mary", "Linda", "Barbara", "Patricia", "Susan"}
    assert share("F", 75, of_the_forties) > 10 * share("F", 8, of_the_forties)
    assert share("M", 75, of_the_forties) < 0.01


def test_attributes_asked_for_hold(planned: Planner) -> None:
    rows, outcome = made(replace(planned(MIXED), count=40_000))
    counts = outcome.counts
    assert abs(counts.sex[0] / counts.people - 0.6) < 0.01
    assert abs(counts.age[:18].sum() / counts.people - 0.2) < 0.01
    assert abs(counts.age[65:].sum() / counts.people - 0.3) < 0.01
    women = rows.column("patients", "gender") == 0
    races = rows.column("patients", "race")
    assert set(np.unique(races[women])) == {0, 1}
    assert set(np.unique(races[~women])) == {2}


def test_a_truncated_distribution_is_truncated_and_not_clamped(planned: Planner) -> None:
    ages = made(replace(planned(DIABETICS), count=40_000))[1].counts.age
    assert ages[:40].sum() == 0
    assert ages[96:].sum() == 0
    # Clamping would pile the tail up at the bound: the last year may not hold more than its neighbour.
    assert ages[95] < 1.3 * ages[94]
    assert ages[40] < 1.3 * ages[41]


def test_places_without_a_source_are_all_over_the_nation(planned: Planner) -> None:
    states = {patient["state"] for patient in generate(condition="diabetes", count=3_000, seed=2)["patients"]}
    assert len(states) >= 45
    assert len(planned({}).people.counties) > 3_000


def test_a_county_profile_lives_in_the_county() -> None:
    patients = generate(profile=HARRIS, count=500).table("patients").to_pydict()
    assert set(patients["county_fips"]) == {"48201"}
    assert set(patients["state"]) == {"TX"}
    assert len(set(patients["zip"])) > 50


def completed_years(born: date, at: date) -> int:
    """Count birthdays: whoever is born on a leap day turns a year older on the first of March of other years."""
    birthday_passed = (at.month, at.day) >= (born.month, born.day)
    return at.year - born.year - (not birthday_passed)


def test_the_youngest_and_the_oldest_of_a_year_of_age_are_a_year_apart(planned: Planner) -> None:
    plan = replace(planned({"demographics": {"age": 30}}), count=50_000)
    days = made(plan)[0].column("patients", "birth_date")
    epoch = date(1970, 1, 1)
    assert epoch + timedelta(days=int(days.max())) == date(1995, 1, 1)
    assert epoch + timedelta(days=int(days.min())) == date(1994, 1, 2)

"""The tables of screening and vaccination: codes, sources, and shares that can be."""

from collections import defaultdict

import pytest

from healthsim.reference import icd10_title, is_billable, programmes, screening_codes, vaccine_names
from healthsim.reference.starter import read_table
from healthsim.skills import skill_library

TABLES = (
    *("preventive_programmes", "preventive_uptake", "preventive_products", "screening_codes", "child_examinations"),
    *("visit_measures", "monitoring_adherence", "test_history"),
)
NAMES = [each.name for each in programmes()]


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_its_source(name: str) -> None:
    rows = read_table(f"{name}.csv")
    assert rows
    assert [row for row in rows if not row["source"]] == []
    assert {row["confidence"] for row in rows if "confidence" in row} <= {"published", "assumed"}


def test_rows_belong_to_programmes_that_there_are() -> None:
    for table in ("preventive_uptake", "preventive_products"):
        assert {row["programme"] for row in read_table(f"{table}.csv")} == set(NAMES)
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("name", NAMES)
def test_a_programme_has_shares_that_can_be_and_codes_that_are_known(name: str) -> None:
    programme = next(each for each in programmes() if each.name == name)
    known = vaccine_names() if programme.kind == "vaccine" else screening_codes()
    assert {each.code for each in programme.products if each.code} <= known.keys()
    bands = defaultdict(list)
    for each in programme.uptake:
        assert 0 <= each.above <= each.share < 1
        bands[each.ages].append(each.year)
    for years in bands.values():
        assert years == sorted(set(years))
    covered = [age for first, last in bands for age in range(first, last + 1)]
    assert len(covered) == len(set(covered))
    assert programme.days[0] <= programme.days[1]
    assert programme.gap[0] <= programme.gap[1]


def test_nothing_is_done_before_what_it_is_done_with_was_in_use() -> None:
    for programme in programmes():
        begins = min(each.from_date.year for each in programme.products)
        assert all(each.share == 0 or each.year >= begins - 1 for each in programme.uptake), programme.name


def test_reasons_of_screenings_are_billable_codes_under_their_titles() -> None:
    for code in screening_codes().values():
        assert is_billable(code.reason_code)
        assert code.reason_title == icd10_title(code.reason_code)


def test_what_is_done_today_is_what_the_skill_of_preventive_care_names() -> None:
    skill = skill_library().skill("preventive-care").document["prevention"]
    screened = {each["code"] for each in skill["screenings"]}
    given = {each["cvx"] for each in skill["immunizations"]}
    for programme in programmes():
        latest = [each for each in programme.products if each.code][-1]
        known = given if programme.kind == "vaccine" else screened
        assert latest.code in known or programme.name in {"covid_19_primary", "tetanus_booster"}, programme.name

"""Codes that exclude each other, and where ZIP codes lie."""

import pytest

from healthsim.reference.addresses import zip_table
from healthsim.reference.exclusions import exclusions_among
from healthsim.reference.gazetteer import current_counties
from healthsim.reference.zip_places import zip_places


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("E11.9", "E10.9"),  # of the category
        ("Z86.73", "I69.351"),  # a category with a hyphen
        ("I10", "O13.9"),  # a range
        ("F32.9", "F33.1"),
        ("M15.0", "M17.11"),
    ],
)
def test_an_excludes1_note_excludes_its_codes(one: str, other: str) -> None:
    assert (one, other) in {(pair.code, pair.other) for pair in exclusions_among([one, other, "J44.9"])}


def test_codes_that_go_together_exclude_nothing() -> None:
    assert exclusions_among(["E11.22", "N18.31", "I12.9", "E78.5", "E66.811", "J44.9", "I25.10"]) == []


def test_what_is_no_code_excludes_nothing() -> None:
    assert exclusions_among(["E11.9", "E10", "banana", ""]) == exclusions_among(["E11.9", "E10"])


def test_a_zip_code_has_a_city_a_state_and_a_county() -> None:
    places = zip_places(["77002"])
    assert {(place.city, place.state, place.county_fips) for place in places} >= {("Houston", "TX", "48201")}


def test_an_unknown_zip_code_has_no_place() -> None:
    assert zip_places(["00000"]) == []


def test_a_county_without_a_zip_code_of_its_own_has_its_neighbours() -> None:
    notes = zip_table(sorted(current_counties())).notes
    lacking = next(note[:5] for note in notes if "no ZIP code of its own" in note)
    standing_in = zip_table([lacking]).zips[0]
    assert lacking not in {place.county_fips for place in zip_places([standing_in])}
    assert lacking in {place.county_fips for place in zip_places([standing_in], [lacking])}

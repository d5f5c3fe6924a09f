"""Names by sex, decade and group; ZIP codes and cities by county; ICD-10-CM codes."""

import numpy as np
import pytest

from healthsim.errors import NotFoundError
from healthsim.reference import (
    GROUPS,
    Reference,
    billable_below,
    family_names,
    given_names,
    icd10_title,
    is_billable,
    is_icd10,
    nearest_codes,
    street_names,
    zip_table,
)
from healthsim.reference.names import DECADES, decade_index


def share(name: str, sex: int, decade: int, group: str) -> float:
    given = given_names()
    weights = given.weights[sex, DECADES.index(decade), GROUPS.index(group)]
    return float(weights[given.names.index(name)])


def test_given_names_sum_to_one_everywhere() -> None:
    weights = given_names().weights
    assert weights.shape == (2, len(DECADES), len(GROUPS), len(given_names().names))
    np.testing.assert_allclose(weights.sum(axis=-1), 1)


def test_given_names_follow_the_decade_of_birth() -> None:
    assert share("Linda", 0, 1940, "white") > 20 * share("Linda", 0, 2010, "white")
    assert share("Liam", 1, 2010, "white") > 20 * share("Liam", 1, 1950, "white")


def test_given_names_follow_the_group_and_the_sex() -> None:
    assert share("Jose", 1, 1980, "hispanic") > 20 * share("Jose", 1, 1980, "white")
    assert share("Wei", 1, 1970, "asian") > 20 * share("Wei", 1, 1970, "black")
    assert share("Michael", 0, 1970, "white") < 1e-3 < share("Michael", 1, 1970, "white")


def test_no_group_has_only_a_few_names() -> None:
    # The inverse Simpson index counts names as if all were equally common.
    assert (1 / (given_names().weights ** 2).sum(axis=-1)).min() > 30
    assert (1 / (family_names().weights ** 2).sum(axis=-1)).min() > 60


def test_family_names_follow_the_group_and_are_written_as_usual() -> None:
    family = family_names()
    np.testing.assert_allclose(family.weights.sum(axis=1), 1)
    commonest = {group: family.names[int(np.argmax(row))] for group, row in zip(GROUPS, family.weights, strict=True)}
    assert commonest["hispanic"] == "Garcia"
    assert commonest["asian"] == "Nguyen"
    assert {"McDonald", "O'Brien", "Smith"} <= set(family.names)
    assert not any(name.isupper() for name in family.names)


def test_years_outside_the_decades_count_to_the_first_and_last() -> None:
    assert decade_index(np.array([1899, 1910, 1925, 2029, 2031])).tolist() == [0, 0, 1, 11, 11]


def test_every_county_has_zip_codes_in_its_own_state() -> None:
    reference = Reference()
    codes = reference.counties_of("nation")
    table = zip_table(codes)
    assert (np.diff(table.offsets) > 0).all()
    assert table.offsets[-1] == len(table.members)
    assert table.zips == tuple(sorted(set(table.zips)))
    assert table.members.max() < len(table.zips) == len(table.zip_city) == len(table.latitude)
    assert table.zip_city.max() < len(table.cities)


def test_city_zip_and_county_agree() -> None:
    table = zip_table(["06075", "48201"])
    houston = table.zips.index("77002")
    assert table.cities[table.zip_city[houston]] == "Houston"
    assert houston in table.members[table.offsets[1] : table.offsets[2]]
    assert {table.cities[table.zip_city[index]] for index in table.members[: table.offsets[1]]} == {"San Francisco"}


def test_counties_without_homes_in_a_zip_code_say_what_stands_in() -> None:
    assert zip_table(["51678"]).notes == ("51678: no ZIP code of its own; those of Rockbridge County stand in",)
    assert zip_table(["48201"]).notes == ()


def test_an_unknown_county_has_no_zip_codes() -> None:
    with pytest.raises(NotFoundError):
        zip_table(["99999"])


def test_streets_have_names_and_suffixes() -> None:
    streets = street_names()
    assert len(streets.names) == len(set(streets.names)) > 200
    assert streets.suffix_weights.sum() == pytest.approx(1)


def test_codes_have_titles_with_their_dot_or_without() -> None:
    assert icd10_title("E11.9") == icd10_title("e119") == "Type 2 diabetes mellitus without complications"
    assert icd10_title("E99.9") is None


def test_chapters_and_blocks_are_no_codes() -> None:
    assert not is_icd10("4")
    assert not is_icd10("E08-E13")
    assert not is_icd10("")
    assert is_icd10("E11")


def test_categories_resolve_to_billable_codes() -> None:
    assert not is_billable("E11")
    assert is_billable("I10")
    assert billable_below("I10") == ["I10"]
    assert "E11.9" in billable_below("E11")
    assert all(is_billable(code) for code in billable_below("E11"))
    assert billable_below("nothing") == []


def test_a_misspelt_code_names_the_nearest() -> None:
    assert "E11.9" in nearest_codes("E11.99")
    assert nearest_codes("") == ()

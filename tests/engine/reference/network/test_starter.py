"""The starter's directory: as dense as the nation's, near the people, with NPIs that nobody is given."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthsim.errors import InvalidInputError, NotFoundError
from healthsim.generation import TAXONOMY_MAP, NetworkSimResolver
from healthsim.reference import gazetteer
from healthsim.reference.network import callings, hospital_beds, is_npi, starter_hospitals, starter_providers

RESOLVER = NetworkSimResolver()


def luhn(number: str) -> bool:
    """Check a number by the Luhn formula, as written down: every second digit from the right counts double."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def test_every_npi_has_its_check_digit_and_is_of_a_range_never_issued() -> None:
    found = RESOLVER.find_providers(state="RI", limit=2_000)
    assert len(found) == 2_000
    assert all(luhn(f"80840{provider.npi}") and str(provider.npi)[0] not in "12" for provider in found)
    assert len({provider.npi for provider in found}) == 2_000
    assert all(provider.is_synthetic for provider in found)


@given(st.integers(10**9, 10**10 - 1))
def test_an_npi_is_one_when_the_luhn_formula_holds(number: int) -> None:
    assert is_npi(number) == luhn(f"80840{number}")


def test_the_nation_has_as_many_of_a_specialty_as_are_counted() -> None:
    nation = gazetteer.current_counties()
    for name in ("cardiology", "endocrinology", "family_medicine"):
        calling = callings()[name]
        people = sum(gazetteer.counties()[fips].population for fips in nation)
        expected = calling.per_100k * people / 100_000
        assert len(starter_providers(nation, [calling]).ordinal) == pytest.approx(expected, rel=0.03)


def test_every_county_has_family_medicine_and_a_pharmacy() -> None:
    nation = gazetteer.current_counties()
    for name in ("family_medicine", "pharmacy"):
        counties = np.bincount(starter_providers(nation, [callings()[name]]).county, minlength=len(nation))
        assert counties.min() >= 1


def test_hospitals_are_as_many_and_as_large_as_the_nations() -> None:
    listed = starter_hospitals(gazetteer.current_counties())
    assert len(listed.ordinal) == pytest.approx(5_129, rel=0.05)
    assert hospital_beds(listed).mean() == pytest.approx(784_112 / 5_129, rel=0.15)


def test_a_county_has_the_same_providers_whatever_else_is_asked() -> None:
    alone = RESOLVER.find_providers(county_fips="44007", specialty="cardiology", limit=500)
    in_state = RESOLVER.find_providers(state="RI", specialty="cardiologist", limit=5_000)
    assert alone
    assert alone == [provider for provider in in_state if provider.county_fips == "44007"]


def test_a_provider_is_found_again_by_the_npi() -> None:
    for provider in RESOLVER.find_providers(state="WY", limit=50):
        assert RESOLVER.provider(provider.npi) == provider


def test_a_search_keeps_to_its_place_and_specialty() -> None:
    taxonomy = TAXONOMY_MAP["cardiology"]
    found = RESOLVER.find_providers(state="TX", city="HOUSTON", taxonomy=taxonomy, limit=20)
    assert len(found) == 20
    assert {(each.state, each.city, each.taxonomy) for each in found} == {("TX", "Houston", taxonomy)}
    assert [each.npi for each in found] == sorted(each.npi for each in found)
    zips = Counter(each.zip for each in RESOLVER.find_providers(zip=found[0].zip, specialty="family medicine"))
    assert set(zips) <= {found[0].zip}


def test_hospitals_are_found_by_their_beds() -> None:
    found = RESOLVER.find_facilities(state="TX", facility_type="hospital", min_beds=200)
    assert found
    assert all((each.beds or 0) >= 200 and each.state == "TX" for each in found)


def test_every_problem_of_a_search_is_told_with_the_nearest_name() -> None:
    with pytest.raises(InvalidInputError) as caught:
        RESOLVER.find_providers(state="Texs", specialty="cardiolgy", limit=0)
    told = str(caught.value)
    assert "Texas" in told
    assert "cardiology" in told
    assert "$.limit" in told


@pytest.mark.parametrize("npi", [0, 1234567893, 9999999999, "x"])
def test_an_npi_that_nobody_has_is_told(npi: int | str) -> None:
    with pytest.raises(NotFoundError, match="no such provider"):
        RESOLVER.provider(npi)


def test_forty_specialties_have_a_taxonomy_code() -> None:
    assert len(TAXONOMY_MAP) >= 40
    assert all(len(code) == 10 and code.endswith("X") for code in TAXONOMY_MAP.values())

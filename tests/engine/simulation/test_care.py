"""Who cares for people: primary care near home, specialists where asked, and nobody who is not described."""

from typing import Any

import numpy as np
import pytest

from healthsim import Result, generate
from healthsim.errors import InvalidProfileError
from healthsim.generation import TAXONOMY_MAP
from healthsim.reference.network import is_npi
from samples import DIABETICS, HARRIS

PRIMARY_CARE = {TAXONOMY_MAP[name] for name in ("family_medicine", "internal_medicine", "pediatrics")}


def asking(**sections: Any) -> Result:  # noqa: ANN401 - sections of a profile
    return generate(
        profile={**HARRIS, "clinical": {"primary_condition": {"code": "E11", "prevalence": 0.5}}, **sections}
    )


@pytest.fixture(scope="module")
def harris() -> Result:
    return generate(profile=HARRIS, count=10_000)


def test_everybody_of_a_county_has_a_primary_care_provider_near_home(harris: Result) -> None:
    providers = {row["npi"]: row for row in harris["providers_used"]}
    same_zip = 0
    for row in harris["patients"]:
        provider = providers[row["pcp_npi"]]
        assert is_npi(row["pcp_npi"])
        assert provider["taxonomy"] in PRIMARY_CARE
        assert provider["state"] == "TX"
        same_zip += provider["zip"] == row["zip"]
    assert same_zip > 9_000


def test_children_go_to_those_who_treat_children_and_adults_to_those_who_treat_adults(harris: Result) -> None:
    taxonomy = {row["npi"]: row["taxonomy"] for row in harris["providers_used"]}
    for row in harris["patients"]:
        is_adult = (2025 - row["birth_date"].year - (row["birth_date"].timetuple().tm_yday > 1)) >= 18
        unfit = TAXONOMY_MAP["pediatrics"] if is_adult else TAXONOMY_MAP["internal_medicine"]
        assert taxonomy[row["pcp_npi"]] != unfit


def test_whoever_is_referred_to_is_described_and_nobody_else(harris: Result) -> None:
    referred = {row["pcp_npi"] for row in harris["patients"]} | {row["provider_npi"] for row in harris["encounters"]}
    assert {row["npi"] for row in harris["providers_used"]} == referred
    hospitals = {row["hospital_id"] for row in harris["patients"]}
    assert {row["facility_id"] for row in harris["facilities_used"]} == hospitals


@pytest.mark.parametrize("assignment", ["nearest", "random", "round_robin", "panel"])
def test_the_rows_do_not_depend_on_how_many_people_are_made(assignment: str) -> None:
    many, few = (asking(providers={"assignment": assignment}, generation={"count": n, "seed": 3}) for n in (3_000, 500))
    columns = ["pcp_npi", "hospital_id"]
    assert few.table("patients").select(columns) == many.table("patients").select(columns).slice(0, 500)


def test_panels_are_even() -> None:
    adults = {
        "demographics": {**HARRIS["demographics"], "age": {"min": 18}},
        "generation": {"count": 50_000, "seed": 3},
    }

    def spread(assignment: str) -> float:
        panels = asking(providers={"assignment": assignment}, **adults).table("patients").group_by("pcp_npi")
        sizes = np.asarray(panels.aggregate([([], "count_all")])["count_all"])
        return float(sizes.std() / sizes.mean())

    # About 20 people a panel: by chance alone the sizes spread by a quarter of their mean.
    assert spread("panel") < 0.8 * spread("nearest")


def test_the_primary_condition_is_seen_by_the_specialty_asked_for() -> None:
    result = asking(providers={"reference": {"state": "TX", "specialty": "endocrinology"}})
    taxonomy = {row["npi"]: row["taxonomy"] for row in result["providers_used"]}
    ill = {row["person_id"] for row in result["diagnoses"] if row["code"].startswith("E11")}
    assert 800 < len(ill) < 1_200
    for row in result["encounters"]:
        is_specialist = taxonomy[row["provider_npi"]] == TAXONOMY_MAP["endocrinology"]
        assert is_specialist == (row["person_id"] in ill)
    assert {taxonomy[row["pcp_npi"]] for row in result["patients"]} <= PRIMARY_CARE


def test_without_a_primary_condition_everybody_sees_the_specialty_asked_for() -> None:
    providers = {"reference": {"state": "TX", "specialty": "endocrinology"}}
    result = asking(providers=providers, clinical={})
    taxonomy = {row["npi"]: row["taxonomy"] for row in result["providers_used"]}
    seen = {taxonomy[row["provider_npi"]] for row in result["encounters"]}
    assert seen == {TAXONOMY_MAP["endocrinology"]}


def test_facilities_are_those_asked_for() -> None:
    result = asking(facilities={"reference": {"state": "TX", "city": "Dallas", "min_beds": 100}})
    facilities = list(result["facilities_used"])
    assert facilities
    assert all(row["city"] == "Dallas" and row["beds"] >= 100 for row in facilities)


def test_codes_of_places_may_come_as_numbers() -> None:
    as_text = asking(providers={"reference": {"fips": "06037"}})
    assert asking(providers={"reference": {"fips": 6037}}).digest == as_text.digest
    assert {row["county_fips"] for row in as_text["providers_used"]} == {"06037"}


def test_people_of_the_nation_have_providers_when_these_are_asked_for() -> None:
    assert "providers_used" not in generate(profile=DIABETICS, count=20)
    result = generate(profile={**DIABETICS, "providers": {"assignment": "nearest"}}, count=300)
    home = {row["npi"]: row["state"] for row in result["providers_used"]}
    assert all(home[row["pcp_npi"]] == row["state"] for row in result["patients"])


def test_a_place_without_anybody_as_asked_is_told() -> None:
    with pytest.raises(InvalidProfileError) as caught:
        asking(
            providers={"reference": {"state": "TX", "city": "Atlantis"}},
            facilities={"reference": {"state": "TX", "min_beds": 1_000_000}},
        )
    assert [problem.path for problem in caught.value.problems] == ["$.providers.reference", "$.facilities.reference"]
    with pytest.raises(InvalidProfileError, match="lies in another state"):
        asking(providers={"reference": {"state": "CA", "fips": "48201"}})


def test_every_problem_with_the_network_is_told() -> None:
    with pytest.raises(InvalidProfileError) as caught:
        asking(
            providers={"reference": {"state": "Texs", "specialty": "endocrinolgy", "min_beds": 5}},
            facilities={"reference": {"facility_type": "hospitl", "fips": "99999"}},
        )
    paths = [problem.path for problem in caught.value.problems]
    assert [path.removeprefix("$.") for path in paths] == [
        "providers.reference.state",
        "providers.reference.specialty",
        "providers.reference.min_beds",
        "facilities.reference.fips",
        "facilities.reference.facility_type",
    ]
    assert "endocrinology" in str(caught.value)

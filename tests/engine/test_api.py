"""The two verbs: profiles and short arguments, every problem at once, seeds reported."""

import json
from pathlib import Path
from typing import Any

import pytest

from healthsim import explain, explain_journey, generate, get_manager, list_counties, run_journey
from healthsim.errors import InvalidInputError, InvalidProfileError
from healthsim.generation import ProfileExecutor
from samples import DIABETICS, HARRIS


def problems(**arguments: Any) -> dict[str, str]:  # noqa: ANN401 - arguments of `explain`
    with pytest.raises(InvalidInputError) as caught:
        explain(**arguments)
    return {problem.path: str(problem) for problem in caught.value.problems}


@pytest.mark.parametrize(
    "condition", ["diabetes", "type2_diabetes", "T2DM", "E11", "e11.9", "Type 2 diabetes mellitus"]
)
def test_a_condition_goes_by_name_alias_or_code(condition: str) -> None:
    result = generate(product="patientsim", count=20, condition=condition)
    assert len({row["person_id"] for row in result["diagnoses"] if row["code"].startswith("E11")}) == 20


def test_short_arguments_describe_a_population() -> None:
    result = generate(condition="copd", county_fips=48201, min_age=50, max_age=60, count=200, seed=3)
    demographics = result.summary["demographics"]
    assert 50 <= demographics["age"]["min"] <= demographics["age"]["max"] <= 60
    assert {row["county_fips"] for row in result["patients"]} == {"48201"}


def test_arguments_replace_those_of_a_profile() -> None:
    result = generate(profile=DIABETICS, count=30, seed=99, product="patientsim")
    assert result.summary["count"] == 30
    assert result.seed == 99
    assert result.digest == ProfileExecutor().execute(DIABETICS, count=30, seed=99).digest


def test_a_profile_may_be_a_mapping_a_text_or_a_file(tmp_path: Path) -> None:
    path = tmp_path / "profile.json"
    path.write_text(json.dumps(DIABETICS), encoding="utf-8")
    digests = {generate(profile=form, count=50).digest for form in (DIABETICS, json.dumps(DIABETICS), path)}
    assert len(digests) == 1


def test_a_seed_that_was_not_given_is_drawn_and_reported() -> None:
    first, second = generate(count=10, condition="copd"), generate(count=10, condition="copd")
    assert first.seed != second.seed
    assert generate(count=10, condition="copd", seed=first.seed).digest == first.digest


def test_everything_wrong_is_told_at_once_names_included() -> None:
    document = {
        "generation": {"count": 0},
        "demographics": {"agee": {}, "reference": {"type": "county", "fips": "48999"}},
        "demografics": {},
        "clinical": {"primary_condition": "diabetis", "comorbidities": [{"code": "I10", "prevalence": 7}, "Q99.99"]},
    }
    assert sorted(problems(profile=document)) == [
        "$.clinical.comorbidities[0].prevalence",
        "$.clinical.comorbidities[1].code",
        "$.clinical.primary_condition.name",
        "$.demografics",
        "$.demographics.agee",
        "$.demographics.reference.fips",
        "$.generation.count",
    ]


def test_problems_of_arguments_are_told_by_argument() -> None:
    found = problems(
        condition="diabetis", county_fips="48999", min_age=-1, max_age=200, count=0, seed=-1, product="patientsm"
    )
    assert sorted(found) == ["$.condition", "$.count", "$.county_fips", "$.max_age", "$.min_age", "$.product", "$.seed"]


@pytest.mark.parametrize("seed", [-1, 2**64, 1.5, "7", True])
def test_a_seed_that_is_none_is_refused(seed: Any) -> None:  # noqa: ANN401 - whatever is wrong
    assert list(problems(profile=DIABETICS, seed=seed)) == ["$.seed"]


def test_arguments_beside_a_profile_that_describe_a_population_are_refused() -> None:
    assert list(problems(profile=DIABETICS, condition="copd", min_age=3)) == ["$.condition", "$.min_age"]


def test_events_of_other_products_are_refused_and_no_product_is_guessed() -> None:
    journey = {"id": "j", "events": [{"id": "a", "event_type": "reversal"}]}
    with pytest.raises(InvalidProfileError, match="add rxmembersim to products"):
        generate(journey=journey, count=10)
    with pytest.raises(InvalidProfileError, match="did you mean membersim"):
        generate(product="membrsim", count=10)


def test_explaining_draws_nothing_and_expects_what_generating_gives() -> None:
    plan, result = explain(HARRIS), generate(profile=HARRIS, count=40_000)
    expected = {condition["code"]: condition["expected"] for condition in plan["conditions"]}
    for condition in result.summary["conditions"]:
        assert condition["reached"] == pytest.approx(expected[condition["code"]], abs=0.015)
    assert plan["demographics"]["age"]["mean"] == pytest.approx(result.summary["demographics"]["age"]["mean"], abs=0.5)


def test_explaining_a_journey_tells_of_the_cohort_that_running_it_makes(tmp_path: Path) -> None:
    db = tmp_path / "workspace.duckdb"
    generate(condition="diabetes", count=200, seed=1, name="walkers", persist=True, db=db)
    told = explain_journey("walkers", "diabetic-year-one", start_date="2024-01-01", db=db)
    assert [cohort["name"] for cohort in get_manager(db).list_cohorts()] == ["walkers"]
    walked = run_journey("walkers", "diabetic-year-one", start_date="2024-01-01", db=db)
    assert told["cohort_id"] == walked.summary["cohort_id"]
    assert told["estimated_rows"]["encounters"] == pytest.approx(walked.summary["tables"]["encounters"], rel=0.1)
    with pytest.raises(InvalidInputError, match="diabetic-year-one"):
        explain_journey("walkers", "diabetic-yer-one", db=db)


def test_the_counties_of_the_nation_are_listed_the_largest_first() -> None:
    counties = list_counties()
    assert (counties[0]["fips"], counties[0]["name"]) == ("06037", "Los Angeles County")
    assert len(counties) == len({county["fips"] for county in counties}) > 3_100
    assert [county["population"] for county in counties] == sorted(
        (county["population"] for county in counties), reverse=True
    )


def test_the_summary_counts_what_the_rows_hold() -> None:
    result = generate(profile=HARRIS)
    patients, diagnoses = result.table("patients").to_pylist(), result.table("diagnoses").to_pylist()
    summary = result.summary
    assert summary["tables"] == {name: len(result.table(name).to_pylist()) for name in result}
    assert summary["tables"]["diagnoses"] == len(diagnoses)
    women = sum(patient["gender"] == "F" for patient in patients)
    assert summary["demographics"]["gender"]["F"] == pytest.approx(women / len(patients), abs=1e-4)
    adults = {patient["person_id"] for patient in patients if patient["birth_date"].isoformat() <= "2007-01-01"}
    for condition in summary["conditions"]:
        slot = [other["code"] for other in summary["conditions"]].index(condition["code"])
        ill = {row["person_id"] for row in diagnoses if row["diagnosis_id"] % 65_536 == slot}
        assert condition["reached"] == pytest.approx(len(ill & adults) / len(adults), abs=1e-4)


def test_a_product_that_is_asked_for_brings_its_section_of_a_profile_with_it() -> None:
    result = generate(product="trialsim", profile={"trial": {"sites": 2}}, count=30, seed=1)
    assert len(result["sites"]) == 2
    assert len(result["subjects"]) > 0


def test_a_name_without_persist_is_told_to_be_in_vain() -> None:
    assert any("persist=True" in note for note in generate(condition="copd", count=5, name="mine").summary["notes"])
    assert not any("persist" in note for note in generate(condition="copd", count=5).summary["notes"])


@pytest.mark.parametrize(("count", "is_short"), [(60, True), (900, False)])
def test_a_trial_that_finds_too_few_people_says_how_many_it_found(count: int, is_short: bool) -> None:  # noqa: FBT001 - what is expected
    trial = {"protocol": "t2dm-phase-3", "enrollment": 30}
    made = generate(profile={"products": ["trialsim"], "trial": trial}, count=count, seed=3)
    started = [row for row in made["subjects"] if row["rfstdtc"] is not None]
    assert made.summary["trial"] == {"screened": len(made["subjects"]), "randomized": len(started)}
    assert (len(started) < 30) == is_short
    assert any("the trial wants 30" in note for note in made.summary["notes"]) == is_short

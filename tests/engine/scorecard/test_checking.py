"""What rules say where there is little or nothing to say, and of what is generated."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.scorecard.people import Tables, clean_tables
from healthsim import generate, get_manager
from healthsim.scorecard.card import last_day
from healthsim.scorecard.cohort_facts import ingredients_of, is_loinc
from samples import DIABETICS, HARRIS

Card = dict[str, Any]


def scored(tables: Tables, db: Path) -> Card:
    manager = get_manager(db)
    return manager.score(manager.persist(tables)["cohort_id"])


def statuses(card: Card) -> dict[str, str]:
    return {rule["id"]: rule["status"] for rule in card["rules"]}


def test_a_rule_whose_table_is_absent_is_not_applicable_and_says_so(tmp_path: Path) -> None:
    tables = clean_tables(2)
    card = scored({name: tables[name] for name in ("patients", "diagnoses")}, tmp_path / "w.duckdb")
    rules = {rule["id"]: rule for rule in card["rules"]}
    assert rules["egfr-of-creatinine"]["status"] == "not_applicable"
    assert rules["egfr-of-creatinine"]["reason"] == "no table labs"
    assert rules["excluded-pair"]["status"] == "not_applicable"
    assert rules["excluded-pair"]["reason"] == "no row that it is about"
    assert card["score"]["rules_checked"] == sum(status == "passed" for status in statuses(card).values())


def test_a_rule_whose_column_is_absent_never_passes(tmp_path: Path) -> None:
    tables = clean_tables(2)
    tables["labs"] = [{"lab_id": row["lab_id"], "person_id": row["person_id"]} for row in tables["labs"]]
    found = statuses(scored(tables, tmp_path / "w.duckdb"))
    assert found["flag-disagrees-with-range"] == "not_applicable"
    assert found["wrong-unit"] == "passed", "of the vital signs"
    assert found["duplicate-key/labs"] == "passed"


def test_rows_of_one_kind_can_be_scored_alone(tmp_path: Path) -> None:
    people = [{"person_id": 1, "birth_date": date(1970, 1, 1), "gender": "F", "ssn": "219-09-9999"}]
    found = statuses(scored({"patients": people}, tmp_path / "w.duckdb"))
    assert found["issuable-ssn"] == "broken"
    assert found["sex-unknown"] == "passed"
    assert found["after-as-of/patients.birth_date"] == "not_applicable", "nobody says when the records were seen"


@pytest.mark.parametrize(
    ("profile", "count"),
    [(HARRIS, 20_000), ({**DIABETICS, "clinical": {**DIABETICS["clinical"], "baseline": "examination"}}, 3_000)],
    ids=["harris", "diabetics"],
)
def test_what_is_generated_breaks_no_rule(profile: dict[str, Any], count: int, tmp_path: Path) -> None:
    manager = get_manager(tmp_path / "w.duckdb")
    made = generate(profile=profile, count=count, persist=True, db=tmp_path / "w.duckdb")
    card = manager.score(made.get("cohort_id"))
    assert [rule for rule in card["rules"] if rule["status"] == "broken"] == []
    checked = {rule["id"]: rule["checked"] for rule in card["rules"] if rule["status"] == "passed"}
    assert checked["duplicate-key/patients"] == count
    assert checked["unknown-code"] >= count
    assert checked["drug-without-indication"] > 0
    assert checked["egfr-of-creatinine"] > 0


def test_a_year_of_visits_results_and_drugs_breaks_no_rule(tmp_path: Path) -> None:
    manager = get_manager(tmp_path / "w.duckdb")
    asked = {"condition": "diabetes", "journey": "diabetic-year-one", "start_date": date(2024, 1, 1)}
    made = generate(**asked, min_age=18, count=400, seed=9, persist=True, db=tmp_path / "w.duckdb")
    card = manager.score(made.get("cohort_id"))
    assert [rule for rule in card["rules"] if rule["status"] == "broken"] == []
    checked = {rule["id"]: rule["checked"] for rule in card["rules"] if rule["status"] == "passed"}
    assert checked["duplicate-key/encounters"] > 400
    assert checked["after-as-of/encounters.start_time"] == checked["duplicate-key/encounters"]


def test_a_summary_has_the_score_once_the_cohort_was_scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manager = get_manager(tmp_path / "w.duckdb")
    cohort_id = generate(profile=DIABETICS, count=50, persist=True, db=tmp_path / "w.duckdb").get("cohort_id")
    unkept = manager.score(cohort_id, keep=False)
    assert "score" not in manager.get_summary(cohort_id)
    kept = manager.score(cohort_id)
    assert kept == unkept
    assert manager.get_summary(cohort_id)["score"] == kept["score"]
    monkeypatch.setattr("healthsim.state.manager.score_version", lambda: "of other rules")
    assert "score" not in manager.get_summary(cohort_id)


@pytest.mark.parametrize("code", ["4548-4", "2160-0", "98979-8", "8302-2", "8480-6", "718-7", "33762-6"])
def test_loinc_codes_have_check_digits(code: str) -> None:
    stem, _, digit = code.partition("-")
    assert is_loinc(code)
    assert not is_loinc(f"{stem}-{(int(digit) + 1) % 10}")
    assert not is_loinc(stem)


@pytest.mark.parametrize(
    ("name", "ingredients"),
    [
        ("metformin hydrochloride 500 MG Oral Tablet", ["metformin"]),
        ("sacubitril 24 MG / valsartan 26 MG Oral Tablet", ["sacubitril", "valsartan"]),
        ("3 ML insulin glargine 100 UNT/ML Pen Injector", ["insulin glargine"]),
        ("ethinyl estradiol 0.02 MG / norethindrone 1 MG Oral Tablet", ["ethinyl estradiol", "norethindrone"]),
        ("methotrexate 2.5 MG Oral Tablet", ["methotrexate"]),
        ("Rexall wool socks", []),
    ],
)
def test_a_drugs_name_tells_its_ingredients(name: str, ingredients: list[str]) -> None:
    assert sorted(ingredients_of(name)) == ingredients


@pytest.mark.parametrize(
    ("profile", "day"),
    [
        ({}, date(2025, 1, 1)),
        ({"journeys": []}, date(2025, 1, 1)),
        ({"journeys": [{"duration_days": 30}, {"duration_days": 365}]}, date(2026, 1, 1)),
        ({"journeys": [{"duration_days": 30}], "start_date": "2024-01-01"}, date(2025, 1, 1)),
        ({"journeys": [{"duration_days": 30}, {"id": "without an end"}]}, None),
    ],
)
def test_a_cohort_may_know_of_its_journeys_to_their_end(profile: dict[str, Any], day: date | None) -> None:
    assert last_day(date(2025, 1, 1), profile) == day
    assert last_day(None, profile) is None

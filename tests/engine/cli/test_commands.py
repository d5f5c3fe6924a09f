"""What the commands do."""

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.cli.running import Command

DIABETICS = ("--condition", "diabetes", "--county", "48201", "--min-age", "18", "--count", "50", "--seed", "42")


def generated(healthsim: Command, *words: str) -> dict[str, Any]:
    ran = healthsim("generate", *DIABETICS, *words, "--json")
    assert ran.code == 0, ran.err
    document: dict[str, Any] = ran.document
    return document


def test_generating_keeps_a_cohort_that_can_be_listed_summarised_queried_and_deleted(healthsim: Command) -> None:
    made = generated(healthsim, "--name", "harris")
    assert (made["count"], made["seed"], made["existing"], made["name"]) == (50, 42, False, "harris")
    assert [each["cohort_id"] for each in healthsim("cohorts", "list", "--json").document] == [made["cohort_id"]]
    assert healthsim("summary", "harris", "--json").document == {**made, "existing": True}
    answer = healthsim("query", made["cohort_id"], "SELECT count(*) AS people FROM patients", "--json").document
    assert answer == {"columns": ["people"], "rows": [[50]], "total": 1, "truncated": False}
    assert healthsim("cohorts", "delete", "harris", "--json").document["cohort_id"] == made["cohort_id"]
    assert healthsim("cohorts", "list", "--json").document == []


def test_generating_the_same_twice_says_that_the_cohort_existed(healthsim: Command) -> None:
    generated(healthsim)
    assert generated(healthsim)["existing"]
    assert "existed already" in healthsim("generate", *DIABETICS).out


def test_what_is_not_to_be_kept_is_not_kept(healthsim: Command) -> None:
    assert generated(healthsim, "--no-persist")["tables"]["patients"] == 50
    assert healthsim("cohorts", "list", "--json").document == []


def test_several_products_are_made_and_a_file_is_not_taken_for_a_saved_profile(healthsim: Command) -> None:
    both = generated(healthsim, "--product", "patientsim", "--product", "membersim")
    assert both["products"] == ["patientsim", "membersim"]
    assert {"encounters", "claims"} <= both["tables"].keys()
    refused = healthsim("generate", "--profile", "mine.json")
    assert refused.code == 2
    assert "a file is given without it: healthsim generate mine.json" in refused.err


def test_a_profile_comes_from_a_file_or_from_standard_input(
    healthsim: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = json.dumps({"id": "from-file", "generation": {"count": 7, "seed": 1}})
    file = tmp_path / "profile.json"
    file.write_text(profile, encoding="utf-8")
    from_file = healthsim("generate", str(file), "--json").document
    assert (from_file["name"], from_file["count"]) == ("from-file", 7)
    monkeypatch.setattr(sys, "stdin", io.StringIO(profile))
    assert healthsim("generate", "-", "--json").document["cohort_id"] == from_file["cohort_id"]


def test_count_and_seed_take_the_place_of_the_profiles_own(healthsim: Command, tmp_path: Path) -> None:
    file = tmp_path / "profile.json"
    file.write_text('{"generation": {"count": 7, "seed": 1}}', encoding="utf-8")
    made = healthsim("generate", str(file), "--count", "9", "--seed", "0", "--json").document
    assert (made["count"], made["seed"]) == (9, 0)


def test_the_database_named_by_the_option_wins_over_the_environment(healthsim: Command, tmp_path: Path) -> None:
    other = tmp_path / "other.duckdb"
    generated(healthsim, "--db", str(other))
    assert healthsim("cohorts", "list", "--json").document == []
    assert len(healthsim("cohorts", "list", "--json", "--db", str(other)).document) == 1


def test_explaining_draws_nobody(healthsim: Command) -> None:
    explained = healthsim("explain", *DIABETICS, "--json").document
    assert explained["estimated_rows"]["patients"] == 50
    assert not healthsim.workspace.exists()
    assert "Type 2 diabetes mellitus" in healthsim("explain", *DIABETICS).out


def test_a_summary_for_people_shows_asked_and_reached(healthsim: Command) -> None:
    generated(healthsim, "--name", "harris")
    shown = healthsim("summary", "harris").out
    assert all(text in shown for text in ("E11", "asked", "reached", "18-44", "not_hispanic", "CDC PLACES"))


def test_a_detailed_summary_shows_a_few_rows(healthsim: Command) -> None:
    generated(healthsim, "--name", "harris")
    first = healthsim("query", "harris", "SELECT mrn FROM patients LIMIT 1", "--json").document["rows"][0][0]
    assert first in healthsim("summary", "harris", "--detail", "detailed").out
    assert first not in healthsim("summary", "harris").out


def test_a_limit_is_kept_and_what_is_missing_is_told_beside_the_answer(healthsim: Command) -> None:
    generated(healthsim, "--name", "harris")
    ran = healthsim("query", "harris", "SELECT person_id FROM patients", "--limit", "3")
    assert len(ran.out.split()) == 1 + 1 + 3
    assert "3 of 50" in ran.err


@pytest.mark.parametrize("text", ["[bold]x[/bold]", "[/x]", ":smile:", "a [link=x]b"])
def test_text_is_printed_as_it_is(healthsim: Command, text: str) -> None:
    generated(healthsim, "--name", "harris")
    assert text in healthsim("query", "harris", f"SELECT '{text}' AS text").out


def test_numbers_are_printed_as_they_are(healthsim: Command) -> None:
    generated(healthsim, "--name", "harris")
    ran = healthsim("query", "harris", "SELECT 2022 AS year, 1234567 AS person_id, 0.5 AS share")
    assert ran.out.splitlines()[-1].split() == ["2022", "│", "1234567", "│", "0.5"]


def test_a_row_is_one_line_when_no_terminal_folds_it(healthsim: Command) -> None:
    generated(healthsim, "--name", "harris")
    lines = healthsim("query", "harris", "SELECT * FROM patients LIMIT 5").out.splitlines()
    assert len([line for line in lines if line.strip()]) == 2 + 5


def test_one_person_is_shown_whole_across_the_tables(healthsim: Command) -> None:
    made = generated(healthsim, "--name", "harris")
    rows = healthsim("person", "harris", "7", "--json").document
    assert {row["person_id"] for table in rows.values() for row in table} == {7}
    assert (len(rows["patients"]), len(rows["encounters"]), len(rows["vitals"])) == (1, 1, 8)
    assert set(rows) <= set(made["tables"]) - {"providers_used", "facilities_used"}
    counted = healthsim("query", "harris", "SELECT count(*) FROM labs WHERE person_id = 7", "--json").document
    assert len(rows["labs"]) == counted["rows"][0][0] > 0
    shown = [line.strip() for line in healthsim("person", "harris", "7").out.splitlines()]
    assert all(table in shown for table in rows)


def test_a_person_who_is_not_in_the_cohort_is_an_error(healthsim: Command) -> None:
    generated(healthsim, "--name", "harris")
    ran = healthsim("person", "harris", "51")
    assert ran.code == 2
    assert "no such person in the cohort (received '51')" in ran.err


def test_a_county_is_shown_by_code_by_name_and_a_state_alone(healthsim: Command) -> None:
    by_code = healthsim("county", "48201", "--json").document
    assert healthsim("county", "Harris", "--state", "TX", "--json").document == by_code
    assert healthsim("county", "--state", "TX", "--json").document["name"] == "Texas"
    shown = healthsim("county", "48201").out
    assert "Harris County, TX (48201)" in shown
    assert "CDC PLACES 2022" in shown


def test_figures_are_shown_with_the_decimals_of_their_sources(healthsim: Command, tmp_path: Path) -> None:
    # The state's figure is a mean of its counties', 8.333…, as long as they have nine tenths of its people.
    counties = {"10001": "8.0", "10003": "8.0", "10005": "9.0"}
    rows = [f'DE,Delaware,County,{fips},100000,{share},"(7.0, 9.9)"' for fips, share in counties.items()]
    file = tmp_path / "PLACES_2022_release.csv"
    header = "StateAbbr,StateDesc,CountyName,CountyFIPS,TotalPopulation,DIABETES_CrudePrev,DIABETES_Crude95CI"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    assert healthsim("reference", "load", str(file)).code == 0
    (figure,) = [line for line in healthsim("county", "--state", "DE").out.splitlines() if "Diagnosed diabetes" in line]
    assert figure.split("│")[1].strip() == "8.3"


def test_counties_are_listed_by_state_and_by_a_part_of_their_name(healthsim: Command) -> None:
    (cook,) = healthsim("counties", "--state", "IL", "--search", "cook", "--json").document
    assert (cook["fips"], cook["full_name"], cook["state"]) == ("17031", "Cook County", "IL")
    assert len(healthsim("counties", "--state", "Illinois", "--json").document) == 102
    assert "17031" in healthsim("counties", "--search", "COOK").out


@pytest.mark.parametrize(
    ("named", "hint"),
    [
        ("Harris", "did you mean 48201 (Harris County, TX) or 13145 (Harris County, GA)?"),
        ("Cook, IL", "did you mean 17031 (Cook County, IL)?"),
    ],
)
def test_a_county_named_where_its_code_belongs_is_told_the_code(healthsim: Command, named: str, hint: str) -> None:
    ran = healthsim("generate", "--condition", "diabetes", "--county", named, "--count", "5")
    assert ran.code == 2
    assert hint in ran.err


def test_an_official_file_is_loaded_and_its_status_shown(healthsim: Command, tmp_path: Path) -> None:
    header = "StateAbbr,StateDesc,CountyName,CountyFIPS,TotalPopulation,DIABETES_CrudePrev,DIABETES_Crude95CI"
    rows = ['TX,Texas,Harris,48201,4728030,12.6,"(11.9, 13.2)"', 'XX,Nowhere,None,48999,5,12.6,"(11.9, 13.2)"']
    file = tmp_path / "PLACES_2022_release.csv"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    loaded = healthsim("reference", "load", str(file), "--json")
    assert loaded.code == 0, loaded.err
    (load,) = healthsim("reference", "status", "--json").document
    assert (load["kind"], load["release"], load["file_name"]) == ("places_county", 2022, file.name)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", load["loaded_at"])
    shown = healthsim("reference", "status").out
    assert all(text in shown for text in ("2022", file.name, load["loaded_at"]))
    assert "  48999: left out, no county has this code" in healthsim("reference", "load", str(file)).out


def test_without_loaded_files_the_status_names_the_starter_alone(healthsim: Command) -> None:
    shown = healthsim("reference", "status")
    assert shown.out.startswith("Starter tables")
    assert healthsim("reference", "status", "--json").document == []


def test_the_demonstration_generates_shows_and_asks_and_the_second_time_finds_the_cohort(
    healthsim: Command, tmp_path: Path
) -> None:
    database = tmp_path / "demo.duckdb"
    first = healthsim("demo", "--db", str(database))
    assert first.code == 0, first.err
    assert all(
        text in first.out
        for text in ("was generated", "GROUP BY age_band", "hypertension", "medicaid", "metformin", str(database))
    )
    assert database.exists()
    again = healthsim("demo", "--db", str(database))
    assert "existed already" in again.out

"""The scorecard's facts and rules, walked: sources, codes, names that refer to each other, and what the skills name."""

import json
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import duckdb
import pytest

from healthsim.reference import is_icd10
from healthsim.reference.courses import courses
from healthsim.scorecard import rule_book
from healthsim.scorecard.cohort_facts import ingredients_of, is_loinc
from healthsim.scorecard.own_tables import facts, folder
from healthsim.scorecard.workbench import laid_out
from healthsim.skills import skill_library

TABLES = (
    *("age_limits", "analytes", "code_limits", "contraindications", "drug_limits", "drugs", "interactions"),
    *("procedures_of_one_sex", "tests_in_use", "vaccines"),
    *("published_correlations", "published_quantiles", "published_shares"),
)
MEASURED = files("healthsim.reference") / "tables"
DRUGS = {name for row in facts("drugs") for name in (row["ingredient"], row["drug_class"])}
ANALYTES = {row["analyte"] for row in facts("analytes")}


@pytest.mark.parametrize("name", TABLES)
def test_every_fact_has_its_source(name: str) -> None:
    assert facts(name)
    assert [row for row in facts(name) if not row["source"]] == []


def test_every_rule_says_what_why_and_from_where() -> None:
    assert len({rule.id for rule in rule_book()}) == len(rule_book())
    assert [rule.id for rule in rule_book() if not (rule.title and rule.why.endswith(".") and rule.source)] == []


def test_there_are_at_least_forty_rules_besides_those_made_for_each_column() -> None:
    documents = [tomllib.loads(path.read_text(encoding="utf-8")) for path in (folder() / "rules").iterdir()]
    assert sum(len(document) for document in documents) >= 40


def test_every_rule_can_be_asked_of_a_cohort_without_tables() -> None:
    with duckdb.connect(":memory:") as connection:
        assert laid_out(connection, None, None) == frozenset()
        for rule in rule_book():
            query = f"SELECT count(*) FILTER (WHERE {rule.broken}) FROM ({rule.rows})"  # noqa: S608 - our own rules
            assert connection.execute(query).fetchone() == (0,), rule.id


def test_an_ingredient_and_a_loinc_code_are_listed_once() -> None:
    for table, column in (("drugs", "ingredient"), ("analytes", "loinc")):
        listed = [row[column] for row in facts(table)]
        assert len(listed) == len(set(listed))


def test_drugs_and_analytes_that_facts_speak_of_are_listed() -> None:
    named = [row["drug"] for table in ("contraindications", "drug_limits", "interactions") for row in facts(table)]
    named += [row["other"] for row in facts("interactions")]
    assert set(named) - DRUGS == set()
    assert {row["analyte"] for table in ("code_limits", "drug_limits") for row in facts(table)} - ANALYTES == set()


@pytest.mark.parametrize("row", facts("analytes"), ids=lambda row: row["loinc"])
def test_an_analyte_has_a_sound_code_and_limits(row: dict[str, str]) -> None:
    assert is_loinc(row["loinc"])
    assert float(row["low"]) < float(row["high"])
    assert row["units"]


def test_codes_that_facts_speak_of_are_codes() -> None:
    named = {row["code"] for table in ("code_limits", "contraindications") for row in facts(table)}
    named |= {row[end] for row in facts("age_limits") for end in ("first", "last")}
    named |= {code for row in facts("drugs") for code in row["indications"].split(";")}
    # Shorter than a category, they stand for whole chapters and blocks.
    assert [code for code in sorted(named) if len(code) >= 3 and not is_icd10(code)] == []


def test_everything_that_the_product_measures_is_known_in_its_unit() -> None:
    known = {row["loinc"]: row for row in facts("analytes")}
    measured = json.loads(MEASURED.joinpath("analytes.json").read_text(encoding="utf-8"))["analytes"]
    assert [each["id"] for each in measured if each["id"] != known[each["loinc"]]["analyte"]] == []
    assert [each["id"] for each in measured if each["unit"] not in known[each["loinc"]]["units"].split(";")] == []


def test_published_figures_are_of_analytes_and_conditions_that_are_known() -> None:
    analytes = {row["analyte"] for row in facts("published_quantiles")}
    analytes |= {row[name] for row in facts("published_correlations") for name in ("analyte_1", "analyte_2")}
    analytes |= {name for row in facts("published_shares") for name in row["analytes"].split(";")}
    assert analytes - ANALYTES == set()
    groups = {row["group"] for name in TABLES[-3:] for row in facts(name)} | {
        row["without"] for row in facts("published_shares")
    }
    assert groups - {""} <= {condition.id for condition in skill_library().conditions}


def conditions() -> Iterator[dict[str, Any]]:
    for skill in skill_library().skills.values():
        yield from skill.document.get("conditions", ())


def test_every_drug_of_the_skills_and_of_courses_is_known() -> None:
    named = {drug["name"] for condition in conditions() for drug in condition.get("medications", ())}
    named |= {course.name for course in courses()}
    assert [name for name in sorted(named) if not ingredients_of(name)] == []


def test_everything_that_the_skills_monitor_is_known() -> None:
    known = {row["loinc"] for row in facts("analytes")}
    named = {
        entry["loinc"]
        for condition in conditions()
        for kind in ("labs", "vitals")
        for entry in condition.get("monitoring", {}).get(kind, {}).values()
    }
    assert named - known == set()

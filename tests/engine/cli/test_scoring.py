"""The command that scores."""

from datetime import date

from engine.cli.running import Command
from healthsim import get_manager


def test_a_clean_cohort_is_scored_in_words_tables_and_for_programs(healthsim: Command) -> None:
    healthsim("generate", "--condition", "diabetes", "--count", "50", "--seed", "3", "--name", "mine")
    assert "rules broken" not in healthsim("summary", "mine").out
    shown = healthsim("score", "mine", "--all")
    assert shown.code == 0
    assert "rules checked, 0 broken, in 0 rows" in shown.out
    assert "Type 2 diabetes mellitus (E11) among all people" in shown.out
    assert "duplicate-key/patients" in shown.out
    assert "rules broken" in healthsim("summary", "mine").out
    card = healthsim("score", "mine", "--json").document
    assert card["score"]["rules_checked"] == sum(rule["status"] == "passed" for rule in card["rules"])
    assert {"what", "expected", "source", "reached", "is_within"} <= card["figures"][0].keys()


def test_a_broken_rule_is_shown_with_an_example(healthsim: Command) -> None:
    people = [{"person_id": 1, "birth_date": date(1970, 1, 1), "gender": "F", "ssn": "219-09-9999"}]
    get_manager(healthsim.workspace).persist({"patients": people}, name="wrong")
    shown = healthsim("score", "wrong")
    assert "1 broken, in 1 rows" in shown.out
    assert "issuable-ssn" in shown.out
    assert "219-09-9999" in shown.out
    assert "duplicate-key/patients" not in shown.out


def test_an_unknown_cohort_is_one_clear_error(healthsim: Command) -> None:
    shown = healthsim("score", "mine")
    assert (shown.code, shown.out) == (2, "")
    assert "no such cohort" in shown.err

"""The command of journeys, and cohorts whose people go through them."""

import json
from pathlib import Path

from engine.cli.running import Command


def test_journeys_are_listed_shown_and_gone_through(healthsim: Command) -> None:
    listed = json.loads(healthsim("journey", "--json").out)
    assert "diabetic-year-one" in [each["id"] for each in listed]
    assert json.loads(healthsim("journey", "diabetic-first-year").out)["id"] == "diabetic-year-one"
    arguments = ("journey", "diabetic-year-one", "--birth-date", "1955-03-15", "--gender", "M", "--seed", "42")
    answer = json.loads(healthsim(*arguments, "--json").out)
    assert answer["seed"] == 42
    assert answer["events"][0]["date"] == "2025-01-01"
    assert "visit" in healthsim(*arguments).out


def test_a_cohort_goes_through_journeys_by_id_and_from_a_file(healthsim: Command, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({"id": "mine", "events": [{"id": "a", "event_type": "telehealth"}]}), encoding="utf-8")
    asked = ("--condition", "diabetes", "--count", "10", "--seed", "1", "--journey", "diabetic-year-one")
    answer = json.loads(healthsim("generate", *asked, "--journey", str(path), "--json").out)
    assert answer["tables"]["encounters"] >= 60
    plan = json.loads(healthsim("explain", *asked, "--start-date", "2024-05-06", "--json").out)
    assert plan["profile"]["start_date"] == "2024-05-06"
    assert plan["journeys"][0]["expected_per_person"] > 0


def test_an_unknown_journey_or_a_wrong_date_is_bad_input(healthsim: Command) -> None:
    wrong = healthsim("journey", "diabetic-year-on")
    assert wrong.code == 2
    assert "did you mean diabetic-year-one" in wrong.err
    assert healthsim("journey", "diabetic-year-one", "--birth-date", "15.3.1955").code == 2

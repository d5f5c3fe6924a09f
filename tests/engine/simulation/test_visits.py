"""The latest visit: after birth and onset, in the last year, on a weekday, for what people have."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from healthsim import generate
from healthsim.planning import Plan
from healthsim.planning.visits import ENCOUNTERS
from healthsim.reference import icd10_title
from samples import DIABETICS, MIXED, made

Planner = Callable[..., Plan]

AS_OF = (date(2025, 1, 1) - date(1970, 1, 1)).days
DAY = 24 * 3600 * 1_000_000
INFANTS: dict[str, Any] = {"demographics": {"age": {"type": "uniform", "min": 0, "max": 1}}}


@pytest.mark.parametrize("profile", [DIABETICS, MIXED, INFANTS], ids=["diabetics", "mixed", "infants"])
def test_everybody_was_seen_once_after_birth_and_onset_and_within_a_year(
    planned: Planner, profile: dict[str, Any]
) -> None:
    rows, _ = made(replace(planned(profile), count=5_000))
    day = rows.column("encounters", "start_time") // DAY
    assert (rows.column("encounters", "person_id") == rows.column("patients", "person_id")).all()
    assert (day <= AS_OF).all()
    assert (day > AS_OF - 365).all()
    assert (day >= rows.column("patients", "birth_date")).all()
    if rows.rows["diagnoses"]:
        seen = day[rows.column("diagnoses", "person_id") - 1]
        assert (rows.column("diagnoses", "onset_date") <= seen).all()


def test_visits_are_on_weekdays_in_office_hours_and_take_minutes(planned: Planner) -> None:
    rows, _ = made(replace(planned({"demographics": {"age": {"min": 2}}}), count=20_000))
    start, end = rows.column("encounters", "start_time"), rows.column("encounters", "end_time")
    weekday = (start // DAY + 3) % 7
    counts = np.bincount(weekday, minlength=7)
    assert counts[5:].sum() == 0
    assert counts[:5].min() > 0.18 * 20_000
    hour = start % DAY / (3600 * 1_000_000)
    assert 8 <= hour.min() < hour.max() < 16
    minutes = (end - start) / 60_000_000
    assert 5 <= minutes.min() < minutes.max() <= 90
    # Neprash et al. 2021: 18.0 minutes on average, 15 in the median.
    assert np.median(minutes) == pytest.approx(15, abs=0.6)
    assert minutes.mean() == pytest.approx(18, abs=0.6)


def test_people_are_seen_for_their_first_condition_or_an_examination() -> None:
    result = generate(profile=MIXED, count=1_000)
    first = {row["person_id"]: row["code"] for row in result["diagnoses"] if row["rank"] == 1}
    born = {row["person_id"]: row["birth_date"] for row in result["patients"]}
    for row in result["encounters"]:
        is_adult = born[row["person_id"]] <= date(2007, 1, 1)
        expected = first.get(row["person_id"], "Z00.00" if is_adult else "Z00.129")
        assert row["reason_code"] == expected
        assert row["reason"]
        assert row["type"] == ("Office visit" if row["person_id"] in first else "Preventive visit")


def test_no_visit_is_made_where_none_is_asked_for() -> None:
    profile = {**DIABETICS, "clinical": {**DIABETICS["clinical"], "baseline": "none"}}
    assert list(generate(profile=profile, count=10)) == ["patients", "diagnoses"]


def test_examinations_have_their_official_titles() -> None:
    assert {code: icd10_title(code) for code in ENCOUNTERS} == dict(ENCOUNTERS)


def test_planning_does_not_load_the_catalogue_of_codes() -> None:
    asked: list[dict[str, Any]] = [
        {},
        {"journeys": ["diabetic-year-one"]},
        {"utilization": "realistic", "products": ["patientsim", "membersim", "rxmembersim", "trialsim"]},
    ]
    profiles = json.dumps([{**DIABETICS, **each} for each in asked])
    script = "import json, sys, healthsim\nfor profile in json.loads(sys.argv[1]):\n    healthsim.explain(profile)\n"
    script += "    print('simple_icd_10_cm' in sys.modules)"
    command = [sys.executable, "-c", script, profiles]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed.split() == ["False"] * len(asked)

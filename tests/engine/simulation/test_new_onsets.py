"""Conditions that begin with a journey."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from healthsim.errors import InvalidProfileError
from healthsim.generation import JourneyEngine, Person
from healthsim.planning import Plan
from healthsim.simulation.block import block_of
from healthsim.tables import MISSING
from samples import Rows, made

Planned = Callable[..., Plan]
PEOPLE = 1_000
START = 19_723
DAY = 86_400_000_000
LATE = {"E11.42", "E11.40", "E11.319", "E11.21", "E11.51"}


def found(**rest: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever an event has
    return {
        "id": "found",
        "event_type": "diagnosis",
        "condition": "diabetes",
        "timing": {"type": "fixed", "day": 0},
        "parameters": {"onset": "new"},
        **rest,
    }


VISIT = {"id": "visit", "event_type": "encounter", "condition": "diabetes"}
A1C = {"id": "a1c", "event_type": "lab_order", "parameters": {"tests": ["hba1c"]}}


def profile(*events: dict[str, Any], baseline: str = "visit", start: str = "2024-01-01") -> dict[str, Any]:
    return {
        "generation": {"count": PEOPLE},
        "demographics": {"age": {"type": "uniform", "min": 40, "max": 84}},
        "clinical": {
            "primary_condition": "diabetes",
            "comorbidities": [{"name": "ckd", "prevalence": 0.4}, {"name": "hypertension", "prevalence": 0.6}],
            "baseline": baseline,
        },
        "start_date": start,
        "journeys": [{"id": "j", "duration_days": 365, "events": list(events)}],
    }


def day_number(text: str) -> int:
    return int(np.datetime64(text, "D").astype(int))


def of_diabetes(plan: Plan, rows: Rows, table: str, column: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    codes = np.array(plan.dictionaries[table][column])[rows.column(table, column)]
    return np.char.startswith(codes.astype(str), "E11")


def test_it_begins_on_the_day_of_the_event_and_is_recorded_once_at_its_encounter(planned: Planned) -> None:
    plan = planned(profile(VISIT, found()))
    rows = made(plan)[0]
    is_it = of_diabetes(plan, rows, "diagnoses", "code")
    people = rows.column("diagnoses", "person_id")[is_it]
    assert len(people) == len(np.unique(people)) == PEOPLE
    assert set(rows.column("diagnoses", "onset_date")[is_it].tolist()) == {START}
    assert set(rows.column("diagnoses", "recorded_date")[is_it].tolist()) == {START}
    # Only what events record belongs to an encounter.
    encounters = rows.column("diagnoses", "encounter_id")
    assert len(encounters) == PEOPLE
    assert (encounters != MISSING).all()
    # The primary condition stays the first of its person.
    assert (rows.column("diagnoses", "rank")[is_it] == 1).all()


def test_what_takes_years_is_not_there_when_it_begins(planned: Planned) -> None:
    codes = {}
    for name, event in (("new", found()), ("known", found(parameters={}))):
        plan = planned(profile(VISIT, event))
        texts = np.array(plan.dictionaries["diagnoses"]["code"])
        codes[name] = set(texts[np.unique(made(plan)[0].column("diagnoses", "code"))])
    assert codes["known"] >= LATE
    assert not codes["new"] & LATE
    assert "E11.22" in codes["new"], "kidney disease of before goes with the diabetes that is found"


@pytest.mark.parametrize("start", ["2024-01-01", "2025-01-01", "2025-06-02"])
def test_nobody_is_treated_or_seen_for_it_before(planned: Planned, start: str) -> None:
    first = day_number(start)
    plan = planned(profile(VISIT, found(), start=start))
    rows = made(plan)[0]
    assert not of_diabetes(plan, rows, "medications", "reason_code").any()
    is_for = of_diabetes(plan, rows, "encounters", "reason_code")
    assert rows.column("encounters", "start_time")[is_for].min() // DAY >= first
    early = rows.column("encounters", "start_time") // DAY < first
    assert early.any() == (start != "2024-01-01")


@pytest.mark.parametrize("baseline", ["none", "visit"])
@pytest.mark.parametrize("start", ["2024-01-01", "2025-06-02"])
def test_people_are_untreated_when_it_is_found(planned: Planned, baseline: str, start: str) -> None:
    order = {**VISIT, "id": "metformin", "event_type": "medication_order", "parameters": {"drug": "metformin"}}
    means = {}
    for name, event in (("new", found()), ("known", found(parameters={}))):
        plan = planned(profile(VISIT, A1C, event, order, baseline=baseline, start=start))
        rows = made(plan)[0]
        is_it = np.array(plan.dictionaries["labs"]["loinc"])[rows.column("labs", "loinc")] == "4548-4"
        is_first = rows.column("labs", "collected_at") // DAY == day_number(start)
        means[name] = rows.column("labs", "value")[is_it & is_first].mean()
    assert means["new"] > 8.7
    # Without a latest visit, people begin without the journey's drugs however long they have had diabetes.
    assert (means["known"] < 8) == (baseline == "visit")


def test_what_it_forbids_ends_the_day_before(planned: Planned) -> None:
    asked = profile(baseline="visit", start="2024-12-01")
    asked["clinical"] = {
        "conditions": [{"name": "heart failure", "prevalence": 1.0}, {"name": "arthritis", "prevalence": 1.0}],
        "baseline": "visit",
    }
    asked["journeys"][0]["events"] = [found(condition="heart failure")]
    plan = planned(asked)
    assert plan.medications is not None
    rows = made(plan)[0]
    names = np.array(plan.dictionaries["medications"]["rxnorm"])[rows.column("medications", "rxnorm")]
    codes = {each.drug.rxnorm for each in plan.medications.drugs if each.drug.ingredient == "naproxen"}
    is_it = np.isin(names, sorted(codes))
    first = day_number("2024-12-01")
    assert is_it.any()
    assert (rows.column("medications", "start_date")[is_it] < first).all()
    assert (rows.column("medications", "end_date")[is_it] < first).all()


def test_whoever_is_born_later_keeps_their_own_onset(planned: Planned) -> None:
    asked = profile(found(condition="asthma"), baseline="none", start="2020-01-01")
    asked["demographics"] = {"age": {"type": "uniform", "min": 0, "max": 9}}
    asked["clinical"] = {"primary_condition": "asthma"}
    plan = planned(asked)
    block = block_of(plan, 0, PEOPLE)
    first = day_number("2020-01-01")
    is_later = block.people.birth_day[block.cases.person] > first
    assert is_later.any()
    assert (block.cases.onset_day[~is_later & (block.cases.slot == 0)] == first).all()
    assert (block.cases.onset_day >= block.people.birth_day[block.cases.person]).all()


def test_one_person_alone_has_it_since_the_first_day() -> None:
    events = JourneyEngine().execute(
        "diabetic-year-one", Person(birth_date=date(1955, 3, 15), gender="M"), start_date="2024-01-01", seed=1
    )
    (row,) = (row for event in events for row in event["records"].get("diagnoses", ()) if row["code"].startswith("E11"))
    assert row["onset_date"] == row["recorded_date"] == date(2024, 1, 1)


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (found(timing={"type": "window", "days_min": 0, "days_max": 9}), "on a day that is known"),
        (found(timing={"type": "fixed", "day": 0, "jitter": 3}), "on a day that is known"),
        (found(probability=0.5), "in everybody who has it"),
        (found(conditions=[{"attribute": "age", "operator": "gte", "value": 50}]), "in everybody who has it"),
        (found(condition=None, parameters={"onset": "new", "code": "E11.9"}), "only the event's condition"),
        (found(parameters={"onset": "old"}), "not a value of it"),
    ],
)
def test_it_must_be_known_when_and_in_whom_it_begins(planned: Planned, event: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidProfileError, match=message):
        planned(profile(event))


def test_a_condition_begins_once(planned: Planned) -> None:
    with pytest.raises(InvalidProfileError, match="begins with another event already"):
        planned(profile(found(), {**found(), "id": "again", "timing": {"type": "fixed", "day": 30}}))

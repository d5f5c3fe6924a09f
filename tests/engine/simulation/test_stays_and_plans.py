"""Journeys move inpatients from ward to ward, and write plans of care."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from healthsim import generate
from healthsim.errors import InvalidProfileError
from healthsim.generation import JourneyEngine, Person
from healthsim.planning import Plan
from samples import Rows, made

Planned = Callable[..., Plan]

DAY = 86_400_000_000
COUNT = 400


def event(name: str, kind: str, day: int = 0, *, to: str | None = None, **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever an event has
    timing = {"type": "fixed", "day": day} if to is None else {"type": "relative", "to": to, "days": day}
    return {"id": name, "event_type": kind, "timing": timing, **rest}


STAY = event("stay", "admission", 10, condition="diabetes", probability=0.6)
INTENSIVE = event("intensive", "transfer", 1, to="stay", parameters={"to": "intensive care unit"}, probability=0.7)
WARD = event("ward", "transfer", 2, to="intensive", parameters={"to": "General ward"})
HOME = event("home", "discharge", 9, to="stay", probability=0.5)
YEARLY = {
    "id": "plan",
    "event_type": "care_plan",
    "condition": "diabetes",
    "timing": {"type": "recurring", "interval_days": 100},
    "parameters": {"goals": ["HbA1c below 7 %", "Walk daily"]},
}
SHORT = event(
    "leaving", "care_plan", 12, parameters={"title": "After the hospital", "category": "discharge", "days": 30}
)
DIES = event("dies", "death", 150, probability=0.2)


def profile(*events: dict[str, Any], **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a profile has
    return {
        "generation": {"count": COUNT, "seed": 4},
        "demographics": {"age": {"min": 40, "max": 69}},
        "clinical": {"primary_condition": {"name": "diabetes", "prevalence": 0.5}, "baseline": "none"},
        "journeys": [{"id": "j", "duration_days": 365, "events": list(events)}],
        **rest,
    }


EVERYTHING = profile(STAY, INTENSIVE, WARD, HOME, YEARLY, SHORT, DIES)


@pytest.fixture(scope="module")
def plan(planned: Planned) -> Plan:
    return planned(EVERYTHING)


@pytest.fixture(scope="module")
def rows(plan: Plan) -> Rows:
    return made(plan)[0]


def texts(plan: Plan, rows: Rows, table: str, column: str) -> "np.ndarray[Any, Any]":
    return np.array([*plan.dictionaries[table][column], None], object)[rows.column(table, column)]


def stays_and_wards(plan: Plan, rows: Rows) -> tuple[dict[int, tuple[int, int]], dict[str, dict[int, tuple[int, int]]]]:
    """Give the times of stays by their id, and of wards by their name and the id of their stay."""
    kinds, names = texts(plan, rows, "encounters", "class_code"), texts(plan, rows, "encounters", "type")
    times = list(
        zip(
            rows.column("encounters", "start_time").tolist(),
            rows.column("encounters", "end_time").tolist(),
            strict=True,
        )
    )
    ids = rows.column("encounters", "encounter_id").tolist()
    stays = {ids[place]: times[place] for place in np.flatnonzero(kinds == "IMP").tolist()}
    parts = dict(zip(ids[len(stays) :], rows.column("encounters", "part_of_id").tolist(), strict=True))
    wards: dict[str, dict[int, tuple[int, int]]] = {}
    for place in np.flatnonzero(kinds == "ACUTE").tolist():
        wards.setdefault(names[place], {})[parts[ids[place]]] = times[place]
    return stays, wards


def test_who_is_moved_stays_in_hospital_from_ward_to_ward_until_the_discharge(plan: Plan, rows: Rows) -> None:
    stays, wards = stays_and_wards(plan, rows)
    intensive, general = wards["Intensive care unit"], wards["General ward"]
    assert 50 < len(intensive) < len(stays)
    assert set(intensive) == set(general) <= set(stays)
    for stay, (start, end) in intensive.items():
        assert stays[stay][0] // DAY + 1 == start // DAY
        assert end == general[stay][0]
        assert general[stay][1] == stays[stay][1]


def test_nobody_is_moved_after_the_discharge(planned: Planned) -> None:
    early = event("home", "discharge", 2, to="stay")
    plan = planned(profile(STAY, INTENSIVE, WARD, early))
    _, wards = stays_and_wards(plan, made(plan)[0])
    assert set(wards) == {"Intensive care unit"}


def test_wards_of_one_day_follow_each_other(planned: Planned) -> None:
    units = ("Surgery", "Recovery", "Cardiology")
    moves = [event(name, "transfer", 0, to="stay", parameters={"to": name}) for name in units]
    plan = planned(profile(STAY, *moves))
    stays, wards = stays_and_wards(plan, made(plan)[0])
    assert len(wards) == len(units)
    for stay, (start, end) in stays.items():
        times = sorted(wards[name][stay] for name in units)
        assert start < times[0][0]
        assert [each[1] for each in times] == [*(each[0] for each in times[1:]), end]
        assert all(each[0] < each[1] for each in times)


def test_a_transfer_that_counts_from_no_stay_is_refused(planned: Planned) -> None:
    with pytest.raises(InvalidProfileError) as raised:
        planned(profile(STAY, event("away", "transfer", 3), event("nowhere", "transfer", 1, to="stay")))
    assert [problem.path for problem in raised.value.problems] == [
        "$.journeys[0].events[1].parameters",
        "$.journeys[0].events[2].parameters",
    ]
    with pytest.raises(InvalidProfileError, match="counts from none"):
        planned(profile(STAY, event("lost", "transfer", 3, parameters={"to": "ICU"})))


def test_a_plan_of_care_holds_until_the_next_one_or_death(plan: Plan, rows: Rows) -> None:
    start = np.datetime64(plan.timeline.start, "D").astype(int) if plan.timeline else 0
    titles = texts(plan, rows, "care_plans", "title")
    first, last = (rows.column("care_plans", name) - start for name in ("start_date", "end_date"))
    died = (rows.column("patients", "deceased_date") - start)[rows.column("care_plans", "person_id") - 1]
    own = np.char.startswith(titles.astype(str), "Plan of care: ") & (died < 0)
    assert set(zip(first[own].tolist(), last[own].tolist(), strict=True)) == {
        (0, 99), (100, 199), (200, 299), (300, int(last.min())),
    }  # fmt: skip
    assert last.min() < 0
    short = titles == "After the hospital"
    assert set(zip(first[short].tolist(), last[short].tolist(), strict=True)) == {(12, 41)}
    assert set(last[(died == 150) & (first == 100)].tolist()) == {150}
    assert first[died == 150].max() == 100


def test_a_plan_of_care_says_what_it_is_for(plan: Plan, rows: Rows) -> None:
    titles, codes = texts(plan, rows, "care_plans", "title"), texts(plan, rows, "care_plans", "reason_code")
    goals, kinds = texts(plan, rows, "care_plans", "goals"), texts(plan, rows, "care_plans", "category")
    own = np.char.startswith(titles.astype(str), "Plan of care: ")
    assert {code[:3] for code in codes[own]} == {"E11"}
    assert set(goals[own]) == {"HbA1c below 7 %; Walk daily"}
    assert set(kinds[own]) == {"disease management"}
    assert set(codes[~own]) == set(goals[~own]) == {None}
    assert set(kinds[~own]) == {"discharge"}


def test_a_plan_of_care_needs_no_goals_and_no_condition() -> None:
    written = {"id": "plan", "event_type": "care_plan"}
    cohort = generate(journey={"id": "j", "events": [written]}, count=20, seed=1)
    (row,) = {(each["title"], each["goals"], each["category"], each["end_date"]) for each in cohort["care_plans"]}
    assert row == ("Plan of care", None, "other", None)


def test_a_person_alone_is_moved_and_has_a_plan() -> None:
    journey = {
        "id": "j",
        "events": [{**STAY, "probability": 1}, {**INTENSIVE, "probability": 1}, YEARLY],
        "duration_days": 99,
    }
    found = JourneyEngine().execute(journey, Person(date(1960, 1, 2), "F"), start_date=date(2024, 1, 1), seed=1)
    made_of = {each["event_id"]: each["records"] for each in found}
    assert made_of["intensive"]["encounters"][0]["part_of_id"] == made_of["stay"]["encounters"][0]["encounter_id"]
    assert made_of["plan"]["care_plans"][0]["category"] == "disease management"

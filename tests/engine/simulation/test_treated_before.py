"""What people take before journeys, and how it goes with what these order."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from healthsim.errors import InvalidProfileError
from healthsim.planning import Plan
from healthsim.simulation.block import Block, block_of
from healthsim.tables import MISSING
from samples import Rows, made

Planned = Callable[..., Plan]
PEOPLE = 1_200
START = 19_723
FAR = 10**9


def order(name: str, condition: str, day: int, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - of any type
    timing = {"type": "fixed", "day": day}
    kind = "medication_change" if "action" in parameters else "medication_order"
    return {"id": name, "event_type": kind, "condition": condition, "timing": timing, "parameters": parameters}


A1C = {
    "id": "a1c",
    "event_type": "lab_order",
    "timing": {"type": "recurring", "interval_days": 120},
    "parameters": {"tests": ["hba1c"]},
}


def profile(*events: dict[str, Any], **clinical: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a profile has
    return {
        "generation": {"count": PEOPLE},
        "demographics": {"age": {"type": "uniform", "min": 40, "max": 79}},
        "clinical": {
            "primary_condition": "diabetes",
            "comorbidities": [
                {"name": name, "prevalence": share}
                for name, share in (("hypertension", 0.8), ("ckd", 0.4), ("heart failure", 0.3), ("copd", 0.3))
            ],
            **clinical,
        },
        "start_date": "2024-01-01",
        "journeys": [{"id": "j", "duration_days": 365, "events": [A1C, *events]}],
    }


ORDERS = (
    order("pressure", "hypertension", 5, drug="renin_angiotensin_inhibitor"),
    order("kidney", "ckd", 40, drug="losartan"),
    order("heart", "heart failure", 90, drug="sacubitril_valsartan"),
    order("statin", "diabetes", 90, drug="statin"),
    order("sugar", "diabetes", 100, drug="metformin"),
)


def names(plan: Plan, rows: Rows, of: Callable[[Any], str]) -> np.ndarray[Any, Any]:
    """Give something of the drug of each row of medications."""
    assert plan.medications is not None
    by_code = {drug.drug.rxnorm: of(drug.drug) for drug in plan.medications.drugs}
    return np.array([by_code[code] for code in plan.dictionaries["medications"]["rxnorm"]])[
        rows.column("medications", "rxnorm")
    ]


def twice(plan: Plan, rows: Rows, of: Callable[[Any], str]) -> list[tuple[int, str]]:
    """Name the people who take two drugs at a time that are the same by something but not the same drug."""
    person, start, code = (rows.column("medications", name) for name in ("person_id", "start_date", "rxnorm"))
    end = rows.column("medications", "end_date")
    end = np.where(end == MISSING, FAR, end)
    name = names(plan, rows, of)
    found = []
    by_person: dict[tuple[int, str], list[int]] = {}
    for row, key in enumerate(zip(person.tolist(), name.tolist(), strict=True)):
        for other in by_person.setdefault(key, []):
            overlaps = start[row] <= end[other] and start[other] <= end[row]
            if overlaps and (code[row] != code[other] or start[row] == start[other]):
                found.append(key)
        by_person[key].append(row)
    return found


@pytest.fixture(scope="module")
def plan(planned: Planned) -> Plan:
    return planned(profile(*ORDERS, baseline="visit"))


@pytest.fixture(scope="module")
def rows(plan: Plan) -> Rows:
    return made(plan)[0]


def test_nobody_takes_two_drugs_of_a_group_or_an_ingredient_twice(plan: Plan, rows: Rows) -> None:
    assert twice(plan, rows, lambda drug: drug.group) == []
    assert twice(plan, rows, lambda drug: drug.ingredient) == []
    assert (rows.column("medications", "start_date") >= START).any()


def test_people_keep_the_drugs_that_they_take(planned: Planned, rows: Rows) -> None:
    before = made(planned({**profile(baseline="visit"), "journeys": [], "start_date": None}))[0]
    kept = dict(zip(rows.column("medications", "medication_id"), rows.column("medications", "start_date"), strict=True))
    for row, start in zip(
        before.column("medications", "medication_id"), before.column("medications", "start_date"), strict=True
    ):
        assert kept[row] == start


def results(plan: Plan, rows: Rows) -> np.ndarray[Any, Any]:
    """Give the HbA1c of the journey by person and time."""
    is_it = np.array(plan.dictionaries["labs"]["loinc"])[rows.column("labs", "loinc")] == "4548-4"
    is_it &= rows.column("labs", "lab_id") & (2**16 - 1) >= 64
    return rows.column("labs", "value")[is_it].reshape(PEOPLE, 4)


def takes(block: Block, plan: Plan, name: str) -> np.ndarray[Any, Any]:
    """Tell who takes a drug at the latest visit."""
    assert plan.medications is not None
    assert block.medications is not None
    entries = [drug.entry for drug in plan.medications.drugs if drug.drug.id == name]
    found = np.zeros(PEOPLE, np.bool_)
    found[block.medications.person[np.isin(block.medications.entry, entries)]] = True
    return found


def test_an_order_of_what_is_taken_already_changes_no_result(planned: Planned, plan: Plan, rows: Rows) -> None:
    others = [each for each in ORDERS if each["id"] != "sugar"]
    without = planned(profile(*others, baseline="visit"))
    is_taken = takes(block_of(plan, 0, PEOPLE), plan, "metformin")
    difference = results(plan, rows) - results(without, made(without)[0])
    assert (difference[is_taken] == 0).all()
    assert difference[~is_taken, 2].mean() < -0.5


def test_a_stop_ends_what_people_took_before_and_its_effect(planned: Planned) -> None:
    stop = order("stop", "diabetes", 60, drug="metformin", action="stop")
    plan = planned(profile(stop, baseline="visit"))
    without = planned(profile(baseline="visit"))
    rows, taken = made(plan)[0], takes(block_of(without, 0, PEOPLE), without, "metformin")
    is_it = names(plan, rows, lambda drug: drug.id) == "metformin"
    assert is_it.any()
    onset = block_of(plan, 0, PEOPLE).cases.onsets(PEOPLE, 1 + 4)[:, 0]
    is_later = onset[rows.column("medications", "person_id") - 1] > START + 60
    assert (rows.column("medications", "end_date")[is_it & ~is_later] == START + 60).all()
    assert 0 < is_it[is_later].sum() < is_it.sum() / 5
    difference = results(plan, rows) - results(without, made(without)[0])
    has_had = taken & (onset <= START + 60)
    assert (difference[~taken] == 0).all()
    assert (difference[has_had, 0] == 0).all()
    assert difference[has_had, 1:].mean() == pytest.approx(1.12, abs=0.05)


def test_without_a_visit_people_begin_without_what_the_journeys_decide_on(planned: Planned) -> None:
    """Levels of surveys are those of treated people: what drugs for the condition do is taken off them."""
    plan = planned(profile(order("sugar", "diabetes", 0, drug="metformin"), baseline="none"))
    visited = planned(profile(baseline="visit"))
    block, seen = block_of(plan, 0, PEOPLE), block_of(visited, 0, PEOPLE)
    assert block.regimen is not None
    assert block.body is not None
    rise = block.regimen.levels["hba1c"] - block.body.levels["hba1c"]
    assert rise.min() == pytest.approx(0, abs=1e-9)
    assert 1.5 < rise.mean() < 2.6
    metformin = takes(seen, visited, "metformin")
    assert (rise[metformin] >= 1.12 - 1e-9).all()
    assert 0 < (rise == 0).mean() < 0.4
    glucose = block.regimen.levels["glucose"] - block.body.levels["glucose"]
    assert glucose == pytest.approx(28.7 * rise)
    pressure = block.regimen.levels["sbp"] - block.body.levels["sbp"]
    assert 0 <= pressure.max() < 3, "of drugs for diabetes alone; drugs for pressure are not decided on"


def test_without_orders_people_are_as_surveys_find_them(planned: Planned) -> None:
    """The same results as of the same people with a visit, whose drugs act all along."""
    found = []
    for baseline in ("none", "visit"):
        plan = planned(profile(baseline=baseline))
        found.append(results(plan, made(plan)[0]))
    assert (found[0] == found[1]).all()


def test_more_orders_of_tests_than_ids_have_room_for_are_refused(planned: Planned) -> None:
    daily = {**A1C, "timing": {"type": "recurring", "interval_days": 1, "count": 1024}}
    asked = {**profile(baseline="none"), "journeys": [{"id": "j", "duration_days": 1100, "events": [daily]}]}
    with pytest.raises(InvalidProfileError, match=r"1,023") as raised:
        planned(asked)
    assert [problem.path for problem in raised.value.problems] == ["$.journeys[0].events[0]"]
    fewer = {**daily, "timing": {**daily["timing"], "count": 1023}}
    plan = planned({**asked, "generation": {"count": 3}, "journeys": [{**asked["journeys"][0], "events": [fewer]}]})
    assert made(plan)[0].rows["labs"] >= 3 * 1023


def test_pregnancy_ends_what_it_forbids_and_forbids_to_order_it(planned: Planned) -> None:
    pregnancy = {
        "id": "pregnancy",
        "event_type": "diagnosis",
        "timing": {"type": "fixed", "day": 50},
        "probability": 0.5,
        "parameters": {"code": "Z34.91"},
    }
    asked = profile(pregnancy, order("pressure", "hypertension", 60, drug="losartan"), baseline="visit")
    asked["demographics"] = {"age": {"type": "uniform", "min": 18, "max": 44}, "gender": "F"}
    plan = planned(asked)
    assert plan.medications is not None
    block, rows = block_of(plan, 0, PEOPLE), made(plan)[0]
    assert block.timeline is not None
    assert plan.timeline is not None
    (events,) = (each for each in plan.timeline.events if each.id == "pregnancy")
    pregnant = block.people.ids[block.timeline.status[events.columns[0]] == 0]
    assert 0.4 < len(pregnant) / PEOPLE < 0.6
    names = np.array(plan.dictionaries["medications"]["rxnorm"])[rows.column("medications", "rxnorm")]
    forbidden = {each.drug.rxnorm for each in plan.medications.drugs if each.suits and "pregnant" in each.suits.columns}
    is_hers = np.isin(rows.column("medications", "person_id"), pregnant)
    is_forbidden = np.isin(names, sorted(forbidden))
    end, start = rows.column("medications", "end_date"), rows.column("medications", "start_date")
    theirs = is_hers & is_forbidden
    assert (start[theirs] < START + 50).all()
    assert (end[theirs] != MISSING).all()
    assert (end[theirs] < START + 50).all()
    assert (end[is_hers & ~is_forbidden] == MISSING).any()
    assert (start[~is_hers & is_forbidden] == START + 60).any()

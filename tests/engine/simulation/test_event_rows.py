"""What events of journeys leave in the tables."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from healthsim.errors import InvalidProfileError
from healthsim.planning import Plan
from healthsim.simulation.alone import block_of_one
from healthsim.simulation.block import block_of
from healthsim.simulation.events import event_tables, records_of
from samples import Rows, made

Planned = Callable[..., Plan]
EPOCH = date(1970, 1, 1)
START = (date(2025, 1, 1) - EPOCH).days
DAY = 86_400_000_000


def event(name: str, kind: str = "encounter", **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever an event has
    return {"id": name, "event_type": kind, **rest}


JOURNEY: dict[str, Any] = {
    "id": "j",
    "duration_days": 365,
    "events": [
        event("visit", condition="diabetes", timing={"type": "recurring", "interval_days": 90}),
        event("second", parameters={"type": "follow-up visit", "minutes": 20}, timing={"type": "fixed", "day": 90}),
        event("urgent", "ed_visit", timing={"type": "fixed", "day": 40}, parameters={"reason_code": "R07.9"}),
        event("stay", "admission", timing={"type": "window", "days_min": 100, "days_max": 200}, probability=0.5),
        event("home", "discharge", timing={"type": "window", "to": "stay", "days_min": 2, "days_max": 6}),
        event("call", "telehealth", timing={"type": "relative", "to": "home", "days": 7}),
        event("recorded", "diagnosis", condition="diabetes", timing={"type": "fixed", "day": 90}),
        event("found", "diagnosis", parameters={"code": "N39.0"}, timing={"type": "fixed", "day": 41}),
        event("taught", "procedure", condition="E11", parameters={"procedure": "education"}, depends_on="recorded"),
        event("flu", "immunization", parameters={"cvx": "140"}, timing={"type": "calendar", "month": 10, "day": 1}),
        event("eyes", "referral", condition="E11", parameters={"specialty": "ophthalmologist"}),
        event(
            "blood", "lab_order", timing={"type": "fixed", "day": 90}, parameters={"panels": ["cmp", "lipid", "a1c"]}
        ),
        event("again", "lab_order", condition="E11", timing={"type": "fixed", "day": 90}),
        event("alone", "lab_result", timing={"type": "fixed", "day": 55}, parameters={"tests": ["718-7", "ldl"]}),
        event("signs", "vital_signs", timing={"type": "fixed", "day": 90}, parameters={"signs": ["bmi", "dbp"]}),
        event("die", "death", timing={"type": "fixed", "day": 300}, probability=0.1),
    ],
}
PROFILE: dict[str, Any] = {
    "generation": {"count": 400},
    "demographics": {"age": {"type": "uniform", "min": 40, "max": 69}, "reference": {"fips": "48201"}},
    "clinical": {"primary_condition": {"name": "diabetes", "prevalence": 0.5}},
    "journeys": [JOURNEY],
}


@pytest.fixture(scope="module")
def plan(planned: Planned) -> Plan:
    return planned(PROFILE)


@pytest.fixture(scope="module")
def rows(plan: Plan) -> Rows:
    return made(plan)[0]


def texts(plan: Plan, rows: Rows, table: str, column: str) -> np.ndarray[Any, Any]:
    return np.array([*plan.dictionaries[table][column], None], object)[rows.column(table, column)]


def test_ids_are_unique_and_every_reference_leads_to_a_row(rows: Rows) -> None:
    encounters = rows.column("encounters", "encounter_id")
    assert len(np.unique(encounters)) == len(encounters)
    for table in ("procedures", "immunizations", "referrals"):
        ids = rows.column(table, f"{table[:-1]}_id")
        assert len(np.unique(ids)) == len(ids)
        assert np.isin(rows.column(table, "encounter_id"), encounters).all()
        assert (rows.column(table, "encounter_id") >> 16 == rows.column(table, "person_id")).all()


def test_encounters_are_of_their_class_in_their_place_and_for_their_reason(plan: Plan, rows: Rows) -> None:
    kinds = texts(plan, rows, "encounters", "class_code")
    reasons = texts(plan, rows, "encounters", "reason_code")
    types = texts(plan, rows, "encounters", "type")
    assert {str(each) for each in np.unique(kinds.astype(str))} == {"AMB", "EMER", "IMP", "VR"}
    assert set(reasons[kinds == "EMER"]) == {"R07.9"}
    assert "Follow-up visit" in types
    in_hospital = np.isin(kinds, ["EMER", "IMP"])
    facility = rows.column("encounters", "facility_id")
    assert (facility[in_hospital] > 0).all()
    assert (facility[~in_hospital] < 0).all()
    assert (rows.column("encounters", "provider_npi") > 0).all()
    held = block_of(plan, 0, 400).held[:, 0]
    own = {
        person
        for person, reason in zip(rows.column("encounters", "person_id") - 1, reasons, strict=True)
        if str(reason).startswith("E11")
    }
    assert own == set(np.flatnonzero(held).tolist())


def test_encounters_of_a_day_do_not_overlap_and_a_stay_ends_with_its_discharge(plan: Plan, rows: Rows) -> None:
    kinds = texts(plan, rows, "encounters", "class_code")
    person, start, end = (rows.column("encounters", name) for name in ("person_id", "start_time", "end_time"))
    assert (start < end).all()
    order = np.lexsort((start, person))
    same = (person[order][1:] == person[order][:-1]) & (kinds[order][:-1] != "IMP")
    assert (end[order][:-1] <= start[order][1:])[same].all()
    nights = end[kinds == "IMP"] // DAY - start[kinds == "IMP"] // DAY
    alive = ~np.isin(person[kinds == "IMP"], [])
    assert set(nights[alive].tolist()) <= {2, 3, 4, 5, 6}
    calls = dict(zip(person[kinds == "VR"].tolist(), (start[kinds == "VR"] // DAY).tolist(), strict=True))
    stays = dict(zip(person[kinds == "IMP"].tolist(), (end[kinds == "IMP"] // DAY).tolist(), strict=True))
    assert calls
    assert calls == {each: day + 7 for each, day in stays.items()}


def test_an_emergency_is_at_any_hour_but_before_the_stay_that_it_leads_to(planned: Planned) -> None:
    ways = [{"event": "stay", "weight": 0.5}, {"weight": 0.5}]
    events = [event("urgent", "ed_visit", condition="diabetes", choices=ways), event("stay", "admission")]
    emergencies = planned({**PROFILE, "journeys": [{"id": "j", "events": events}]})
    found = made(emergencies)[0]
    kinds = texts(emergencies, found, "encounters", "class_code")
    person, start = found.column("encounters", "person_id"), found.column("encounters", "start_time")
    begin = {kind: dict(zip(person[kinds == kind], start[kinds == kind], strict=True)) for kind in ("EMER", "IMP")}
    assert len(begin["IMP"]) > 50
    assert all(begin["EMER"][each] < stay for each, stay in begin["IMP"].items())
    hours = {when % DAY * 24 // DAY for each, when in begin["EMER"].items() if each not in begin["IMP"]}
    assert min(hours) < 4
    assert max(hours) > 20


def test_diagnoses_have_the_persons_own_code_or_the_one_named(plan: Plan, rows: Rows) -> None:
    codes = texts(plan, rows, "diagnoses", "code")
    person = rows.column("diagnoses", "person_id")
    recorded = rows.column("diagnoses", "recorded_date") - START
    history = {(who, code) for who, code, day in zip(person, codes, recorded, strict=True) if day < 1}
    at_day_90 = [(who, code) for who, code, day in zip(person, codes, recorded, strict=True) if day == 90]
    assert at_day_90
    assert set(at_day_90) <= history
    assert (recorded[codes == "N39.0"] == 41).all()
    assert (rows.column("diagnoses", "onset_date") <= rows.column("diagnoses", "recorded_date")).all()
    for who in np.unique(person):
        assert sorted(rows.column("diagnoses", "rank")[person == who]) == list(range(1, (person == who).sum() + 1))


def test_what_is_done_is_done_at_the_latest_encounter(plan: Plan, rows: Rows) -> None:
    start = rows.column("encounters", "start_time")
    by_start = np.argsort(start, kind="stable")
    latest = {
        int(person): int(encounter)
        for person, encounter, began in zip(
            rows.column("encounters", "person_id")[by_start],
            rows.column("encounters", "encounter_id")[by_start],
            start[by_start],
            strict=True,
        )
        if began // DAY - START <= 273
    }
    given = zip(rows.column("immunizations", "person_id"), rows.column("immunizations", "encounter_id"), strict=True)
    assert dict(given) == {person: latest[person] for person in rows.column("immunizations", "person_id").tolist()}
    assert set(rows.column("immunizations", "given_date") - START) == {273}
    assert set(texts(plan, rows, "procedures", "code")) == {"G0108"}
    assert set(texts(plan, rows, "referrals", "specialty")) == {"Ophthalmology"}


def test_the_dead_have_their_date_and_nothing_after_it(rows: Rows) -> None:
    died = rows.column("patients", "deceased_date")
    dead = np.flatnonzero(died > 0) + 1
    assert set(died[dead - 1] - START) == {300}
    assert 15 < len(dead) < 70
    is_dead = np.isin(rows.column("encounters", "person_id"), dead)
    assert (rows.column("encounters", "start_time")[is_dead] // DAY - START <= 300).all()
    assert not np.isin(
        dead, rows.column("immunizations", "person_id")[rows.column("immunizations", "given_date") - START > 300]
    ).any()


def test_a_stay_in_which_somebody_dies_ends_on_the_day_of_the_death(planned: Planned) -> None:
    events = [
        event("stay", "admission", condition="diabetes", parameters={"days": 9}),
        event("late", "ed_visit", timing={"type": "fixed", "day": 5}, depends_on="stay"),
        event("die", "death", timing={"type": "fixed", "day": 5}, depends_on="stay", probability=0.5),
    ]
    found = made(planned({**PROFILE, "journeys": [{"id": "j", "events": events}]}))[0]
    dead = found.column("patients", "person_id")[found.column("patients", "deceased_date") == START + 5]
    person, start, end = (found.column("encounters", name) for name in ("person_id", "start_time", "end_time"))
    is_dead, is_stay = np.isin(person, dead), start // DAY == START
    assert 50 < len(dead) < 150
    assert set((end[is_dead] // DAY).tolist()) == {START + 5}
    assert set((end[~is_dead & is_stay] // DAY).tolist()) == {START + 9}


def test_blocks_change_no_row(plan: Plan) -> None:
    assert made(plan, block_size=37)[1].digest == made(plan)[1].digest


def test_a_person_alone_has_the_rows_they_have_in_a_cohort(plan: Plan, rows: Rows) -> None:
    for index in (0, 123, 399):
        alone = Rows()
        for batch in event_tables(plan, block_of(plan, index, 1)):
            alone.write(batch)
        for table in ("encounters", "labs", "vitals", "procedures", "immunizations", "referrals"):
            mine = rows.column(table, "person_id") == index + 1
            for name, values in rows.columns(table).items():
                if alone.rows[table] or mine.any():
                    assert np.array_equal(alone.column(table, name), values[mine], equal_nan=values.dtype.kind == "f")


def test_records_of_a_person_hold_the_rows_of_each_event(plan: Plan) -> None:
    block = block_of_one(plan, 3, block_of(plan, 3, 1).people.birth_day)
    records = records_of(plan, block)
    assert [record["date"] for record in records] == sorted(record["date"] for record in records)
    by_id = {record["event_id"]: record for record in records}
    assert by_id["flu"]["records"]["immunizations"][0]["name"].startswith("Influenza vaccine")
    assert by_id["urgent"]["records"]["encounters"][0]["reason"] == "Chest pain, unspecified"
    assert by_id["second"]["parameters"] == {"type": "follow-up visit", "minutes": 20}
    assert {record["status"] for record in records} == {"completed"}


def test_panels_and_tests_are_expanded_with_what_they_are_computed_from(plan: Plan, rows: Rows) -> None:
    loinc = texts(plan, rows, "labs", "loinc")
    day = rows.column("labs", "collected_at") // DAY - START
    of_first = rows.column("labs", "person_id") == 1
    assert set(day) == {55, 90}
    assert set(loinc[day == 55]) >= {"718-7", "13457-7", "2093-3", "2085-9", "2571-8"}
    assert {"4548-4", "2345-7", "2160-0", "98979-8", "13457-7"} & set(loinc[(day == 90) & of_first])
    ids = rows.column("labs", "lab_id")
    assert len(np.unique(ids)) == len(ids)
    assert (ids >> 16 == rows.column("labs", "person_id")).all()
    assert (rows.column("labs", "encounter_id") > 0).all()
    assert set(texts(plan, rows, "vitals", "loinc")) == {"39156-5", "8462-4", "29463-7", "8302-2"}


def test_two_orders_of_a_day_find_a_person_the_same(rows: Rows) -> None:
    day = rows.column("labs", "collected_at") // DAY
    key = [rows.column("labs", "person_id"), rows.column("labs", "loinc"), day]
    groups, place = np.unique(np.stack(key), axis=1, return_inverse=True)
    value = rows.column("labs", "value")
    first = np.empty(groups.shape[1])
    first[place.ravel()] = value
    assert groups.shape[1] < len(value)
    assert (first[place.ravel()] == value).all()


def test_results_vary_from_day_to_day_around_the_persons_level(planned: Planned) -> None:
    quarterly = {"type": "recurring", "interval_days": 90}
    order = event("a1c", "lab_order", timing=quarterly, parameters={"panels": ["hba1c"]})
    journey = {"id": "j", "duration_days": 365, "events": [order]}
    document = {"clinical": {"primary_condition": "diabetes"}, "generation": {"count": 2_000}, "journeys": [journey]}
    plan = planned(document)
    rows = made(plan)[0]
    is_a1c = texts(plan, rows, "labs", "loinc") == "4548-4"
    values = rows.column("labs", "value")[is_a1c].reshape(2_000, 5)
    assert 0.01 < (values.std(axis=1) / values.mean(axis=1)).mean() < 0.04
    assert np.corrcoef(values[:, 0], values[:, 4])[0, 1] > 0.95


INCOMPLETE = {
    "an unknown panel": (
        event("a", "lab_order", parameters={"panels": ["cmpp"]}),
        "$.journeys[0].events[0].parameters.panels[0]",
    ),
    "an unknown test": (
        event("a", "lab_order", parameters={"tests": ["hba1"]}),
        "$.journeys[0].events[0].parameters.tests[0]",
    ),
    "an order of nothing": (event("a", "lab_order"), "$.journeys[0].events[0].parameters"),
    "an unknown sign": (
        event("a", "vital_signs", parameters={"signs": ["spb"]}),
        "$.journeys[0].events[0].parameters.signs[0]",
    ),
    "a procedure of nothing": (event("a", "procedure"), "$.journeys[0].events[0].parameters"),
    "an unknown procedure": (
        event("a", "procedure", condition="E11", parameters={"procedure": "educatoin"}),
        "$.journeys[0].events[0].parameters.procedure",
    ),
    "a vaccine without a code": (event("a", "immunization"), "$.journeys[0].events[0].parameters"),
    "a diagnosis of nothing": (event("a", "diagnosis"), "$.journeys[0].events[0].parameters"),
    "no code": (event("a", "diagnosis", parameters={"code": "E11"}), "$.journeys[0].events[0].parameters.code"),
    "an unknown specialty": (
        event("a", "referral", parameters={"specialty": "cardiolgy"}),
        "$.journeys[0].events[0].parameters.specialty",
    ),
    "an unknown skill": (
        event("a", "procedure", parameters={"skill_ref": {"skill": "diabetes-managment", "lookup": "procedures"}}),
        "$.journeys[0].events[0].parameters.skill_ref.skill",
    ),
}


@pytest.mark.parametrize(("one", "path"), INCOMPLETE.values(), ids=list(INCOMPLETE))
def test_what_an_event_lacks_is_told_with_its_path(one: dict[str, Any], path: str, planned: Planned) -> None:
    with pytest.raises(InvalidProfileError) as raised:
        planned({"clinical": {"primary_condition": "E11"}, "journeys": [{"id": "j", "events": [one]}]})
    assert [problem.path for problem in raised.value.problems] == [path]

"""Results: computed from what is reported, judged by range, within the encounter, and true to stage and status."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from healthsim import generate
from healthsim.planning import Plan
from healthsim.planning.measurements import FLAGS, with_parts
from healthsim.reference import analytes
from healthsim.simulation.birthdays import completed_years
from healthsim.simulation.block import Block, block_of
from healthsim.simulation.measurements import labs_on, vitals_on
from healthsim.simulation.occasions import Occasions
from healthsim.skills import skill_library
from samples import DIABETICS, MIXED, Rows, made
from wide import values_of

Planner = Callable[..., Plan]
Floats = NDArray[np.float64]

PEOPLE = 12_000
DAY = 24 * 3600 * 1_000_000
CONDITIONS = ["hypertension", "diabetes", "ckd", "obesity", "hyperlipidemia", "heart failure", "copd", "hypothyroidism"]
EXAMINED: dict[str, Any] = {
    "demographics": {"age": {"min": 20}},
    "clinical": {
        "conditions": [{"name": name, "prevalence": 0.25} for name in CONDITIONS],
        "baseline": "examination",
    },
}


@pytest.fixture(scope="module")
def plan(planned: Planner) -> Plan:
    return replace(planned(EXAMINED), count=PEOPLE)


@pytest.fixture(scope="module")
def rows(plan: Plan) -> Rows:
    return made(plan)[0]


@pytest.fixture(scope="module")
def block(plan: Plan) -> Block:
    return block_of(plan, 0, PEOPLE)


@pytest.fixture(scope="module")
def values(plan: Plan, rows: Rows) -> dict[str, Floats]:
    """Give every person's value of every analyte, NaN where there is none."""
    return values_of(plan, rows)


def held(plan: Plan, block: Block, condition: str) -> NDArray[np.bool_]:
    return block.held[:, [each.id for each in plan.conditions.conditions].index(condition)]


def test_what_is_computed_agrees_with_what_it_is_computed_from(values: dict[str, Floats]) -> None:
    got = {name: value[~np.isnan(values["ldl"])] for name, value in values.items()}
    metres = got["height"] / 100
    assert got["bmi"] == pytest.approx(got["weight"] / metres**2, abs=0.0501)
    assert (got["anion_gap"] == got["sodium"] - got["chloride"] - got["bicarbonate"]).all()
    assert got["estimated_average_glucose"] == pytest.approx(28.7 * got["hba1c"] - 46.7, abs=0.501)
    low = got["triglycerides"] < 400
    friedewald = got["total_cholesterol"] - got["hdl"] - got["triglycerides"] / 5
    assert got["ldl"][low] == pytest.approx(friedewald[low], abs=0.501)
    assert got["fev1_fvc"] == pytest.approx(got["fev1"] / got["fvc"] * 100, abs=0.501)


def test_filtration_is_that_of_the_reported_creatinine(
    values: dict[str, Floats], block: Block, plan: Plan, rows: Rows
) -> None:
    assert plan.body is not None
    day = rows.column("encounters", "start_time") // DAY
    age = completed_years(block.people.birth_day, day)
    is_female = block.people.sex == 0
    ratio = values["creatinine"] / np.where(is_female, 0.7, 0.9)
    low, high = np.minimum(ratio, 1) ** np.where(is_female, -0.241, -0.302), np.maximum(ratio, 1) ** -1.2
    expected = 142 * low * high * 0.9938**age * np.where(is_female, 1.012, 1)
    assert values["egfr"] == pytest.approx(expected, abs=0.501)


def test_stage_and_status_hold_at_the_visit(values: dict[str, Floats], plan: Plan, block: Block) -> None:
    obesity, kidney = held(plan, block, "obesity"), held(plan, block, "chronic_kidney_disease")
    assert ((values["bmi"] >= 30) == obesity).all()
    assert (((values["egfr"] < 60) | (values["uacr"] >= 30)) == kidney).all()
    assert block.body is not None
    stage = block.body.stages["chronic_kidney_disease"]
    ids = [each.id for each in skill_library().condition("ckd").stages]
    by_filtration = np.array(["5", "4", "3b", "3a", "2", "1"])[np.digitize(values["egfr"], [15, 30, 45, 60, 90])]
    said = np.array([*ids, ""])[stage]
    assert (np.where(said == "dialysis", "5", said)[kidney] == by_filtration[kidney]).all()
    lungs = held(plan, block, "copd")
    assert ((values["fev1_fvc"] < 70) == lungs).all()
    pressure = held(plan, block, "hypertension")
    assert not ((values["sbp"] >= 130) | (values["dbp"] >= 80))[~pressure].any()
    heart = held(plan, block, "heart_failure")
    assert (values["nt_probnp"][heart] >= 125).all()


def test_pressures_and_blood_counts_are_possible_together(values: dict[str, Floats]) -> None:
    assert (values["sbp"] - values["dbp"] >= 15).all()
    concentration = values["hemoglobin"] / values["hematocrit"] * 100
    assert 29 < concentration.min() < concentration.max() < 38
    assert np.quantile(concentration, [0.01, 0.99]) == pytest.approx([33.5, 33.5], abs=3)
    assert 2 <= values["anion_gap"].min() < values["anion_gap"].max() <= 30


def test_protein_is_albumin_and_as_much_else_as_in_life(values: dict[str, Floats]) -> None:
    """Total protein of adults in NHANES: mean about 7.1 g/dL, spread 0.45."""
    protein, others = values["total_protein"], values["total_protein"] - values["albumin"]
    assert 1.1 < others.min() < others.max() < 6.1
    assert protein.mean() == pytest.approx(7.1, abs=0.1)
    assert protein.std() == pytest.approx(0.45, abs=0.05)


def test_results_have_the_decimals_that_laboratories_report(values: dict[str, Floats]) -> None:
    for name, found in values.items():
        assert np.isnan(found).mean() < 0.01 or name == "egfr_schwartz"
        scaled = found[~np.isnan(found)] * 10 ** analytes()[name].decimals
        assert scaled == pytest.approx(np.round(scaled), abs=1e-6), name


def test_an_examination_measures_everything_of_every_adult(values: dict[str, Floats]) -> None:
    missing = {name: int(np.isnan(found).sum()) for name, found in values.items()}
    assert {name for name, count in missing.items() if count} <= {"ldl", "egfr_schwartz"}
    # Triglycerides of 800 mg/dL and more leave LDL out.
    assert (np.isnan(values["ldl"]) == (values["triglycerides"] >= 800)).all()
    assert missing["ldl"] < 0.01 * PEOPLE


def test_flags_follow_from_the_ranges(rows: Rows) -> None:
    labs = rows.columns("labs")
    low, high = np.nan_to_num(labs["reference_low"], nan=-np.inf), np.nan_to_num(labs["reference_high"], nan=np.inf)
    flags = np.array([*FLAGS, ""])[labs["abnormal_flag"]]
    has_range = ~np.isnan(labs["reference_low"]) | ~np.isnan(labs["reference_high"])
    assert ((flags != "") == has_range).all()
    assert (np.isin(flags, ["L", "LL"]) == (labs["value"] < low)).all()
    assert (np.isin(flags, ["H", "HH"]) == (labs["value"] > high)).all()
    assert {"LL", "HH"} <= set(flags.tolist())


def test_results_lie_within_their_encounter(rows: Rows) -> None:
    start, end = rows.column("encounters", "start_time"), rows.column("encounters", "end_time")
    for table, time in (("labs", "collected_at"), ("vitals", "taken_at")):
        person = rows.column(table, "person_id") - 1
        assert (rows.column(table, "encounter_id") == rows.column("encounters", "encounter_id")[person]).all()
        assert (rows.column(table, time) > start[person]).all()
        assert (rows.column(table, time) < end[person]).all()
        identifiers = rows.column(table, f"{table[:-1]}_id")
        assert len(np.unique(identifiers)) == len(identifiers)


def test_a_visit_orders_what_conditions_call_for_and_some_panels(planned: Planner) -> None:
    plan = replace(planned({**EXAMINED, "clinical": {**EXAMINED["clinical"], "baseline": "visit"}}), count=PEOPLE)
    block = block_of(plan, 0, PEOPLE)
    found = values_of(plan, made(plan)[0])
    is_there = {name: ~np.isnan(values) for name, values in found.items()}
    for condition in CONDITIONS:
        model = skill_library().condition(condition)
        for name in with_parts(model.monitored):
            if name not in {"ldl", "egfr_schwartz"}:
                assert is_there[name][held(plan, block, model.id)].all(), (condition, name)
    assert not is_there["nt_probnp"][~held(plan, block, "heart_failure")].any()
    assert 0.1 < is_there["wbc"].mean() < 0.2
    assert all(there.all() for name, there in is_there.items() if analytes()[name].kind == "vital")


def test_one_person_may_be_measured_on_many_occasions(plan: Plan, block: Block) -> None:
    """Levels hold over the occasions; variation from one to the next has the published size."""
    times = 60
    person = np.repeat(np.arange(200), times)
    slot = np.tile(np.arange(times), 200)
    assert block.visits is not None
    start = block.visits.start[person]
    occasions = Occasions(person, 1_000 + np.arange(len(person)), start, start + 15 * 60_000_000, slot, slot)
    assert plan.measurements is not None
    wanted = np.ones((len(person), len(plan.measurements.labs)), dtype=np.bool_)
    labs, vitals = labs_on(plan, block, occasions, wanted).batch, vitals_on(plan, block, occasions).batch
    for batch, key in ((labs, "lab_id"), (vitals, "vital_id")):
        identifiers = batch.columns[key]
        assert identifiers is not None
        assert len(np.unique(identifiers)) == batch.rows
    for name in ("sodium", "calcium", "wbc", "hdl", "platelets"):
        index = [analyte.id for analyte in plan.measurements.labs].index(name)
        loinc, value = labs.columns["loinc"], labs.columns["value"]
        assert loinc is not None
        assert value is not None
        of_person = value[loinc == index].reshape(200, times)
        cv = np.mean(of_person.std(axis=1) / of_person.mean(axis=1))
        assert cv == pytest.approx(analytes()[name].cv, rel=0.1), name


def test_more_occasions_than_ids_have_room_for_are_refused(plan: Plan, block: Block) -> None:
    one = np.array([0])
    occasions = Occasions(one, one, one, one + DAY, np.array([1_024]), one)
    with pytest.raises(ValueError, match="numbered from 0 to 1023"):
        vitals_on(plan, block, occasions)


def test_completed_years_turn_on_the_birthday() -> None:
    born = np.array(["2000-02-29", "2000-03-01", "1999-12-31"], "datetime64[D]").astype(np.int64)
    day = np.array(["2001-02-28", "2001-03-01", "2000-01-01"], "datetime64[D]").astype(np.int64)
    assert completed_years(born, day).tolist() == [0, 1, 0]


def test_records_name_their_analyte_unit_and_range() -> None:
    result = generate(profile=MIXED, count=50)
    known = {analyte.loinc: analyte for analyte in analytes().values()}
    for row in (*result["labs"], *result["vitals"]):
        analyte = known[row["loinc"]]
        assert (row["name"], row["unit"]) == (analyte.name, analyte.unit)
    assert {row["loinc"] for row in result["labs"]} <= {each.loinc for each in known.values() if each.kind == "lab"}


def test_diabetics_are_tested_for_diabetes() -> None:
    result = generate(profile=DIABETICS, count=100)
    tested = {row["person_id"] for row in result["labs"] if row["loinc"] == "4548-4"}
    assert tested == set(range(1, 101))

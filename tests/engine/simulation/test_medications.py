"""Drugs at the latest visit: for what people have, that suit them, in possible times, none twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from healthsim import generate
from healthsim.planning import Plan
from healthsim.planning.medication_plan import MedicationPlan
from healthsim.simulation.block import Block, block_of
from healthsim.skills import skill_library
from samples import DIABETICS, MIXED, Rows, made

Planner = Callable[..., Plan]

EPOCH = date(1970, 1, 1)
MISSING = -(2**31)
EVERYTHING: dict[str, Any] = {"clinical": {"conditions": [condition.id for condition in skill_library().conditions]}}
"""People of the nation with all that skills know, as common as in life."""


def entries(rows: Rows) -> NDArray[np.int64]:
    """Give the place in the plan of each row's drug."""
    return rows.column("medications", "medication_id") & 0xFFFF


def medications_of(plan: Plan) -> MedicationPlan:
    assert plan.medications is not None
    return plan.medications


@pytest.fixture(scope="module")
def nation(planned: Planner) -> tuple[Plan, Rows]:
    plan = replace(planned(EVERYTHING), count=10_000)
    return plan, made(plan)[0]


def person_of(rows: Rows) -> NDArray[np.int64]:
    return rows.column("medications", "person_id")


def test_nobody_takes_two_drugs_of_a_group_or_an_ingredient_twice(nation: tuple[Plan, Rows]) -> None:
    plan, rows = nation
    drugs = [each.drug for each in medications_of(plan).drugs]
    by_person: dict[int, list[int]] = {}
    for person, entry in zip(person_of(rows).tolist(), entries(rows).tolist(), strict=True):
        by_person.setdefault(person, []).append(entry)
    assert max(map(len, by_person.values())) > 6
    for taken in by_person.values():
        groups = [drugs[entry].group for entry in taken]
        ingredients = [part for entry in taken for part in drugs[entry].ingredient.split(" / ")]
        assert len(set(groups)) == len(groups)
        assert len(set(ingredients)) == len(ingredients)


def test_a_drug_is_for_the_persons_own_diagnosis_and_begun_after_its_onset(nation: tuple[Plan, Rows]) -> None:
    plan, rows = nation
    slot_of = {
        drug.entry: treatment.slot
        for treatment in medications_of(plan).treatments
        for group in treatment.groups
        for drug in group.drugs
    }
    wanted = (person_of(rows) << 16) + np.array([slot_of[entry] for entry in entries(rows).tolist()])
    diagnosis = rows.column("diagnoses", "diagnosis_id")
    order = np.argsort(diagnosis)
    found = order[np.searchsorted(diagnosis, wanted, sorter=order)]
    assert (diagnosis[found] == wanted).all()
    assert (rows.column("diagnoses", "code")[found] == rows.column("medications", "reason_code")).all()
    assert (rows.column("diagnoses", "onset_date")[found] <= rows.column("medications", "start_date")).all()


def test_drugs_are_begun_at_their_age_after_approval_and_before_the_visit(nation: tuple[Plan, Rows]) -> None:
    plan, rows = nation
    drugs = [each.drug for each in medications_of(plan).drugs]
    start, end = (rows.column("medications", name) for name in ("start_date", "end_date"))
    born = rows.column("patients", "birth_date")[person_of(rows) - 1]
    seen = rows.column("encounters", "start_time")[person_of(rows) - 1] // (24 * 3600 * 1_000_000)
    assert (start <= seen).all()
    for entry, first, birth in zip(entries(rows).tolist(), start.tolist(), born.tolist(), strict=True):
        drug = drugs[entry]
        approved = drug.approved_on or date.min
        assert date.fromordinal(EPOCH.toordinal() + first) >= approved
        birthday = date.fromordinal(EPOCH.toordinal() + birth)
        assert (
            first >= (birthday.replace(year=birthday.year + drug.minimum_age, day=min(birthday.day, 28)) - EPOCH).days
        )
    courses = np.array([drugs[entry].is_course for entry in entries(rows).tolist()])
    assert (end[~courses] == MISSING).all()
    supply = rows.column("medications", "days_supply")[courses]
    assert (end[courses] == start[courses] + supply - 1).all()
    assert (end[courses] < seen[courses]).all()
    assert (start[courses] >= seen[courses] - 365).all()


@pytest.mark.parametrize(
    ("condition", "group"),
    [("asthma", "beta_blocker"), ("heart_failure", "nsaid"), ("coronary_artery_disease", "appetite_suppressant")],
)
def test_nobody_takes_what_another_disease_of_theirs_forbids(
    nation: tuple[Plan, Rows], condition: str, group: str
) -> None:
    plan, rows = nation
    slot = medications_of(plan).slots[condition]
    ill = rows.column("diagnoses", "diagnosis_id") & 0xFFFF == slot
    takes = np.isin(entries(rows), [each.entry for each in medications_of(plan).drugs if each.drug.group == group])
    assert takes.any()
    assert not set(rows.column("diagnoses", "person_id")[ill]) & set(person_of(rows)[takes])


def test_nobody_on_an_anticoagulant_takes_aspirin_or_an_nsaid(nation: tuple[Plan, Rows]) -> None:
    plan, rows = nation
    by_group: dict[str, set[int]] = {}
    drugs = medications_of(plan).drugs
    for person, entry in zip(person_of(rows).tolist(), entries(rows).tolist(), strict=True):
        by_group.setdefault(drugs[entry].drug.group, set()).add(person)
    assert len(by_group["anticoagulant"]) > 25
    assert not by_group["anticoagulant"] & (by_group["antiplatelet"] | by_group["nsaid"] | by_group["p2y12_inhibitor"])


def test_children_take_what_children_may(planned: Planner) -> None:
    profile = {
        "demographics": {"age": {"type": "uniform", "min": 6, "max": 15}},
        "clinical": {"primary_condition": "asthma"},
    }
    plan = replace(planned(profile), count=3_000)
    rows = made(plan)[0]
    ages = {medications_of(plan).drugs[entry].drug.minimum_age for entry in set(entries(rows).tolist())}
    assert rows.rows["medications"] > 1_000
    assert max(ages) <= 15


def test_codes_decide_where_a_condition_is_many_diseases(planned: Planner) -> None:
    plan = replace(
        planned({"clinical": {"primary_condition": "arthritis"}, "demographics": {"age": {"min": 30}}}), count=8_000
    )
    rows = made(plan)[0]
    codes = plan.conditions.codes
    reasons: dict[str, set[str]] = {}
    for entry, reason in zip(entries(rows).tolist(), rows.column("medications", "reason_code").tolist(), strict=True):
        reasons.setdefault(medications_of(plan).drugs[entry].drug.ingredient, set()).add(codes[reason])
    assert reasons["allopurinol"] == {"M10.9"}
    assert reasons["methotrexate"] == {"M06.9"}
    assert "M06.9" in reasons["naproxen"]
    assert "M79.7" not in reasons["naproxen"]


def test_a_profile_without_visits_has_no_medications() -> None:
    result = generate(profile={**MIXED, "clinical": {**MIXED["clinical"], "baseline": "none"}}, count=50)
    assert "medications" not in result


def test_another_comorbidity_moves_nobodys_drugs_of_the_first(planned: Planner) -> None:
    """Each decision has its own stream, so what is chosen first stays."""
    clinical = DIABETICS["clinical"]
    fewer = {**DIABETICS, "clinical": {**clinical, "comorbidities": clinical["comorbidities"][:1]}}

    def pressure(profile: dict[str, Any]) -> list[tuple[int, str]]:
        plan = replace(planned(profile), count=1_000)
        rows = made(plan)[0]
        drugs = [medications_of(plan).drugs[entry].drug for entry in entries(rows).tolist()]
        groups = {"renin_angiotensin_inhibitor", "thiazide", "beta_blocker"}
        return [
            (p, drug.rxnorm) for p, drug in zip(person_of(rows).tolist(), drugs, strict=True) if drug.group in groups
        ]

    assert pressure(DIABETICS) == pressure(fewer) != []


@pytest.fixture(scope="module")
def block(planned: Planner) -> tuple[Plan, Block]:
    """Give people who all have kidney disease, many in late stages, and most of what goes with it."""
    comorbidities = [
        {"name": name, "prevalence": 0.9} for name in ("diabetes", "hypertension", "heart failure", "hypothyroidism")
    ]
    clinical = {"primary_condition": "ckd", "comorbidities": comorbidities}
    plan = planned({"clinical": clinical, "demographics": {"age": {"min": 40}}})
    return plan, block_of(plan, 0, 10_000)


def takers(plan: Plan, block: Block, **wanted: str) -> NDArray[np.bool_]:
    """Tell who takes a drug, by what the skill says of it."""
    assert block.medications is not None
    places = [
        each.entry
        for each in medications_of(plan).drugs
        if all(getattr(each.drug, name) == value for name, value in wanted.items())
    ]
    takes = np.zeros(block.people.count, np.bool_)
    takes[block.medications.person[np.isin(block.medications.entry, places)]] = True
    return takes


@pytest.mark.parametrize(
    ("wanted", "analyte", "low", "high"),
    [
        ({"ingredient": "metformin"}, "egfr", 30, 1_000),
        ({"ingredient": "spironolactone"}, "potassium", 0, 4.8),
        ({"ingredient": "spironolactone"}, "egfr", 30, 1_000),
        ({"group": "nsaid"}, "egfr", 60, 1_000),
        ({"ingredient": "sitagliptin"}, "egfr", 45, 1_000),
        ({"ingredient": "sacubitril / valsartan"}, "ejection_fraction", 0, 40),
        ({"ingredient": "insulin glargine"}, "hba1c", 7, 100),
    ],
    ids=str,
)
def test_levels_say_what_suits(
    block: tuple[Plan, Block], wanted: dict[str, str], analyte: str, low: float, high: float
) -> None:
    plan, people = block
    assert people.body is not None
    level = people.body.levels[analyte]
    takes = takers(plan, people, **wanted)
    if wanted != {"group": "nsaid"}:
        assert takes.sum() > 15
    assert ((level < low) | (level > high)).sum() > 50
    assert (level[takes] >= low).all()
    assert (level[takes] <= high).all()


def test_stages_say_what_suits(block: tuple[Plan, Block]) -> None:
    plan, people = block
    assert people.body is not None
    on_dialysis = people.body.stages["chronic_kidney_disease"] == 6
    assert on_dialysis.sum() > 50
    assert takers(plan, people, ingredient="sevelamer")[on_dialysis].mean() > 0.2
    assert not takers(plan, people, ingredient="sevelamer")[~on_dialysis].any()
    assert not takers(plan, people, group="sglt2_inhibitor")[on_dialysis].any()


def test_whose_pressure_or_thyrotropin_is_in_range_takes_a_drug_for_it(block: tuple[Plan, Block]) -> None:
    plan, people = block
    assert people.body is not None
    levels = people.body.levels
    slots = medications_of(plan).slots
    controlled = people.held[:, slots["hypertension"]] & (levels["sbp"] < 130) & (levels["dbp"] < 80)
    treatment = next(each for each in medications_of(plan).treatments if each.condition == "hypertension")
    groups = [group.name for group in treatment.groups]
    treated = np.logical_or.reduce([takers(plan, people, group=name) for name in groups])
    assert controlled.sum() > 500
    assert treated[controlled].all()
    replaced = people.held[:, slots["hypothyroidism"]] & (levels["tsh"] < 4.5)
    assert takers(plan, people, group="thyroid_hormone")[replaced].all()

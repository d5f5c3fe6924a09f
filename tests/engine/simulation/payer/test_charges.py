"""Charges: everything in a chart is billed once, by who did it, at what the fee schedule says."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from healthsim.planning import Plan
from healthsim.planning.payer.billing_codes import BASIS
from healthsim.planning.payer.billing_plan import EMERGENCY, INPATIENT, KINDS, BillingPlan
from healthsim.planning.payer.billing_rules import SURGEON_SLOT
from healthsim.planning.payer.services import SERVICES
from healthsim.simulation.background_rows import background_tables
from healthsim.simulation.block import Block, block_of
from healthsim.simulation.chart import Chart
from healthsim.simulation.events import event_tables
from healthsim.simulation.payer.billing import charges_of
from healthsim.simulation.payer.charges import OCCASION_BITS, Charges
from healthsim.simulation.payer.occasions import NUMBER_BITS, occasions_of
from healthsim.simulation.run import TABLES
from healthsim.tables import MISSING
from samples import HARRIS

Planner = Callable[..., Plan]

PROFESSIONAL, OUTPATIENT, STAY = range(len(KINDS))

CARE: dict[str, Any] = {
    **HARRIS,
    "product": "membersim",
    "utilization": "realistic",
    "generation": {"count": 1_500, "seed": 3},
}
OLD: dict[str, Any] = {
    **CARE,
    "demographics": {"age": {"type": "normal", "mean": 75, "std_dev": 7, "min": 65, "max": 95}},
    "clinical": {"conditions": [{"code": "I10", "prevalence": 0.6}, {"code": "I50", "prevalence": 0.15}]},
}
NATURAL: dict[str, Any] = {**OLD, "utilization": {"conditions": "natural"}}
JOURNEY: dict[str, Any] = {
    **CARE,
    "generation": {"count": 200, "seed": 4},
    "demographics": {"age": {"type": "normal", "mean": 68, "std_dev": 6, "min": 55, "max": 85}},
    "clinical": {"primary_condition": {"code": "M17.11", "prevalence": 1.0}},
    "journey": "elective-joint-replacement",
}


@dataclass(frozen=True, slots=True)
class Billed:
    """A block with its chart and what is charged for it."""

    plan: Plan
    billing: BillingPlan
    block: Block
    chart: Chart
    charges: Charges

    def texts(self, name: str, codes: NDArray[Any]) -> NDArray[Any]:
        return np.array([*self.billing.texts[name], ""])[codes]

    @property
    def kind(self) -> NDArray[Any]:
        return self.charges.kind[self.charges.claim]

    @property
    def occasion(self) -> NDArray[Any]:
        """Numbers of the encounters that lines are for."""
        return (self.charges.number >> OCCASION_BITS)[self.charges.claim]


def charted(plan: Plan, block: Block) -> Chart:
    chart = Chart()
    for name, table in TABLES:
        if name in plan.dictionaries and (plan.visits or name in {"patients", "diagnoses"}):
            chart.add(table(plan, block))
    for batch in (*background_tables(plan, block), *event_tables(plan, block)):
        chart.add(batch)
    return chart


def billed_of(plan: Plan, first: int = 0, count: int | None = None) -> Billed:
    block = block_of(plan, first, plan.count if count is None else count)
    chart = charted(plan, block)
    billing = plan.others.billing
    assert billing is not None
    return Billed(plan, billing, block, chart, charges_of(billing, plan, block, chart))


@pytest.fixture(scope="module")
def plan_of_care(planned: Planner) -> Plan:
    return planned(CARE)


@pytest.fixture(scope="module")
def drawn(planned: Planner, plan_of_care: Plan) -> Callable[[str], Billed]:
    profiles = {"old": OLD, "natural": NATURAL, "journey": JOURNEY}
    return cache(lambda name: billed_of(plan_of_care if name == "care" else planned(profiles[name])))


@pytest.mark.parametrize("name", ["care", "journey"])
def test_every_encounter_has_a_claim_and_every_claim_its_encounter(drawn: Callable[[str], Billed], name: str) -> None:
    billed = drawn(name)
    encounters = billed.chart.column("encounters", "encounter_id")
    claimed = billed.charges.encounter_id
    assert np.isin(encounters, claimed).all()
    assert np.isin(claimed[claimed != MISSING], encounters).all()


@pytest.mark.parametrize("name", ["care", "journey"])
def test_claims_lie_within_their_encounters(drawn: Callable[[str], Billed], name: str) -> None:
    billed, charges = drawn(name), drawn(name).charges
    seen = occasions_of(billed.billing, billed.plan, billed.block, billed.chart)
    ids = billed.block.people.ids[charges.person]
    at = seen.at((ids << NUMBER_BITS) + (charges.number >> OCCASION_BITS))
    assert (charges.from_day >= seen.start_day[at]).all()
    assert (charges.to_day >= charges.from_day).all()
    is_stay = charges.kind == STAY
    assert (charges.to_day[is_stay] == seen.end_day[at[is_stay]]).all()
    assert (charges.service_day >= charges.from_day[charges.claim]).all()
    assert (charges.service_day <= charges.to_day[charges.claim]).all()
    assert (seen.setting[at[is_stay]] == INPATIENT).all()
    assert np.array_equal(np.unique(at[charges.kind == STAY]), np.flatnonzero(seen.setting == INPATIENT))


@pytest.mark.parametrize("name", ["care", "old", "journey"])
def test_claims_are_in_order_each_with_its_lines_from_1_and_numbered_once(
    drawn: Callable[[str], Billed], name: str
) -> None:
    charges = drawn(name).charges
    assert (np.diff(charges.person) >= 0).all()
    same = np.diff(charges.person) == 0
    assert (np.diff(charges.from_day)[same] >= 0).all()
    assert len(np.unique((charges.person << 32) + charges.number)) == len(charges.number)
    assert np.array_equal(np.unique(charges.claim), np.arange(len(charges.person)))
    assert (np.diff(charges.claim) >= 0).all()
    starts = np.searchsorted(charges.claim, np.arange(len(charges.person)))
    assert np.array_equal(charges.line, np.arange(len(charges.claim)) - starts[charges.claim] + 1)


@pytest.mark.parametrize("name", ["care", "journey"])
def test_nothing_is_charged_below_what_medicare_allows(drawn: Callable[[str], Billed], name: str) -> None:
    charges = drawn(name).charges
    assert (charges.rate >= 0).all()
    assert (charges.billed >= charges.rate).all()
    assert (charges.billed > 0).all()
    assert (charges.units >= 1).all()


def test_lines_are_priced_by_the_schedule_the_place_and_the_units(drawn: Callable[[str], Billed]) -> None:
    billed, charges = drawn("care"), drawn("care").charges
    fees = billed.billing.fees
    is_visit = (billed.kind == PROFESSIONAL) & (charges.place_of_service[charges.claim] == 11)
    factor = fees.factor[billed.block.people.county[charges.person[charges.claim]]]
    national = fees.rate[charges.code, 0] * charges.units
    expected = np.where(fees.is_local[charges.code], (national * factor + BASIS // 2) // BASIS, national)
    assert is_visit.any()
    assert (charges.rate == expected)[is_visit].all()


def test_the_lines_of_a_stay_add_up_to_what_its_group_pays(drawn: Callable[[str], Billed]) -> None:
    billed, charges = drawn("old"), drawn("old").charges
    stays = billed.billing.stays
    of_claim = np.bincount(charges.claim, weights=charges.rate).astype(np.int64)
    is_stay = charges.kind == STAY
    assert is_stay.sum() > 300
    pays = {int(drg): int(rate) for drg, rate in zip(stays.drg.ravel(), stays.rate.ravel(), strict=True)}
    factor = billed.billing.fees.factor[billed.block.people.county[charges.person[is_stay]]]
    national = np.array([pays[int(drg)] for drg in charges.drg[is_stay]])
    lines = np.bincount(charges.claim)[is_stay]
    # Every line is rounded by itself to the place's prices.
    assert (np.abs(of_claim[is_stay] - national * factor / BASIS) <= lines).all()
    assert (charges.drg[~is_stay] == -1).all()


def test_stays_go_to_the_group_of_what_they_are_for(drawn: Callable[[str], Billed]) -> None:
    billed, charges = drawn("old"), drawn("old").charges
    is_stay = charges.kind == STAY
    principal = billed.texts("diagnosis", charges.diagnosis[is_stay, 0])
    drg = billed.texts("drg", charges.drg[is_stay])
    leading = (
        ("A41.9", {"871", "872", "853", "854", "855"}),
        ("I50", {"291", "292", "293"}),
        ("J18.9", {"193", "194", "195"}),
    )
    for code, groups in leading:
        found = set(drg[np.char.startswith(principal, code)].tolist())
        assert found
        assert found <= groups


def test_as_many_stays_are_operated_on_as_their_groups_say_and_each_has_a_surgeons_claim(
    drawn: Callable[[str], Billed],
) -> None:
    billed, charges = drawn("old"), drawn("old").charges
    stays = billed.billing.stays
    is_stay = charges.kind == STAY
    group = stays.group[charges.diagnosis[is_stay, 0]]
    target = stays.drg[stays.operation[group]]
    is_operated = (charges.drg[is_stay][:, np.newaxis] == target).any(axis=1) & (stays.operation[group] >= 0)
    expected = stays.operated[group].sum()
    assert expected > 30
    assert abs(is_operated.sum() - expected) < 4 * np.sqrt(expected)
    is_surgeons = (charges.number & ((1 << OCCASION_BITS) - 1) == SURGEON_SLOT) & (charges.place_of_service == 21)
    surgeons, who = charges.number[is_surgeons] >> OCCASION_BITS, charges.person[is_surgeons]
    operated = np.flatnonzero(is_stay)[is_operated]
    stays_of = zip(charges.person[operated].tolist(), (charges.number[operated] >> OCCASION_BITS).tolist(), strict=True)
    assert set(stays_of) == set(zip(who.tolist(), surgeons.tolist(), strict=True))


def test_outpatient_surgery_has_a_hospitals_and_a_surgeons_claim_for_the_same_operation(
    drawn: Callable[[str], Billed],
) -> None:
    billed, charges = drawn("care"), drawn("care").charges
    bundles = {bundle.name: bundle for bundle in billed.billing.bundles}
    codes = [line.code for line in bundles["outpatient_surgery"].lines if line.is_one]
    slot = charges.number[charges.claim] & ((1 << OCCASION_BITS) - 1)
    found = []
    for name in ("outpatient_surgery", "surgeon"):
        lines = (slot == bundles[name].slot) & np.isin(charges.code, codes)
        found.append(set(zip(billed.occasion[lines].tolist(), charges.code[lines].tolist(), strict=True)))
    assert len(found[0]) > 50
    assert found[0] == found[1]


def test_a_major_complication_beside_what_a_stay_is_for_makes_its_group_a_dearer_one(planned: Planner) -> None:
    conditions = [{"code": "N18.6", "prevalence": 0.5}]
    billed = billed_of(planned({**OLD, "clinical": {"conditions": conditions}}))
    charges = billed.charges
    is_sepsis = (charges.kind == STAY) & (billed.texts("diagnosis", charges.diagnosis[:, 0]) == "A41.9")
    other = charges.diagnosis[:, 1:]
    is_major = (np.append(billed.billing.stays.severity, 0)[other] == 2).any(axis=1)
    assert is_major[is_sepsis & (billed.texts("diagnosis", other) == "N18.6").any(axis=1)].all()
    drg = billed.texts("drg", charges.drg)
    assert set(drg[is_sepsis & is_major].tolist()) == {"871", "853"}
    assert {"872"} <= set(drg[is_sepsis & ~is_major].tolist()) <= {"872", "854", "855"}


def test_diagnoses_of_a_claim_are_known_by_then_and_none_is_there_twice(drawn: Callable[[str], Billed]) -> None:
    billed, charges = drawn("care"), drawn("care").charges
    listed = charges.diagnosis
    assert (listed[:, 0] >= 0).all()
    assert ((listed[:, 1:] < 0) | (listed[:, :-1] >= 0)).all()
    for place in range(1, listed.shape[1]):
        assert ((listed[:, place] < 0) | (listed[:, :place] != listed[:, [place]]).all(axis=1)).all()
    assert (np.sum(listed >= 0, axis=1)[charges.kind == PROFESSIONAL] <= 4).all()
    named = np.where(charges.diagnosis[charges.claim, charges.pointer] >= 0, 1, 0)
    assert named.all()
    code = billed.billing.diagnoses.of_diagnosis[billed.chart.column("diagnoses", "code")]
    person = billed.chart.column("diagnoses", "person_id") - 1
    recorded = dict[tuple[int, int], int]()
    for who, what, day in zip(person, code, billed.chart.column("diagnoses", "recorded_date"), strict=True):
        key = int(who), int(what)
        recorded[key] = min(recorded.get(key, 10**9), int(day))
    # What lines are for need be no disease: a vaccine, or a screening.
    services = {int(billed.billing.diagnoses.vaccination), *billed.billing.diagnoses.of_procedure.tolist()}
    services -= set(code.tolist())
    for claim in range(0, len(charges.person), 97):
        for what in set(listed[claim, 1:][listed[claim, 1:] >= 0].tolist()) - services:
            assert recorded[int(charges.person[claim]), what] <= charges.to_day[claim]


@pytest.mark.parametrize("name", ["care", "natural"])
def test_every_result_is_billed_by_a_test_that_covers_it(drawn: Callable[[str], Billed], name: str) -> None:
    billed, charges = drawn(name), drawn(name).charges
    orders = billed.billing.orders
    seen = occasions_of(billed.billing, billed.plan, billed.block, billed.chart)
    encounter = billed.chart.column("labs", "encounter_id")
    # What is measured during a stay is paid with it.
    is_outside = seen.setting[seen.having(encounter)] != INPATIENT
    encounter = encounter[is_outside]
    bits = orders.analyte_bit[billed.chart.column("labs", "loinc")[is_outside]]
    ids, at = np.unique(encounter, return_inverse=True)
    covered = np.zeros(len(ids), np.int64)
    line_ids = charges.encounter_id[charges.claim]
    for test in orders.tests:
        has = np.isin(ids, line_ids[charges.code == test.code])
        covered[has] |= test.covers
    assert len(ids) > 100
    assert ((bits & ~covered[at]) == 0).all()


def test_what_journeys_do_is_billed_by_its_own_code_and_what_surgeons_do_by_theirs(
    drawn: Callable[[str], Billed],
) -> None:
    billed, charges = drawn("journey"), drawn("journey").charges
    plan = billed.plan
    procedures = np.array(plan.dictionaries["procedures"]["code"])[billed.chart.column("procedures", "code")]
    encounter = billed.chart.column("procedures", "encounter_id")
    codes = billed.texts("code", charges.code)
    of_line = charges.encounter_id[charges.claim]
    assert "0SRC0J9" in procedures
    for code, billed_as in (("0SRC0J9", "27447"), ("73562", "73562"), ("93000", "93000")):
        done = encounter[procedures == code]
        assert np.isin(done[done != MISSING], of_line[codes == billed_as]).all()
    is_stay = charges.kind == STAY
    operated = is_stay & np.isin(charges.encounter_id, encounter[procedures == "0SRC0J9"])
    assert operated.any()
    assert set(billed.texts("drg", charges.drg[operated]).tolist()) <= {"469", "470"}
    assert set(charges.admission_type[operated].tolist()) == {3}


def test_a_code_without_a_fee_of_its_own_is_billed_all_the_same(planned: Planner) -> None:
    own = {"system": "CPT", "code": "64999", "name": "Own procedure on a nerve"}
    step = {"id": "done", "event_type": "procedure", "timing": {"type": "fixed", "day": 5}, "parameters": own}
    journey = {"id": "own", "name": "Own", "duration_days": 30, "events": [step]}
    profile = {**CARE, "generation": {"count": 40}, "journey": journey}
    billed = billed_of(planned(profile))
    charges = billed.charges
    is_own = billed.texts("code", charges.code) == "64999"
    assert is_own.sum() == 40
    assert (charges.rate[is_own] > 0).all()
    assert (charges.encounter_id[charges.claim[is_own]] == MISSING).all()


@pytest.mark.parametrize("name", ["old", "natural"])
def test_the_mix_of_medicares_claims_is_that_of_its_files(drawn: Callable[[str], Billed], name: str) -> None:
    charges = drawn(name).charges
    shares = np.bincount(charges.kind, minlength=3) / len(charges.kind)
    lines = np.bincount(charges.kind[charges.claim], minlength=3) / np.bincount(charges.kind, minlength=3)
    # CMS, Medicare RIF: carrier 31, outpatient 6 and inpatient .4 of 37.4 percent; lines 2.0, 7.2 and 17; within 15
    # percent, of stays' share wider as 1,500 people have only some hundreds.
    assert shares[PROFESSIONAL] == pytest.approx(31 / 37.4, rel=0.15)
    assert shares[OUTPATIENT] == pytest.approx(6 / 37.4, rel=0.15)
    assert shares[STAY] == pytest.approx(0.4 / 37.4, rel=0.25)
    for kind, mean in ((PROFESSIONAL, 2.0), (OUTPATIENT, 7.2), (STAY, 17)):
        assert lines[kind] == pytest.approx(mean, rel=0.15)


def test_hospitals_test_less_beside_visits_whose_tests_the_chart_tells(planned: Planner) -> None:
    shares = []
    for utilization in (None, "realistic"):
        billing = planned({**OLD, "utilization": utilization}).others.billing
        assert billing is not None
        shares.append({bundle.name: bundle.share.tolist() for bundle in billing.bundles})
    alone, in_care = shares
    assert in_care["hospital_laboratory"][-1] < alone["hospital_laboratory"][-1]
    assert {name for name in alone if alone[name] != in_care[name]} == {"hospital_laboratory"}


def test_hospitals_claims_say_what_professionals_do_not(drawn: Callable[[str], Billed]) -> None:
    charges = drawn("care").charges
    is_hospital = charges.kind != PROFESSIONAL
    for column in (charges.bill_type, charges.admission_type, charges.discharge_status):
        assert ((column >= 0) == is_hospital).all()
    assert ((charges.place_of_service >= 0) == ~is_hospital).all()
    assert ((charges.revenue >= 0) == is_hospital[charges.claim]).all()
    assert (charges.facility_id[~is_hospital] == MISSING).all()


def test_emergency_visits_have_a_physicians_and_a_hospitals_claim_of_the_same_level(
    drawn: Callable[[str], Billed],
) -> None:
    billed, charges = drawn("care"), drawn("care").charges
    seen = occasions_of(billed.billing, billed.plan, billed.block, billed.chart)
    codes = billed.texts("code", charges.code)
    is_level = np.char.startswith(codes, "9928")
    of_line = charges.encounter_id[charges.claim]
    for encounter in seen.encounter_id[seen.setting == EMERGENCY][:60]:
        found = is_level & (of_line == encounter)
        assert sorted(billed.kind[found].tolist()) == [PROFESSIONAL, OUTPATIENT]
        assert len(set(codes[found].tolist())) == 1


def test_services_that_plans_tell_apart_are_told(drawn: Callable[[str], Billed]) -> None:
    charges = drawn("care").charges
    found = {SERVICES[place] for place in np.unique(charges.service).tolist()}
    assert {"primary_care", "preventive", "emergency", "inpatient", "laboratory", "imaging", "maternity"} <= found
    assert set(charges.service[charges.kind[charges.claim] == STAY].tolist()) == {SERVICES.index("inpatient")}


@pytest.mark.parametrize("first", [0, 7, 90])
def test_a_person_is_charged_the_same_in_any_block(plan_of_care: Plan, first: int) -> None:
    plan = replace(plan_of_care, count=100)
    whole, one = billed_of(plan).charges, billed_of(plan, first, 1).charges
    claims, lines = whole.person == first, (whole.person == first)[whole.claim]
    offset = int(np.flatnonzero(claims)[0]) if claims.any() else 0
    for field in fields(Charges):
        values, expected = getattr(one, field.name), getattr(whole, field.name)
        chosen = expected[claims if len(expected) == len(whole.person) else lines]
        shift = {"person": first, "claim": offset}.get(field.name, 0)
        assert np.array_equal(values, chosen - shift), field.name


def test_vaccines_against_covid_19_are_given_by_a_code_of_their_own_and_others_together(
    drawn: Callable[[str], Billed],
) -> None:
    billed = drawn("care")
    codes, charges = billed.texts("code", billed.charges.code), billed.charges
    is_vaccine = (charges.service == SERVICES.index("immunization")) & (np.char.find(codes, "9047") < 0)
    is_apart = np.isin(codes, ["91300", "91312", "91320"])
    claims = len(charges.number)
    for vaccines, first, further in (
        (is_vaccine & ~is_apart & (codes != "90480"), "90471", "90472"),
        (is_apart, "90480", "90480"),
    ):
        given = np.bincount(charges.claim[vaccines], minlength=claims)
        giving = np.isin(codes, [first, further])
        assert given.sum() > 20
        assert (np.bincount(charges.claim[giving], charges.units[giving], claims) == given).all()
        assert (np.bincount(charges.claim[codes == first], minlength=claims) == (given > 0)).all()

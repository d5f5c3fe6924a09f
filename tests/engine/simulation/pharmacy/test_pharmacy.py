"""RxMemberSim: what is filled was ordered, what is paid was covered, and money adds up to the cent."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from healthsim.planning import Plan
from healthsim.planning.pharmacy.pharmacy_plan import PharmacyPlan
from healthsim.skills import skill_library
from healthsim.tables import MISSING
from samples import Rows, made

Planner = Callable[..., Plan]
Ints = NDArray[np.int64]

PATIENTS: dict[str, Any] = {
    "products": ["patientsim", "membersim", "rxmembersim"],
    "generation": {"count": 4_000, "seed": 3},
    "clinical": {"conditions": [condition.id for condition in skill_library().conditions]},
}
SENIORS: dict[str, Any] = {**PATIENTS, "demographics": {"age": {"min": 66}}}


@pytest.fixture(scope="module")
def people(planned: Planner) -> tuple[Plan, Rows]:
    plan = planned(PATIENTS)
    return plan, made(plan)[0]


@pytest.fixture(scope="module")
def seniors(planned: Planner) -> tuple[Plan, Rows]:
    plan = planned(SENIORS)
    return plan, made(plan)[0]


def pharmacy_of(plan: Plan) -> PharmacyPlan:
    assert plan.others.pharmacy is not None
    return plan.others.pharmacy


def found(keys: Ints, wanted: Ints) -> Ints:
    """Give the places of keys; every one is there."""
    order = np.argsort(keys, kind="stable")
    places = order[np.minimum(np.searchsorted(keys, wanted, sorter=order), len(keys) - 1)]
    assert (keys[places] == wanted).all()
    return np.asarray(places, np.int64)


def code(plan: Plan, table: str, column: str, text: str) -> int:
    return plan.dictionaries[table][column].index(text)


def claims_that(plan: Plan, rows: Rows, status: str) -> dict[str, NDArray[Any]]:
    claims = rows.columns("pharmacy_claims")
    chosen = claims["status"] == code(plan, "pharmacy_claims", "status", status)
    return {name: values[chosen] for name, values in claims.items()}


def test_every_prescription_stands_for_an_order_and_is_written_while_that_holds(people: tuple[Plan, Rows]) -> None:
    _, rows = people
    written, orders = rows.columns("prescriptions"), rows.columns("medications")
    at = found(orders["medication_id"], written["medication_id"])
    assert (orders["person_id"][at] == written["person_id"]).all()
    assert (orders["rxnorm"][at] == written["rxnorm"]).all()
    assert (orders["start_date"][at] <= written["written_date"]).all()
    end = np.where(orders["end_date"] == MISSING, 2**30, orders["end_date"])
    assert (written["written_date"] <= end[at]).all()


def test_every_claim_is_for_a_prescription_written_before_and_with_refills_left(people: tuple[Plan, Rows]) -> None:
    _, rows = people
    claims, written = rows.columns("pharmacy_claims"), rows.columns("prescriptions")
    at = found(written["prescription_id"], claims["prescription_id"])
    assert (written["person_id"][at] == claims["person_id"]).all()
    assert (written["rxnorm"][at] == claims["rxnorm"]).all()
    assert (written["written_date"][at] <= claims["service_date"]).all()
    assert (claims["service_date"] <= written["written_date"][at] + 365).all()
    assert (claims["fill_number"] <= written["refills"][at]).all()


def test_what_is_paid_is_covered_and_what_is_billed_after_coverage_is_rejected_for_that(
    people: tuple[Plan, Rows],
) -> None:
    plan, rows = people
    claims, spans = rows.columns("pharmacy_claims"), rows.columns("rx_members")
    at = found(spans["rx_member_id"], claims["rx_member_id"])
    assert (spans["person_id"][at] == claims["person_id"]).all()
    end = np.where(spans["end_date"] == MISSING, 2**30, spans["end_date"])[at]
    is_covered = (spans["start_date"][at] <= claims["service_date"]) & (claims["service_date"] <= end)
    is_late = claims["reject_code"] == code(plan, "pharmacy_claims", "reject_code", "69")
    assert (is_covered == ~is_late).all()
    assert is_late.sum() > 5


def test_drug_benefits_go_with_enrollments(people: tuple[Plan, Rows]) -> None:
    plan, rows = people
    spans, enrollments = rows.columns("rx_members"), rows.columns("enrollments")
    at = found(enrollments["enrollment_id"], spans["rx_member_id"])
    for name in ("person_id", "start_date", "end_date", "member_number"):
        assert (enrollments[name][at] == spans[name]).all()
    pharmacy = pharmacy_of(plan)
    assert (pharmacy.benefit_of_plan[enrollments["plan_id"][at] - 1] == spans["benefit"]).all()
    assert set(spans["benefit"].tolist()) == set(range(len(pharmacy.benefits.ids)))


def test_money_adds_up_on_every_claim(people: tuple[Plan, Rows]) -> None:
    plan, rows = people
    claims = rows.columns("pharmacy_claims")
    assert (claims["total_cost"] == claims["ingredient_cost"] + claims["dispensing_fee"]).all()
    assert (claims["patient_pay"] == claims["deductible"] + claims["copay"] + claims["coinsurance"]).all()
    shares = claims["patient_pay"] + claims["manufacturer_discount"] + claims["plan_paid"]
    assert (shares == claims["total_cost"]).all()
    is_back = claims["transaction"] == code(plan, "pharmacy_claims", "transaction", "B2")
    for name in ("patient_pay", "manufacturer_discount", "plan_paid", "copay", "deductible", "coinsurance"):
        assert (claims[name][~is_back] >= 0).all(), name
        assert (claims[name][is_back] <= 0).all(), name
    rejected = claims["reject_code"] >= 0
    assert (claims["total_cost"][rejected] == 0).all()


def test_what_is_taken_back_equals_what_was_paid(people: tuple[Plan, Rows]) -> None:
    plan, rows = people
    claims = rows.columns("pharmacy_claims")
    back = np.flatnonzero(claims["transaction"] == code(plan, "pharmacy_claims", "transaction", "B2"))
    at = found(claims["pharmacy_claim_id"], claims["reversed_claim_id"][back])
    assert len(back) > 50
    for name in (
        "total_cost",
        "patient_pay",
        "manufacturer_discount",
        "plan_paid",
        "deductible",
        "quantity_thousandths",
    ):
        assert (claims[name][at] == -claims[name][back]).all(), name
    assert (claims["processed_date"][at] <= claims["processed_date"][back]).all()
    assert (claims["status"][at] == claims["status"][back]).all()


def accounts(plan: Plan, rows: Rows) -> tuple[dict[str, NDArray[Any]], Ints, Ints, Ints]:
    """Give the claims with money in the order of their decisions, with account, benefit and year of each."""
    pharmacy = pharmacy_of(plan)
    claims, spans = rows.columns("pharmacy_claims"), rows.columns("rx_members")
    order = np.lexsort((claims["pharmacy_claim_id"], claims["processed_date"], claims["person_id"]))
    order = order[claims["reject_code"][order] < 0]
    claims = {name: values[order] for name, values in claims.items()}
    benefit = spans["benefit"][found(spans["rx_member_id"], claims["rx_member_id"])]
    year = np.searchsorted(pharmacy.years, claims["service_date"], side="right") - 1
    account = (claims["person_id"] * 8 + pharmacy.benefits.account[benefit]) * 64 + year
    return claims, account, np.asarray(benefit, np.int64), np.asarray(year, np.int64)


def test_deductibles_add_up_and_nobody_pays_more_than_the_maximum(seniors: tuple[Plan, Rows]) -> None:
    plan, rows = seniors
    claims, account, benefit, year = accounts(plan, rows)
    rules = pharmacy_of(plan).benefits
    assert (claims["deductible_met"] <= rules.deductible[benefit, year]).all()
    assert (claims["out_of_pocket"] <= rules.maximum[benefit, year]).all()
    order = np.argsort(account, kind="stable")
    begins = np.append(True, account[order][1:] != account[order][:-1])
    met = np.cumsum(claims["deductible"][order])
    before = np.maximum.accumulate(np.where(begins, np.arange(len(met)), 0))
    sums = met - (met - claims["deductible"][order])[before]
    assert (sums == claims["deductible_met"][order]).all()
    last = plan.dictionaries["pharmacy_claims"]["phase"].index("catastrophic")
    in_last = claims["phase"] == last
    assert in_last.sum() > 20
    is_free = rules.last_coinsurance[benefit, year] == 0
    assert (claims["patient_pay"][in_last & is_free] == 0).all()


def test_medicare_pays_by_the_rules_of_the_year(planned: Planner) -> None:
    plan = planned({**SENIORS, "as_of": "2026-01-01", "generation": {"count": 3_000, "seed": 3}})
    rows = made(plan)[0]
    claims, _, benefit, year = accounts(plan, rows)
    pharmacy = pharmacy_of(plan)
    assert pharmacy.benefits.ids[int(np.argmax(pharmacy.benefits.is_part_d))] == "medicare_drug_plan"
    standard = benefit == pharmacy.benefits.ids.index("medicare_drug_plan")
    gap = plan.dictionaries["pharmacy_claims"]["phase"].index("gap")
    in_part_d = pharmacy.benefits.is_part_d[benefit]
    of_2025 = in_part_d & (year == np.searchsorted(pharmacy.years, 20_089))
    assert standard[of_2025].any()
    assert claims["out_of_pocket"][of_2025].max() == 200_000
    assert (claims["phase"][of_2025] != gap).all()
    assert (claims["phase"][in_part_d & ~of_2025] == gap).any()
    whole = (
        standard & of_2025 & (claims["phase"] == 1) & (claims["out_of_pocket"] < 200_000) & (claims["total_cost"] > 0)
    )
    insulin = pharmacy.drugs.is_insulin[claims["rxnorm"]]
    quarter = (claims["total_cost"] * 25 + 50) // 100
    assert (claims["patient_pay"] == quarter)[whole & ~insulin].all()
    months = -(-claims["days_supply"] // 30)
    assert (claims["patient_pay"][insulin & of_2025] <= 3_500 * months[insulin & of_2025]).all()


def covered_shares(plan: Plan, rows: Rows, kind: int) -> NDArray[np.float64]:
    """Give the share of days covered from a therapy's first claim on, of therapies of half a year or more."""
    pharmacy = pharmacy_of(plan)
    paid = claims_that(plan, rows, "paid")
    chosen = pharmacy.drugs.adherence[paid["rxnorm"]] == kind
    paid = {name: values[chosen] for name, values in paid.items()}
    key = paid["person_id"] * 256 + paid["rxnorm"]
    order = np.lexsort((paid["service_date"], key))
    shares, until = [], pharmacy.last_day
    for places in np.split(order, np.flatnonzero(np.diff(key[order])) + 1):
        day, days = paid["service_date"][places], paid["days_supply"][places]
        if until - day[0] < 180:
            continue
        covered, end = 0, int(day[0])
        for filled, length in zip(day.tolist(), days.tolist(), strict=True):
            begin = max(filled, end)
            end = begin + length
            covered += max(min(end, until + 1) - begin, 0)
        shares.append(covered / (until + 1 - day[0]))
    return np.array(shares)


@pytest.mark.parametrize(("kind", "expected"), [("statin", 0.88), ("renin_angiotensin", 0.89), ("diabetes", 0.86)])
def test_as_many_seniors_keep_to_their_drugs_as_published(
    seniors: tuple[Plan, Rows], kind: str, expected: float
) -> None:
    """Within 6 points: coverage gaps and changes cost 4 to 5, and 1,500 therapies have a standard error of 1."""
    plan, rows = seniors
    classes = ("statin", "renin_angiotensin", "diabetes", "anticoagulant", "other")
    shares = covered_shares(plan, rows, classes.index(kind))
    assert len(shares) > 300
    assert abs((shares >= 0.8).mean() - expected) < 0.06


def test_nine_of_ten_claims_are_for_generics(people: tuple[Plan, Rows]) -> None:
    """Association for Accessible Medicines 2024: 90 % of prescriptions.

    Within 4 points: brands that the skills do not know, such as short-acting insulins, are missing.
    """
    plan, rows = people
    paid = claims_that(plan, rows, "paid")
    assert abs((paid["kind"] == 0).mean() - 0.9) < 0.04


def test_nobody_collects_two_supplies_at_once(people: tuple[Plan, Rows]) -> None:
    """At most five days early, or a clipped supply: half a supply is never at hand when the next is paid."""
    plan, rows = people
    paid = claims_that(plan, rows, "paid")
    key = paid["person_id"] * 256 + paid["rxnorm"]
    order = np.lexsort((paid["service_date"], key))
    same = np.diff(key[order]) == 0
    between = np.diff(paid["service_date"][order])[same]
    supply = paid["days_supply"][order][:-1][same]
    assert (between >= supply - 11).all()


def test_what_needs_authorization_is_rejected_first_and_then_paid_with_one(people: tuple[Plan, Rows]) -> None:
    plan, rows = people
    claims = rows.columns("pharmacy_claims")
    held = claims["reject_code"] == code(plan, "pharmacy_claims", "reject_code", "75")
    fills = set((claims["pharmacy_claim_id"][held] >> 3).tolist())
    paid = claims_that(plan, rows, "paid")
    resolved = np.isin(paid["pharmacy_claim_id"] >> 3, sorted(fills))
    assert held.sum() > 20
    assert paid["is_authorized"][resolved].all()
    assert 0.75 < resolved.sum() / len(fills) <= 1.0


def test_every_reject_code_of_the_content_happens(people: tuple[Plan, Rows]) -> None:
    plan, rows = people
    texts = plan.dictionaries["pharmacy_claims"]["reject_code"]
    happened = {
        texts[index] for index in np.unique(rows.column("pharmacy_claims", "reject_code")).tolist() if index >= 0
    }
    assert happened == set(texts)


def test_ids_are_unique(people: tuple[Plan, Rows]) -> None:
    _, rows = people
    for table, name in (
        ("rx_members", "rx_member_id"),
        ("prescriptions", "prescription_id"),
        ("pharmacy_claims", "pharmacy_claim_id"),
        ("dur_alerts", "dur_alert_id"),
    ):
        ids = rows.column(table, name)
        assert len(np.unique(ids)) == len(ids) > 0, table


@pytest.mark.parametrize("block_size", [1, 13, 400])
def test_blocks_of_any_size_have_the_same_pharmacy(planned: Planner, block_size: int) -> None:
    plan = replace(planned(SENIORS), count=40 if block_size == 1 else 600)
    rows, outcome = made(plan, block_size=block_size)
    expected, expected_outcome = made(plan, block_size=plan.count)
    assert outcome.digest == expected_outcome.digest
    for table in ("rx_members", "prescriptions", "pharmacy_claims", "dur_alerts"):
        for name, values in expected.columns(table).items():
            assert (rows.column(table, name) == values).all(), f"{table}.{name}"


def test_the_first_people_of_more_have_the_same_pharmacy(planned: Planner) -> None:
    plan = planned(PATIENTS)
    few, many = made(replace(plan, count=300))[0], made(replace(plan, count=900))[0]
    for table in ("rx_members", "prescriptions", "pharmacy_claims", "dur_alerts"):
        among_first = many.column(table, "person_id") <= 300
        for name, values in few.columns(table).items():
            assert (many.column(table, name)[among_first] == values).all(), f"{table}.{name}"


def test_a_profile_may_have_everything_paid_at_once(planned: Planner) -> None:
    plan = replace(planned({**PATIENTS, "pharmacy": {"rejections": False}}), count=1_500)
    rows = made(plan)[0]
    paid = code(plan, "pharmacy_claims", "status", "paid")
    assert (rows.column("pharmacy_claims", "status") == paid).all()


def test_a_profile_may_ask_for_its_own_copays_and_adherence(planned: Planner) -> None:
    benefit = {
        "copays": {"preferred_generic": 7.5},
        "ninety_day_share": 0.0,
        "deductible": 0,
        "out_of_pocket_maximum": 50,
    }
    section = {"adherence": 1.0, "benefits": {"commercial": benefit}}
    plan = replace(planned({**PATIENTS, "coverage": {"changes": "none"}, "pharmacy": section}), count=1_500)
    rows = made(plan)[0]
    claims, _, held, _ = accounts(plan, rows)
    own = held == pharmacy_of(plan).benefits.ids.index("employer")
    assert claims["out_of_pocket"][own].max() == 5_000
    first_tier = own & (claims["tier"] == 1) & (claims["phase"] == 1) & (claims["out_of_pocket"] < 5_000)
    copays = np.minimum(claims["total_cost"], 750)
    billed = claims["transaction"] == 0
    assert (claims["copay"] == copays)[first_tier & billed & (claims["days_supply"] == 30)].all()
    assert (covered_shares(plan, rows, 0) > 0.78).mean() > 0.95


def test_people_without_drugs_have_benefits_and_no_claims(planned: Planner) -> None:
    plan = planned({"product": "rxmembersim", "generation": {"count": 50, "seed": 1}})
    rows, outcome = made(plan)
    assert rows.rows["rx_members"] > 20
    assert {name: outcome.rows.get(name, 0) for name in ("prescriptions", "pharmacy_claims", "dur_alerts")} == {
        "prescriptions": 0,
        "pharmacy_claims": 0,
        "dur_alerts": 0,
    }

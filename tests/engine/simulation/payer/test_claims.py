"""Claims of whole cohorts: what is in the chart is billed, decided and paid, and all of it adds up."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import compute

from healthsim import generate, get_manager
from healthsim.planning import Plan
from healthsim.planning.payer.claim_texts import STATUSES
from healthsim.tables import MISSING
from samples import HARRIS, made

Planner = Callable[..., Plan]

CLAIMANTS: dict[str, Any] = {
    **HARRIS,
    "products": ["patientsim", "membersim"],
    "utilization": "realistic",
    "generation": {"count": 400, "seed": 9},
}
TABLES = ("claims", "claim_lines", "accumulators", "prior_authorizations", "remittances")


def test_a_generated_cohort_breaks_no_rule_of_claims(tmp_path: Path) -> None:
    manager = get_manager(tmp_path / "w.duckdb")
    cohort = generate(profile=CLAIMANTS, persist=True, db=tmp_path / "w.duckdb").get("cohort_id")
    card = manager.score(cohort)
    assert [rule["id"] for rule in card["rules"] if rule["status"] == "broken"] == []
    status = {rule["id"]: rule["status"] for rule in card["rules"] if rule["subject"] == "claims"}
    assert set(status.values()) == {"passed"}
    assert len(status) > 12


@pytest.mark.parametrize("block_size", [1, 37])
def test_blocks_of_any_size_make_the_same_claims(planned: Planner, block_size: int) -> None:
    plan = replace(planned(CLAIMANTS), count={1: 30}.get(block_size, 150))
    rows, outcome = made(plan, block_size=block_size)
    expected, whole = made(plan, block_size=plan.count)
    assert outcome.digest == whole.digest
    assert {table: outcome.rows[table] for table in TABLES} == {table: whole.rows[table] for table in TABLES}
    assert (np.sort(rows.column("claims", "claim_id")) == np.sort(expected.column("claims", "claim_id"))).all()


def test_numbers_of_claims_remittances_accumulators_and_authorizations_are_unique(planned: Planner) -> None:
    rows, _ = made(planned(CLAIMANTS))
    keys = ("claim_id", "accumulator_id", "authorization_id", "remittance_id")
    for table, key in zip(("claims", *TABLES[2:]), keys, strict=True):
        ids = rows.column(table, key)
        assert len(ids)
        assert len(np.unique(ids)) == len(ids)


def test_every_encounter_while_covered_has_its_claims_and_amounts_of_pending_ones_are_unknown(planned: Planner) -> None:
    rows, _ = made(planned(CLAIMANTS))
    claims = rows.columns("claims")
    # What was done elsewhere than at an encounter, such as a vaccine at a pharmacy, has claims of its own.
    elsewhere = claims["encounter_id"] == MISSING
    assert 0.02 < elsewhere.mean() < 0.15
    assert np.isin(claims["encounter_id"][~elsewhere], rows.column("encounters", "encounter_id")).all()
    pending = claims["status"] == STATUSES.index("pending")
    assert pending.any()
    for name in ("allowed", "paid", "decided_date", "remittance_id"):
        assert ((claims[name] == MISSING) == pending).all(), name


def test_claims_are_told_of_without_the_clinical_tables_and_not_at_all_without_encounters(planned: Planner) -> None:
    alone = planned({**CLAIMANTS, "products": ["membersim"]})
    assert set(TABLES) <= set(alone.tables)
    assert "encounters" not in alone.tables
    without = {**CLAIMANTS, "utilization": None, "clinical": {"baseline": "none"}}
    assert not set(TABLES) & set(planned(without).tables)


def test_the_summary_tells_of_claims_and_their_money(tmp_path: Path) -> None:
    result = generate(profile=CLAIMANTS, db=tmp_path / "w.duckdb")
    claims = result.table("claims")
    told = result.summary["claims"]
    assert told["submissions"] == claims.num_rows
    for name in ("billed", "allowed", "paid"):
        assert told[name] == float(compute.sum(claims[name]).as_py()), name
    first = claims.filter(
        compute.and_(compute.equal(claims["frequency_code"].cast("string"), "1"), _is_decided(claims))
    )
    denied = compute.sum(compute.equal(first["status"].cast("string"), "denied")).as_py()
    assert told["denied_at_first"] == pytest.approx(denied / first.num_rows, abs=1e-4)
    assert "claims" not in generate(profile=HARRIS, count=5).summary


def _is_decided(claims: pa.Table) -> pa.ChunkedArray:
    return compute.not_equal(claims["status"].cast("string"), "pending")


def test_journeys_ask_for_authorizations_while_people_are_covered(planned: Planner) -> None:
    timing = {"type": "fixed", "day": 20}
    asking = {"id": "asks", "event_type": "prior_authorization", "timing": timing, "parameters": {"service": "imaging"}}
    journey = {"id": "imaging", "duration_days": 60, "events": [asking]}
    plan = planned({**CLAIMANTS, "journeys": [journey], "start_date": "2024-06-01"})
    requests = made(plan)[0].columns("prior_authorizations")
    asked = requests["service_date"] == MISSING
    assert 0.7 * plan.count < asked.sum() < plan.count
    assert len(np.unique(requests["authorization_id"])) == len(requests["authorization_id"])
    texts = plan.dictionaries["prior_authorizations"]
    assert set(requests["service"][asked]) == {texts["service"].index("imaging")}
    assert set(requests["requested_date"][asked]) == {19_875 + 20}
    assert (requests["decided_date"] >= requests["requested_date"]).all()
    assert 0.02 < (requests["decision"][asked] == texts["decision"].index("denied")).mean() < 0.15


def test_authorizations_that_nobody_can_be_asked_for_are_told_of(planned: Planner) -> None:
    asking = {"id": "asks", "event_type": "prior_authorization"}
    journey = {"id": "asking", "duration_days": 60, "events": [asking]}
    plan = planned({**CLAIMANTS, "utilization": None, "clinical": {"baseline": "none"}, "journeys": [journey]})
    assert any("prior authorizations" in note for note in plan.notes)

"""Same seed, same rows: whatever the blocks, the number of people, the process, the time zone, the processor."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from healthsim import generate
from healthsim.planning import Plan
from healthsim.simulation.background_rows import background_tables
from healthsim.simulation.block import block_of
from healthsim.simulation.chart import Chart
from healthsim.simulation.events import event_tables
from healthsim.simulation.products import product_tables
from healthsim.simulation.run import TABLES
from samples import DIABETICS, HARRIS, MIXED, made

Planner = Callable[..., Plan]

PROGRAM = """
import json, sys
from healthsim import generate
print(generate(profile=json.loads(sys.argv[1]), count=600, seed=5).digest)
"""


PRODUCTS: dict[str, Any] = {
    **MIXED,
    "id": "products",
    "products": ["patientsim", "membersim", "rxmembersim", "trialsim"],
    "clinical": {"conditions": [{"name": "hypertension", "prevalence": 0.4}, {"code": "E11", "prevalence": 0.3}]},
    "utilization": "realistic",
    "trial": "t2dm-phase-3",
}


@pytest.mark.parametrize("profile", [DIABETICS, HARRIS, MIXED], ids=lambda profile: profile["id"])
@pytest.mark.parametrize("block_size", [1, 7, 1_000, 65_536])
def test_blocks_of_any_size_make_the_same_rows(planned: Planner, profile: dict[str, Any], block_size: int) -> None:
    plan = planned(profile)
    plan = replace(plan, count={1: 40, 7: 300}.get(block_size, 2_000))
    rows, outcome = made(plan, block_size=block_size)
    expected, expected_outcome = made(plan, block_size=plan.count)
    assert outcome.digest == expected_outcome.digest
    for table in expected.rows:
        for name, values in expected.columns(table).items():
            assert same(rows.column(table, name), values), f"{table}.{name}"


@pytest.mark.parametrize("profile", [DIABETICS, HARRIS, MIXED], ids=lambda profile: profile["id"])
def test_the_first_thousand_of_a_thirty_thousand_are_the_thousand(planned: Planner, profile: dict[str, Any]) -> None:
    plan = planned(profile)
    few, _ = made(replace(plan, count=1_000))
    many, _ = made(replace(plan, count=30_000))
    of_people = [table for table in few.rows if "person_id" in few.columns(table)]
    assert {"patients", "diagnoses", "encounters"} <= set(of_people)
    for table in of_people:
        among_first = many.column(table, "person_id") <= 1_000
        for name, values in few.columns(table).items():
            assert same(many.column(table, name)[among_first], values), f"{table}.{name}"


@pytest.mark.parametrize(("block_size", "count"), [(1, 12), (7, 60), (500, 1_200)])
def test_blocks_of_any_size_make_the_same_claims_fills_and_trials(
    planned: Planner, block_size: int, count: int
) -> None:
    plan = replace(planned(PRODUCTS), count=count)
    outcome, expected = made(plan, block_size=block_size)[1], made(plan, block_size=count)[1]
    assert outcome.rows["claim_lines"] > 10 * count
    assert outcome.rows == expected.rows
    assert outcome.digest == expected.digest


@pytest.mark.parametrize("first", [0, 41, 119])
def test_one_person_alone_has_the_claims_and_fills_of_the_cohort(planned: Planner, first: int) -> None:
    plan = planned({**PRODUCTS, "products": ["patientsim", "membersim", "rxmembersim"], "trial": None})
    alone, among = insured_rows(plan, first, 1), insured_rows(plan, 0, 120)
    assert {"claims", "accumulators", "relatives", "pharmacy_claims"} <= among.keys()
    for table, columns in among.items():
        is_theirs = columns["person_id"] == first + 1
        for name, values in columns.items():
            assert same(alone[table][name], values[is_theirs]), f"{table}.{name}"


def insured_rows(plan: Plan, first: int, count: int) -> dict[str, dict[str, NDArray[Any]]]:
    """Give the rows of the products that insurance belongs to, of some people drawn as a block."""
    block, chart = block_of(plan, first, count), Chart()
    for name, table in TABLES:
        if name in plan.dictionaries:
            chart.add(table(plan, block))
    for batch in (*background_tables(plan, block), *event_tables(plan, block)):
        chart.add(batch)
    return {
        batch.table: {name: values for name, values in batch.columns.items() if values is not None}
        for batch in product_tables(plan, block, chart)
    }


def test_the_digest_of_the_first_thousand_is_the_digest_of_a_thousand(planned: Planner) -> None:
    plan = planned(DIABETICS)
    _, thousand = made(replace(plan, count=1_000))
    _, more = made(replace(plan, count=1_001))
    assert thousand.digest != more.digest
    assert thousand.digest == made(replace(plan, count=1_000), block_size=333)[1].digest


def test_processes_with_other_hashes_time_zones_and_processors_agree() -> None:
    environments = [
        {"PYTHONHASHSEED": "12345", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "7", "TZ": "America/Los_Angeles", "NPY_DISABLE_CPU_FEATURES": disabled_features()},
    ]
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM, json.dumps(PRODUCTS)]
    digests = {
        subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=120, env={**os.environ, **environment}
        ).stdout.strip()
        for environment in environments
    }
    assert digests == {generate(profile=PRODUCTS, count=600, seed=5).digest}


def test_another_seed_makes_other_people(planned: Planner) -> None:
    assert made(planned(DIABETICS, seed=1))[1].digest != made(planned(DIABETICS, seed=2))[1].digest


def test_adding_a_condition_moves_nobody(planned: Planner) -> None:
    more = {**DIABETICS, "clinical": {**DIABETICS["clinical"], "conditions": [{"code": "J45", "prevalence": 0.2}]}}
    before, _ = made(planned(DIABETICS))
    after, _ = made(planned(more))
    for name, values in before.columns("patients").items():
        assert (after.column("patients", name) == values).all(), name
    asthma = after.column("diagnoses", "diagnosis_id") % 65_536 == 3
    kept = after.columns("diagnoses")
    for name in ("person_id", "diagnosis_id", "onset_date"):
        assert (kept[name][~asthma] == before.column("diagnoses", name)).all(), name


def test_seed_zero_is_a_seed(planned: Planner) -> None:
    assert made(planned(DIABETICS, seed=0))[1].digest == made(planned(DIABETICS, seed=0))[1].digest


def same(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """Tell whether columns are equal, missing values included."""
    return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


def disabled_features() -> str:
    """Name the vector instructions that this processor has and that numpy can do without."""
    features = np.show_config(mode="dicts")["SIMD Extensions"]["found"]  # type: ignore[index]  # a dict in this mode
    return " ".join(
        feature for feature in features if feature.startswith(("AVX512", "AVX2", "FMA3", "X86_V3", "X86_V4"))
    )

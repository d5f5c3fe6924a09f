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

from healthsim.planning import Plan
from samples import DIABETICS, HARRIS, MIXED, made

Planner = Callable[..., Plan]

PROGRAM = """
import json, sys
from healthsim import generate
print(generate(profile=json.loads(sys.argv[1]), count=3000, seed=5).digest)
"""


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


def test_the_digest_of_the_first_thousand_is_the_digest_of_a_thousand(planned: Planner) -> None:
    plan = planned(DIABETICS)
    _, thousand = made(replace(plan, count=1_000))
    _, more = made(replace(plan, count=1_001))
    assert thousand.digest != more.digest
    assert thousand.digest == made(replace(plan, count=1_000), block_size=333)[1].digest


def test_processes_with_other_hashes_time_zones_and_processors_agree() -> None:
    environments = [
        {"PYTHONHASHSEED": "0", "TZ": "UTC"},
        {"PYTHONHASHSEED": "12345", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "7", "TZ": "America/Los_Angeles", "NPY_DISABLE_CPU_FEATURES": disabled_features()},
    ]
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM, json.dumps({**MIXED, "utilization": "realistic"})]
    digests = {
        subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=120, env={**os.environ, **environment}
        ).stdout.strip()
        for environment in environments
    }
    assert len(digests) == 1


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

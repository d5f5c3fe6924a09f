"""Simulated trials say what their protocols plan: the planned effect lies within the confidence interval.

Each interval covers the plan in 95 of 100 seeds; with 5 seeds of each of three protocols, fewer than 11 of 15 would be
found about once in 10,000 times. `tools/measure_trials.py` counts 100 seeds.
"""

from collections.abc import Callable
from typing import Any

from engine.simulation.trial.recovery import PROTOCOLS, recovers
from healthsim.planning import Plan


def test_trials_recover_their_planned_effects(planned: Callable[[dict[str, Any], int], Plan]) -> None:
    found = [recovers(planned, protocol, seed) for protocol in PROTOCOLS for seed in range(200, 205)]
    assert sum(found) >= 11

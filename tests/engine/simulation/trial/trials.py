"""Small trials that several tests use, and their tables side by side in DuckDB."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa

from healthsim.planning import Plan
from healthsim.simulation import run
from healthsim.tables import Batch, arrow_batch

TABLES = (
    *("trials", "sites", "subjects", "trial_visits", "adverse_events", "exposures", "trial_measurements"),
    "dispositions",
)
DISEASES = {"t2dm-phase-3": "E11", "hf-outcomes": "I50", "nsclc-response": "C34.90"}
DIABETES: dict[str, list[dict[str, Any]]] = {
    "t2dm-phase-3": [],
    "hf-outcomes": [{"code": "E11", "prevalence": 0.4}],
    "nsclc-response": [],
}
AGES = {"type": "normal", "mean": 62, "std_dev": 10, "min": 30, "max": 90}


def profile(protocol: str, count: int, **trial: object) -> dict[str, Any]:
    return {
        "product": "trialsim",
        "generation": {"count": count},
        "demographics": {"age": AGES},
        "clinical": {
            "primary_condition": {"code": DISEASES[protocol], "prevalence": 1.0},
            "comorbidities": [{"code": "I10", "prevalence": 0.5}, *DIABETES[protocol]],
        },
        "trial": {"protocol": protocol, **trial},
    }


class _Kept:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.batches: dict[str, list[Any]] = {}

    def write(self, batch: Batch) -> None:
        stored = arrow_batch(batch, self._plan.dictionaries[batch.table])
        self.batches.setdefault(batch.table, []).append(stored)


@contextmanager
def tables(plan: Plan, *, block_size: int = 10_000) -> Iterator[duckdb.DuckDBPyConnection]:
    """Run a plan, and give its tables as stored."""
    kept = _Kept(plan)
    run(plan, kept, block_size=block_size)
    with duckdb.connect() as connection:
        for name, batches in kept.batches.items():
            connection.register(name, pa.Table.from_batches(batches))
        yield connection

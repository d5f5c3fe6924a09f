"""Profiles that several tests use, and a receiver that keeps rows in memory."""

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from healthsim.planning import Plan
from healthsim.simulation import Outcome, run
from healthsim.tables import Batch

DIABETICS: dict[str, Any] = {
    "id": "diabetics",
    "generation": {"count": 2_000, "seed": 11},
    "demographics": {"age": {"type": "normal", "mean": 66, "std_dev": 11, "min": 40, "max": 95}},
    "clinical": {
        "primary_condition": {"code": "E11", "prevalence": 1.0},
        "comorbidities": [{"code": "I10", "prevalence": 0.7}, {"code": "E78", "prevalence": 0.5}],
    },
}

HARRIS: dict[str, Any] = {
    "id": "harris",
    "generation": {"count": 2_000, "seed": 12},
    "demographics": {"source": "populationsim", "reference": {"type": "county", "fips": "48201"}},
}

MIXED: dict[str, Any] = {
    "id": "mixed",
    "generation": {"count": 2_000, "seed": 13},
    "demographics": {
        "age": {"0-17": 0.2, "18-64": 0.5, "65+": 0.3},
        "gender": {"male": 0.4, "female": 0.6},
        "race": {
            "type": "conditional",
            "rules": [
                {
                    "if": {"attribute": "gender", "operator": "eq", "value": "F"},
                    "then": {"white": 0.5, "black": 0.5},
                }
            ],
            "else": "asian",
        },
        "reference": {"type": "state", "state": "RI"},
    },
    "clinical": {"conditions": [{"name": "hypertension", "prevalence": 0.4}]},
}


class Rows:
    """Keeps the columns of all batches."""

    def __init__(self) -> None:
        self._parts: defaultdict[str, defaultdict[str, list[NDArray[Any]]]] = defaultdict(lambda: defaultdict(list))
        self.rows: defaultdict[str, int] = defaultdict(int)

    def write(self, batch: Batch) -> None:
        self.rows[batch.table] += batch.rows
        for name, values in batch.columns.items():
            if values is not None:
                self._parts[batch.table][name].append(values)

    def column(self, table: str, name: str) -> NDArray[Any]:
        return np.concatenate(self._parts[table][name])

    def columns(self, table: str) -> dict[str, NDArray[Any]]:
        return {name: np.concatenate(parts) for name, parts in self._parts[table].items()}


def made(plan: Plan, *, block_size: int = 10_000) -> tuple[Rows, Outcome]:
    """Run a plan into memory."""
    rows = Rows()
    return rows, run(plan, rows, block_size=block_size)

"""How analytes and vital signs are distributed among people, and how they go together."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from healthsim.reference.starter import read_table

Floats = NDArray[np.float64]

STRATA = ("without_diabetes", "diagnosed_diabetes")
"""Strata of people, each with distributions and correlations of its own."""

QUANTILES = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99)
END = 4.0
"""Normal score at which the tables end, on both sides: one person in thirty thousand lies beyond."""

_SUFFIXES = {"without_diabetes": "", "diagnosed_diabetes": "_diagnosed"}


@dataclass(frozen=True, slots=True)
class Distribution:
    """How an analyte is distributed among people of a sex, a stratum and an age.

    Attributes:
        age: Completed years.
        values: Value at the normal score -4, the quantiles, the value at the normal score 4; shape `(13,)`.
    """

    age: int
    values: Floats


@cache
def level_distributions() -> Mapping[tuple[str, str, str], tuple[Distribution, ...]]:
    """Give the distributions by analyte, stratum and sex, in the order of ages."""
    found: dict[tuple[str, str, str], list[Distribution]] = {}
    columns = ("low", *(f"q{share:g}" for share in QUANTILES), "high")
    for row in read_table("levels.csv"):
        values = np.array([float(row[column]) for column in columns])
        key = (row["analyte"], row["stratum"], row["sex"])
        found.setdefault(key, []).append(Distribution(int(row["age"]), values))
    return {key: tuple(sorted(rows, key=lambda row: row.age)) for key, rows in found.items()}


@cache
def scored_analytes() -> tuple[str, ...]:
    """Name the analytes that are drawn, in the order in which they are: those that conditions bound come first."""
    return tuple(
        row["analyte_1"] for row in read_table("level_correlations.csv") if row["analyte_1"] == row["analyte_2"]
    )


@cache
def level_correlations() -> Mapping[tuple[str, str], Floats]:
    """Give the correlation matrix of the drawn analytes' normal scores, by stratum and sex."""
    index = {analyte: place for place, analyte in enumerate(scored_analytes())}
    matrices = {(stratum, sex): np.eye(len(index)) for stratum in STRATA for sex in "FM"}
    for row in read_table("level_correlations.csv"):
        one, other = index[row["analyte_1"]], index[row["analyte_2"]]
        for (stratum, sex), matrix in matrices.items():
            matrix[one, other] = matrix[other, one] = float(row[f"{sex}{_SUFFIXES[stratum]}"])
    return matrices

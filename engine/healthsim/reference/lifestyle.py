"""How common smoking and kinds of insurance are in the nation, by age and sex."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from healthsim.reference.starter import read_table
from healthsim.reference.vocabulary import AGES, SEXES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PAYERS = ("uninsured", "private", "medicare", "medicaid")
"""Who pays first for care, in the order of every axis of payers; Medicaid with CHIP and other public programmes."""

_PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class Smoking:
    """How common smoking is among adults; children count as never having smoked.

    Attributes:
        current: Share who smoke now, by age and sex (`SEXES`), shape `(111, 2)`.
        former: Share of the others who smoked before, of the same shape.
        loadings: Of the liability to smoke on latent factors, by their names.
    """

    current: Floats
    former: Floats
    loadings: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Insurance:
    """How people are insured.

    Attributes:
        band: Index of the band of each age, shape `(111,)`.
        uninsured: Share without insurance by band, shape `(bands,)`.
        payers: Shares of the insured by band and payer other than `uninsured`, shape `(bands, 3)`, summing to 1.
    """

    band: Ints
    uninsured: Floats
    payers: Floats


@cache
def smoking() -> Smoking:
    """Give how common smoking is."""
    table = read_table("smoking.csv")
    band = _bands(table)
    current, former = (
        np.array([[float(row[f"{sex}_{status}"]) for sex in SEXES] for row in table]) / _PERCENT
        for status in ("current", "former")
    )
    is_adult = (band >= 0)[:, np.newaxis]
    loadings = {row["factor"]: float(row["loading"]) for row in read_table("smoking_loadings.csv")}
    return Smoking(np.where(is_adult, current[band], 0.0), np.where(is_adult, former[band], 0.0), loadings)


@cache
def insurance() -> Insurance:
    """Give how people are insured."""
    table = read_table("insurance.csv")
    payers = np.array([[float(row[payer]) for payer in PAYERS[1:]] for row in table])
    uninsured = np.array([float(row["uninsured"]) for row in table]) / _PERCENT
    return Insurance(_bands(table), uninsured, payers / payers.sum(axis=1, keepdims=True))


def _bands(table: tuple[dict[str, str], ...]) -> Ints:
    """Give the row that holds at each age, -1 before the first."""
    starts = np.array([int(row["from_age"]) for row in table])
    return np.searchsorted(starts, np.arange(AGES), side="right") - 1

"""How often people of each age and sex see doctors, come to emergency departments and lie in hospitals, and why."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from healthsim.reference.lifestyle import PAYERS
from healthsim.reference.starter import read_table
from healthsim.reference.vocabulary import AGES, SEXES

Floats = NDArray[np.float64]

KINDS = ("office", "emergency", "inpatient", "delivery", "birth")
"""Kinds of care: visits to offices and to emergency departments, stays in hospitals, those for a delivery, and the one
that a person is born in."""

_PER = 100.0


@dataclass(frozen=True, slots=True)
class Reason:
    """A common reason of care.

    Attributes:
        code: ICD-10-CM code.
        title: Its title.
        weights: How common it is, by age and sex, shape `(111, 2)`; comparable within a kind of care.
        excluded_by: The code of a skill, if any, beside which an Excludes1 note forbids it.
    """

    code: str
    title: str
    weights: Floats
    excluded_by: str


@dataclass(frozen=True, slots=True)
class CareKind:
    """A kind of care.

    Attributes:
        name: One of `KINDS`.
        rates: Visits or stays a person-year, by completed years of age and sex, shape `(111, 2)`; of births, a birth.
        ratio: By how much each chronic condition multiplies them.
        by_payer: By how much who pays for a person's care multiplies them, in the order of `PAYERS`, shape `(4,)`.
        shape: Shape of the gamma distribution, of mean 1, of how much more or less than others a person needs.
        own_share: Share that is for a chronic condition of the person's own, where there is one that leads here.
        counted: Beginnings of the ICD-10-CM codes of conditions that count for the ratio.
        ignored: Beginnings of the codes of those that do not, though they begin so.
        leading: Beginnings of the codes of those that lead here.
        reasons: All other reasons.
        sources: Where the rates are from.
    """

    name: str
    rates: Floats
    ratio: float
    by_payer: Floats
    shape: float
    own_share: float
    counted: tuple[str, ...]
    ignored: tuple[str, ...]
    leading: tuple[str, ...]
    reasons: tuple[Reason, ...]
    sources: tuple[str, ...]


@cache
def care_kinds() -> tuple[CareKind, ...]:
    """Give the kinds of care, in the order of `KINDS`."""
    return tuple(_kind(name) for name in KINDS)


@cache
def child_examinations() -> tuple[tuple[int, int, int, int], ...]:
    """Give age, turn among the visits of that year, and first and last day after the birthday of children's visits."""
    rows = read_table("child_examinations.csv")
    return tuple((int(row["age"]), int(row["turn"]), int(row["first_day"]), int(row["last_day"])) for row in rows)


@cache
def complications() -> tuple[Reason, ...]:
    """Give what happens to people in hospitals beside what they are there for; weights are percent of stays."""
    return tuple(_reason(row) for row in _rows("utilization_reasons.csv", "complication"))


def _kind(name: str) -> CareKind:
    rates = _rows("utilization_rates.csv", name)
    starts = np.array([int(row["from_age"]) for row in rates])
    by_band = np.array([[float(row[sex]) for sex in SEXES] for row in rates]) / _PER
    band = np.searchsorted(starts, np.arange(AGES), side="right") - 1
    known = {row["quantity"]: float(row["value"]) for row in _rows("utilization_quantities.csv", name)}
    return CareKind(
        name=name,
        rates=by_band[band],
        ratio=known.get("ratio_per_condition", 1.0),
        by_payer=np.array([known.get(f"ratio_{payer}", 1.0) for payer in PAYERS]),
        shape=known.get("shape", np.inf),
        own_share=known.get("own_share", 0.0),
        counted=_prefixes(name, "counts"),
        ignored=_prefixes(name, "ignores"),
        leading=_prefixes(name, "leads"),
        reasons=tuple(_reason(row) for row in _rows("utilization_reasons.csv", name)),
        sources=tuple(dict.fromkeys(row["source"] for row in rates)),
    )


def _prefixes(kind: str, what: str) -> tuple[str, ...]:
    return tuple(row["prefix"] for row in _rows("utilization_conditions.csv", kind) if row["what"] == what)


def _reason(row: dict[str, str]) -> Reason:
    age = np.arange(AGES)
    of_age = (age >= int(row["from_age"])) & (age <= int(row["to_age"]))
    of_sex = np.array([row["sex"] in {"", sex} for sex in SEXES])
    weights = float(row["weight"]) * (of_age[:, np.newaxis] & of_sex)
    return Reason(row["code"], row["title"], weights, row["excluded_by"])


def _rows(table: str, kind: str) -> tuple[dict[str, str], ...]:
    return tuple(row for row in read_table(table) if row["kind"] == kind)

"""What a cohort holds, in a few hundred tokens: counts, distributions, asked against reached; never rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from healthsim.planning.plan import AGE_BANDS, ETHNICITIES, RACES, SEXES, Among, Ints, Plan, PlannedCondition

_CENTS = 100


@dataclass(frozen=True, slots=True)
class Subjects:
    """Subjects of a trial counted.

    Attributes:
        screened: All.
        randomised: Those who passed screening.
    """

    screened: int
    randomised: int


@dataclass(frozen=True, slots=True)
class Counts:
    """People counted.

    Attributes:
        people: All.
        age: By completed years, shape `(111,)`.
        sex: By sex, shape `(2,)`.
        race: By race, shape `(7,)`.
        ethnicity: By ethnicity, shape `(2,)`.
        groups: People of each group prevalences are counted among.
        held: People of each group with each condition, shape `(slots,)`.
        claims: Claims by what was counted of them, money in cents; nothing where there are none.
        subjects: Of the trial; None where there is none.
    """

    people: int
    age: Ints
    sex: Ints
    race: Ints
    ethnicity: Ints
    groups: Mapping[Among, int]
    held: Mapping[Among, Ints]
    claims: Mapping[str, int]
    subjects: Subjects | None = None


def summary_of(plan: Plan, counts: Counts, rows: Mapping[str, int], digest: str, name: str) -> dict[str, Any]:
    """Summarise a cohort, as JSON.

    Args:
        plan: What was asked.
        counts: People counted while they were drawn.
        rows: By table.
        digest: Of the rows.
        name: The cohort's name.
    """
    subjects = counts.subjects
    return {
        "cohort_id": plan.cohort_id,
        "name": name,
        "products": list(plan.products),
        "count": plan.count,
        "seed": plan.seed,
        "digest": digest,
        "as_of": plan.as_of.isoformat(),
        "tables": dict(rows),
        "demographics": _demographics(counts),
        "conditions": [
            described_condition(condition, _reached(condition, slot, counts))
            for slot, condition in enumerate(plan.conditions.conditions)
        ],
        **({"claims": _claims(counts.claims)} if counts.claims else {}),
        **({"trial": {"screened": subjects.screened, "randomized": subjects.randomised}} if subjects else {}),
        "sources": list(plan.sources),
        "engine_version": plan.engine_version,
        "reference_version": plan.reference_version,
        "existing": False,
        "notes": [*plan.notes, *_shortfall(plan, subjects)],
    }


def _shortfall(plan: Plan, subjects: Subjects | None) -> tuple[str, ...]:
    """Tell when fewer people than the trial wants were eligible."""
    wanted = plan.others.trial.enrollment if plan.others.trial else 0
    if subjects is None or subjects.randomised >= wanted:
        return ()
    found = (
        f"of {subjects.screened:,} people screened {subjects.randomised:,} were randomised; the trial wants {wanted:,}"
    )
    return (f"{found}: a larger count has more who are eligible",)


def described_condition(condition: PlannedCondition, reached: float | None = None) -> dict[str, Any]:
    """Describe a condition with its prevalences, as JSON."""
    described: dict[str, Any] = {
        "code": condition.code,
        "name": condition.name,
        "among": condition.among,
        "asked": condition.asked,
        "expected": round(condition.expected, 4),
    }
    return described if reached is None else {**described, "reached": reached}


def _claims(counted: Mapping[str, int]) -> dict[str, Any]:
    """Give the claims, money in dollars, and which share of the first submissions decided on was denied."""
    return {
        "submissions": counted["submissions"],
        **{name: counted[name] / _CENTS for name in ("billed", "allowed", "paid")},
        "denied_at_first": _share(counted["denied_first"], counted["decided_first"]),
    }


def _demographics(counts: Counts) -> dict[str, Any]:
    years = np.flatnonzero(counts.age)
    bands = {f"{low}-{high}": counts.age[low : high + 1].sum() for low, high in AGE_BANDS}
    return {
        "age": {
            "mean": round(float((counts.age * np.arange(len(counts.age))).sum() / counts.people), 1),
            "min": int(years[0]),
            "max": int(years[-1]),
            "bands": {band: _share(people, counts.people) for band, people in bands.items() if people},
        },
        "gender": _shares(SEXES, counts.sex, counts.people),
        "race": _shares(RACES, counts.race, counts.people),
        "ethnicity": _shares(ETHNICITIES, counts.ethnicity, counts.people),
    }


def _reached(condition: PlannedCondition, slot: int, counts: Counts) -> float:
    return _share(counts.held[condition.among][slot], counts.groups[condition.among])


def _shares(names: tuple[str, ...], people: Ints, everybody: int) -> dict[str, float]:
    return {name: _share(count, everybody) for name, count in zip(names, people, strict=True) if count}


def _share(part: "np.integer[Any] | int", whole: int) -> float:
    return round(int(part) / whole, 4) if whole else 0.0

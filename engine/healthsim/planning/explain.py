"""A plan in words and figures: the dry run."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from healthsim.planning.journey_explain import expected_event_rows, explained_journeys
from healthsim.planning.measurements_expected import ordered_shares, share_of_age
from healthsim.planning.medication_explain import drugs_per_person
from healthsim.planning.payer.claims_expected import expected_member_rows
from healthsim.planning.pharmacy.pharmacy_expected import expected_pharmacy_rows
from healthsim.planning.plan import AGE_BANDS, ETHNICITIES, RACES, SEXES, Plan
from healthsim.planning.trial.explained import expected_trial_rows, explained_trial
from healthsim.planning.utilization_plan import UtilizationPlan

_EPOCH = date(1970, 1, 1)

_ROWS_PER_SECOND = 1_000_000
"""What an ordinary machine with two cores keeps up with; the benchmark measures more. An estimate, not a promise."""


def explained(plan: Plan) -> dict[str, Any]:
    """Describe what a plan would generate, as JSON; nothing is drawn."""
    rows = _expected_rows(plan)
    return {
        "cohort_id": plan.cohort_id,
        "products": list(plan.products),
        "count": plan.count,
        "seed": plan.seed,
        "as_of": plan.as_of.isoformat(),
        "counties": len(plan.people.counties),
        "demographics": _demographics(plan),
        "conditions": [
            {
                "code": condition.code,
                "name": condition.name,
                "among": condition.among,
                "asked": condition.asked,
                "expected": round(condition.expected, 4),
                "sources": list(condition.sources),
            }
            for condition in plan.conditions.conditions
        ],
        **({"utilization": _explained_utilization(plan.utilization)} if plan.utilization else {}),
        **({"journeys": explained_journeys(plan.timeline, plan.conditions)} if plan.timeline else {}),
        **({"trial": explained_trial(plan, plan.others.trial)} if plan.others.trial else {}),
        "estimated_rows": rows,
        "estimated_seconds": round(1.0 + sum(rows.values()) / _ROWS_PER_SECOND, 1),
        "sources": list(plan.sources),
        "engine_version": plan.engine_version,
        "reference_version": plan.reference_version,
        "notes": list(plan.notes),
        "profile": dict(plan.document),
    }


def _explained_utilization(plan: UtilizationPlan) -> dict[str, Any]:
    """Describe background care, as JSON: since when, until when, and how often it is expected to happen to a person."""
    return {
        "first_date": (_EPOCH + timedelta(days=plan.first_day)).isoformat(),
        "last_date": (_EPOCH + timedelta(days=plan.last_day)).isoformat(),
        "expected_per_person": {name: round(times, 3) for name, times in plan.expected.items()},
    }


def _demographics(plan: Plan) -> dict[str, Any]:
    expected = plan.people.expected
    return {
        "age": {
            "mean": round(float(expected["age"] @ np.arange(len(expected["age"]))), 1),
            "bands": {
                f"{low}-{high}": share
                for low, high in AGE_BANDS
                if (share := round(float(expected["age"][low : high + 1].sum()), 4))
            },
        },
        "gender": _named(SEXES, expected["gender"]),
        "race": _named(RACES, expected["race"]),
        "ethnicity": _named(ETHNICITIES, expected["ethnicity"]),
    }


def _named(names: tuple[str, ...], shares: "np.ndarray[Any, np.dtype[np.float64]]") -> dict[str, float]:
    return {name: round(share, 4) for name, share in zip(names, shares.tolist(), strict=True) if share > 0}


def _expected_rows(plan: Plan) -> dict[str, int]:
    """Give the rows expected in each table."""
    per_person = float(plan.conditions.expected_shares.sum())
    per_person += plan.utilization.expected_diagnoses if plan.utilization else 0.0
    visits = {"encounters": _expected_encounters(plan)} if plan.visits or plan.utilization else {}
    medications = {"medications": round(drugs_per_person(plan) * plan.count)} if plan.visits else {}
    people = {"patients": plan.count, "diagnoses": round(per_person * plan.count)}
    rows = {**people, **visits, **_expected_measurements(plan), **medications}
    if plan.utilization is not None and plan.utilization.testing is not None:
        testing = plan.utilization.testing
        for table, each in (("labs", testing.expected_labs), ("vitals", testing.expected_vitals)):
            rows[table] = rows.get(table, 0) + round(each * plan.count)
    if plan.utilization is not None and plan.utilization.prevention is not None:
        rows |= {table: round(each * plan.count) for table, each in plan.utilization.prevention.expected.items()}
    if plan.timeline is not None:
        for table, count in expected_event_rows(plan.timeline, plan.conditions, plan.count).items():
            rows[table] = rows.get(table, 0) + count
    rows = {**rows, **_expected_products(plan)}
    return {table: count for table, count in rows.items() if table in plan.tables}


def _expected_products(plan: Plan) -> dict[str, int]:
    """Give the rows expected in the tables of the products beside PatientSim, but for warnings of pharmacies."""
    others, rows = plan.others, dict[str, float]()
    if others.coverage is not None and "membersim" in plan.products:
        rows |= expected_member_rows(plan, others.coverage)
    if others.coverage is not None and others.pharmacy is not None:
        rows |= expected_pharmacy_rows(plan, others.coverage, others.pharmacy)
    if others.trial is not None:
        rows |= expected_trial_rows(plan, others.trial)
    return {table: round(count) for table, count in rows.items()}


def _expected_encounters(plan: Plan) -> int:
    """Give the encounters expected without journeys; the latest visit counts as one of background care."""
    if plan.utilization is None:
        return plan.count
    times = sum(plan.utilization.expected.values())
    return round(plan.count * (max(times, 1.0) if plan.visits else times))


def _expected_measurements(plan: Plan) -> dict[str, int]:
    """Give the results expected, as if conditions and panels were independent."""
    measured = plan.measurements
    if measured is None or plan.visits is None:
        return {}
    vitals = sum(share_of_age(plan, analyte) for analyte in measured.vitals)
    return {"labs": round(plan.count * float(ordered_shares(plan).sum())), "vitals": round(plan.count * vitals)}

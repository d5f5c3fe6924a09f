"""From a profile's coverage to a plan of it."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from healthsim.content import content_directory
from healthsim.errors import Problem, did_you_mean, nearest_names, rendered
from healthsim.planning.payer.coverage_plan import RELATIONSHIPS, CoveragePlan, HouseholdPlan
from healthsim.planning.payer.insurance import benefits_of, insurance_plans
from healthsim.planning.payer.messages import planned_messages
from healthsim.planning.significance import rounded
from healthsim.randomness import CategoryTable, Ints
from healthsim.reference import PAYERS
from healthsim.spec.coverage import Coverage, first_covered_day
from healthsim.spec.insurance import InsurancePlan

DEFAULT_YEARS = 3
"""Years of coverage told of where neither the profile's coverage nor its utilization says."""

_EPOCH = date(1970, 1, 1)
_MONTHS = 12
_AGES = 111
_CENTS = 100


def planned_coverage(coverage: Coverage, as_of: date, last_day: date, *, years: int | None = None) -> CoveragePlan:
    """Plan coverage.

    Args:
        coverage: What the profile asks for; its names are known.
        as_of: The date at which ages hold and at which people are insured as their patients' rows say.
        last_day: Last day that something happens.
        years: Years before `as_of` of other care, such as background care; coverage is told of as long where the
            profile does not say.
    """
    figures = _figures()
    plans = _plans(coverage)
    benefits = benefits_of(plans)
    first = first_covered_day(as_of, coverage.years or years or DEFAULT_YEARS)
    months = _months(first, last_day)
    first_month = (first.year - _EPOCH.year) * _MONTHS + first.month - 1
    current = (as_of.year - _EPOCH.year) * _MONTHS + as_of.month - 1 - first_month
    places = tuple(
        np.array([place for place, plan in enumerate(plans) if plan.members == payer], np.int64) for payer in PAYERS[1:]
    )
    is_changing = coverage.changes == "realistic"
    tiers = figures["tiers"]
    bands = figures["relationships"]["bands"]
    return CoveragePlan(
        benefits=benefits,
        first_day=int(months[0]),
        last_day=(last_day - _EPOCH).days,
        months=months,
        first_month=first_month,
        current=current,
        places=places,
        choice=_choice(plans, places),
        switch=_by_payer(figures["changes"], "switch") * is_changing,
        gap=_by_payer(figures["changes"], "gap") * is_changing,
        gap_months=CategoryTable.from_weights(rounded(np.array(figures["gap_months"]["shares"]))),
        lost=figures["lost"]["share"] if is_changing else 0.0,
        before_medicare=figures["before_medicare"]["share"],
        relationship=CategoryTable.from_weights([[band[name] for name in RELATIONSHIPS] for band in bands]),
        band=np.searchsorted([band["from_age"] for band in bands], np.arange(_AGES), side="right") - 1,
        household=CategoryTable.from_weights([tiers["subscriber"], tiers["dependent"]]),
        relatives=_household_plan(figures["relatives"]),
        as_of=(as_of - _EPOCH).days,
        premium=np.array(
            [
                [round(plan.monthly_premium * _CENTS * factor) for factor in _factors(plan, tiers["premium_factor"])]
                for plan in plans
            ]
        ),
        late=figures["late"]["share"],
        late_days=figures["late"]["most_days"],
        messages=planned_messages(figures["messages"], plans, is_changing=is_changing),
        sources=tuple(sorted({plan.source for plan in plans if plan.source})),
    )


def coverage_problems(coverage: Coverage | None) -> tuple[Problem, ...]:
    """Give everything that is wrong with the names in a profile's coverage."""
    if coverage is None:
        return ()
    known = [plan.id for plan in insurance_plans()]
    problems: list[Problem] = [
        Problem(
            f"$.coverage.plans[{place}]",
            "no such insurance plan",
            rendered(plan),
            did_you_mean(nearest_names(plan, known)) or f"there are {', '.join(known)}",
        )
        for place, plan in enumerate(coverage.plans or ())
        if isinstance(plan, str) and plan not in known
    ]
    if problems:
        return tuple(problems)
    plans = _plans(coverage)
    identifiers = [plan.id for plan in plans]
    twice = sorted({name for name in identifiers if identifiers.count(name) > 1})
    if twice:
        problems.append(Problem("$.coverage.plans", "two plans have the same id", rendered(twice[0])))
    covered = {plan.members for plan in plans}
    for payer, share in (coverage.payer_mix or {}).items():
        if payer != "uninsured" and share > 0 and payer not in covered:
            message = f"no plan among coverage.plans is for people with {payer} insurance"
            problems.append(Problem(f"$.coverage.payer_mix.{payer}", message, rendered(share)))
    return tuple(problems)


def _household_plan(figures: Mapping[str, Any]) -> HouseholdPlan:
    one, more = figures["couples"]
    youngest, oldest = figures["parent_age"]
    return HouseholdPlan(
        couples=(one, more),
        couple_days=figures["couple_days"],
        parent_age=(youngest, oldest),
        male_births=figures["male_births"],
        same_sex=figures["same_sex"],
    )


@cache
def _figures() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((content_directory("benefits") / "membership.json").read_text("utf-8"))
    return found


def _plans(coverage: Coverage) -> tuple[InsurancePlan, ...]:
    """Give the plans asked for; of payers without one among them, those of the package."""
    by_id = {plan.id: plan for plan in insurance_plans()}
    if coverage.plans is None:
        return insurance_plans()
    asked = tuple(by_id[plan] if isinstance(plan, str) else plan for plan in coverage.plans)
    if coverage.payer_mix is not None:
        return asked
    covered = {plan.members for plan in asked}
    return (*asked, *(plan for plan in insurance_plans() if plan.members not in covered))


def _choice(plans: Sequence[InsurancePlan], places: Sequence[Ints]) -> CategoryTable:
    most = max(len(of_payer) for of_payer in places)
    weights = np.zeros((len(places), most))
    for row, of_payer in enumerate(places):
        weights[row, : len(of_payer)] = [plans[place].weight for place in of_payer.tolist()]
        if not len(of_payer):
            weights[row, 0] = 1.0
    return CategoryTable.from_weights(rounded(weights))


def _by_payer(changes: Mapping[str, Any], name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array([0.0, *(float(changes[payer][name]) for payer in PAYERS[1:])])


def _factors(plan: InsurancePlan, factors: Sequence[float]) -> Sequence[float]:
    """Give by what the premium grows with the people covered together; public insurance covers each by themselves."""
    return factors if plan.members == "private" else [1.0] * len(factors)


def _months(first: date, last: date) -> Ints:
    """Give the first days of months, up to that after the month of the last day."""
    count = (last.year - first.year) * _MONTHS + last.month - first.month + 2
    starts = [divmod(first.year * _MONTHS + first.month - 1 + step, _MONTHS) for step in range(count)]
    return np.array([(date(year, month + 1, 1) - _EPOCH).days for year, month in starts], np.int64)

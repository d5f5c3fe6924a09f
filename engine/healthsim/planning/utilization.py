"""The care that people have anyway: national rates, spread over those who need more of it and less."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
from scipy import stats

from healthsim.planning.care_base import base_rates, natural_before
from healthsim.planning.journey_plan import TimelinePlan
from healthsim.planning.morbidity import MOST_CONDITIONS, natural_shares
from healthsim.planning.naming import NamedCondition
from healthsim.planning.plan import AGES, ConditionsPlan, Floats, Ints, PeoplePlan
from healthsim.planning.significance import rounded
from healthsim.planning.utilization_expected import (
    expected_complications,
    expected_diagnoses,
    expected_ratio,
    expected_times,
)
from healthsim.planning.utilization_plan import BETWEEN_DELIVERIES, PlannedCare, ReasonCodes, UtilizationPlan
from healthsim.planning.utilization_reasons import planned_complications, planned_reasons, reason_codes
from healthsim.randomness import CategoryTable
from healthsim.reference import CareKind, care_kinds, child_examinations, complications, insurance
from healthsim.spec import Profile

MOST_A_YEAR = 127
"""Times a year that one kind of care may happen to a person, at most."""

_STEPS = 64
_HIGHEST_MEAN = 80.0
_LOWEST_MEAN = 0.004
_MEANS = 128
_EPOCH = date(1970, 1, 1)
_DAYS_A_YEAR = 365.25

# Mothers and children stay 48 hours after a delivery and 96 after a cesarean one, unless they want to leave earlier
# (Newborns' and Mothers' Health Protection Act of 1996). The shares are assumed.
_BIRTH_NIGHTS = (0.25, 0.45, 0.2, 0.1)


def planned_utilization(
    profile: Profile,
    who: PeoplePlan,
    named: Sequence[NamedCondition],
    conditions: ConditionsPlan,
    timeline: TimelinePlan | None,
) -> UtilizationPlan | None:
    """Plan the care that people have anyway; None where the profile does not ask for it.

    Among the nation's people of an age and sex, with their chronic conditions, the rates are those published; people
    with more conditions than these have more care, and those with fewer have less.

    Args:
        profile: What was asked.
        who: Who the people are.
        named: The conditions, in the order of their plan.
        conditions: What people have.
        timeline: The journeys; background care ends the day before they begin.
    """
    if profile.utilization is None:
        return None
    years, last_day = profile.utilization.years or AGES, int(who.years_ago[0])
    if timeline is not None:
        last_day = min(last_day, (timeline.start - _EPOCH).days - 1)
    kinds = tuple(_without(kind, conditions.codes) for kind in care_kinds())
    knows_all = all(condition.model is not None for condition in named)
    beside = tuple(reason for reason in complications() if reason.code not in conditions.codes)
    reasons = reason_codes(kinds, beside, conditions.codes, knows_all=knows_all)
    natural = natural_shares(named, is_local=profile.demographics.source is not None)
    before = natural_before(natural, named, years)
    care = tuple(_planned(kind, named, conditions, reasons, before) for kind in kinds)
    shares = natural @ np.outer(who.expected["age"], who.expected["gender"]).ravel()
    expected = {
        kind.name: expected_times(kind, years, who)
        * expected_ratio(kind, planned.counted, shares, conditions.expected_shares)
        for kind, planned in zip(kinds, care, strict=True)
    }
    return UtilizationPlan(
        first_day=int(who.years_ago[years]) + 1,
        last_day=last_day,
        care=care,
        counts=_counts(),
        means=_means(),
        nights=CategoryTable.from_weights(_BIRTH_NIGHTS),
        examined=_examined(),
        reasons=reasons,
        complications=planned_complications(beside, reasons.codes),
        expected=expected,
        expected_diagnoses=expected_diagnoses(kinds, expected, who, conditions.expected_shares)
        + expected_complications(beside, kinds, expected, who),
        sources=tuple(dict.fromkeys(source for kind in kinds for source in kind.sources)),
    )


@cache
def _examined() -> Ints:
    """Tabulate when children are examined."""
    known = child_examinations()
    examined = np.zeros((max(age for age, *_ in known) + 1, max(turn for _, turn, *_ in known) + 1, 2), np.int64)
    for age, turn, first, last in known:
        examined[age, turn] = first, last - first + 1
    return examined


def _without(kind: CareKind, codes: Sequence[str]) -> CareKind:
    """Leave out reasons that are conditions of the profile: only those who have them are there for them."""
    return replace(kind, reasons=tuple(reason for reason in kind.reasons if reason.code not in codes))


def _planned(
    kind: CareKind,
    named: Sequence[NamedCondition],
    conditions: ConditionsPlan,
    reasons: ReasonCodes,
    before: Sequence[tuple[int, Floats]],
) -> PlannedCare:
    counted = np.array([_counts_for(kind, condition) for condition in named], np.bool_)
    ratios = np.array([kind.ratio**number for number in range(MOST_CONDITIONS + 1)])
    rates = base_rates(kind, counted, before, conditions)
    if kind.name == "delivery":
        # Those that come too soon are left out; so many more are drawn.
        rates = rates / (1.0 - rates * (BETWEEN_DELIVERIES / _DAYS_A_YEAR))
    return PlannedCare(
        name=kind.name,
        rates=rounded(rates),
        ratios=rounded(ratios),
        by_payer=rounded(_by_payer(kind).ravel()),
        counted=counted,
        needs=_needs(kind.shape),
        own_share=kind.own_share,
        leads=np.array([code.startswith(kind.leading) for code in conditions.codes], np.bool_),
        reasons=planned_reasons(kind.reasons, reasons.codes),
    )


def _by_payer(kind: CareKind) -> Floats:
    """Give by how much care differs by who pays, by age and payer, shape `(111, 4)`; over the nation 1 at every age."""
    bands = insurance()
    uninsured = bands.uninsured[:, np.newaxis]
    shares = np.concatenate([uninsured, (1.0 - uninsured) * bands.payers], axis=1)
    ratios: Floats = kind.by_payer / (shares @ kind.by_payer)[bands.band][:, np.newaxis]
    return ratios


def _counts_for(kind: CareKind, condition: NamedCondition) -> bool:
    """Tell whether a condition changes how often there is care of a kind: one that a skill knows may."""
    return condition.model is not None and any(
        share.code.startswith(kind.counted) and not share.code.startswith(kind.ignored) for share in condition.codes
    )


@cache
def _needs(shape: float) -> Floats:
    """Give the means of equally likely parts of a gamma distribution of mean 1, shape `(steps,)`.

    With them, times a year follow a negative binomial distribution.
    """
    if not np.isfinite(shape):
        return np.ones(1)
    edges = stats.gamma(shape, scale=1 / shape).ppf(np.linspace(0.0, 1.0, _STEPS + 1))
    return rounded(np.diff(stats.gamma(shape + 1, scale=1 / shape).cdf(edges)) * _STEPS)


@cache
def _means() -> Floats:
    return rounded(np.concatenate([[0.0], np.geomspace(_LOWEST_MEAN, _HIGHEST_MEAN, _MEANS)]))


@cache
def _counts() -> CategoryTable:
    """Tabulate Poisson distributions of the means."""
    times = np.arange(MOST_A_YEAR + 1)
    shares = np.asarray(stats.poisson.pmf(times, _means()[:, np.newaxis]), dtype=np.float64)
    return CategoryTable.from_weights(rounded(shares))

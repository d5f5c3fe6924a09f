"""How often tests for conditions are to be expected: what they leave of routine panels, and for the dry run."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from healthsim.planning.measurements import Booleans, MeasurementPlan
from healthsim.planning.monitoring import with_panels
from healthsim.planning.natural import ADULT
from healthsim.planning.plan import AGES, ConditionsPlan, Floats, PeoplePlan
from healthsim.planning.significance import rounded
from healthsim.planning.testing_plan import MonitoredTest, PanelRule, TestingPlan
from healthsim.planning.utilization_plan import UtilizationPlan
from healthsim.reference import Reference, care_kinds

_YEARS_WITHOUT = 3
"""Years that people have lived for each with a condition that they have, for the estimate of rows."""

_DAYS_A_YEAR = 365.25
_SCREENING = 0.4
"""Share of surveyed panels that screen or examine people whatever they have, at least; assumed."""

_LOG2_NODES = 9
_ROUNDS = 4
_NATION = "00"


def routine_shares(
    tests: Sequence[MonitoredTest], rules: Sequence[PanelRule], measured: MeasurementPlan, natural: Floats
) -> tuple[float, ...]:
    """Give the share of adults' visits at which each panel is ordered whatever people have.

    The survey counts panels at all visits, also those that are ordered for conditions. What these are in the nation,
    with the profile's conditions as common as there, is taken off, but for what is left to screening.

    Args:
        tests: Tests for conditions.
        rules: Panels that take their place.
        measured: What can be measured, with the survey's shares.
        natural: How common the conditions are in the nation, shape `(slots, 222)`.
    """
    surveyed = np.array(measured.panel_shares)
    if not tests:
        return measured.panel_shares
    weights = _adult_visits()
    visits = float(weights.sum() / _adults().sum())
    has = _spread(natural @ (weights / weights.sum()).ravel())
    shares = surveyed
    for _ in range(_ROUNDS):
        routine = 1 - np.prod(1 - shares[:, np.newaxis] * measured.panels, axis=0)
        for_conditions = np.zeros(len(surveyed))
        for times, wanted in _ordered(tests, rules, visits, has):
            unseen = 1 - _is_seen(visits / times.a_year * routine)
            is_whole = [wanted[:, panel].all(axis=1).mean() * unseen[panel].mean() for panel in measured.panels]
            for_conditions += np.array(is_whole) * times.done / visits
        for_conditions -= np.array([for_conditions[larger].sum() for larger in _holding(measured.panels)])
        shares = np.maximum((surveyed - for_conditions) / (1 - for_conditions), _SCREENING * surveyed)
    return tuple(rounded(shares).tolist())


def expected_monitoring(
    plan: TestingPlan, measured: MeasurementPlan, care: UtilizationPlan, conditions: ConditionsPlan, who: PeoplePlan
) -> float:
    """Estimate the results a person has for conditions, as if these were independent.

    A test that is due is done where there is a visit before it is due again, and none had it routinely since it was
    due; visits are negative binomial. Evenly spread points stand for people.
    """
    if not plan.monitored:
        return 0.0
    lookback = (int(who.years_ago[0]) - care.first_day) / _DAYS_A_YEAR
    years = float(who.expected["age"] @ np.minimum(np.arange(AGES) / _YEARS_WITHOUT, lookback))
    visits = care.expected["office"] / float(who.expected["age"] @ np.minimum(np.arange(AGES) + 0.5, lookback))
    routine = 1 - np.prod(1 - np.array(plan.routine_shares)[:, np.newaxis] * measured.panels, axis=0)
    results = 0.0
    for times, wanted in _ordered(plan.monitored, plan.panels, visits, _spread(conditions.expected_shares)):
        unseen = 1 - _is_seen(visits / times.a_year * routine)
        results += years * times.done * float((wanted @ unseen).mean())
    return results


@dataclass(frozen=True, slots=True)
class _Times:
    """How often tests of the same interval and share are ordered.

    Attributes:
        a_year: Times a year that they are due.
        done: Times a year that they are done.
    """

    a_year: float
    done: float


def _ordered(
    tests: Sequence[MonitoredTest], rules: Sequence[PanelRule], visits: float, has: Booleans
) -> Iterator[tuple[_Times, Booleans]]:
    """Give what is ordered together and how often, for people with conditions and so many visits a year."""
    for interval in sorted({days for test in tests for days, _ in test.shares}):
        due = [(test, dict(test.shares)[interval], _is_due(test, interval, has)) for test in tests
               if interval in dict(test.shares)]  # fmt: skip
        levels = sorted({share for _, share, _ in due}, reverse=True)
        a_year = _DAYS_A_YEAR / interval
        seen = float(_is_seen(visits / a_year))
        for share, below in zip(levels, [*levels[1:], 0.0], strict=True):
            wanted = np.zeros((len(has), len(tests[0].parts)), np.bool_)
            for test, own, is_due in due:
                if own >= share:
                    wanted[is_due] |= test.parts
            yield _Times(a_year, a_year * seen * (share - below)), with_panels(rules, wanted)


def _holding(known: Booleans) -> list[list[int]]:
    """Give for each panel the larger ones that hold it; whoever has one of these has not it as well."""
    return [
        [other for other, tests in enumerate(known) if (tests & panel).sum() == panel.sum() < tests.sum()]
        for panel in known
    ]


def _adults() -> Floats:
    """Give the nation's adults by age and sex, shape `(111, 2)`; of others 0."""
    people: Floats = Reference().places([_NATION]).age_sex[0].copy()
    people[:ADULT] = 0.0
    return people


def _adult_visits() -> Floats:
    """Give the nation's visits of adults to offices a year, shape `(111, 2)`."""
    visits: Floats = _adults() * next(kind.rates for kind in care_kinds() if kind.name == "office")
    return visits


def _spread(shares: Floats) -> Booleans:
    """Tell which conditions evenly spread people have, each in its share, shape `(points, slots)`."""
    points = qmc.Sobol(len(shares), scramble=False).random_base2(_LOG2_NODES)
    has: Booleans = points < shares
    return has


def _is_due(test: MonitoredTest, interval: int, has: Booleans) -> Booleans:
    """Tell for whom the shortest interval of a test is this one, shape `(points,)`."""
    shorter = [slot for slot, days in test.intervals if days < interval]
    equal = [slot for slot, days in test.intervals if days == interval]
    due: Booleans = np.logical_and(has[:, equal].any(axis=1), ~has[:, shorter].any(axis=1))
    return due


def _is_seen(visits: Floats | float) -> Floats:
    """Give the chance of a visit where so many are expected."""
    shape = next(kind.shape for kind in care_kinds() if kind.name == "office")
    seen: Floats = 1 - (1 + np.asarray(visits) / shape) ** -shape
    return seen

"""Visits a profile asks for without a journey: the latest one that everybody had, and what it looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import stats

from healthsim.planning.significance import rounded
from healthsim.randomness import CategoryTable
from healthsim.spec import Baseline

SHORTEST, LONGEST = 5, 90
"""Minutes that a visit takes at least and at most."""

EXAMINATIONS = {
    "Z00.00": "Encounter for general adult medical examination without abnormal findings",
    "Z00.129": "Encounter for routine child health examination without abnormal findings",
}
"""Official titles of what adults and children without a condition are seen for."""

OBSERVATION = "Z03.89"
VACCINATION = "Z23"
ENCOUNTERS = {
    **EXAMINATIONS,
    OBSERVATION: "Encounter for observation for other suspected diseases and conditions ruled out",
    VACCINATION: "Encounter for immunization",
}
"""Official titles of what people are seen for that no condition tells: known without the catalogue of codes."""

_DAYS = 365

# Exams of 21 million primary-care visits of 2017 took 18.0 minutes on average, 15 in the median (Neprash et al.,
# Medical Care 2021;59:62-66); of a log-normal distribution these are the median and, by the ratio, the spread.
_MEDIAN_MINUTES, _MEAN_MINUTES = 15.0, 18.0


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """The latest visit of everybody.

    Attributes:
        days: Days before `as_of` in which the visit lies.
        minutes: How long it takes: category 0 is `SHORTEST` minutes.
        reasons: ICD-10-CM codes of what people are seen for.
        adult_examination: Index in `reasons` of an adult's routine examination.
        child_examination: The same of a child.
        titles: Titles of the examinations.
    """

    days: int
    minutes: CategoryTable
    reasons: tuple[str, ...]
    adult_examination: int
    child_examination: int
    titles: Mapping[str, str]


def planned_visits(baseline: Baseline, codes: Sequence[str]) -> VisitPlan | None:
    """Plan the latest visits; None where the profile asks for none.

    Args:
        baseline: What the profile asks for.
        codes: The codes of the conditions people have.
    """
    if baseline == "none":
        return None
    reasons = (*codes, *(code for code in EXAMINATIONS if code not in codes))
    adult, child = (reasons.index(code) for code in EXAMINATIONS)
    return VisitPlan(_DAYS, visit_minutes(), reasons, adult, child, EXAMINATIONS)


@cache
def visit_minutes() -> CategoryTable:
    """Tabulate how long visits to primary care take; category 0 is `SHORTEST` minutes."""
    spread = np.sqrt(2 * np.log(_MEAN_MINUTES / _MEDIAN_MINUTES))
    edges = np.arange(SHORTEST, LONGEST + 2) - 0.5
    return CategoryTable.from_weights(rounded(np.diff(stats.lognorm(spread, scale=_MEDIAN_MINUTES).cdf(edges))))

"""Published shares of treated people hold in large samples, and so do the skills' shares of drugs."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from healthsim.planning import Plan
from healthsim.simulation.block import block_of

Planner = Callable[..., Plan]

PEOPLE = 20_000
TOLERANCE = 0.015
"""Four standard errors of a share of one half among 18,000 people, the fewest of whom a share is told here."""


class Takers:
    """Who has a condition, and who of them takes what for it."""

    def __init__(self, plan: Plan, people: int) -> None:
        block = block_of(plan, 0, people)
        assert plan.medications is not None
        assert block.medications is not None
        self._plan = plan.medications
        self._held = block.held
        self.age = block.people.age
        self._person, self._entry = block.medications.person, block.medications.entry

    def ill(self, condition: str) -> NDArray[np.int64]:
        return np.flatnonzero(self._held[:, self._plan.slots[condition]])

    def share(self, condition: str, groups: set[str], *, for_it: bool) -> float:
        """Give the share of people with a condition who take a drug of some groups, for it or for whatever."""
        return float(self.takes(condition, groups, for_it=for_it).mean())

    def takes(self, condition: str, groups: set[str], *, for_it: bool) -> NDArray[np.bool_]:
        """Tell which people with a condition take a drug of some groups, for it or for whatever."""
        treatment = next(each for each in self._plan.treatments if each.condition == condition)
        own = {drug.entry for group in treatment.groups for drug in group.drugs}
        wanted = [
            each.entry for each in self._plan.drugs if each.drug.group in groups and (each.entry in own or not for_it)
        ]
        ill = self.ill(condition)
        takers = np.unique(self._person[np.isin(self._entry, wanted)])
        return np.isin(ill, takers)

    def counting(self, condition: str) -> set[str]:
        treatment = next(each for each in self._plan.treatments if each.condition == condition)
        return {group.name for group in treatment.groups if not group.is_adjunct}


@pytest.fixture(scope="module")
def ill(planned: Planner) -> Takers:
    """Give adults of the nation of whom everybody has high pressure, and most have more."""
    profile: dict[str, Any] = {
        "demographics": {"age": {"min": 18}},
        "clinical": {
            "primary_condition": "hypertension",
            "comorbidities": [
                {"name": "diabetes", "prevalence": 0.9},
                {"name": "hyperlipidemia", "prevalence": 0.9},
                {"name": "heart failure", "prevalence": 0.9},
            ],
        },
    }
    return Takers(planned(profile), PEOPLE)


@pytest.mark.parametrize(
    ("condition", "published"),
    [
        # NCHS Data Brief 511: 51.2 % of adults with hypertension take a drug for it.
        ("hypertension", 0.512),
        # Wall et al., MMWR 2018: 54.5 % of adults for whom statins are recommended take one.
        ("hyperlipidemia", 0.545),
    ],
)
def test_published_shares_of_treated_people_hold(ill: Takers, condition: str, published: float) -> None:
    assert ill.share(condition, ill.counting(condition), for_it=True) == pytest.approx(published, abs=TOLERANCE)


@pytest.mark.parametrize(("first", "last", "published"), [(18, 39, 0.139), (40, 59, 0.471), (60, 110, 0.691)])
def test_treatment_of_high_pressure_rises_with_age(ill: Takers, first: int, last: int, published: float) -> None:
    """NCHS Data Brief 511: 13.9 % of people with hypertension are treated at 18 to 39, 47.1 % to 59, 69.1 % beyond.

    The tolerance leaves room for the share under control, which rises along a line and not by bands.
    """
    treated = ill.takes("hypertension", ill.counting("hypertension"), for_it=True)
    of_age = (ill.age[ill.ill("hypertension")] >= first) & (ill.age[ill.ill("hypertension")] <= last)
    assert treated[of_age].mean() == pytest.approx(published, abs=0.035)


def test_nine_in_ten_with_heart_failure_are_treated_whatever_else_they_take(ill: Takers) -> None:
    share = ill.share("heart_failure", ill.counting("heart_failure"), for_it=False)
    assert share == pytest.approx(0.95, abs=0.03)


def test_six_in_ten_with_diabetes_take_metformin(ill: Takers) -> None:
    """Of the 88 % treated, 70 % take it; NHANES 2015-2018 found 57 to 64 % of people with diagnosed diabetes."""
    assert ill.share("type_2_diabetes", {"biguanide"}, for_it=True) == pytest.approx(0.88 * 0.70, abs=TOLERANCE)


def test_statins_are_taken_by_half_of_those_with_high_cholesterol(ill: Takers) -> None:
    assert ill.share("hyperlipidemia", {"statin"}, for_it=True) == pytest.approx(0.545 * 0.96, abs=TOLERANCE)


@pytest.mark.parametrize(
    ("groups", "published"),
    [
        ({"statin", "cholesterol_absorption_inhibitor"}, 0.450),
        ({"beta_blocker"}, 0.223),
        ({"proton_pump_inhibitor"}, 0.169),
        ({"biguanide", "sglt2_inhibitor", "sulfonylurea", "incretin_therapy", "basal_insulin"}, 0.236),
    ],
    ids=lambda value: "-".join(sorted(value)) if isinstance(value, set) else "",
)
def test_people_of_60_to_79_with_what_they_have_anyway_take_what_surveys_find(
    aged: tuple[Plan, NDArray[np.bool_]], groups: set[str], published: float
) -> None:
    """Hales et al., NCHS Data Brief 347: NHANES 2015-2016. Within 5 points: it is of another decade."""
    plan, takes = aged
    assert plan.medications is not None
    wanted = [index for index, name in enumerate(plan.medications.groups) if name in groups]
    assert takes[:, wanted].any(axis=1).mean() == pytest.approx(published, abs=0.05)


@pytest.fixture(scope="module")
def aged(planned: Planner) -> tuple[Plan, NDArray[np.bool_]]:
    """Give people of 60 to 79 with all the conditions they have anyway, and of which groups they take drugs."""
    plan = planned({"demographics": {"age": {"min": 60, "max": 79}}, "utilization": {"conditions": "natural"}})
    taken = block_of(plan, 0, 6_000).medications
    assert plan.medications is not None
    assert taken is not None
    takes = np.zeros((6_000, len(plan.medications.groups)), np.bool_)
    group = np.array([plan.medications.groups.index(each.drug.group) for each in plan.medications.drugs])
    takes[taken.person, group[taken.entry]] = True
    return plan, takes

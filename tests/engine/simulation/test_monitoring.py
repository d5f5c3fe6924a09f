"""Tests for conditions: one for all that ask for it, in panels, and none that was routine of late."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from healthsim.planning import Plan
from healthsim.planning.measurements import MeasurementPlan, marks
from healthsim.planning.monitoring import panel_rules, with_panels
from healthsim.planning.testing_plan import MonitoredTest
from healthsim.planning.utilization_plan import OFFICE
from healthsim.reference import panels
from healthsim.simulation.background import Occurrences, occurrences_of
from healthsim.simulation.block import Block, block_of
from healthsim.simulation.monitoring import monitored
from healthsim.simulation.visits import DAY

Planner = Callable[..., Plan]
Booleans = NDArray[np.bool_]

PEOPLE = 600
ILL: dict[str, Any] = {
    "demographics": {"age": {"min": 65}},
    "generation": {"count": PEOPLE, "seed": 5},
    "utilization": {"lookback_years": 6, "conditions": "natural"},
}


class Monitored:
    """Visits of old people to offices, and what may be tested at them."""

    def __init__(self, plan: Plan) -> None:
        assert plan.utilization is not None
        assert plan.utilization.testing is not None
        assert plan.measurements is not None
        self.testing = plan.utilization.testing
        self.measured: MeasurementPlan = plan.measurements
        self.block: Block = block_of(plan, 0, PEOPLE)
        payer = np.zeros(PEOPLE, np.int64)
        every = occurrences_of(plan.utilization, self.block.people, payer, self.block.cases)
        self.seen: Occurrences = every.chosen(every.kind == OFFICE)
        onset = self.block.cases.onsets(PEOPLE, self.block.held.shape[1])
        self.day: NDArray[np.int64] = self.seen.start // DAY
        self.begun: Booleans = onset[self.seen.person] <= self.day[:, np.newaxis]
        self.onset = onset

    def nothing(self) -> Booleans:
        return np.zeros((len(self.day), len(self.measured.labs)), np.bool_)

    def done(self, test: MonitoredTest, routine: Booleans | None = None) -> Booleans:
        return self.of((test,), routine)[:, test.lab]

    def of(self, tests: tuple[MonitoredTest, ...], routine: Booleans | None = None) -> Booleans:
        before = self.nothing() if routine is None else routine
        return monitored(tests, self.block, self.seen, self.begun, before)

    def asking(self, name: str) -> MonitoredTest:
        return next(each for each in self.testing.monitored if self.measured.labs[each.lab].id == name)


@pytest.fixture(scope="module")
def old(planned: Planner) -> Monitored:
    return Monitored(planned(ILL))


@pytest.mark.parametrize("name", ["creatinine", "hba1c", "potassium", "ldl"])
def test_whatever_conditions_ask_for_a_test_it_is_done_once_in_the_shortest_of_their_intervals(
    old: Monitored, name: str
) -> None:
    test = old.asking(name)
    done = old.done(test)
    shortest = np.full(len(done), np.iinfo(np.int64).max)
    for slot, days in test.intervals:
        shortest[old.begun[:, slot]] = np.minimum(shortest[old.begun[:, slot]], days)
    slots = [slot for slot, _ in test.intervals]
    elapsed = old.day - old.onset[:, slots].min(axis=1)[old.seen.person]
    assert done.sum() > 100
    assert (shortest[done] < np.iinfo(np.int64).max).all()
    for days, share in test.shares:
        at = np.flatnonzero(shortest == days)
        window = (old.seen.person[at] << 32) + elapsed[at] // days
        in_window = np.unique(window[done[at]], return_counts=True)[1]
        assert (in_window == 1).all()
        due = len(np.unique(window))
        assert in_window.size / due == pytest.approx(share, abs=4 * np.sqrt(0.25 / due))


def test_tests_of_equal_intervals_are_done_at_the_same_visits(old: Monitored) -> None:
    tests = old.asking("potassium"), old.asking("creatinine")
    potassium, creatinine = old.of(tests)[:, [test.lab for test in tests]].T
    # Some conditions ask for creatinine more often than for potassium.
    assert (potassium & creatinine).sum() > 0.95 * potassium.sum()


def test_nothing_is_due_for_whoever_had_it_routinely(old: Monitored) -> None:
    test = old.asking("creatinine")
    routine = old.nothing()
    routine[:, test.lab] = True
    assert not old.done(test, routine).any()
    someone = old.seen.person == old.seen.person[0]
    routine[~someone] = False
    assert (old.done(test, routine) == (old.done(test) & ~someone)).all()


def marked(old: Monitored, *names: str) -> Booleans:
    return marks(old.measured.labs, names)[np.newaxis]


@pytest.mark.parametrize(
    ("wanted", "panel"),
    [
        (("creatinine", "potassium"), "bmp"),
        (("creatinine", "potassium", "alt"), "cmp"),
        (("glucose", "albumin"), "cmp"),
        (("hemoglobin", "platelets"), "cbc"),
    ],
)
def test_a_panel_takes_the_place_of_two_of_its_tests(old: Monitored, wanted: tuple[str, ...], panel: str) -> None:
    rules = panel_rules(old.measured.labs)
    done = with_panels(rules, marked(old, *wanted))
    assert (done == marked(old, *panels()[panel].members, *wanted)).all()


@pytest.mark.parametrize("alone", ["creatinine", "alt", "glucose", "hemoglobin", "tsh", "fev1"])
def test_a_single_test_stays_a_single_test(old: Monitored, alone: str) -> None:
    wanted = marked(old, alone)
    assert (with_panels(panel_rules(old.measured.labs), wanted) == wanted).all()

"""Vaccines and screenings of background care against the shares that national surveys found.

Twenty thousand people of the nation, at the beginning of 2025 after a lifetime; of the smallest group here, children of
two years, there are about 240, so a share near nine tenths has a standard error of 2 points. Most shares are in the
plan's tables themselves, and what is held to here is that people of an age, at one time, really have had them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from healthsim.planning import Plan
from healthsim.simulation.block import block_of
from healthsim.simulation.prevention_visits import placed_services

Planner = Callable[..., Plan]

PEOPLE = 20_000


@dataclass(frozen=True, slots=True)
class Drawn:
    """Everybody's services, by person, name of the programme and day."""

    plan: Plan
    age: NDArray[np.int32]
    is_female: NDArray[np.bool_]
    person: NDArray[np.int64]
    programme: NDArray[np.str_]
    day: NDArray[np.int64]

    def share(self, of: NDArray[np.bool_], name: str, years: float = 200, times: int = 1) -> float:
        """Give the share of some people who had a programme's service so often in the latest years."""
        assert self.plan.utilization is not None
        since = self.plan.utilization.last_day - years * 365.25
        mine = np.char.startswith(self.programme, name) & (self.day > since)
        return float((np.bincount(self.person[mine], minlength=PEOPLE) >= times)[of].mean())


@pytest.fixture(scope="module")
def drawn(planned: Planner) -> Drawn:
    plan = planned({"generation": {"count": PEOPLE}, "utilization": {"lookback": "lifetime"}}, seed=8)
    wanted = plan.utilization
    assert wanted is not None
    assert wanted.prevention is not None
    block = block_of(plan, 0, PEOPLE)
    services = placed_services(wanted, wanted.prevention, block).services
    names = np.array([each.name for each in wanted.prevention.programmes])
    people = block.people
    return Drawn(plan, people.age, people.sex == 0, services.person, names[services.programme], services.day)


def test_screening_is_as_up_to_date_as_the_health_interview_survey_found(drawn: Drawn) -> None:
    age, women = drawn.age, drawn.is_female
    # Sabatino et al. 2023 (NHIS 2021): 75.7, 75.2 and 72.2 percent.
    assert drawn.share(women & (age >= 52) & (age <= 74), "breast_cancer", 2.2) == pytest.approx(0.757, abs=0.03)
    assert drawn.share(women & (age >= 24) & (age <= 65), "cervical_cancer", 3.2) == pytest.approx(0.752, abs=0.03)
    old = (age >= 50) & (age <= 75)
    up_to_date = drawn.share(old, "colorectal_cancer", 10.2)
    assert up_to_date == pytest.approx(0.722, abs=0.04)


def test_adults_have_the_vaccines_that_the_health_interview_survey_found(drawn: Drawn) -> None:
    age = drawn.age
    # Lu et al. 2021 (NHIS 2018): influenza 34.2, 46.9 and 68.8 percent, Td or Tdap 64.5, 62.8 and 58.9 percent.
    for low, high, flu in ((20, 49, 0.35), (51, 64, 0.48), (66, 110, 0.69)):
        assert drawn.share((age >= low) & (age <= high), "influenza", 1) == pytest.approx(flu, abs=0.03)
    for low, high, tetanus in ((35, 49, 0.645), (55, 64, 0.628), (70, 110, 0.589)):
        found = drawn.share((age >= low) & (age <= high), "tetanus_booster", 10.5)
        assert found == pytest.approx(tetanus, abs=0.05), low
    assert drawn.share(age >= 67, "pneumococcal_adult") == pytest.approx(0.69, abs=0.03)
    assert drawn.share(age >= 66, "zoster") == pytest.approx(0.48, abs=0.04)


def test_children_have_the_vaccines_that_the_immunization_survey_found(drawn: Drawn) -> None:
    of_two = drawn.age == 2
    # Hill et al. 2023 (NIS-Child, born 2018 and 2019), by 24 months.
    for name, times, share in (
        ("dtap_", 4, 0.819),
        ("polio_", 3, 0.934),
        ("mmr_", 1, 0.916),
        ("hepatitis_b_", 3, 0.798),
        ("varicella_", 1, 0.911),
        ("rotavirus_", 3, 0.771),
    ):
        assert drawn.share(of_two, name, times=times) == pytest.approx(share, abs=0.05), name
    teens = (drawn.age >= 13) & (drawn.age <= 17)
    # Pingali et al. 2023 (NIS-Teen 2022).
    assert drawn.share(teens, "tdap_adolescent") == pytest.approx(0.899, abs=0.03)
    assert drawn.share(teens, "hpv", times=2) == pytest.approx(0.626, abs=0.05)

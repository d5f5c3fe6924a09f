"""Who is asked for: every distribution, and how asked attributes combine with the reference population."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from healthsim.planning import Plan
from healthsim.planning.ages import age_shares
from healthsim.reference import Reference
from healthsim.spec import parse_profile

Planner = Callable[..., Plan]
YEARS = np.arange(111)


def ages_of(distribution: dict[str, Any] | list[int] | int) -> np.ndarray[Any, np.dtype[np.float64]]:
    wanted = parse_profile({"demographics": {"age": distribution}}).demographics.age
    return age_shares(wanted, np.ones(111) / 111)  # type: ignore[arg-type]  # a distribution without rules


@pytest.mark.parametrize(
    ("distribution", "mean"),
    [
        ({"type": "normal", "mean": 50, "std_dev": 8}, 50),
        ({"type": "uniform", "min": 20, "max": 40}, 30),
        ({"type": "log_normal", "mu": 3.5, "sigma": 0.2}, np.exp(3.5 + 0.02)),
        ({"type": "beta", "alpha": 2, "beta": 2, "min": 20, "max": 60}, 40),
        ({"type": "gamma", "shape": 25, "scale": 2}, 50),
        ({"type": "poisson", "mean": 30}, 30),
        ({"type": "triangular", "min": 10, "mode": 40, "max": 70}, 40),
        ({"type": "empirical", "values": [20, 20, 50]}, 30),
        ({"type": "explicit", "values": [20, 50], "weights": [0.9, 0.1]}, 23),
        ({"type": "categorical", "weights": {"20": 0.5, "30": 0.5}}, 25),
        ({"type": "age_bands", "bands": {"20-29": 0.5, "40-49": 0.5}}, 34.5),
        ({"type": "constant", "value": 33}, 33),
        ([10, 20], 15),
        (44, 44),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else None,
)
def test_completed_years_have_the_mean_asked_for(distribution: Any, mean: float) -> None:  # noqa: ANN401 - a case
    shares = ages_of(distribution)
    assert shares.sum() == pytest.approx(1)
    assert shares @ YEARS == pytest.approx(mean, abs=0.03)


def test_a_normal_distribution_is_truncated_to_completed_years() -> None:
    shares = ages_of({"type": "normal", "mean": 72, "std_dev": 8, "min": 65})
    normal = stats.norm(72, 8)
    inside = normal.cdf(70.5) - normal.cdf(64.5)
    assert shares[:65].sum() == 0
    assert shares[65:71].sum() == pytest.approx(inside / (normal.cdf(110.5) - normal.cdf(64.5)))


def test_open_bands_reach_the_highest_age() -> None:
    shares = ages_of({"type": "age_bands", "bands": {"0-17": 0.25, "65+": 0.75}})
    assert shares[:18].sum() == pytest.approx(0.25)
    assert shares[65:].sum() == pytest.approx(0.75)


def test_what_is_not_asked_follows_the_place_among_such_people(planned: Planner) -> None:
    old = planned({"demographics": {"age": {"type": "uniform", "min": 85, "max": 99}}}).people.expected
    young = planned({"demographics": {"age": 10}}).people.expected
    # Women outlive men: the nation's sexes at the ages asked for hold, not those of all ages.
    assert old["gender"][0] > 0.6
    assert young["gender"][0] < 0.5


def test_asked_attributes_hold_together(planned: Planner) -> None:
    profile = {
        "gender": {"F": 0.3, "M": 0.7},
        "ethnicity": {"hispanic": 0.9, "not_hispanic": 0.1},
        "age": {"0-17": 0.5, "18+": 0.5},
        "reference": {"type": "county", "fips": "48201"},
    }
    expected = planned({"demographics": profile}).people.expected
    assert expected["gender"] == pytest.approx([0.3, 0.7])
    assert expected["ethnicity"] == pytest.approx([0.9, 0.1])
    assert expected["age"][:18].sum() == pytest.approx(0.5)


def test_rules_are_tried_in_order_and_may_be_chained(planned: Planner) -> None:
    profile = {
        "gender": {"F": 0.5, "M": 0.5},
        "race": {
            "type": "conditional",
            "rules": [
                {"if": {"attribute": "gender", "operator": "eq", "value": "female"}, "then": "asian"},
                {"if": {"attribute": "gender", "operator": "in", "value": ["F", "M"]}, "then": "black"},
            ],
            "else": "white",
        },
        "age": {
            "type": "conditional",
            "rules": [{"if": {"not": {"attribute": "race", "operator": "eq", "value": "black"}}, "then": 20}],
            "else": 70,
        },
    }
    expected = planned({"demographics": profile}).people.expected
    assert expected["race"][1] == pytest.approx(0.5)
    assert expected["race"][2] == pytest.approx(0.5)
    assert expected["age"][20] == pytest.approx(0.5)
    assert expected["age"][70] == pytest.approx(0.5)


def test_a_value_nobody_of_the_place_has_can_be_asked_for(planned: Planner) -> None:
    expected = planned({"demographics": {"age": 110, "race": "nhpi", "reference": {"fips": "48301"}}}).people.expected
    assert expected["age"][110] == pytest.approx(1)
    assert expected["race"][4] == pytest.approx(1)


def test_a_state_is_its_counties_by_their_people(planned: Planner) -> None:
    plan = planned({"demographics": {"reference": {"type": "state", "state": "RI"}}})
    assert len(plan.people.counties) == 5
    state = Reference().places(plan.people.counties)
    ages = (state.age_sex.sum(axis=2) * state.population[:, None]).sum(axis=0) / state.population.sum()
    assert plan.people.expected["age"] == pytest.approx(ages)

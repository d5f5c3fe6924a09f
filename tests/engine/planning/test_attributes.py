"""Who smokes and who is insured, as planned."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr

from healthsim.planning.attributes import planned_attributes
from healthsim.planning.natural import ADULT
from healthsim.reference import PAYERS, SMOKING, Places, Reference, insurance, smoking
from healthsim.skills import skill_library

COUNTIES = ("48201", "06037", "12086", "01001")

EVERY_AGE = np.full(111, 1 / 111)
"""Shares of people by age; they count only where a profile asks for a mix of payers."""


@pytest.fixture(scope="module")
def places() -> Places:
    return Reference().places(COUNTIES)


def shares_above(thresholds: np.ndarray, places: Places) -> np.ndarray:
    """Give the share of adults of each place whose liability exceeds a threshold."""
    weights = places.age_sex[:, ADULT:]
    shares = ndtr(-thresholds.reshape(places.age_sex.shape))[:, ADULT:]
    return (shares * weights).sum(axis=(1, 2)) / weights.sum(axis=(1, 2))


def test_the_adults_of_each_place_smoke_as_often_as_places_says(places: Places) -> None:
    plan = planned_attributes(places, EVERY_AGE, None)
    assert shares_above(plan.smokes, places) == pytest.approx(places.prevalence[SMOKING], abs=1e-9)


def test_more_have_smoked_than_smoke_and_children_do_neither(places: Places) -> None:
    plan = planned_attributes(places, EVERY_AGE, None)
    smokes, ever = (each.reshape(places.age_sex.shape) for each in (plan.smokes, plan.ever_smoked))
    assert np.isinf(smokes[:, :ADULT]).all()
    assert np.isinf(ever[:, :ADULT]).all()
    assert (ever[:, ADULT:] < smokes[:, ADULT:]).all()


def test_men_smoke_more_than_women_and_the_middle_aged_more_than_the_young_and_the_old() -> None:
    current = smoking().current
    assert (current[ADULT:, 1] > current[ADULT:, 0]).all()
    assert (current[50] > current[20]).all()
    assert (current[50] > current[80]).all()


def payer_shares(places: Places) -> np.ndarray:
    """Give the shares of payers by place, band and payer that the alias tables stand for."""
    table = planned_attributes(places, EVERY_AGE, None).payers
    rows = len(table.keep) // table.size
    keep, alias = table.keep.reshape(rows, -1), table.alias.reshape(rows, -1)
    shares = keep.copy()
    for row in range(rows):
        np.add.at(shares[row], alias[row], 1 - keep[row])
    return (shares / table.size).reshape(len(places.fips), -1, len(PAYERS))


def test_the_people_of_each_place_are_as_often_uninsured_as_the_svi_says(places: Places) -> None:
    people = places.age_sex.sum(axis=2)
    by_age = payer_shares(places)[:, insurance().band, PAYERS.index("uninsured")]
    assert (by_age * people).sum(axis=1) == pytest.approx(places.uninsured, abs=1e-9)


def test_the_old_have_medicare_and_children_never(places: Places) -> None:
    medicare = payer_shares(places)[:, insurance().band, PAYERS.index("medicare")]
    assert (medicare[:, 65:] > 0.9).all()
    assert (medicare[:, :ADULT] == 0).all()
    assert (medicare[:, 64] < 0.15).all()


def test_the_insured_of_an_age_have_the_payers_of_the_nations(places: Places) -> None:
    shares = payer_shares(places)[:, :, 1:]
    assert shares / shares.sum(axis=2, keepdims=True) == pytest.approx(
        np.broadcast_to(insurance().payers, shares.shape), abs=1e-9
    )


def test_an_unknown_rate_leaves_the_nations_pattern() -> None:
    known = Reference().places(["48201"])
    unknown = replace(known, prevalence={**known.prevalence, SMOKING: np.array([np.nan])}, uninsured=np.array([np.nan]))
    plan = planned_attributes(unknown, EVERY_AGE, None)
    assert ndtr(-plan.smokes).reshape(smoking().current.shape) == pytest.approx(smoking().current, abs=1e-9)
    assert payer_shares(unknown)[0, :, 0] == pytest.approx(insurance().uninsured, abs=1e-9)


def test_the_liability_to_smoke_is_standard_normal() -> None:
    plan = planned_attributes(Reference().places(["00"]), EVERY_AGE, None)
    assert sum(loading**2 for loading in plan.loadings.values()) + plan.own**2 == pytest.approx(1)


def test_every_factor_of_smoking_is_one_of_some_condition() -> None:
    known = {factor for condition in skill_library().conditions for factor in condition.loadings}
    assert smoking().loadings.keys() <= known

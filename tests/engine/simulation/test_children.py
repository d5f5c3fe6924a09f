"""Children: they grow along the charts, are obese by the percentiles of their age, and are measured as children are."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from healthsim.planning import Plan
from healthsim.planning.growth import growth_plan
from healthsim.simulation.block import Block, block_of
from healthsim.simulation.growing import grown
from healthsim.simulation.measurements import vitals_on
from healthsim.simulation.occasions import Occasions
from healthsim.simulation.visits import MINUTE
from samples import made
from wide import values_of

Planner = Callable[..., Plan]
Floats = NDArray[np.float64]

PEOPLE = 12_000
DAY = 24 * 60 * MINUTE
CHILDREN: dict[str, Any] = {
    "demographics": {"age": {"type": "uniform", "min": 0, "max": 17}},
    "clinical": {"conditions": ["obesity", {"name": "ckd", "prevalence": 0.2}, {"name": "asthma", "prevalence": 0.2}]},
}


@pytest.fixture(scope="module")
def plan(planned: Planner) -> Plan:
    return replace(planned(CHILDREN), count=PEOPLE)


@pytest.fixture(scope="module")
def block(plan: Plan) -> Block:
    return block_of(plan, 0, PEOPLE)


@pytest.fixture(scope="module")
def values(plan: Plan) -> dict[str, Floats]:
    return values_of(plan, made(plan)[0])


def days_old(block: Block) -> NDArray[np.int64]:
    assert block.visits is not None
    return block.visits.day - block.people.birth_day


@pytest.mark.parametrize("years", [1, 3, 6, 10, 14, 17])
def test_they_are_as_tall_as_the_growth_charts_say(block: Block, values: dict[str, Floats], years: int) -> None:
    """Medians and 5th and 95th percentiles of stature for age, CDC growth charts 2000, at the age in days."""
    of_age = days_old(block) // 365 == years
    days, sex = days_old(block)[of_age], block.people.sex[of_age].astype(np.int64)
    for share, score in ((0.05, -1.645), (0.5, 0.0), (0.95, 1.645)):
        chart = growth_plan().height.at(days, sex, np.full(len(days), score))
        # Four standard errors of a share of a half among 600 children.
        assert (values["height"][of_age] < chart).mean() == pytest.approx(share, abs=0.08)


def test_the_charts_are_those_of_the_cdc() -> None:
    """Stature for age at 120.5 months, CDC growth charts 2000, percentile data files: girls 138.2 cm, boys 138.8 cm."""
    days, score = np.array([3_668, 3_668]), np.zeros(2)
    assert growth_plan().height.at(days, np.array([0, 1]), score) == pytest.approx([138.2, 138.8], abs=0.3)
    newborn = growth_plan().weight.at(np.array([0, 0]), np.array([0, 1]), score)
    assert newborn == pytest.approx([3.40, 3.53], abs=0.01)


def test_obesity_is_the_95th_percentile_of_their_age(block: Block, values: dict[str, Floats]) -> None:
    held = block.held[:, 0]
    days, sex = days_old(block), block.people.sex.astype(np.int64)
    limit = growth_plan().bmi.at(days, sex, np.full(PEOPLE, 1.6448536))
    measured = ~np.isnan(values["bmi"])
    assert held[measured].mean() > 0.1
    assert (values["bmi"][measured & held] >= limit[measured & held] - 0.05).all()
    assert (values["bmi"][measured & ~held] < limit[measured & ~held]).all()


def test_severe_obesity_is_a_third_of_obesity(block: Block) -> None:
    assert block.body is not None
    classes = np.bincount(block.body.stages["obesity"] + 1, minlength=4)[1:]
    assert classes[1:].sum() / classes.sum() == pytest.approx(0.32, abs=0.04)


def test_filtration_goes_by_height_and_by_stage(block: Block, values: dict[str, Floats]) -> None:
    egfr = values["egfr_schwartz"]
    there = ~np.isnan(egfr)
    assert egfr[there] == pytest.approx((0.413 * values["height"] / values["creatinine"])[there], abs=0.501)
    assert np.isnan(values["egfr"]).all()
    assert block.body is not None
    stage = block.body.stages["chronic_kidney_disease"]
    for index, (low, below) in enumerate([(90, 300), (60, 90), (45, 60), (30, 45), (15, 30), (0, 15), (0, 15)]):
        mine = egfr[there & (stage == index)]
        assert ((mine >= low) & (mine < below)).all(), index


def test_the_youngest_are_spared_what_they_cannot_do(block: Block, values: dict[str, Floats]) -> None:
    age = days_old(block) / 365.25
    for name, first in (("sbp", 3), ("bmi", 2), ("fev1", 5)):
        measured = ~np.isnan(values[name])
        assert age[measured].min() > first - 0.01, name
    assert not np.isnan(values["weight"]).any()


def test_the_heart_slows_and_pressure_rises_as_they_grow(block: Block, values: dict[str, Floats]) -> None:
    age = days_old(block) // 365
    pulse = [np.median(values["pulse"][age == years]) for years in (0, 2, 6, 12, 16)]
    assert pulse == sorted(pulse, reverse=True)
    # Fleming et al. 2011: 98 beats a minute at 4 to 6 years, 84 at 8 to 12 years.
    assert np.median(values["pulse"][age == 5]) == pytest.approx(98, abs=3)
    assert np.median(values["pulse"][age == 10]) == pytest.approx(84, abs=3)
    systolic = [np.nanmedian(values["sbp"][age == years]) for years in (3, 6, 10, 14, 17)]
    assert systolic == sorted(systolic)


def test_a_child_grows_from_visit_to_visit(plan: Plan, block: Block) -> None:
    chosen = np.flatnonzero(block.people.age == 8)[:100]
    person, slot = np.repeat(chosen, 3), np.tile(np.arange(3), 100)
    born = block.people.birth_day[person]
    start = (born + np.tile([4 * 365, 6 * 365, 8 * 365], 100)) * DAY + 600 * MINUTE
    batch = vitals_on(plan, block, Occasions(person, np.arange(300), start, start + 15 * MINUTE, slot, slot)).batch
    assert plan.measurements is not None
    index = [vital.id for vital in plan.measurements.vitals].index("height")
    loinc, value = batch.columns["loinc"], batch.columns["value"]
    assert loinc is not None
    assert value is not None
    heights = value[loinc == index].reshape(100, 3)
    assert (np.diff(heights, axis=1) > 6).all()
    # Children keep their place among others: 6.5 cm a year from 4 to 8.
    assert np.diff(heights, axis=1).mean() / 2 == pytest.approx(6.5, abs=0.7)


def test_no_newborn_weighs_less_than_the_smallest_that_live(plan: Plan) -> None:
    assert plan.body is not None
    lowest = np.full(2, -5.0)
    found = grown(plan.body, np.zeros(2, np.int64), np.arange(2), {"height": lowest, "bmi": lowest})
    assert (found["weight"] > 1.0).all()

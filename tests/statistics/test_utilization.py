"""Background care against the published national rates, by age, and what conditions add to it.

Twenty thousand people over ten years are 180,000 person-years. Stays of children are the rarest: about 700, with a
standard error of 4 percent; a tolerance of 10 percent is more than two of these, and five for the other groups.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from healthsim.planning import Plan
from healthsim.reference import care_kinds
from healthsim.simulation.birthdays import birthdays, completed_years
from healthsim.simulation.visits import DAY
from samples import Rows, made

Planner = Callable[..., Plan]

CLASSES = {"AMB": ("office",), "EMER": ("emergency",), "IMP": ("inpatient", "delivery", "birth")}
GROUPS = {
    "AMB": (0, 15, 25, 45, 65, 75, 111),
    "EMER": (0, 1, 18, 45, 75, 111),
    "IMP": (0, 1, 18, 45, 65, 85, 111),
}
PEOPLE = 20_000
WELL: dict[str, Any] = {}


@pytest.fixture(scope="module", params=["natural", "asked"], ids=["with its conditions", "without conditions"])
def drawn(request: pytest.FixtureRequest, planned: Planner) -> tuple[Plan, Rows]:
    return drawn_of(planned, WELL, conditions=request.param)


def drawn_of(planned: Planner, profile: dict[str, Any], **utilization: Any) -> tuple[Plan, Rows]:  # noqa: ANN401
    asked = {"generation": {"count": PEOPLE}, "utilization": {"lookback_years": 10, **utilization}}
    plan = planned({**profile, **asked}, seed=7)
    return plan, made(plan)[0]


@pytest.mark.parametrize("name", CLASSES)
def test_rates_by_age_are_the_published_ones(drawn: tuple[Plan, Rows], name: str) -> None:
    plan, rows = drawn
    times, lived = times_and_years(plan, rows, name)
    published = sum(kind.rates for kind in care_kinds() if kind.name in CLASSES[name])
    for first, end in zip(GROUPS[name][:-1], GROUPS[name][1:], strict=True):
        reached = times[first:end].sum() / lived[first:end].sum()
        expected = (published * lived)[first:end].sum() / lived[first:end].sum()
        assert reached == pytest.approx(expected, rel=0.1), f"{name} of {first} to {end - 1}"


@pytest.mark.parametrize(
    ("panel", "tests"), [("cmp", ("sodium", "bilirubin")), ("cbc", ("hemoglobin", "wbc"))], ids=["cmp", "cbc"]
)
def test_panels_are_ordered_as_often_as_the_survey_counts_whether_for_conditions_or_not(
    drawn: tuple[Plan, Rows], panel: str, tests: tuple[str, ...]
) -> None:
    plan, rows = drawn
    assert plan.measurements is not None
    seen, labs = rows.columns("encounters"), rows.columns("labs")
    born = rows.column("patients", "birth_date").astype(np.int64)
    day = seen["start_time"] // DAY
    is_adults = (seen["class_code"] == 0) & (completed_years(born[seen["person_id"] - 1], day) >= 18)
    places = [place for place, lab in enumerate(plan.measurements.labs) if lab.id in tests]
    has = [np.isin(seen["encounter_id"], labs["encounter_id"][labs["loinc"] == place]) for place in places]
    surveyed = dict(zip(plan.measurements.panel_ids, plan.measurements.panel_shares, strict=True))
    # The conditions are taken as independent when the share of routine panels is planned.
    assert np.logical_and.reduce(has)[is_adults].mean() == pytest.approx(surveyed[panel], abs=0.02)


def test_all_office_visits_are_as_many_as_the_survey_of_2019_counted(planned: Planner) -> None:
    plan, rows = drawn_of(planned, WELL, lookback_years=1)
    times, lived = times_and_years(plan, rows, "AMB")
    # NAMCS 2019: 320.7 visits per 100 persons. People without one in the year have had their latest visit all the same.
    assert 100 * times.sum() / lived.sum() == pytest.approx(340, rel=0.05)


def test_diabetics_have_more_of_all_care_than_the_nation_and_people_differ(planned: Planner) -> None:
    ages = {"demographics": {"age": {"min": 50, "max": 60}}}
    plan, rows = drawn_of(planned, {**ages, "clinical": {"primary_condition": "E11", "conditions": ["I10"]}})
    for name, least in (("AMB", 1.1), ("EMER", 1.15), ("IMP", 1.4)):
        times, lived = times_and_years(plan, rows, name)
        published = sum(kind.rates for kind in care_kinds() if kind.name in CLASSES[name])
        assert times.sum() > least * (published * lived).sum(), name
    person = rows.column("encounters", "person_id")[rows.column("encounters", "class_code") == 0]
    counts = np.bincount(person, minlength=PEOPLE + 1)[1:]
    # A negative binomial distribution of shape 1.2 has this variance; a Poisson one has the mean.
    assert counts.var() > counts.mean() + 0.6 * counts.mean() ** 2 / 1.21


def test_who_has_medicaid_comes_more_often_to_emergency_departments_and_the_privately_insured_less(
    planned: Planner,
) -> None:
    plan, rows = drawn_of(planned, {"demographics": {"age": {"min": 20, "max": 60}}}, lookback_years=3)
    payer = np.array(plan.dictionaries["patients"]["insurance"])[rows.column("patients", "insurance")]
    seen = rows.columns("encounters")
    reasons = plan.utilization.reasons if plan.utilization else None
    assert reasons is not None
    is_emergency = seen["class_code"] == reasons.texts["class_code"].index("EMER")
    visits = np.bincount(seen["person_id"][is_emergency] - 1, minlength=PEOPLE)
    rate = {name: visits[payer == name].mean() for name in ("private", "medicaid")}
    # 0.55 to 2.0 by the table; conditions differ little between them at these ages.
    assert rate["medicaid"] / rate["private"] == pytest.approx(2.0 / 0.55, rel=0.15)


def times_and_years(plan: Plan, rows: Rows, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give times of a class and person-years by completed years of age and sex, shape `(111, 2)`."""
    wanted = plan.utilization
    assert wanted is not None
    born = rows.column("patients", "birth_date").astype(np.int64)
    sex = rows.column("patients", "gender").astype(np.int64)
    seen = rows.columns("encounters")
    day = seen["start_time"] // DAY
    is_wanted = (seen["class_code"] == wanted.reasons.texts["class_code"].index(name)) & (day >= wanted.first_day)
    person = seen["person_id"][is_wanted] - 1
    cell = completed_years(born[person], day[is_wanted]) * 2 + sex[person]
    times = np.bincount(cell, minlength=222).reshape(111, 2).astype(np.float64)
    lived = np.zeros((111, 2))
    for age in range(111):
        first = np.maximum(birthdays(born, age), wanted.first_day)
        last = np.minimum(birthdays(born, age + 1) - 1, wanted.last_day)
        lived[age] = np.bincount(sex, np.maximum(last - first + 1, 0), minlength=2) / 365.25
    return times, lived

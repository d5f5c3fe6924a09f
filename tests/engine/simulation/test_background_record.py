"""What background care measures: at its visits, of bodies as they were then, as often as surveys find."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from healthsim.planning import Plan, explained
from healthsim.planning.testing import FIRST_NUMBER
from healthsim.reference import measure_shares
from healthsim.simulation.birthdays import completed_years
from healthsim.simulation.visits import DAY
from samples import DIABETICS, MIXED, Rows, made

Planner = Callable[..., Plan]

YEARS: dict[str, Any] = {**DIABETICS, "utilization": {"level": "realistic", "lookback_years": 5}}
LIFETIME: dict[str, Any] = {
    "generation": {"count": 400, "seed": 3},
    "demographics": {"age": {"min": 25, "max": 70}},
    "clinical": {"conditions": [{"name": "obesity", "prevalence": 0.5}, {"name": "diabetes", "prevalence": 0.4}]},
    "utilization": {"lookback": "lifetime"},
}
NOBODY = {**MIXED, "utilization": "realistic", "clinical": {**MIXED["clinical"], "baseline": "none"}}


@pytest.fixture(scope="module")
def drawn(planned: Planner) -> tuple[Plan, Rows]:
    plan = planned(YEARS)
    return plan, made(plan)[0]


@pytest.fixture(scope="module")
def lived(planned: Planner) -> tuple[Plan, Rows]:
    plan = planned(LIFETIME)
    return plan, made(plan)[0]


def values_of(plan: Plan, rows: Rows, analyte: str) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Give person, time and value of everything measured of an analyte, person after person in order of time."""
    assert plan.measurements is not None
    for table, when, known in (
        ("labs", "collected_at", plan.measurements.labs),
        ("vitals", "taken_at", plan.measurements.vitals),
    ):
        names = [each.id for each in known]
        if analyte in names:
            found = rows.columns(table)
            places = np.flatnonzero(found["loinc"] == names.index(analyte))
            order = places[np.lexsort((found[when][places], found["person_id"][places]))]
            return found["person_id"][order], found[when][order], found["value"][order]
    raise KeyError(analyte)


@pytest.mark.parametrize(
    ("table", "key", "when"), [("labs", "lab_id", "collected_at"), ("vitals", "vital_id", "taken_at")]
)
def test_measurements_are_of_the_encounters_person_and_time_and_numbered_once(
    drawn: tuple[Plan, Rows], table: str, key: str, when: str
) -> None:
    found, seen = drawn[1].columns(table), drawn[1].columns("encounters")
    order = np.argsort(seen["encounter_id"])
    at = order[np.searchsorted(seen["encounter_id"], found["encounter_id"], sorter=order)]
    assert np.array_equal(seen["encounter_id"][at], found["encounter_id"])
    assert np.array_equal(seen["person_id"][at], found["person_id"])
    assert (found[when] >= seen["start_time"][at]).all()
    assert (found[when] <= seen["end_time"][at]).all()
    assert len(np.unique(found[key])) == len(found[key])
    assert np.array_equal(found[key] >> 16, found["person_id"])
    assert (found["encounter_id"] & 0xFFFF >= FIRST_NUMBER).mean() > 0.8


def test_signs_are_taken_at_the_share_of_visits_that_the_surveys_give(drawn: tuple[Plan, Rows]) -> None:
    plan, rows = drawn
    seen, cases = rows.columns("encounters"), rows.columns("diagnoses")
    codes = np.array(plan.dictionaries["diagnoses"]["code"])
    onset = np.full(plan.count + 1, np.iinfo(np.int64).max)
    ill = np.char.startswith(codes[cases["code"]], "I1") & (cases["diagnosis_id"] & 0xFFFF < FIRST_NUMBER)
    onset[cases["person_id"][ill]] = cases["onset_date"][ill]
    office = (seen["class_code"] == 0) & (seen["type"] == 0) & (seen["encounter_id"] & 0xFFFF >= FIRST_NUMBER)
    has_signs = np.isin(seen["encounter_id"], rows.column("vitals", "encounter_id"))
    is_ill = onset[seen["person_id"]] <= seen["start_time"] // DAY
    shares = measure_shares("office", "vitals")
    assert has_signs[office & is_ill].mean() == pytest.approx(shares["hypertensive"], abs=0.02)
    assert has_signs[office & ~is_ill].mean() == pytest.approx(shares["adult_without_hypertension"], abs=0.03)
    emergency = seen["class_code"] == 1
    assert has_signs[emergency].mean() == pytest.approx(measure_shares("emergency", "vitals")["adult"], abs=0.02)
    tested = np.isin(seen["encounter_id"], rows.column("labs", "encounter_id"))
    assert tested[emergency].mean() == pytest.approx(measure_shares("emergency", "blood")["adult"], abs=0.03)


def test_most_people_with_diabetes_have_hba1c_in_a_year_with_visits(drawn: tuple[Plan, Rows]) -> None:
    plan, rows = drawn
    assert plan.utilization is not None
    seen, cases = rows.columns("encounters"), rows.columns("diagnoses")
    begun = np.full(plan.count + 1, np.iinfo(np.int64).max)
    first = (cases["diagnosis_id"] & 0xFFFF < FIRST_NUMBER) & (cases["rank"] == 1)
    begun[cases["person_id"][first]] = cases["onset_date"][first]
    person, taken, _ = values_of(plan, rows, "hba1c")
    last = plan.utilization.last_day
    year = (last - taken // DAY) // 365
    tests = np.bincount(person[year == 2], minlength=plan.count + 1)
    office = (seen["class_code"] == 0) & ((last - seen["start_time"] // DAY) // 365 == 2)
    visits = np.bincount(seen["person_id"][office], minlength=plan.count + 1)
    regular = (visits >= 3) & (begun < last - 4 * 365)
    assert regular.sum() > 300
    # NCQA, State of Health Care Quality: about nine of ten members with diabetes are tested in a year.
    assert (tests[regular] > 0).mean() == pytest.approx(0.92, abs=0.06)
    assert 1.7 < tests[regular].mean() < 3.5


def test_values_before_onset_are_those_of_people_without_the_condition_and_near_those_after_it(
    lived: tuple[Plan, Rows],
) -> None:
    plan, rows = lived
    person, taken, value = values_of(plan, rows, "hba1c")
    onset = onsets(plan, rows, "E11")[person]
    years = (taken // DAY - onset) / 365.25
    known = onset < np.iinfo(np.int64).max
    assert (known & (years < 0)).sum() > 300
    # Some have diabetes undiagnosed for a while, as the skill says of people without the diagnosis.
    assert (value[known & (years < 0)] >= 6.5).mean() < 0.06
    assert value[known & (years > 0)].mean() > value[known & (years < -12)].mean() + 1
    assert value[known & (years < 0) & (years > -3)].mean() > value[known & (years < -12)].mean() + 0.2


def test_nobody_gains_a_class_of_obesity_between_two_visits(lived: tuple[Plan, Rows]) -> None:
    plan, rows = lived
    person, taken, value = values_of(plan, rows, "bmi")
    born = rows.column("patients", "birth_date")[person - 1]
    adult = completed_years(born, taken // DAY) >= 18
    following = (person[1:] == person[:-1]) & adult[:-1] & (taken[1:] - taken[:-1] < 365 * DAY)
    assert following.sum() > 3_000
    # A year on the way to obesity adds a tenth of what there is to gain; codes of a class begin with that class.
    assert np.quantile(np.abs(np.diff(value))[following], 0.999) < 5


def test_adults_keep_their_height_and_children_grow(lived: tuple[Plan, Rows]) -> None:
    plan, rows = lived
    person, taken, value = values_of(plan, rows, "height")
    age = completed_years(rows.column("patients", "birth_date")[person - 1], taken // DAY)
    for each in np.unique(person):
        mine = value[(person == each) & (age >= 19)]
        assert mine.size < 2 or mine.max() - mine.min() < 5
    small, tall = value[(age >= 4) & (age < 6)], value[(age >= 12) & (age < 14)]
    assert 100 < small.mean() < 120
    assert 145 < tall.mean() < 168


def test_children_who_will_be_obese_grow_like_others_before(planned: Planner) -> None:
    plan = planned(
        {**LIFETIME, "generation": {"count": 900, "seed": 4}, "demographics": {"age": {"min": 0, "max": 17}}}
    )
    rows, _ = made(plan)
    person, taken, value = values_of(plan, rows, "weight")
    days = taken // DAY - rows.column("patients", "birth_date")[person - 1]
    onset = onsets(plan, rows, "E66")[person]
    will_be = (onset < np.iinfo(np.int64).max) & (taken // DAY < onset)
    # Within the third and the 97th percentile of the CDC charts, and a margin for those on their way.
    for low, high, least, most in ((20, 60, 2.5, 8.0), (360, 400, 6.5, 16.0), (1_460, 1_600, 11.0, 33.0)):
        mine = value[will_be & (days >= low) & (days < high)]
        assert mine.size > 15
        assert least < mine.min() <= mine.max() < most, low


def test_tests_that_there_were_not_yet_are_nobodys(lived: tuple[Plan, Rows]) -> None:
    plan, rows = lived
    first = {name: values_of(plan, rows, name)[1].min() // DAY for name in ("hba1c", "ldl", "egfr", "spo2")}
    born = rows.column("patients", "birth_date").min()
    assert born < np.datetime64("1960-01-01").astype("datetime64[D]").astype(int)
    for name, year in (("hba1c", "1980"), ("ldl", "1973"), ("egfr", "2002"), ("spo2", "1985")):
        since = np.datetime64(f"{year}-01-01").astype("datetime64[D]").astype(int)
        assert since <= first[name] < since + 1_500, name


def test_a_longer_lookback_leaves_what_was_measured_within_the_shorter_one(planned: Planner) -> None:
    found = []
    for years in (2, 6):
        plan = planned({**MIXED, "utilization": {"lookback_years": years}})
        rows, _ = made(plan)
        vitals = rows.columns("vitals")
        names = ("person_id", "loinc", "taken_at", "value")
        found.append(set(zip(*(vitals[name].tolist() for name in names), strict=True)))
    few, many = found
    # But for whoever has a stay, or the latest visit, at the beginning of the shorter one.
    assert len(few - many) < 0.004 * len(few)


def test_care_before_journeys_is_measured_too_and_its_rows_are_numbered_apart(planned: Planner) -> None:
    profile = {**YEARS, "journey": "diabetic-year-one", "start_date": "2024-06-03"}
    rows, _ = made(planned(profile))
    start = (np.datetime64("2024-06-03") - np.datetime64("1970-01-01")).astype(int)
    for table, key, when in (("labs", "lab_id", "collected_at"), ("vitals", "vital_id", "taken_at")):
        found = rows.columns(table)
        assert len(np.unique(found[key])) == len(found[key])
        before = found[when] // DAY < start
        assert before.any()
        assert (~before).any()


def test_people_without_a_latest_visit_are_measured_at_their_other_visits(planned: Planner) -> None:
    rows, _ = made(planned(NOBODY))
    assert rows.rows["vitals"] > 20_000
    assert rows.rows["labs"] > 20_000
    assert "medications" not in rows.rows


@pytest.mark.parametrize(
    "profile",
    [YEARS, {**MIXED, "utilization": "realistic"}, {**MIXED, "utilization": {"conditions": "natural"}}],
    ids=["diabetics", "mixed", "natural"],
)
def test_explain_expects_the_rows_that_are_made(planned: Planner, profile: dict[str, Any]) -> None:
    plan = planned(profile)
    told, reached = explained(plan)["estimated_rows"], made(plan)[1].rows
    for table in ("labs", "vitals", "immunizations", "procedures"):
        assert told[table] == pytest.approx(reached[table], rel=0.3), table


def onsets(plan: Plan, rows: Rows, code: str) -> NDArray[Any]:
    """Give everybody's onset of a condition, by `person_id`."""
    cases, codes = rows.columns("diagnoses"), np.array(plan.dictionaries["diagnoses"]["code"])
    onset = np.full(plan.count + 1, np.iinfo(np.int64).max)
    mine = np.char.startswith(codes[cases["code"]], code)
    onset[cases["person_id"][mine]] = cases["onset_date"][mine]
    return onset

"""Screening and vaccination of background care: who, when, with what, and where."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthsim.planning import Plan
from healthsim.planning.prevention import FIRST_YEAR
from healthsim.planning.prevention_plan import PlannedProgramme, PreventionPlan
from healthsim.planning.testing import FIRST_NUMBER
from healthsim.simulation.birthdays import completed_years
from healthsim.simulation.visits import DAY
from samples import MIXED, Rows, made

Planner = Callable[..., Plan]

LIFETIME: dict[str, Any] = {
    "generation": {"count": 800, "seed": 5},
    "demographics": {
        "age": {"0-17": 0.3, "18-64": 0.3, "65+": 0.4},
        "reference": {"type": "state", "state": "RI"},
    },
    "utilization": {"lookback": "lifetime"},
    "providers": {},
}
KINDS = {"immunizations": ("immunization_id", "given_date"), "procedures": ("procedure_id", "performed_date")}


@pytest.fixture(scope="module")
def lived(planned: Planner) -> tuple[Plan, Rows]:
    plan = planned(LIFETIME)
    return plan, made(plan)[0]


@pytest.fixture(scope="module")
def plan_of_prevention(planned: Planner) -> PreventionPlan:
    wanted = planned(LIFETIME).utilization
    assert wanted is not None
    assert wanted.prevention is not None
    return wanted.prevention


def days(text: str) -> int:
    return int(np.datetime64(text).astype("datetime64[D]").astype(int))


@pytest.mark.parametrize("table", KINDS)
def test_services_are_numbered_once_and_at_the_encounters_of_their_day(lived: tuple[Plan, Rows], table: str) -> None:
    key, when = KINDS[table]
    done, seen = lived[1].columns(table), lived[1].columns("encounters")
    assert len(np.unique(done[key])) == len(done[key])
    assert np.array_equal(done[key] >> 16, done["person_id"])
    assert (done[key] & 0xFFFF >= FIRST_NUMBER).all()
    is_at = done["encounter_id"] > 0
    assert 0.2 < is_at.mean() < 0.9
    order = np.argsort(seen["encounter_id"])
    at = order[np.searchsorted(seen["encounter_id"], done["encounter_id"][is_at], sorter=order)]
    assert np.array_equal(seen["encounter_id"][at], done["encounter_id"][is_at])
    assert np.array_equal(seen["person_id"][at], done["person_id"][is_at])
    assert (seen["start_time"][at] // DAY <= done[when][is_at]).all()
    assert (done[when][is_at] <= seen["end_time"][at] // DAY).all()
    # Whom the person saw gives the vaccine; who did what was done elsewhere is not told.
    assert (done["provider_npi"][~is_at] < 0).all()
    own = seen["provider_npi"][at]
    assert np.array_equal(done["provider_npi"][is_at], own)


@pytest.mark.parametrize("table", KINDS)
@pytest.mark.parametrize("years", [1, 4])
def test_nothing_is_done_outside_of_the_time_asked_for(planned: Planner, table: str, years: int) -> None:
    plan = planned({**MIXED, "utilization": {"lookback_years": years}})
    done = made(plan)[0].column(table, KINDS[table][1])
    assert plan.utilization is not None
    assert plan.utilization.first_day <= done.min()
    assert done.max() <= plan.utilization.last_day


def test_a_longer_lookback_leaves_what_was_done_within_the_shorter_one(planned: Planner) -> None:
    found = []
    for years in (2, 6):
        given = made(planned({**MIXED, "utilization": {"lookback_years": years}}))[0].columns("immunizations")
        found.append(set(zip(*(given[name].tolist() for name in ("person_id", "cvx", "given_date")), strict=True)))
    few, many = found
    assert len(few) > 3_000
    assert len(few - many) < 0.01 * len(few)


def test_vaccines_are_of_their_time(lived: tuple[Plan, Rows]) -> None:
    plan, rows = lived
    given, cvx = rows.columns("immunizations"), np.array(plan.dictionaries["immunizations"]["cvx"])
    dates = {code: given["given_date"][cvx[given["cvx"]] == code] for code in set(cvx.tolist())}
    for code, since in (("187", "2018-01-26"), ("121", "2008-06-06"), ("216", "2022-01-28"), ("115", "2006-03-24")):
        assert dates[code].min() >= days(since), code
    for code, until in (("01", "1997-03-01"), ("02", "2000-01-01"), ("100", "2010-03-12"), ("208", "2023-05-01")):
        assert dates[code].max() < days(until), code
    assert {"01", "02", "03", "20", "10", "133", "187", "309"} <= {code for code, found in dates.items() if found.size}


def test_childrens_vaccines_are_in_childhood_and_screening_at_its_ages(lived: tuple[Plan, Rows]) -> None:
    plan, rows = lived
    born, sex = rows.column("patients", "birth_date").astype(np.int64), rows.column("patients", "gender")
    given, cvx = rows.columns("immunizations"), np.array(plan.dictionaries["immunizations"]["cvx"])
    age = completed_years(born[given["person_id"] - 1], given["given_date"])
    for code, most in (("01", 5), ("20", 5), ("02", 5), ("10", 5), ("03", 5), ("08", 1), ("48", 1), ("116", 0)):
        mine = age[cvx[given["cvx"]] == code]
        assert mine.size, code
        assert mine.max() <= most, code
    assert age[np.isin(cvx[given["cvx"]], ["33", "135", "197", "216"])].size
    assert age[np.isin(cvx[given["cvx"]], ["135", "197"])].min() >= 65
    done, codes = rows.columns("procedures"), np.array(plan.dictionaries["procedures"]["code"])
    at = completed_years(born[done["person_id"] - 1], done["performed_date"])
    for code, low, high in (("77067", 40, 75), ("45378", 45, 76), ("82274", 50, 76), ("77080", 65, 111)):
        mine = at[codes[done["code"]] == code]
        assert mine.size > 20, code
        assert low <= mine.min() <= mine.max() <= high, code
    women = np.isin(codes[done["code"]], ["77067", "88164", "88175", "77080"])
    assert (sex[done["person_id"][women] - 1] == 0).all()


def test_what_is_repeated_keeps_its_period_and_doses_their_distance(lived: tuple[Plan, Rows]) -> None:
    plan, rows = lived
    done, codes = rows.columns("procedures"), np.array(plan.dictionaries["procedures"]["code"])
    for code, least in (("77067", 365), ("45378", 3_200)):
        mine = codes[done["code"]] == code
        order = np.lexsort((done["performed_date"][mine], done["person_id"][mine]))
        person, day = done["person_id"][mine][order], done["performed_date"][mine][order]
        assert np.diff(day)[np.diff(person) == 0].min() >= least, code
    given, cvx = rows.columns("immunizations"), np.array(plan.dictionaries["immunizations"]["cvx"])
    for code in ("20", "10", "133", "187", "03"):
        mine = cvx[given["cvx"]] == code
        order = np.lexsort((given["given_date"][mine], given["person_id"][mine]))
        person, day = given["person_id"][mine][order], given["given_date"][mine][order]
        # CDC, General Best Practice Guidelines for Immunization: four weeks between doses at least.
        assert np.diff(day)[np.diff(person) == 0].min() >= 28, code


def test_visits_for_a_vaccine_or_a_mammogram_have_one(lived: tuple[Plan, Rows]) -> None:
    plan, rows = lived
    seen, reasons = rows.columns("encounters"), plan.dictionaries["encounters"]["reason_code"]
    for code, table in (("Z23", "immunizations"), ("Z12.31", "procedures")):
        ids = seen["encounter_id"][(seen["reason_code"] == reasons.index(code)) & (seen["encounter_id"] & 0xFFFF > 0)]
        assert ids.size > 20, code
        assert np.isin(ids, rows.column(table, "encounter_id")).all(), code


def test_only_people_who_smoked_are_scanned_for_lung_cancer(lived: tuple[Plan, Rows]) -> None:
    plan, rows = lived
    done, codes = rows.columns("procedures"), np.array(plan.dictionaries["procedures"]["code"])
    scanned = done["person_id"][codes[done["code"]] == "71271"]
    assert scanned.size
    assert (rows.column("patients", "smoking_status")[scanned - 1] > 0).all()


def test_the_shares_of_those_who_are_due_are_those_of_the_table(plan_of_prevention: PreventionPlan) -> None:
    mammograms = plan_of_prevention.programmes[plan_of_prevention.mammogram]
    year = 2021 - plan_of_prevention.first_birth_year
    cells = np.diff(np.concatenate([[0.0], mammograms.thresholds, [1.0]]))
    for age in (52, 60, 70):
        done = mammograms.is_due[year - age][:, age - mammograms.first_age - 1 : age - mammograms.first_age + 1]
        # Of women of that age in 2021: those who had one this year or the year before.
        assert float(cells @ done.any(axis=1)) == pytest.approx(0.757, abs=0.01)


@given(place=st.integers(0, 46), birth=st.integers(0, 111))
@settings(max_examples=60)
def test_the_more_willing_are_never_served_less(plan_of_prevention: PreventionPlan, place: int, birth: int) -> None:
    programme = plan_of_prevention.programmes[place]
    times = programme.is_due[birth].sum(axis=1)
    if programme.name != "colorectal_cancer_stool" and not programme.is_due[birth].any(axis=0)[1:].any():
        assert (np.diff(times) <= 0).all()
    for cell in programme.is_due[birth]:
        ages = np.flatnonzero(cell)
        period = _period(programme)
        assert all(later - earlier >= period for earlier, later in pairwise(ages.tolist()))


def _period(programme: PlannedProgramme) -> int:
    once = {"breast_cancer": 2, "cervical_cancer": 3, "colorectal_cancer": 10, "tetanus_booster": 10}
    yearly = {"influenza", "covid_19", "colorectal_cancer_stool", "lung_cancer"}
    return once.get(programme.name, 1 if programme.name in yearly else 200)


def test_years_of_the_calendar_begin_with_their_first_day(plan_of_prevention: PreventionPlan) -> None:
    assert plan_of_prevention.year_days[1970 - FIRST_YEAR] == 0
    assert plan_of_prevention.year_days[2025 - FIRST_YEAR] == days("2025-01-01")

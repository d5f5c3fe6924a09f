"""Background care: where people are, when, and for what; the same whatever the blocks; nothing where not asked for."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from healthsim.errors import InvalidProfileError
from healthsim.planning import Plan, explained
from healthsim.planning.testing import FIRST_NUMBER
from healthsim.planning.utilization_plan import BETWEEN_DELIVERIES
from healthsim.reference import care_kinds, complications, icd10_title, is_billable, sex_and_age_of
from healthsim.reference.exclusions import exclusions_among
from healthsim.simulation.visits import DAY
from healthsim.skills import skill_library
from samples import DIABETICS, MIXED, Rows, made

Planner = Callable[..., Plan]

LIFETIME = {**MIXED, "utilization": {"lookback": "lifetime"}}
THREE_YEARS = {**MIXED, "utilization": "realistic"}
FOUR_DIABETIC_YEARS = {**DIABETICS, "utilization": {"level": "realistic", "lookback_years": 4}}


@pytest.mark.parametrize("profile", [LIFETIME, THREE_YEARS, FOUR_DIABETIC_YEARS], ids=["lifetime", "three", "four"])
@pytest.mark.parametrize("block_size", [1, 7, 500])
def test_blocks_of_any_size_make_the_same_rows(planned: Planner, profile: dict[str, Any], block_size: int) -> None:
    plan = replace(planned(profile), count={1: 8, 7: 60}.get(block_size, 1_100))
    rows, outcome = made(plan, block_size=block_size)
    expected, expected_outcome = made(plan, block_size=plan.count)
    assert outcome.digest == expected_outcome.digest
    assert outcome.rows["encounters"] > 2 * plan.count
    assert starts(rows) == starts(expected)


def test_a_profile_that_does_not_ask_for_it_has_the_rows_it_had(planned: Planner) -> None:
    with_care = made(planned({**THREE_YEARS, "utilization": {"conditions": "asked"}}))[0]
    without = made(planned(MIXED))[0]
    assert without.rows["encounters"] == 2_000
    chronic = with_care.column("diagnoses", "diagnosis_id") & 0xFFFF < FIRST_NUMBER
    for name, values in without.columns("diagnoses").items():
        assert np.array_equal(with_care.column("diagnoses", name)[chronic], values), name
    for name, values in without.columns("patients").items():
        assert np.array_equal(with_care.column("patients", name), values), name
    absent = planned({**MIXED, "utilization": None})
    assert absent.cohort_id == planned(MIXED).cohort_id
    assert absent.utilization is None


def test_a_longer_lookback_leaves_the_years_within_the_shorter_one_as_they_are(planned: Planner) -> None:
    short, long = (made(planned({**MIXED, "utilization": {"lookback_years": years}}))[0] for years in (2, 9))
    first = planned({**MIXED, "utilization": {"lookback_years": 2}}).utilization
    assert first is not None
    few, many = starts(short), starts(long)
    # But for people whose stay or latest visit lies at the beginning of the shorter one.
    assert len(few - many) < 0.002 * len(few)
    assert len(many) > 3 * len(few)


@pytest.mark.parametrize("profile", [LIFETIME, THREE_YEARS], ids=["lifetime", "three years"])
def test_nobody_is_in_two_places_and_nothing_is_before_birth_or_beyond_the_time_asked_for(
    planned: Planner, profile: dict[str, Any]
) -> None:
    plan = planned(profile)
    rows, _ = made(plan)
    assert plan.utilization is not None
    seen = rows.columns("encounters")
    order = np.lexsort((seen["start_time"], seen["person_id"]))
    person, start, end, kind = (seen[name][order] for name in ("person_id", "start_time", "end_time", "class_code"))
    born = rows.column("patients", "birth_date")[person - 1].astype(np.int64)
    assert (start <= end).all()
    assert (start // DAY >= born).all()
    assert (start // DAY >= plan.utilization.first_day).all()
    assert (end // DAY <= plan.utilization.last_day).all()
    in_hospital = np.flatnonzero(kind == 2)
    for follower in (1, 2, 3):
        places = in_hospital[in_hospital + follower < len(person)]
        same = person[places + follower] == person[places]
        assert (start[places + follower][same] >= end[places][same]).all()


def test_encounters_are_numbered_apart_from_the_latest_visit_and_from_journeys(planned: Planner) -> None:
    clinical = {**DIABETICS["clinical"], "baseline": "visit"}
    journey = {"journey": "diabetic-year-one", "start_date": "2024-06-03"}
    profile = {**FOUR_DIABETIC_YEARS, "clinical": clinical, **journey}
    rows, _ = made(planned(profile))
    ids = rows.column("encounters", "encounter_id")
    assert len(np.unique(ids)) == len(ids)
    assert (ids >> 16 == rows.column("encounters", "person_id")).all()
    number = ids & 0xFFFF
    assert (number == 0).sum() == 2_000
    assert ((number >= 1_024) & (number < FIRST_NUMBER)).sum() > 2_000
    background = rows.column("encounters", "start_time")[number >= FIRST_NUMBER]
    assert background.max() // DAY < (np.datetime64("2024-06-03") - np.datetime64("1970-01-01")).astype(int)


def test_the_latest_visit_is_the_last_one_at_an_office(planned: Planner) -> None:
    rows, _ = made(planned(THREE_YEARS))
    seen = rows.columns("encounters")
    is_latest = seen["encounter_id"] & 0xFFFF == 0
    latest = np.zeros(2_001, np.int64)
    latest[seen["person_id"][is_latest]] = seen["start_time"][is_latest]
    offices = (seen["class_code"] == 0) & ~is_latest
    assert (seen["start_time"][offices] // DAY <= latest[seen["person_id"][offices]] // DAY).all()
    vitals = rows.columns("vitals")
    at_latest = vitals["encounter_id"] & 0xFFFF == 0
    assert at_latest.sum() > 2_000
    assert (vitals["taken_at"] // DAY == latest[vitals["person_id"]] // DAY)[at_latest].all()


def test_stays_have_the_complications_of_their_age_and_never_what_they_are_for(planned: Planner) -> None:
    plan = planned(LIFETIME)
    rows, _ = made(plan)
    assert plan.utilization is not None
    cases, seen = rows.columns("diagnoses"), rows.columns("encounters")
    # Conditions of the history have no encounter, so those of background care are all that are kept here.
    of_background = cases["diagnosis_id"] & 0xFFFF >= FIRST_NUMBER
    beside = cases["rank"][of_background] == 2
    reasons = dict(zip(seen["encounter_id"].tolist(), seen["reason_code"].tolist(), strict=True))
    of = cases["encounter_id"][beside].tolist()
    assert len(of)
    assert all(
        reasons[encounter] != code
        for encounter, code in zip(of, cases["code"][of_background][beside].tolist(), strict=True)
    )
    assert len(set(of)) == len(of)
    assert len(np.unique(cases["diagnosis_id"])) == len(cases["diagnosis_id"])
    stays = seen["encounter_id"][(seen["class_code"] == 2) & (seen["encounter_id"] & 0xFFFF >= FIRST_NUMBER)]
    assert set(of) <= set(stays.tolist())
    # Between the least and the highest share of any age; some are left out because the person has them anyway.
    assert 0.05 < len(of) / len(stays) < 0.52


def test_no_complication_is_forbidden_beside_what_a_stay_is_for() -> None:
    stays = next(kind for kind in care_kinds() if kind.name == "inpatient")
    codes = {reason.code for reason in complications()}
    pairs = exclusions_among(codes | {reason.code for reason in stays.reasons})
    assert [pair for pair in pairs if {pair.code, pair.other} & codes] == []


def test_reasons_are_conditions_that_had_begun_or_fit_the_persons_sex_and_age(planned: Planner) -> None:
    plan = planned(LIFETIME)
    rows, _ = made(plan)
    seen, codes = rows.columns("encounters"), plan.dictionaries["encounters"]["reason_code"]
    background = seen["encounter_id"] & 0xFFFF >= FIRST_NUMBER
    own = background & (seen["reason_code"] < len(plan.conditions.codes))
    cases = rows.columns("diagnoses")
    onset = dict(zip(zip(cases["person_id"], cases["code"], strict=True), cases["onset_date"], strict=True))
    assert own.sum() > 1_000
    for person, code, start in zip(
        *(seen[name][own] for name in ("person_id", "reason_code", "start_time")), strict=True
    ):
        assert onset[person, code] <= start // DAY
    delivered = background & np.isin(seen["reason_code"], [codes.index(code) for code in ("O80", "O70.1", "O70.0")])
    mothers = seen["person_id"][delivered]
    assert (rows.column("patients", "gender")[mothers - 1] == 0).all()
    between = np.diff(seen["start_time"][delivered] // DAY)[np.diff(mothers) == 0]
    assert between.size
    assert between.min() >= BETWEEN_DELIVERIES


def test_emergencies_and_stays_are_in_the_persons_hospital_and_office_visits_are_not(planned: Planner) -> None:
    seen = made(planned({**THREE_YEARS, "providers": {}, "facilities": {}}))[0].columns("encounters")
    background = seen["encounter_id"] & 0xFFFF >= FIRST_NUMBER
    # The latest visit's column is null throughout, so it is not among the rows kept here.
    facility = seen["facility_id"]
    assert len(facility) == background.sum()
    at_office = seen["class_code"][background] == 0
    assert (facility[at_office] < 0).all()
    assert (facility[~at_office] > 0).all()
    assert (seen["provider_npi"][background] > 0).all()


def test_reasons_are_billable_codes_for_every_age_and_sex_that_has_the_care() -> None:
    for kind in care_kinds():
        for reason in kind.reasons:
            assert is_billable(reason.code), reason.code
            sex, minimum_age = sex_and_age_of(reason.code)
            has = reason.weights > 0
            assert sex is None or not has[:, 1 if sex == "F" else 0].any(), reason.code
            assert not has[:minimum_age].any(), reason.code
        has_care = kind.rates > 0 if kind.name != "birth" else np.arange(111)[:, np.newaxis] == 0
        assert (sum(reason.weights for reason in kind.reasons)[np.broadcast_to(has_care, (111, 2))] > 0).all()


def test_the_table_of_reasons_has_their_titles_and_the_codes_of_skills_that_exclude_them() -> None:
    reasons = {reason.code: reason for kind in care_kinds() for reason in kind.reasons if reason.code[0] != "Z"}
    assert all(reason.title == icd10_title(reason.code) for reason in reasons.values())
    of_skills = {share.code for model in skill_library().conditions for share in model.codes}
    of_skills -= reasons.keys()
    found = [{pair.code, pair.other} for pair in exclusions_among([*reasons, *of_skills])]
    crossing = {tuple(sorted(pair & reasons.keys() | {""})) for pair in found if len(pair & reasons.keys()) == 1}
    assert {code for _, code in crossing} == {code for code, reason in reasons.items() if reason.excluded_by}
    for code, reason in reasons.items():
        others = {other for pair in found if code in pair for other in pair & of_skills}
        assert others == ({reason.excluded_by} if reason.excluded_by else set()), code


def test_reasons_that_a_code_no_skill_knows_excludes_are_not_given_beside_it(planned: Planner) -> None:
    plan = planned({"clinical": {"conditions": [{"code": "N23", "prevalence": 1.0}]}, "utilization": "realistic"})
    rows, _ = made(replace(plan, count=500))
    codes = plan.dictionaries["encounters"]["reason_code"]
    assert not (rows.column("encounters", "reason_code") == codes.index("R10.9")).any()
    assert (rows.column("encounters", "reason_code") == codes.index("Z03.89")).any()


def test_explain_expects_the_rows_that_are_made(planned: Planner) -> None:
    for profile in (THREE_YEARS, FOUR_DIABETIC_YEARS):
        plan = planned(profile)
        told = explained(plan)
        assert told["estimated_rows"]["encounters"] == pytest.approx(made(plan)[1].rows["encounters"], rel=0.1)
        assert told["utilization"]["last_date"] == "2025-01-01"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("realistc", "did you mean realistic"),
        ({"level": "realistic", "lookback_years": 0}, r"\$.utilization.lookback_years"),
        ({"lookback_year": 3}, "did you mean lookback_years"),
        ({"lookback": "lifetime", "lookback_years": 3}, "contradict each other"),
    ],
)
def test_what_is_wrong_with_the_section_is_told(planned: Planner, asked: object, said: str) -> None:
    with pytest.raises(InvalidProfileError, match=said):
        planned({"utilization": asked})


def starts(rows: Rows) -> set[tuple[int, int, int]]:
    """Give person, class and beginning of all encounters."""
    columns = ("person_id", "class_code", "start_time")
    return set(zip(*(rows.column("encounters", name).tolist() for name in columns), strict=True))

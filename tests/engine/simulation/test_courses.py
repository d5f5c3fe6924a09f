"""Courses of drugs that visits leave people with, and the conditions that people have without being asked for."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from healthsim.planning import Plan
from healthsim.planning.testing import FIRST_NUMBER
from healthsim.reference import care_kinds
from healthsim.reference.courses import courses
from healthsim.simulation.block import block_of
from healthsim.simulation.visits import DAY
from healthsim.skills import skill_library
from samples import DIABETICS, Rows, made

Planner = Callable[..., Plan]

NATURAL: dict[str, Any] = {**DIABETICS, "utilization": {"conditions": "natural"}}


@pytest.fixture(scope="module")
def drawn(planned: Planner) -> tuple[Plan, Rows]:
    plan = planned(NATURAL)
    return plan, made(plan)[0]


def ordered_of(rows: Rows) -> dict[str, Any]:
    """Give the rows of medications that background care left."""
    columns = rows.columns("medications")
    chosen = columns["medication_id"] & 0xFFFF >= FIRST_NUMBER
    return {name: values[chosen] for name, values in columns.items()}


def test_a_course_is_for_what_its_visit_is_for_and_begins_that_day(drawn: tuple[Plan, Rows]) -> None:
    plan, rows = drawn
    ordered, seen = ordered_of(rows), rows.columns("encounters")
    place = {encounter: index for index, encounter in enumerate(seen["encounter_id"].tolist())}
    at = np.array([place[encounter] for encounter in ordered["encounter_id"].tolist()])
    assert len(at) > 500
    assert (seen["start_time"][at] // DAY == ordered["start_date"]).all()
    texts = plan.dictionaries
    reasons = np.array(texts["encounters"]["reason_code"])[seen["reason_code"][at]]
    assert (reasons == np.array(texts["medications"]["reason_code"])[ordered["reason_code"]]).all()
    drugs = np.array(texts["medications"]["rxnorm"])[ordered["rxnorm"]]
    assert set(zip(reasons, drugs, strict=True)) <= {(course.reason, course.rxnorm) for course in courses()}


def test_nobody_has_two_courses_within_a_month(drawn: tuple[Plan, Rows]) -> None:
    ordered = ordered_of(drawn[1])
    order = np.lexsort((ordered["start_date"], ordered["person_id"]))
    person, day = ordered["person_id"][order], ordered["start_date"][order].astype(np.int64)
    same = person[1:] == person[:-1]
    assert same.any()
    assert (np.diff(day)[same] >= 30).all()


def test_no_course_is_ordered_beside_what_the_table_forbids(drawn: tuple[Plan, Rows]) -> None:
    plan, rows = drawn
    block = block_of(plan, 0, plan.count)
    medications = plan.medications
    assert medications is not None
    assert block.medications is not None
    texts, ordered = plan.dictionaries["medications"], ordered_of(rows)
    group = np.array([each.drug.group for each in medications.drugs])[block.medications.entry]
    known = {(course.reason, course.rxnorm): course for course in courses()}
    for person, reason, drug in zip(*(ordered[name] for name in ("person_id", "reason_code", "rxnorm")), strict=True):
        course = known[texts["reason_code"][reason], texts["rxnorm"][drug]]
        assert not {course.group, *course.not_with} & set(group[block.medications.person == person - 1])
        slots = [medications.slots[each] for each in course.not_in if each in medications.slots]
        assert not block.held[person - 1, slots].any()


@pytest.mark.parametrize("block_size", [7, 500])
def test_blocks_of_any_size_order_the_same_courses(planned: Planner, block_size: int) -> None:
    plan = replace(planned(NATURAL), count=600 if block_size > 7 else 60)
    assert made(plan, block_size=block_size)[1].digest == made(plan)[1].digest


def test_conditions_nobody_asked_for_leave_those_asked_for_to_the_same_people(planned: Planner) -> None:
    asked = {**DIABETICS, "utilization": "realistic"}
    few, many = planned(asked), planned(NATURAL)
    first = [condition.id for condition in few.conditions.conditions]
    assert [condition.id for condition in many.conditions.conditions][: len(first)] == first
    assert [each.expected for each in many.conditions.conditions][: len(first)] == [
        each.expected for each in few.conditions.conditions
    ]
    assert {condition.id for condition in many.conditions.conditions} == {
        each.id for each in skill_library().conditions
    }
    held = block_of(many, 0, 1_000).held[:, : len(first)]
    assert (held == block_of(few, 0, 1_000).held).all()


def test_the_table_of_courses_is_about_reasons_that_there_are_and_its_shares_are_possible() -> None:
    reasons = {reason.code for kind in care_kinds() if kind.name in {"office", "emergency"} for reason in kind.reasons}
    conditions = {condition.id for condition in skill_library().conditions}
    groups = {drug.group for each in skill_library().conditions if each.treatment for drug in each.treatment.drugs}
    groups |= {course.group for course in courses()}
    for course in courses():
        assert course.reason in reasons
        assert set(course.not_in) <= conditions
        assert set(course.not_with) <= groups
        assert sum(other.share for other in courses() if other.reason == course.reason) <= 1

"""What payers are told of coverage adds up to the coverage that there is."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.simulation.payer.claims_drawn import relatives_of_size
from healthsim.planning import Plan
from healthsim.planning.payer.messages import KINDS, REASONS
from healthsim.simulation.payer.membership import OPEN, Membership
from healthsim.simulation.payer.recording import end_reasons
from healthsim.tables import MISSING
from samples import HARRIS, Rows, made

Planner = Callable[..., Plan]

MEMBERS: dict[str, Any] = {**HARRIS, "product": "membersim", "generation": {"count": 6_000, "seed": 10}}
ADDITION, CHANGE, TERMINATION, REINSTATEMENT = range(len(KINDS))


@pytest.fixture(name="rows", scope="module")
def members(planned: Planner) -> Rows:
    return made(planned(MEMBERS))[0]


def messages(rows: Rows, *kinds: int) -> dict[str, Any]:
    columns = rows.columns("enrollment_changes")
    wanted = np.isin(columns["type"], kinds)
    return {name: column[wanted] for name, column in columns.items()}


def test_every_enrollment_is_told_once_when_it_begins(rows: Rows) -> None:
    begun, spans = messages(rows, ADDITION, CHANGE), rows.columns("enrollments")
    order, by_id = np.argsort(spans["enrollment_id"]), np.argsort(begun["enrollment_id"])
    assert (begun["enrollment_id"][by_id] == spans["enrollment_id"][order]).all()
    assert (begun["effective_date"][by_id] == spans["start_date"][order]).all()
    assert (begun["recorded_date"][by_id] == spans["recorded_date"][order]).all()


def test_coverage_replayed_from_its_messages_is_the_coverage_there_is(rows: Rows) -> None:
    told, spans = rows.columns("enrollment_changes"), rows.columns("enrollments")
    last: dict[int, int] = {}
    for place in np.lexsort((told["type"], told["recorded_date"])).tolist():
        span, kind = int(told["enrollment_id"][place]), int(told["type"][place])
        last[span] = int(told["effective_date"][place]) if kind == TERMINATION else OPEN
    followed = set(zip(spans["person_id"].tolist(), spans["start_date"].tolist(), strict=True))
    for person, span, end in zip(spans["person_id"], spans["enrollment_id"], spans["end_date"], strict=True):
        expected = OPEN if end == MISSING else int(end)
        changed_within_payer = last[int(span)] == OPEN and (int(person), expected + 1) in followed
        assert changed_within_payer or last[int(span)] == expected


def test_a_reinstatement_takes_an_end_back_on_the_day_after_it(rows: Rows) -> None:
    restored, ended = messages(rows, REINSTATEMENT), messages(rows, TERMINATION)
    assert len(restored["person_id"]) > 50
    ends = dict(zip(zip(ended["person_id"], ended["effective_date"], strict=True), ended["recorded_date"], strict=True))
    for person, day, recorded in zip(
        restored["person_id"], restored["effective_date"], restored["recorded_date"], strict=True
    ):
        assert day <= ends[person, day - 1] < recorded


def test_who_did_not_pay_is_ended_when_the_grace_is_over(rows: Rows) -> None:
    ended = messages(rows, TERMINATION)
    restored = messages(rows, REINSTATEMENT)
    taken_back = np.isin(ended["change_id"] >> 16, restored["change_id"] >> 16)
    unpaid = (ended["reason"] == REASONS.index("premium not paid")) & ~taken_back
    assert unpaid.sum() > 20
    assert set(ended["recorded_date"][unpaid] - ended["effective_date"][unpaid]) == {61}
    assert ended["is_retroactive"][unpaid].all()


def test_newborns_are_enrolled_from_birth_within_thirty_days_of_it(rows: Rows) -> None:
    begun = messages(rows, ADDITION)
    born = rows.column("patients", "birth_date")[begun["person_id"] - 1]
    newborn = begun["reason"] == REASONS.index("birth")
    assert newborn.sum() > 100
    assert (newborn == (begun["effective_date"] == born)).all()
    late = (begun["recorded_date"] - born)[newborn]
    assert (late.min(), late.max()) == (1, 30)


def test_lapses_are_as_common_as_their_figure_says(planned: Planner) -> None:
    mix = {"medicaid": 1.0}
    plan = planned({**MEMBERS, "coverage": {"payer_mix": mix, "years": 5}})
    rows = made(plan)[0]
    assert plan.others.coverage is not None
    share = plan.others.coverage.messages.lapse.max()
    covered = rows.columns("enrollments")
    end = np.where(covered["end_date"] == MISSING, covered["start_date"].max(), covered["end_date"])
    years = (end - covered["start_date"]).sum() / 365.25
    assert len(messages(rows, REINSTATEMENT)["person_id"]) / years == pytest.approx(share, rel=0.15)


def test_without_changes_nothing_is_taken_back(planned: Planner) -> None:
    rows = made(planned({**MEMBERS, "coverage": {"changes": "none"}}))[0]
    assert not len(messages(rows, REINSTATEMENT)["person_id"])


@pytest.mark.parametrize("block_size", [1, 11])
def test_blocks_of_any_size_make_the_same_messages(planned: Planner, block_size: int) -> None:
    plan = replace(planned(MEMBERS), count=80)
    few, many = made(plan, block_size=block_size)[0], made(plan, block_size=80)[0]
    for name, column in many.columns("enrollment_changes").items():
        assert (few.column("enrollment_changes", name) == column).all()


def test_coverage_ends_by_what_happened_on_its_last_day() -> None:
    person, none = np.array([0, 0, 1, 2, 3, 4]), np.zeros(5, np.int64)
    spans = Membership(
        person=person,
        plan=np.zeros(6, np.int64),
        start_day=np.array([0, 31, 0, 0, 0, 0]),
        end_day=np.array([30, OPEN, 30, 17, 18, 30]),
        member_id=none,
        relationship=none,
        household_size=none,
        household=relatives_of_size(np.ones(5, np.int64)),
    )
    died = np.array([MISSING, MISSING, 17, MISSING, MISSING])
    left = np.array([MISSING, MISSING, MISSING, 18, 30])
    assert end_reasons(spans, died, left).tolist() == [0, -1, 1, 2, 3, 3]

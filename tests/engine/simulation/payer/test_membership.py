"""Coverage: everybody is insured as their patient's row says, by spans that cannot contradict each other."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.simulation.payer.claims_drawn import relatives_of_size
from healthsim import generate
from healthsim.errors import InvalidInputError, InvalidProfileError
from healthsim.planning import Plan
from healthsim.simulation.payer.membership import OPEN, Membership
from healthsim.spec import parse_profile
from healthsim.tables import MISSING
from samples import HARRIS, Rows, made

Planner = Callable[..., Plan]

MEMBERS: dict[str, Any] = {**HARRIS, "product": "membersim", "generation": {"count": 4_000, "seed": 9}}


def members_of(planned: Planner, **sections: object) -> tuple[Plan, Rows]:
    plan = planned({**MEMBERS, **sections})
    return plan, made(plan)[0]


def payer_of_plan(plan: Plan, ids: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    assert plan.others.coverage is not None
    return np.array([each.members for each in plan.others.coverage.benefits.plans])[ids - 1]


def test_no_two_spans_of_a_member_overlap_and_each_lies_in_their_life(planned: Planner) -> None:
    _, rows = members_of(planned)
    spans = rows.columns("enrollments")
    order = np.lexsort((spans["start_date"], spans["person_id"]))
    person, start = spans["person_id"][order], spans["start_date"][order]
    end = np.where(spans["end_date"][order] == MISSING, OPEN, spans["end_date"][order])
    assert (start <= end).all()
    assert (start >= rows.column("patients", "birth_date")[person - 1]).all()
    follows = person[1:] == person[:-1]
    assert follows.sum() > 100
    assert (start[1:] > end[:-1])[follows].all()


def test_who_is_covered_now_is_who_the_patients_say_is_insured(planned: Planner) -> None:
    plan, rows = members_of(planned)
    texts = plan.dictionaries["patients"]["insurance"]
    spans = rows.columns("enrollments")
    now = spans["end_date"] == MISSING
    said = np.array(texts)[rows.column("patients", "insurance")]
    assert (payer_of_plan(plan, spans["plan_id"][now]) == said[spans["person_id"][now] - 1]).all()
    assert now.sum() == (said != "uninsured").sum()


def test_medicare_by_age_begins_with_the_month_of_the_65th_birthday(planned: Planner) -> None:
    plan, rows = members_of(planned)
    spans = rows.columns("enrollments")
    is_medicare = payer_of_plan(plan, spans["plan_id"]) == "medicare"
    age = (plan.as_of.toordinal() - 719_163 - rows.column("patients", "birth_date")) / 365.25
    lived = (spans["start_date"] - rows.column("patients", "birth_date")[spans["person_id"] - 1]) / 365.25
    old = is_medicare & (age[spans["person_id"] - 1] >= 65.1)
    assert old.sum() > 200
    assert lived[old].min() > 64.9


def test_asked_shares_of_payers_hold(planned: Planner) -> None:
    mix = {"uninsured": 0.05, "private": 0.35, "medicare": 0.3, "medicaid": 0.3}
    plan, rows = members_of(planned, coverage={"payer_mix": mix})
    texts = plan.dictionaries["patients"]["insurance"]
    counts = np.bincount(rows.column("patients", "insurance"), minlength=4) / plan.count
    for payer, share in mix.items():
        assert counts[texts.index(payer)] == pytest.approx(share, abs=0.025)


def test_asked_plans_are_the_only_ones_of_their_payer(planned: Planner) -> None:
    plan, rows = members_of(planned, coverage={"plans": ["hdhp-employer"]})
    assert plan.others.coverage is not None
    names = np.array([each.id for each in plan.others.coverage.benefits.plans])
    private = payer_of_plan(plan, rows.column("enrollments", "plan_id")) == "private"
    assert set(names[rows.column("enrollments", "plan_id") - 1][private]) == {"hdhp-employer"}


def test_without_changes_everybody_has_one_span_unless_medicare_begins(planned: Planner) -> None:
    plan, rows = members_of(planned, coverage={"changes": "none"})
    spans = rows.columns("enrollments")
    _, counts = np.unique(spans["person_id"], return_counts=True)
    assert counts.max() == 2
    twice = np.unique(spans["person_id"])[counts == 2]
    last = np.isin(spans["person_id"], twice) & (spans["end_date"] == MISSING)
    assert set(payer_of_plan(plan, spans["plan_id"][last])) == {"medicare"}


def test_more_years_change_nothing_of_the_years_before(planned: Planner) -> None:
    _, few = members_of(planned, coverage={"years": 2})
    _, many = members_of(planned, coverage={"years": 6})
    after = few.column("members", "first_covered").min() + LONGEST_GAP
    assert begun(few, after) == begun(many, after)
    assert len(begun(few, after)) > 300


LONGEST_GAP = 190


def begun(rows: Rows, after: int) -> set[tuple[int, ...]]:
    spans = rows.columns("enrollments")
    late = spans["start_date"] > after
    return set(zip(*(spans[name][late].tolist() for name in ("person_id", "start_date", "plan_id")), strict=True))


@pytest.mark.parametrize("block_size", [1, 7, 1_000])
def test_blocks_of_any_size_make_the_same_members(planned: Planner, block_size: int) -> None:
    plan = replace(planned(MEMBERS), count=60 if block_size < 100 else 2_000)
    assert made(plan, block_size=block_size)[1].digest == made(plan, block_size=plan.count)[1].digest


def test_nobody_is_covered_after_death(planned: Planner) -> None:
    journey = {
        "id": "end",
        "duration_days": 300,
        "events": [{"id": "death", "event_type": "death", "timing": {"type": "fixed", "day": 200}, "probability": 0.5}],
    }
    _, rows = members_of(planned, journeys=[journey])
    died = rows.column("patients", "deceased_date")
    spans = rows.columns("enrollments")
    dies = died[spans["person_id"] - 1]
    dead = dies != MISSING
    assert dead.sum() > 100
    assert (spans["end_date"][dead] != MISSING).all()
    assert (spans["end_date"][dead] <= dies[dead]).all()


def test_households_have_a_subscriber_at_most_a_spouse_and_children_of_their_parents(planned: Planner) -> None:
    plan, rows = members_of(planned)
    members, relatives = rows.columns("members"), rows.columns("relatives")
    size = dict(zip(members["person_id"].tolist(), members["household_size"].tolist(), strict=True))
    own = dict(zip(members["person_id"].tolist(), members["relationship"].tolist(), strict=True))
    numbers = np.concatenate([members["member_number"], relatives["relative_id"]])
    assert len(np.unique(numbers)) == len(numbers)
    assert len(relatives["person_id"]) == sum(size.values()) - len(size)
    born = dict(
        zip(rows.column("patients", "person_id").tolist(), rows.column("patients", "birth_date").tolist(), strict=True)
    )
    as_of = plan.as_of.toordinal() - 719_163
    households: dict[int, list[tuple[int, int]]] = {
        person: [(own[person], born[person])] for person in size if size[person] > 1
    }
    for person, kind, day in zip(
        *(relatives[name].tolist() for name in ("person_id", "relationship", "birth_date")), strict=True
    ):
        households[person].append((kind, day))
    assert len(households) > 800
    for people in households.values():
        kinds = [kind for kind, _ in people]
        assert kinds.count(0) == 1
        assert kinds.count(1) <= 1
        grown = [day for kind, day in people if kind < 2]
        children = [day for kind, day in people if kind == 2]
        assert max(grown) <= as_of - 18 * 365
        assert all(as_of - 26 * 366 < day <= as_of for day in children)
        assert not children or min(children) >= min(grown) + 17 * 365


def test_what_families_owe_is_what_the_member_and_each_relative_owes(planned: Planner) -> None:
    _, rows = members_of(planned, utilization="realistic", generation={"count": 1_500, "seed": 9})
    accumulators, relatives = rows.columns("accumulators"), rows.columns("relative_accumulators")
    for own, family, limit in (
        ("deductible", "family_deductible", "family_deductible_limit"),
        ("out_of_pocket", "family_out_of_pocket", "family_out_of_pocket_limit"),
    ):
        place = np.searchsorted(accumulators["accumulator_id"], relatives["accumulator_id"])
        assert (accumulators["accumulator_id"][place] == relatives["accumulator_id"]).all()
        added = np.zeros(len(accumulators["accumulator_id"]), np.int64)
        np.add.at(added, place, relatives[own])
        assert (accumulators[family] == accumulators[own] + added).all()
        has_limit = accumulators[limit] != MISSING
        assert (accumulators[family] <= accumulators[limit])[has_limit].all()
    assert (relatives["deductible"] <= relatives["out_of_pocket"]).all()
    assert (relatives["out_of_pocket"] > 0).all()
    assert len(relatives["deductible"]) > 500


def test_the_span_of_a_day_is_the_one_that_covers_it() -> None:
    none = np.zeros(2, np.int64)
    spans = Membership(
        person=np.array([0, 0, 1]),
        plan=np.array([3, 4, 5]),
        start_day=np.array([-50, 100, 10]),
        end_day=np.array([80, OPEN, 20]),
        member_id=none,
        relationship=none,
        household_size=none,
        household=relatives_of_size(np.ones(2, np.int64)),
    )
    person, day = np.array([0, 0, 0, 0, 1, 1, 1, 0]), np.array([-50, 80, 81, 5_000, 9, 10, 21, -51])
    assert spans.span_at(person, day).tolist() == [0, 0, -1, 1, -1, 2, -1, -1]


@pytest.mark.parametrize(
    ("coverage", "path", "hint"),
    [
        ({"plans": ["ppo-employr"]}, "$.coverage.plans[0]", "ppo-employer"),
        ({"payer_mix": {"private": 0.4}}, "$.coverage.payer_mix", "sum to 1"),
        (
            {"plans": ["ppo-employer"], "payer_mix": {"private": 0.5, "medicare": 0.5}},
            "$.coverage.payer_mix.medicare",
            "",
        ),
        ({"year": 3}, "$.coverage.year", "years"),
    ],
)
def test_bad_coverage_is_told_with_its_path(planned: Planner, coverage: object, path: str, hint: str) -> None:
    with pytest.raises(InvalidProfileError) as error:
        planned({**MEMBERS, "coverage": coverage})
    problem = next(each for each in error.value.problems if each.path == path)
    assert hint in str(problem)


def test_coverage_belongs_to_products_with_insurance() -> None:
    with pytest.raises(InvalidProfileError, match="membersim"):
        parse_profile({**HARRIS, "coverage": {"years": 2}})


def test_journeys_enroll_people_check_that_they_are_covered_and_let_them_leave(planned: Planner) -> None:
    journey = {
        "id": "joining",
        "duration_days": 200,
        "events": [
            {"id": "before", "event_type": "eligibility_check", "timing": {"type": "fixed", "day": 5}},
            {
                "id": "joins",
                "event_type": "enrollment",
                "timing": {"type": "fixed", "day": 10},
                "parameters": {"plan": "hmo-employer"},
            },
            {"id": "within", "event_type": "eligibility_check", "timing": {"type": "fixed", "day": 30}},
            {
                "id": "leaves",
                "event_type": "disenrollment",
                "timing": {"type": "fixed", "day": 90},
                "probability": 0.5,
            },
        ],
    }
    plan, rows = members_of(
        planned,
        journeys=[journey],
        start_date="2024-03-01",
        demographics={**HARRIS["demographics"], "age": {"min": 2, "max": 90}},
    )
    assert plan.others.coverage is not None
    names = np.array([each.id for each in plan.others.coverage.benefits.plans])
    spans, checks = rows.columns("enrollments"), rows.columns("eligibility_checks")
    assert set(names[spans["plan_id"] - 1]) == {"hmo-employer"}
    assert set((spans["end_date"] - spans["start_date"])[spans["end_date"] != MISSING]) == {80}
    assert 0.4 < (spans["end_date"] != MISSING).mean() < 0.6
    reasons = plan.dictionaries["enrollments"]["end_reason"]
    assert {reasons[reason] for reason in spans["end_reason"][spans["end_reason"] >= 0]} == {"left"}
    days = np.unique(checks["checked_date"])
    assert [checks["is_eligible"][checks["checked_date"] == day].mean() for day in days] == [0.0, 1.0]


def test_events_of_insurance_need_its_product() -> None:
    with pytest.raises(InvalidInputError, match="add membersim to products"):
        generate(profile={**HARRIS, "journeys": ["new-member-onboarding"]})

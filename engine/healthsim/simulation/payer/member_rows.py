"""The tables of coverage: plans, members and their enrollments."""

import numpy as np

from healthsim.planning.payer.coverage_plan import TIERS, CoveragePlan
from healthsim.planning.payer.insurance import BASIS
from healthsim.planning.payer.services import SERVICES
from healthsim.planning.plan import Ints, Plan
from healthsim.simulation.block import Block
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.events.marked import marks_of
from healthsim.simulation.payer.household import SUFFIXES
from healthsim.simulation.payer.membership import OPEN, Membership
from healthsim.simulation.payer.recording import enrollment_ids
from healthsim.tables import MISSING, Batch, Column

_GROUPS = 5_000
"""Employers' groups that members of private plans belong to, by a rule."""


def plan_rows(plan: CoveragePlan) -> Batch:
    """Describe the plans that members may have."""
    benefits = plan.benefits
    plans = benefits.plans
    unlimited = np.array([each.out_of_pocket_maximum is None for each in plans])
    columns: dict[str, Column] = {
        "plan_id": np.arange(len(plans)) + 1,
        "plan_key": np.array([each.id for each in plans], object),
        **{
            name: np.array([getattr(each, name) for each in plans], object)
            for name in ("name", "payer", "line_of_business", "type", "metal")
        },
        "monthly_premium": plan.premium[:, 0],
        "deductible_individual": benefits.deductible,
        "deductible_family": benefits.family_deductible,
        "hospital_deductible": benefits.hospital_deductible,
        "out_of_pocket_individual": np.where(unlimited, MISSING, benefits.maximum),
        "out_of_pocket_family": np.where(unlimited, MISSING, benefits.family_maximum),
        "primary_care_copay": _copays(plan, "primary_care"),
        "specialist_copay": _copays(plan, "specialist"),
        "coinsurance": benefits.coinsurance[:, SERVICES.index("other")] / BASIS,
        "needs_network": benefits.needs_network,
    }
    return Batch("plans", len(plans), columns)


def member_rows(plan: CoveragePlan, block: Block, membership: Membership) -> Batch:
    """Describe everybody who was covered at some time."""
    member = np.flatnonzero(membership.member_id != MISSING)
    first, last = _bounds(membership, member)
    relationship, size = membership.relationship[member], membership.household_size[member]
    ids = block.people.ids[member]
    columns: dict[str, Column] = {
        "person_id": ids,
        "member_number": membership.member_id[member],
        "subscriber_number": ids * SUFFIXES + 1,
        "relationship": relationship,
        "coverage_tier": np.minimum(size, len(TIERS)) - 1,
        "household_size": size,
        "group_number": np.where(_is_private(plan, membership, first), ids % _GROUPS, MISSING),
        "first_covered": membership.start_day[first],
        "last_covered": np.where(membership.end_day[last] == OPEN, MISSING, membership.end_day[last]),
    }
    return Batch("members", len(member), columns)


def relative_rows(block: Block, membership: Membership) -> Batch:
    """Describe the relatives under the policies of members who are no patients of the cohort."""
    household = membership.household
    ids = block.people.ids[household.person]
    columns: dict[str, Column] = {
        "person_id": ids,
        "relative_id": household.number,
        "subscriber_number": ids * SUFFIXES + 1,
        "relationship": household.relationship,
        "birth_date": household.birth_day,
        "gender": household.sex,
    }
    return Batch("relatives", len(ids), columns)


def enrollment_rows(plan: CoveragePlan, block: Block, membership: Membership, ending: Ints, recorded: Ints) -> Batch:
    """Describe the spans of coverage.

    Args:
        plan: The plan of coverage.
        block: The people.
        membership: The spans.
        ending: Why they end, shape `(spans,)`, as `end_reasons`.
        recorded: When their beginnings are recorded, likewise, as `recorded_dates`.
    """
    person = membership.person
    ids = block.people.ids[person]
    is_open = membership.end_day == OPEN
    columns: dict[str, Column] = {
        "person_id": ids,
        "enrollment_id": enrollment_ids(plan, block.people, membership),
        "member_number": membership.member_id[person],
        "plan_id": membership.plan + 1,
        "start_date": membership.start_day,
        "end_date": np.where(is_open, MISSING, membership.end_day),
        "end_reason": ending,
        "recorded_date": recorded,
        "monthly_premium": plan.premium[membership.plan, membership.household_size[person] - 1],
    }
    return Batch("enrollments", len(person), columns)


def eligibility_rows(plan: Plan, block: Block, membership: Membership) -> Batch:
    """Describe the checks of eligibility that journeys ask for, and what the payer answers."""
    checks = marks_of(plan, block, "eligibility_check")
    span = membership.span_at(checks.person, checks.day)
    ids = block.people.ids[checks.person]
    columns: dict[str, Column] = {
        "person_id": ids,
        "check_id": (ids << SLOT_BITS) + checks.number,
        "checked_date": checks.day,
        "is_eligible": span >= 0,
        "plan_id": np.where(span >= 0, membership.plan[span] + 1 if len(membership.plan) else MISSING, MISSING),
    }
    return Batch("eligibility_checks", len(ids), columns)


def _copays(plan: CoveragePlan, service: str) -> Ints:
    copay = plan.benefits.copay[:, SERVICES.index(service)]
    return np.where(copay < 0, MISSING, copay)


def _bounds(membership: Membership, member: Ints) -> tuple[Ints, Ints]:
    """Give the places of members' first and last spans."""
    first = np.searchsorted(membership.person, member, side="left")
    return first, np.searchsorted(membership.person, member, side="right") - 1


def _is_private(plan: CoveragePlan, membership: Membership, spans: Ints) -> Booleans:
    private = np.array([each.line_of_business == "commercial" for each in plan.benefits.plans], np.bool_)
    is_private: Booleans = private[membership.plan[spans]]
    return is_private

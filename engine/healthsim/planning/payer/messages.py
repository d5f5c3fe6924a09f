"""Messages on enrollment, planned: when payers learn that coverage begins and ends, and what they take back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from healthsim.randomness import Floats, Ints
from healthsim.spec.insurance import InsurancePlan

KINDS = ("addition", "change", "termination", "reinstatement")
"""What a message does; in X12 834 the maintenance types 021, 001, 024 and 025."""

REASONS = (
    "first enrollment",
    "birth",
    "enrolled again",
    "other plan",
    "eligibility ended",
    "job ended",
    "premium not paid",
    "death",
    "left",
)
"""Why; in X12 834 the maintenance reasons 28, 02, 41, 22, 07, 08, 59, 03 and 14."""


@dataclass(frozen=True, slots=True)
class MessagesPlan:
    """What becomes known of coverage, and how late; shape `(plans,)` each where it differs by plan.

    Attributes:
        payer: Number of the payer that runs a plan.
        unpaid: Chance that coverage that is lost was not paid for.
        ended: Place in `REASONS` of why other coverage is lost.
        late: Chance that the end of coverage is told after it.
        late_days: Most days of that.
        grace_days: Days from the last day covered to the end of the grace period of who does not pay.
        notice_days: Days before its end that coverage is ended, otherwise.
        lapse: Chance in a year that coverage is ended by mistake or for want of papers, and restored without a gap.
        lapse_days: Most days until it is.
        birth_days: Most days after birth that a newborn is enrolled.
        death_days: Most days after death that coverage is ended.
    """

    payer: Ints
    unpaid: Floats
    ended: Ints
    late: Floats
    late_days: int
    grace_days: int
    notice_days: int
    lapse: Floats
    lapse_days: int
    birth_days: int
    death_days: int


def planned_messages(figures: Mapping[str, Any], plans: Sequence[InsurancePlan], *, is_changing: bool) -> MessagesPlan:
    """Plan the messages on enrollment.

    Args:
        figures: Section `messages` of `benefits/membership.json`.
        plans: The insurance plans that members may have.
        is_changing: Whether coverage changes as in life.
    """
    payers = sorted({plan.payer for plan in plans})
    ends, lapses = figures["ends"], figures["lapses"]
    lines = [ends[plan.line_of_business] for plan in plans]
    return MessagesPlan(
        payer=np.array([payers.index(plan.payer) for plan in plans]),
        unpaid=np.array([float(line["unpaid"]) for line in lines]),
        ended=np.array([REASONS.index(line["reason"]) for line in lines]),
        late=np.array([float(line["late"]) for line in lines]),
        late_days=ends["late_days"],
        grace_days=ends["grace_days"],
        notice_days=ends["notice_days"],
        lapse=np.array([float(lapses[plan.members]) for plan in plans]) * is_changing,
        lapse_days=lapses["most_days"],
        birth_days=figures["birth"]["most_days"],
        death_days=figures["death"]["most_days"],
    )

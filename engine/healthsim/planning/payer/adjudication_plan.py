"""What a plan says of how payers handle claims."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.payer.insurance import Benefits
from healthsim.randomness import CategoryTable, Floats, Ints

Booleans = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class DenialPlan:
    """Why and how often claims are denied.

    Attributes:
        names: Reasons, in the order of their shares.
        carc: Index of each reason's code among `carcs`, shape `(reasons,)`; of the contractual adjustment last.
        rarc: Index among `rarcs`; -1 for none, of the same shape.
        group: Place in `GROUP_CODES`, of the same shape.
        carcs: Claim adjustment reason codes.
        rarcs: Remittance advice remark codes.
        initial: Reason of a first denial, by insurance plan and whether outside the network: row `2 * plan + outside`;
            the category behind the last reason stands for none.
        unauthorized: Share of claims that need an authorization and are submitted without, by the same row.
        duplicated: Share of claims that are sent again, by line.
        resubmitted: Share of claims denied for each reason that are sent again, shape `(reasons,)`.
        paid_later: Share of these that are paid, by line.
    """

    names: tuple[str, ...]
    carc: Ints
    rarc: Ints
    group: Ints
    carcs: tuple[str, ...]
    rarcs: tuple[str, ...]
    initial: CategoryTable
    unauthorized: Floats
    duplicated: Floats
    resubmitted: Floats
    paid_later: Floats


@dataclass(frozen=True, slots=True)
class AuthorizationPlan:
    """Which services need prior authorization, and how it is decided.

    Attributes:
        required: Share of claims that need it, by insurance plan and place in `SERVICES`, shape `(plans, services)`.
        denied: Share of requests denied, by line.
        appealed: Share of denials appealed, by line.
        overturned: Share of appeals that overturn them, by line.
        urgent: Share of requests that are urgent.
        decision_days: Days within which standard and urgent requests are decided.
        request_days: Days before the service that they are made, at most.
        appeal_days: Days within which an appeal is filed, and then decided.
    """

    required: Floats
    denied: Floats
    appealed: Floats
    overturned: Floats
    urgent: float
    decision_days: tuple[int, int]
    request_days: int
    appeal_days: tuple[int, int]


@dataclass(frozen=True, slots=True)
class HandlingPlan:
    """How claims come to payers and are handled there; days and cents.

    Attributes:
        received: Days from the last service to the claim, equally likely steps by kind of claim.
        decided: Days from then to the decision, equally likely steps, shape `(steps,)`.
        resubmitted: Least and most days from a denial to the next submission.
        duplicated: Least and most days from the first submission to the same claim again.
        taken_back: Least and most days from a decision to its reversal.
        last_day: Last day that claims are followed; those undecided then are pending.
        adjusted: Share of paid claims that are decided on again.
        underpaid: Basis points that they had been priced too low.
        voided: Share of paid claims that the provider takes back.
        uncovered: Share of services near a coverage that are billed to it.
        days_after: How near its end that is.
        days_before: How near its begin that is.
        secondary: Share of members whose plan pays second, by line.
        paid_before: Least and most percent of the allowed that the first payer pays.
        relatives: What a relative pays in a year, equally likely steps, shape `(steps,)`.
        relatives_deductible: Basis points of it that count to the deductible.
        late_day: Of each day of a benefit period from the 61st.
        period_days: Days out of hospital after which a benefit period ends.
        payday: Day of the week on which payers pay, days since 1970-01-01 modulo 7.
    """

    received: tuple[Ints, ...]
    decided: Ints
    resubmitted: tuple[int, int]
    duplicated: tuple[int, int]
    taken_back: tuple[int, int]
    last_day: int
    adjusted: float
    underpaid: int
    voided: float
    uncovered: float
    days_after: int
    days_before: int
    secondary: Floats
    paid_before: tuple[int, int]
    relatives: Ints
    relatives_deductible: int
    late_day: int
    period_days: int
    payday: int


@dataclass(frozen=True, slots=True)
class AdjudicationPlan:
    """How payers handle claims.

    Attributes:
        benefits: What plans pay and leave to their members.
        line: Place of each plan's line of business in `LINES`, shape `(plans,)`.
        denials: Why and how often claims are denied.
        authorizations: Which services need prior authorization.
        handling: How claims are handled otherwise.
        sources: Where the figures are from.
    """

    benefits: Benefits
    line: Ints
    denials: DenialPlan
    authorizations: AuthorizationPlan
    handling: HandlingPlan
    sources: tuple[str, ...]

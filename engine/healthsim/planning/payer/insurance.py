"""Insurance plans as columns: what every plan pays for every service, in cents and basis points."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from healthsim.content import content_directory
from healthsim.planning.payer.services import SERVICES
from healthsim.spec.insurance import CostSharing, InsurancePlan, PerHousehold

Ints = NDArray[np.int64]

BASIS = 10_000
"""Basis points of one."""

UNLIMITED = 2**40
"""Stands for no limit, cents."""

_CENTS = 100


@dataclass(frozen=True, slots=True)
class Benefits:
    """What plans cost and pay, by their places; money in cents, shares in basis points.

    Attributes:
        plans: The plans.
        deductible: Of one person, a year, shape `(plans,)`.
        family_deductible: Of a household.
        maximum: Most that one person pays a year; `UNLIMITED` for no limit.
        family_maximum: Most that a household pays.
        hospital_deductible: What is paid first of a stay, 0 for none.
        copay: By plan and service (`SERVICES`), shape `(plans, services)`; -1 where coinsurance holds.
        coinsurance: Share of the allowed after the deductible, of the same shape; 0 where a copay holds.
        price: Multiple of Medicare's rates by plan and kind of claim (professional, outpatient, inpatient), shape
            `(plans, 3)`.
        needs_network: Whether providers outside the network are not paid, shape `(plans,)`.
        needs_authorization: Which services need authorization, shape `(plans, services)`.
    """

    plans: tuple[InsurancePlan, ...]
    deductible: Ints
    family_deductible: Ints
    maximum: Ints
    family_maximum: Ints
    hospital_deductible: Ints
    copay: Ints
    coinsurance: Ints
    price: Ints
    needs_network: NDArray[np.bool_]
    needs_authorization: NDArray[np.bool_]


@cache
def insurance_plans() -> tuple[InsurancePlan, ...]:
    """Give the plans that come with the package."""
    document = json.loads((content_directory("benefits") / "plans.json").read_text(encoding="utf-8"))
    return tuple(InsurancePlan.model_validate(plan) for plan in document["plans"])


def benefits_of(plans: Sequence[InsurancePlan]) -> Benefits:
    """Write plans as columns."""
    shares = [[_share(plan, service) for service in SERVICES] for plan in plans]
    limits = [plan.out_of_pocket_maximum for plan in plans]
    return Benefits(
        plans=tuple(plans),
        deductible=np.array([_cents(plan.deductible.individual) for plan in plans]),
        family_deductible=np.array([_cents(plan.deductible.family) for plan in plans]),
        maximum=np.array([UNLIMITED if limit is None else _cents(limit.individual) for limit in limits]),
        family_maximum=np.array([_family(limit) for limit in limits]),
        hospital_deductible=np.array([_cents(plan.hospital_deductible or 0) for plan in plans]),
        copay=np.array([[-1 if share.copay is None else _cents(share.copay) for share in row] for row in shares]),
        coinsurance=np.array([[_basis_points(share.coinsurance or 0) for share in row] for row in shares]),
        price=np.array(
            [
                [_basis_points(getattr(plan.price, kind)) for kind in ("professional", "outpatient", "inpatient")]
                for plan in plans
            ]
        ),
        needs_network=np.array([plan.needs_network for plan in plans], np.bool_),
        needs_authorization=np.array(
            [[service in plan.needs_authorization for service in SERVICES] for plan in plans], np.bool_
        ),
    )


def _share(plan: InsurancePlan, service: str) -> CostSharing:
    shares = {str(name): share for name, share in plan.cost_sharing.items()}
    return shares.get(service, shares["default"])


def _family(limit: PerHousehold | None) -> int:
    return UNLIMITED if limit is None else _cents(limit.family)


def _cents(dollars: float) -> int:
    return round(dollars * _CENTS)


def _basis_points(share: float) -> int:
    return round(share * BASIS)

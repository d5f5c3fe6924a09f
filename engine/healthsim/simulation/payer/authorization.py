"""Prior authorizations: requests before services that need them, decisions, and appeals."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.payer.adjudication_plan import AdjudicationPlan, AuthorizationPlan, Booleans
from healthsim.planning.payer.services import SERVICES
from healthsim.planning.plan import Ints
from healthsim.randomness import Draws
from healthsim.simulation.payer.charges import CLAIM_KINDS, Charges
from healthsim.tables import MISSING

_INPATIENT = CLAIM_KINDS.index("inpatient")
_INPATIENT_SERVICE = SERVICES.index("inpatient")
_EMERGENCY_ADMISSION = 1
_EXPEDITED_DAYS = 3


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests for authorization, shape `(requests,)`; days since 1970-01-01, `MISSING` for what did not happen.

    Attributes:
        charge: The claim they are for, ascending.
        requested_day: When it was asked for.
        decided_day: When it was decided.
        is_urgent: Whether it was asked for as urgent.
        is_denied: Whether it was denied at first.
        appealed_day: When that was appealed.
        appeal_decided_day: When the appeal was decided.
        is_overturned: Whether it was granted then.
        is_retrospective: Whether it was asked for after the service.
    """

    charge: Ints
    requested_day: Ints
    decided_day: Ints
    is_urgent: Booleans
    is_denied: Booleans
    appealed_day: Ints
    appeal_decided_day: Ints
    is_overturned: Booleans
    is_retrospective: Booleans


def leading_line(charges: Charges) -> Ints:
    """Give the first line of each claim, shape `(claims,)`."""
    lines: Ints = np.searchsorted(charges.claim, np.arange(len(charges.person)))
    return lines


def needing_authorization(
    plan: AdjudicationPlan, charges: Charges, insurance: Ints, covered: Ints, draws: Draws
) -> Ints:
    """Give the places among `covered` of claims that need authorization.

    Of services in a hospital it is the hospital's own claim that needs it.

    Args:
        plan: How claims are handled.
        charges: All claims.
        insurance: Insurance plans of the covered ones.
        covered: Which claims are covered.
        draws: Draws of their people.
    """
    service = charges.service[leading_line(charges)[covered]]
    share = plan.authorizations.required[insurance, service]
    is_doctors = (service == _INPATIENT_SERVICE) & (charges.kind[covered] != _INPATIENT)
    drawn = draws.event_uniform("payer:authorization:needed", charges.number[covered]) < share
    return np.flatnonzero(drawn & ~is_doctors)


def requests_for(
    plan: AuthorizationPlan, charges: Charges, charge: Ints, line: Ints, earliest: Ints, draws: Draws
) -> Requests:
    """Draw requests before services, and what became of them.

    A stay that begins as an emergency is asked for on its first day.

    Args:
        plan: How requests are decided.
        charges: All claims.
        charge: Those that an authorization is asked for.
        line: Line of business of their plans.
        earliest: First day of the coverage.
        draws: Draws of their people.
    """
    number, service_day = charges.number[charge], charges.from_day[charge]
    is_unplanned = (charges.kind[charge] == _INPATIENT) & (charges.admission_type[charge] == _EMERGENCY_ADMISSION)
    is_urgent = is_unplanned | (draws.event_uniform("payer:authorization:urgent", number) < plan.urgent)
    is_denied = draws.event_uniform("payer:authorization:denied", number) < plan.denied[line]
    is_appealed = is_denied & (draws.event_uniform("payer:authorization:appealed", number) < plan.appealed[line])
    is_overturned = is_appealed & (
        draws.event_uniform("payer:authorization:overturned", number) < plan.overturned[line]
    )
    most = np.where(is_urgent, plan.decision_days[1], plan.decision_days[0])
    takes = _days(draws, number, 0, most)
    filed = _days(draws, number, 1, np.where(is_urgent, _EXPEDITED_DAYS, plan.appeal_days[0]))
    heard = _days(draws, number, 2, np.where(is_urgent, _EXPEDITED_DAYS, plan.appeal_days[1]))
    appeal = np.where(is_appealed, filed + heard, 0)
    ahead = 1 + _days(draws, number, 3, plan.request_days - 1)
    requested = np.where(is_unplanned, service_day, service_day - ahead - takes - appeal)
    requested = np.maximum(requested, earliest)
    decided = requested + takes
    return Requests(
        charge=charge,
        requested_day=requested,
        decided_day=decided,
        is_urgent=is_urgent,
        is_denied=is_denied,
        appealed_day=np.where(is_appealed, decided + filed, MISSING),
        appeal_decided_day=np.where(is_appealed, decided + filed + heard, MISSING),
        is_overturned=is_overturned,
        is_retrospective=np.zeros(len(charge), np.bool_),
    )


def retrospective(charge: Ints, requested: Ints, decided: Ints) -> Requests:
    """Give requests that were made, and granted, after a claim had been denied for the want of one.

    Args:
        charge: The claims.
        requested: When the authorization was asked for.
        decided: When it was granted.
    """
    none, missing = np.zeros(len(charge), np.bool_), np.full(len(charge), MISSING)
    return Requests(charge, requested, decided, none, none, missing, missing, none, ~none)


def together(parts: tuple[Requests, ...]) -> Requests:
    """Put requests together, in the order of their claims."""
    order = np.argsort(np.concatenate([part.charge for part in parts]), kind="stable")
    return Requests(*(np.concatenate([getattr(part, name) for part in parts])[order] for name in Requests.__slots__))


def _days(draws: Draws, number: Ints, which: int, most: Ints | int) -> Ints:
    """Draw whole days from 0 to `most`."""
    days: Ints = (draws.event_uniform("payer:authorization:days", number, which) * (most + 1)).astype(np.int64)
    return days

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

_APART = 1 << 40
"""What the numbers of requests for no claim are beyond those of claims."""


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
    handled = _handled(plan, number, line, is_urgent, draws)
    ahead = 1 + _days(draws, number, 3, plan.request_days - 1)
    takes = handled.takes + np.where(handled.is_appealed, handled.filed + handled.heard, 0)
    requested = np.where(is_unplanned, service_day, service_day - ahead - takes)
    return handled.requests(charge, np.maximum(requested, earliest), is_urgent)


def requests_on(plan: AuthorizationPlan, number: Ints, day: Ints, line: Ints, draws: Draws) -> Requests:
    """Draw what becomes of requests that are made on given days, for no claim.

    Args:
        plan: How requests are decided.
        number: Number of each among the person's.
        day: When it is made.
        line: Line of business of the plan.
        draws: Draws of the people.
    """
    address = number + _APART
    is_urgent = draws.event_uniform("payer:authorization:urgent", address) < plan.urgent
    return _handled(plan, address, line, is_urgent, draws).requests(np.full(len(number), -1), day, is_urgent)


@dataclass(frozen=True, slots=True)
class _Handled:
    """What payers do with requests, and how many days it takes them; shape `(requests,)`."""

    is_denied: Booleans
    is_appealed: Booleans
    is_overturned: Booleans
    takes: Ints
    filed: Ints
    heard: Ints

    def requests(self, charge: Ints, requested: Ints, is_urgent: Booleans) -> Requests:
        decided = requested + self.takes
        return Requests(
            charge=charge,
            requested_day=requested,
            decided_day=decided,
            is_urgent=is_urgent,
            is_denied=self.is_denied,
            appealed_day=np.where(self.is_appealed, decided + self.filed, MISSING),
            appeal_decided_day=np.where(self.is_appealed, decided + self.filed + self.heard, MISSING),
            is_overturned=self.is_overturned,
            is_retrospective=np.zeros(len(charge), np.bool_),
        )


def _handled(plan: AuthorizationPlan, number: Ints, line: Ints, is_urgent: Booleans, draws: Draws) -> _Handled:
    is_denied = draws.event_uniform("payer:authorization:denied", number) < plan.denied[line]
    is_appealed = is_denied & (draws.event_uniform("payer:authorization:appealed", number) < plan.appealed[line])
    is_won = draws.event_uniform("payer:authorization:overturned", number) < plan.overturned[line]
    return _Handled(
        is_denied,
        is_appealed,
        is_appealed & is_won,
        takes=_days(draws, number, 0, np.where(is_urgent, plan.decision_days[1], plan.decision_days[0])),
        filed=_days(draws, number, 1, np.where(is_urgent, _EXPEDITED_DAYS, plan.appeal_days[0])),
        heard=_days(draws, number, 2, np.where(is_urgent, _EXPEDITED_DAYS, plan.appeal_days[1])),
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

"""How payers handle claims, planned from the files of `benefits`."""

from functools import cache
from typing import get_args

import numpy as np

from healthsim.planning.payer.adjudication_plan import (
    AdjudicationPlan,
    AuthorizationPlan,
    Booleans,
    DenialPlan,
    HandlingPlan,
)
from healthsim.planning.payer.claims_content import (
    GROUP_CODES,
    LINES,
    Adjustment,
    Authorizations,
    Denials,
    Handling,
    Sourced,
    Window,
    benefits_file,
)
from healthsim.planning.payer.insurance import BASIS, Benefits
from healthsim.planning.significance import rounded
from healthsim.randomness import CategoryTable, Floats, Ints
from healthsim.spec.insurance import Service

AUTHORIZATION = "authorization_absent"
REFUSED = "authorization_refused"
DUPLICATE = "duplicate"
OUTSIDE = "outside_network"
ENDED = "coverage_ended"
NOT_BEGUN = "coverage_not_begun"

_APART = (AUTHORIZATION, DUPLICATE)
"""Reasons that are not drawn together with the others: who needs no authorization does not lack one, and what was sent
twice is a claim of its own."""

_SERVICES: tuple[Service, ...] = get_args(Service)
_TINY = 1e-12
_CENTS = 100
_EPOCH_WEEKDAY = 3
_MOST_LACKING = 0.5
"""Share of the claims needing authorization that lack it at most; what a plan with few such claims lacks in denials for
that reason, it has for others."""


def planned_adjudication(benefits: Benefits, last_day: int) -> AdjudicationPlan:
    """Plan how claims are handled.

    Args:
        benefits: What plans pay and leave to their members.
        last_day: Last day of service that there may be, days since 1970-01-01.
    """
    denials = benefits_file("denials", Denials)
    authorizations = benefits_file("authorizations", Authorizations)
    handling = benefits_file("claims_handling", Handling)
    line = np.array([LINES.index(plan.line_of_business) for plan in benefits.plans])
    allowing = _authorization_plan(authorizations, benefits)
    return AdjudicationPlan(
        benefits=benefits,
        line=line,
        denials=denial_plan(denials, allowing, line, _needing(authorizations, allowing, line), benefits.needs_network),
        authorizations=allowing,
        handling=_handling_plan(handling, last_day),
        sources=_sources(denials, authorizations),
    )


@cache
def code_meanings() -> dict[str, str]:
    """Give the meaning of each claim adjustment reason code in use, in our own words."""
    denials = benefits_file("denials", Denials)
    coded: tuple[Adjustment, ...] = (*denials.reasons, *denials.adjustments)
    return {reason.carc: reason.meaning for reason in coded}


def denial_plan(
    denials: Denials, allowing: AuthorizationPlan, line: Ints, needing: Floats, needs_network: Booleans
) -> DenialPlan:
    """Plan denials so that, of all first submissions, each line's share is denied, and for each reason its share.

    A claim sent twice adds one to those submitted and one to those denied. Only claims that need an authorization can
    lack it, and some of these have been refused theirs; the plan knows how many that is. Outside the network more
    claims are denied; by plans that pay no others, for that reason.

    Args:
        denials: How often claims are denied, and why.
        allowing: Which need authorization.
        line: Line of business of each insurance plan.
        needing: Share of each plan's claims that need authorization.
        needs_network: Which plans do not pay providers outside the network, shape `(plans,)`.
    """
    reasons = denials.reasons
    (contract,) = denials.adjustments
    coded: tuple[Adjustment, ...] = (*reasons, contract)
    carcs = tuple(dict.fromkeys(reason.carc for reason in coded))
    rarcs = tuple(dict.fromkeys(reason.rarc for reason in coded if reason.rarc))
    share = {reason.name: reason.share for reason in reasons}
    sent_again = sum(reason.share * reason.resubmitted for reason in reasons)
    rates = np.array([denials.lines[name].denied for name in LINES])
    again = rates * share[DUPLICATE] / (1 - rates * share[DUPLICATE])
    # Claims themselves are fewer than all submissions, so more of them are denied.
    rate = np.minimum(rates[line, np.newaxis] * [1.0, denials.out_of_network.times], 1.0)
    rate *= 1 + again[line, np.newaxis]
    for_network = np.where(needs_network, rate[:, 1] - rate[:, 0], 0.0)
    rate[:, 1] -= for_network
    lacking = np.minimum(share[AUTHORIZATION] * rate, _MOST_LACKING * needing[:, np.newaxis])
    others = (1 - share[DUPLICATE]) * rate - lacking
    shares = np.array([reason.share if reason.name not in _APART else 0.0 for reason in reasons])
    denied = (others / (1 - lacking))[..., np.newaxis] * shares / shares.sum()
    denied[:, 1, [reason.name for reason in reasons].index(OUTSIDE)] += for_network
    initial = np.concatenate([denied, 1 - denied.sum(axis=-1, keepdims=True)], axis=-1)
    return DenialPlan(
        names=tuple(reason.name for reason in reasons),
        carc=np.array([carcs.index(reason.carc) for reason in coded]),
        rarc=np.array([rarcs.index(reason.rarc) if reason.rarc else -1 for reason in coded]),
        group=np.array([GROUP_CODES.index(reason.group) for reason in coded]),
        carcs=carcs,
        rarcs=rarcs,
        initial=CategoryTable.from_weights(rounded(initial.reshape(-1, len(reasons) + 1))),
        unauthorized=rounded(_unauthorized(lacking, needing, allowing, line).ravel()),
        duplicated=rounded(again),
        resubmitted=rounded(np.array([reason.resubmitted for reason in reasons])),
        paid_later=rounded(np.array([min(denials.lines[name].paid_later / sent_again, 1.0) for name in LINES])),
    )


def _needing(content: Authorizations, allowing: AuthorizationPlan, line: Ints) -> Floats:
    """Give the share of each plan's claims that need authorization."""
    by_age = (content.claims.others, content.claims.seniors)
    mixes = np.array([[mix.services.get(service, 0.0) for service in _SERVICES] for mix in by_age])
    is_senior = np.isin(line, [LINES.index("medicare"), LINES.index("medicare_advantage")]).astype(np.int64)
    needing: Floats = (allowing.required * mixes[is_senior]).sum(axis=1)
    return needing


def _unauthorized(lacking: Floats, needing: Floats, allowing: AuthorizationPlan, line: Ints) -> Floats:
    """Give the share of claims needing authorization for which nobody has asked for it, by plan and network.

    With those that were refused it for good they are the share that lacks it.
    """
    refused = (allowing.denied * (1 - allowing.appealed * allowing.overturned))[line, np.newaxis]
    among = lacking / np.maximum(needing, _TINY)[:, np.newaxis]
    unasked: Floats = np.maximum((among - refused) / (1 - refused), 0.0)
    return unasked


def _authorization_plan(content: Authorizations, benefits: Benefits) -> AuthorizationPlan:
    required = np.array([content.required.services.get(service, 0.0) for service in _SERVICES])
    lines = [content.lines[name] for name in LINES]
    return AuthorizationPlan(
        required=rounded(benefits.needs_authorization * required),
        denied=rounded(np.array([one.denied for one in lines])),
        appealed=rounded(np.array([one.appealed for one in lines])),
        overturned=rounded(np.array([one.overturned for one in lines])),
        urgent=content.urgent_share.share,
        decision_days=(content.decision_days.standard, content.decision_days.urgent),
        request_days=content.request_days.most,
        appeal_days=(content.appeal_days.filed, content.appeal_days.decided),
    )


def _handling_plan(content: Handling, last_day: int) -> HandlingPlan:
    received, family, medicare = content.received_days, content.family, content.medicare
    return HandlingPlan(
        received=tuple(np.array(steps) for steps in (received.professional, received.outpatient, received.inpatient)),
        decided=np.array(content.decision_days.days),
        resubmitted=_window(content.resubmission_days),
        duplicated=_window(content.duplicate_days),
        taken_back=_window(content.adjustment_days),
        last_day=last_day + content.runout_days.days,
        adjusted=content.adjusted.share,
        underpaid=round(content.adjusted.underpaid * BASIS),
        voided=content.voided.share,
        uncovered=content.uncovered.submitted,
        days_after=content.uncovered.days_after,
        days_before=content.uncovered.days_before,
        secondary=rounded(np.array([getattr(content.secondary, line) for line in LINES])),
        paid_before=(round(content.secondary.least_paid * 100), round(content.secondary.most_paid * 100)),
        relatives=np.array(family.spending) * _CENTS,
        relatives_deductible=round(family.deductible_share * BASIS),
        late_day=medicare.day_61_coinsurance * _CENTS,
        period_days=medicare.benefit_period_days,
        payday=(content.payday.weekday - _EPOCH_WEEKDAY) % 7,
    )


def _window(window: Window) -> tuple[int, int]:
    return window.least, window.most


def _sources(denials: Denials, authorizations: Authorizations) -> tuple[str, ...]:
    sourced: list[Sourced] = [*denials.lines.values(), denials.out_of_network, *authorizations.lines.values()]
    return tuple(dict.fromkeys(part.source for part in sourced if part.confidence is None))

"""What may fall to members of each line, before it is known what they owed before."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.payer.adjudication_plan import AdjudicationPlan, Booleans, HandlingPlan
from healthsim.planning.payer.insurance import BASIS, Benefits
from healthsim.planning.payer.services import SERVICES
from healthsim.planning.plan import Ints
from healthsim.randomness import Draws
from healthsim.simulation.payer.charges import CLAIM_KINDS, Charges

_INPATIENT = CLAIM_KINDS.index("inpatient")
_PROFESSIONAL = CLAIM_KINDS.index("professional")
_STAY, _OTHER = SERVICES.index("inpatient"), SERVICES.index("other")
_HALF = BASIS // 2
_FIRST_LATE_DAY = 60


@dataclass(frozen=True, slots=True)
class Stays:
    """What Medicare's hospital insurance leaves to patients of each claim, cents, shape `(claims,)`.

    Attributes:
        begins: 1 where a benefit period begins, and its deductible is owed; else 0.
        coinsurance: Of days from the 61st of a benefit period.
    """

    begins: Ints
    coinsurance: Ints


def stays_of(plan: HandlingPlan, charges: Charges, accepted: Ints) -> Stays:
    """Find the benefit periods that stays begin and prolong.

    A period ends when a patient has been out of hospital for so many days (42 CFR 409.60); its deductible is owed
    once, and each of its days from the 61st costs something (42 CFR 409.61). Reserve days are not told apart.

    Args:
        plan: The amounts.
        charges: All claims.
        accepted: Those of stays that are paid for by benefit period, without any that is denied for good.
    """
    begins, coinsurance = np.zeros((2, len(charges.person)), np.int64)
    claim = accepted[np.lexsort((charges.from_day[accepted], charges.person[accepted]))]
    if not len(claim):
        return Stays(begins, coinsurance)
    person, start = charges.person[claim], charges.from_day[claim]
    end = np.maximum.accumulate(person * 2**33 + 2**32 + charges.to_day[claim])
    gap = (person * 2**33 + 2**32 + start)[1:] - end[:-1]
    is_new = np.append(True, gap > plan.period_days)
    days = np.maximum(charges.to_day[claim] - start, 1)
    before = np.cumsum(days) - days
    before -= np.maximum.accumulate(np.where(is_new, before, 0))
    late = np.maximum(before + days - _FIRST_LATE_DAY, 0) - np.maximum(before - _FIRST_LATE_DAY, 0)
    begins[claim], coinsurance[claim] = is_new, late * plan.late_day
    return Stays(begins, coinsurance)


def allowed_amounts(benefits: Benefits, charges: Charges, line: Ints, kind: Ints, plan: Ints) -> Ints:
    """Give what contracts allow for lines, cents: the payer's multiple of Medicare's rate, no more than the charge.

    Args:
        benefits: Of the plans.
        charges: All claims.
        line: Lines of the charges.
        kind: Of their claims.
        plan: Insurance plans of their claims.
    """
    priced = (charges.rate[line] * benefits.price[plan, kind] + _HALF) // BASIS
    amounts: Ints = np.minimum(priced, charges.billed[line])
    return amounts


@dataclass(frozen=True, slots=True)
class Shares:
    """What may fall to members, shape `(lines,)`; as the attributes of `Owing` of the same names."""

    stay: Ints
    takes_deductible: Booleans
    copay: Ints
    coinsurance: Ints


def shares_of(
    benefits: Benefits, charges: Charges, lines: Ints, claim: Ints, plan: Ints, shared: Ints, stays: Stays
) -> Shares:
    """Give what the benefits ask of members; a copayment is asked once a claim, for a stay by the hospital alone.

    Args:
        benefits: Of the plans.
        charges: All claims.
        lines: Lines of the charges, those of a submission together.
        claim: Number of the submission of each line.
        plan: Insurance plan of each line.
        shared: What no other payer has paid of it.
        stays: What stays cost.
    """
    service, of_charge = charges.service[lines], charges.claim[lines]
    kind = charges.kind[of_charge]
    service = np.where((kind == _PROFESSIONAL) & (service == _STAY), _OTHER, service)
    is_stay = (benefits.hospital_deductible[plan] > 0) & (kind == _INPATIENT)
    asked = benefits.copay[plan, service]
    copay = np.where(is_stay, stays.coinsurance[of_charge], np.maximum(asked, 0))
    first = np.where(is_stay, stays.begins[of_charge] * benefits.hospital_deductible[plan], 0)
    return Shares(
        stay=_once(first, shared, claim),
        takes_deductible=(asked < 0) & ~is_stay,
        copay=_once(copay, shared, claim),
        coinsurance=np.where(is_stay, 0, benefits.coinsurance[plan, service]),
    )


def _once(most: Ints, shared: Ints, claim: Ints) -> Ints:
    """Spread the largest amount of a claim's lines over those that have one, each up to what is shared of it."""
    if not len(claim):
        return most
    is_first = np.append(True, claim[1:] != claim[:-1])
    starts = np.flatnonzero(is_first)
    counts = np.diff(np.append(starts, len(claim)))
    highest = np.repeat(np.maximum.reduceat(most, starts), counts)
    taking = np.where(most > 0, np.maximum(shared, 0), 0)
    through = np.cumsum(taking)
    through -= np.repeat((through - taking)[starts], counts)
    spread: Ints = np.minimum(through, highest) - np.minimum(through - taking, highest)
    return spread


def paid_before(plan: AdjudicationPlan, draws: Draws, line: Ints, insurance: Ints, number: Ints) -> Ints:
    """Give the percent of the allowed that another payer pays before; 0 where this one is first; by submission.

    Args:
        plan: How claims are handled.
        draws: Draws of the people of the submissions.
        line: Line of business.
        insurance: Place of the insurance plan: who has another payer has it for all of a plan's claims.
        number: Number of the claim.
    """
    least, most = plan.handling.paid_before
    is_second = draws.event_uniform("payer:secondary", insurance) < plan.handling.secondary[line]
    percent = least + (draws.event_uniform("payer:secondary:paid", number) * (most - least + 1)).astype(np.int64)
    return np.where(is_second, percent, 0)

"""How the cost of a claim is shared between the member, the manufacturer and the benefit, phase by phase."""

from dataclasses import dataclass, fields

import numpy as np

from healthsim.planning.pharmacy.pharmacy_plan import BASIS, KINDS, NO_LIMIT, PHASES, PharmacyPlan
from healthsim.planning.plan import Ints

_MONTH, _THOUSAND = 30, 1_000
_NINETY_FROM = 84
_DEDUCTIBLE, _INITIAL, _GAP, _LAST = range(len(PHASES))
_GENERIC = KINDS.index("generic")


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a claim; every array has the shape `(claims,)`, money in cents, shares in basis points.

    Attributes:
        total: Cost of the claim.
        deductible: The year's deductible; 0 where it does not hold for the drug.
        initial_limit: Total cost at which the gap begins.
        maximum: Own spending at which the last phase begins.
        copay: In the initial phase; -1 where coinsurance holds.
        coinsurance: In the initial phase.
        most: Most that coinsurance comes to in the initial phase.
        gap_coinsurance: In the gap.
        last_coinsurance: In the last phase.
        initial_discount: The manufacturer's; 0 for generics.
        gap_discount: The same in the gap.
        last_discount: The same in the last phase.
        cap: Most that the member pays at all.
    """

    total: Ints
    deductible: Ints
    initial_limit: Ints
    maximum: Ints
    copay: Ints
    coinsurance: Ints
    most: Ints
    gap_coinsurance: Ints
    last_coinsurance: Ints
    initial_discount: Ints
    gap_discount: Ints
    last_discount: Ints
    cap: Ints

    def rows(self, chosen: Ints) -> "Terms":
        """Give those of some claims."""
        return Terms(*(getattr(self, each.name)[chosen] for each in fields(self)))


@dataclass(frozen=True, slots=True)
class Shared:
    """How the cost of claims is shared, cents; every array has the shape `(claims,)`.

    Attributes:
        deductible: What the member pays of the deductible.
        copay: What the member pays as copay.
        coinsurance: What the member pays as a share.
        discount: What the manufacturer pays.
        own: What counts towards the maximum.
        phase: Place in `PHASES` of the phase in which the claim begins.
    """

    deductible: Ints
    copay: Ints
    coinsurance: Ints
    discount: Ints
    own: Ints
    phase: Ints


@dataclass(frozen=True, slots=True)
class Priced:
    """What is known of claims before their cost is shared; every array has the shape `(claims,)`.

    Attributes:
        benefit: Drug benefit.
        year: Place of the calendar year.
        tier: Of the drug.
        drug: Index of the RxCUI.
        days: Days of supply.
        channel: Place in `CHANNELS`.
        days_lived: Days that the member has lived.
        total: Cost, cents.
    """

    benefit: Ints
    year: Ints
    tier: Ints
    drug: Ints
    days: Ints
    channel: Ints
    days_lived: Ints
    total: Ints


def terms_of(pharmacy: PharmacyPlan, claims: Priced) -> Terms:
    """Look up what holds for claims."""
    rules, benefit, year, tier = pharmacy.benefits, claims.benefit, claims.year, claims.tier
    months = -(-claims.days // _MONTH)
    copies = np.where(
        claims.days >= _NINETY_FROM,
        rules.months_of_90[benefit, np.minimum(claims.channel, 1)],
        months * _THOUSAND,
    )
    copay = rules.copay[benefit, tier]
    is_free = claims.days_lived < rules.free_days[benefit]
    is_insulin = pharmacy.drugs.is_insulin[claims.drug] & (rules.insulin_month[benefit, year] < NO_LIMIT)
    has_deductible = rules.has_deductible[benefit, tier] & ~is_insulin
    is_brand = pharmacy.drugs.kind[claims.drug] != _GENERIC
    return Terms(
        total=claims.total,
        deductible=np.where(has_deductible, rules.deductible[benefit, year], 0),
        initial_limit=rules.initial_limit[benefit, year],
        maximum=rules.maximum[benefit, year],
        copay=np.where(copay < 0, -1, (copay * copies + _THOUSAND // 2) // _THOUSAND),
        coinsurance=rules.coinsurance[benefit, tier],
        most=rules.tier_maximum[benefit, tier] * months,
        gap_coinsurance=rules.gap_coinsurance[benefit, year],
        last_coinsurance=rules.last_coinsurance[benefit, year],
        initial_discount=rules.initial_discount[benefit, year] * is_brand,
        gap_discount=rules.gap_discount[benefit, year] * is_brand,
        last_discount=rules.last_discount[benefit, year] * is_brand,
        cap=np.where(is_free, 0, np.where(is_insulin, rules.insulin_month[benefit, year] * months, claims.total)),
    )


def shared(terms: Terms, deductible_met: Ints, gross: Ints, own: Ints) -> Shared:
    """Share the cost of claims, each of another account, over the phases that it goes through.

    Social Security Act, section 1860D-2(b): first the deductible, then a share or a copay until the total cost reaches
    the initial limit, then the gap, until own spending reaches the maximum; the manufacturer's discount in the gap
    counts as own spending.

    Args:
        terms: What holds for each.
        deductible_met: What the account has of the deductible, cents, shape `(claims,)`.
        gross: Its total cost so far.
        own: Its own spending so far.
    """
    left = np.maximum(terms.maximum - own, 0)
    deductible = np.minimum(np.minimum(terms.total, np.maximum(terms.deductible - deductible_met, 0)), left)
    deductible = np.minimum(deductible, terms.cap)
    rest = terms.total - deductible
    left = left - deductible
    initial = np.minimum(rest, np.maximum(terms.initial_limit - gross - deductible, 0))
    initial = np.where(left == 0, 0, initial)
    beyond = np.where(left == 0, 0, rest - initial)
    of_initial, initial = _initial(terms, initial, left)
    is_full = of_initial == left
    of_gap, gap_discount, gap = _gap(terms, np.where(is_full, 0, beyond), left - of_initial)
    last = rest - initial - gap
    of_last = _share(last, terms.last_coinsurance)
    room = np.maximum(terms.cap - deductible, 0)
    of_initial = np.minimum(of_initial, room)
    of_gap = np.minimum(of_gap, room - of_initial)
    of_last = np.minimum(of_last, room - of_initial - of_gap)
    discount = gap_discount + _share(initial, terms.initial_discount) + _share(last, terms.last_discount)
    paid = deductible + of_initial + of_gap + of_last
    is_copay = terms.copay >= 0
    return Shared(
        deductible=deductible,
        copay=np.where(is_copay, of_initial, 0),
        coinsurance=np.where(is_copay, 0, of_initial) + of_gap + of_last,
        discount=np.minimum(discount, terms.total - paid),
        own=deductible + of_initial + of_gap + gap_discount,
        phase=_phase(terms, own, deductible, initial, gap),
    )


def _initial(terms: Terms, initial: Ints, left: Ints) -> tuple[Ints, Ints]:
    """Give what the member pays in the initial phase, and how much of the cost that phase has."""
    share = np.minimum(_share(initial, terms.coinsurance), terms.most)
    paid = np.where(terms.copay >= 0, np.minimum(terms.copay, initial), share)
    exceeds = paid > left
    until = -(-left * BASIS // np.maximum(terms.coinsurance, 1))
    within = np.where(terms.copay >= 0, initial, np.minimum(until, initial))
    return np.where(exceeds, left, paid), np.where(exceeds, within, initial)


def _gap(terms: Terms, gap: Ints, left: Ints) -> tuple[Ints, Ints, Ints]:
    """Give what the member and the manufacturer pay in the gap, and how much of the cost it has."""
    paid, discount = _share(gap, terms.gap_coinsurance), _share(gap, terms.gap_discount)
    counted = paid + discount
    exceeds = counted > left
    within = np.where(exceeds, -(-gap * left // np.maximum(counted, 1)), gap)
    paid = np.where(exceeds, np.minimum(_share(within, terms.gap_coinsurance), left), paid)
    discount = np.where(exceeds, np.where(terms.gap_discount > 0, left - paid, 0), discount)
    return paid, discount, within


def _phase(terms: Terms, own: Ints, deductible: Ints, initial: Ints, gap: Ints) -> Ints:
    phase = np.where(initial > 0, _INITIAL, np.where(gap > 0, _GAP, _LAST))
    phase = np.where(deductible > 0, _DEDUCTIBLE, phase)
    return np.where(own >= terms.maximum, _LAST, phase)


def _share(amount: Ints, share: Ints) -> Ints:
    """Give shares of amounts in basis points, half a cent rounded up."""
    return (amount * share + BASIS // 2) // BASIS

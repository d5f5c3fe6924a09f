"""What is dispensed, through which channel, and what it costs."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.pharmacy.pharmacy_plan import BASIS, CHANNELS, KINDS, PharmacyPlan
from healthsim.planning.plan import Ints
from healthsim.randomness import Draws

_UNIT_CENTS = 1_000 * 1_000
"""Thousandths of units times hundred-thousandths of dollars in a cent."""

_MAIL_DAYS = 84
_RETAIL, _MAIL, _SPECIALTY = (CHANNELS.index(name) for name in ("retail", "mail", "specialty"))
_PRICED = 3


@dataclass(frozen=True, slots=True)
class Dispensed:
    """What is dispensed; every array has the shape `(claims,)`, money in cents.

    Attributes:
        quantity: Thousandths of units.
        channel: Place in `CHANNELS`.
        ingredient: Cost of the drug.
        fee: Dispensing fee.
    """

    quantity: Ints
    channel: Ints
    ingredient: Ints
    fee: Ints


def dispensed(pharmacy: PharmacyPlan, drug: Ints, benefit: Ints, days: Ints, draws: Draws) -> Dispensed:
    """Give quantity, channel and cost of claims.

    Whole packages are dispensed. Who has supplies of 90 days by mail has all of them by mail.

    Args:
        pharmacy: The benefits.
        drug: Index of the RxCUI, shape `(claims,)`.
        benefit: Drug benefit.
        days: Days of supply.
        draws: Of the claims' people.
    """
    package = pharmacy.drugs.package[drug]
    quantity = -(-days * pharmacy.drugs.per_day[drug] // package) * package
    kind = pharmacy.drugs.kind[drug]
    by_mail = (days >= _MAIL_DAYS) & (draws.uniform("mail_order") < pharmacy.benefits.mail[benefit])
    channel = np.where(kind == KINDS.index("specialty"), _SPECIALTY, np.where(by_mail, _MAIL, _RETAIL))
    rate = pharmacy.benefits.price[benefit, np.minimum(kind, _PRICED - 1)]
    unit = (pharmacy.drugs.price[drug] * rate + BASIS // 2) // BASIS
    return Dispensed(
        quantity=quantity,
        channel=channel,
        ingredient=(quantity * unit + _UNIT_CENTS // 2) // _UNIT_CENTS,
        fee=pharmacy.benefits.fee[benefit, channel],
    )

"""Lines of claims before they are put together."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from healthsim.planning.payer.billing_plan import KINDS, PLACES, FeePlan
from healthsim.planning.plan import Ints
from healthsim.simulation.conditions import Booleans

VISIT, LABORATORY, HOSPITAL = range(3)
"""Numbers of the claims of an occasion: of who saw the person, of an independent laboratory, of the hospital; others
are those of bundles."""

PROFESSIONAL, OUTPATIENT, INPATIENT_STAY = range(len(KINDS))
IN_OFFICE, IN_FACILITY, OF_HOSPITAL = range(len(PLACES))


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines; every array has the shape `(lines,)`.

    Attributes:
        occasion: Place of the occasion.
        slot: Number of the claim of the occasion.
        kind: Kind of the claim.
        place: Place-of-service code; -1 on claims of hospitals.
        code: Index of the code; -1 for none.
        modifier: Index of the modifier; -1 for none.
        revenue: Index of the revenue code; -1 for none.
        units: Units.
        day: Date of service.
        rate: What Medicare allows in the nation for all units, cents.
        is_local: Whether that is adjusted to the place.
        service: Place in `SERVICES`.
        diagnosis: Index of the diagnosis it is for; -1 for the claim's first.
    """

    occasion: Ints
    slot: Ints
    kind: Ints
    place: Ints
    code: Ints
    modifier: Ints
    revenue: Ints
    units: Ints
    day: Ints
    rate: Ints
    is_local: Booleans
    service: Ints
    diagnosis: Ints

    def chosen(self, places: Ints | Booleans) -> "Lines":
        """Give some of the lines, in the order of `places`."""
        return Lines(*(getattr(self, field.name)[places] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose claim lines are on.

    Attributes:
        slot: Number of the claim of the occasion.
        kind: Kind of the claim.
        place: Place-of-service code, one or shape `(lines,)`; -1 on claims of hospitals.
        price: Place in `PLACES` of the price, one or shape `(lines,)`.
    """

    slot: int
    kind: int
    place: int | Ints
    price: int | Ints


def lines_of(
    fees: FeePlan,
    whose: Whose,
    occasion: Ints,
    code: Ints,
    day: Ints,
    *,
    units: int | Ints = 1,
    modifier: int | Ints = -1,
    diagnosis: int | Ints = -1,
) -> Lines:
    """Give lines of codes with fees; service and revenue code are those of the codes.

    Args:
        fees: The fees.
        whose: Whose claim they are on.
        occasion: Places of their occasions.
        code: Indices of their codes.
        day: Dates of service.
        units: Units.
        modifier: Modifiers.
        diagnosis: Diagnoses they are for.
    """
    count = len(occasion)
    return Lines(
        occasion=occasion,
        slot=np.full(count, whose.slot),
        kind=np.full(count, whose.kind),
        place=_whole(whose.place, count),
        code=code,
        modifier=_whole(modifier, count),
        revenue=np.full(count, -1) if whose.kind == PROFESSIONAL else fees.revenue[code],
        units=_whole(units, count),
        day=day,
        rate=fees.rate[code, whose.price] * units,
        is_local=fees.is_local[code],
        service=fees.service[code],
        diagnosis=_whole(diagnosis, count),
    )


def together(parts: Sequence[Lines]) -> Lines:
    """Put lines together, in their order."""
    return Lines(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Lines)))


def _whole(values: int | Ints, count: int) -> Ints:
    whole: Ints = np.broadcast_to(np.asarray(values, np.int64), count)
    return whole

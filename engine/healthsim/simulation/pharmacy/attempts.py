"""What pharmacies bill for fills: claims that are paid, those refused before, and those taken back."""

from dataclasses import dataclass, fields, replace

import numpy as np

from healthsim.planning.pharmacy.pharmacy_plan import PharmacyPlan
from healthsim.planning.plan import Ints
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.pharmacy.benefit import DrugCoverage
from healthsim.simulation.pharmacy.decisions import NOT_REJECTED, Decided
from healthsim.simulation.pharmacy.therapies import Therapies

ATTEMPT_BITS = 3
"""Bits of an id that number the attempts of a fill."""

ASKED, TOO_SOON, RETURNED, REVERSAL, LIMIT, CARDHOLDER, PAID, UNCOVERED = range(8)
"""Attempts of a fill, in the order in which they are made on one day."""

_LONGEST_DECISION, _LONGEST_RETURN = 5, 10
"""Days that an authorization may take, and for which a drug waits to be collected."""

_TOO_SOON_PART, _MUCH_TOO_SOON_PART = 4, 8
"""A refill is too soon while more than a quarter of the supply is left; who asks has up to an eighth more."""


@dataclass(frozen=True, slots=True)
class Attempts:
    """Claims as they are billed; every array has the shape `(claims,)`.

    Attributes:
        fill: Place among the fills decided on.
        attempt: Which attempt of the fill.
        day: Date of service.
        billed_day: Day on which it is billed or taken back.
        days: Days of supply.
        span: Span of coverage that it is billed to.
        reject: Index of the reject code; `NOT_REJECTED` for none.
    """

    fill: Ints
    attempt: Ints
    day: Ints
    billed_day: Ints
    days: Ints
    span: Ints
    reject: Ints


def attempts_of(pharmacy: PharmacyPlan, therapies: Therapies, known: Decided, coverage: DrugCoverage) -> Attempts:
    """Bill fills to the benefit that holds on their day; who has none pays without a claim.

    Args:
        pharmacy: The benefits.
        therapies: The orders.
        known: The fills, with what the benefit says of them.
        coverage: Drug benefits.
    """
    parts = [
        _refused(known),
        _too_soon(pharmacy, known),
        *_returned(pharmacy, known),
        *_taken_back(known),
        _limited(pharmacy, therapies, known),
        _mistaken(pharmacy, known),
        _attempts(known, known.is_kept, PAID, known.fills.day),
        _uncovered(pharmacy, known, coverage),
    ]
    return Attempts(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Attempts)))


def _attempts(known: Decided, chosen: Booleans, attempt: int, day: Ints, reject: Ints | int = NOT_REJECTED) -> Attempts:
    """Make an attempt of some fills, on a day of each fill.

    Args:
        known: The fills.
        chosen: Which of them.
        attempt: Which attempt.
        day: Its date, shape `(fills,)`.
        reject: The reject code, of the same shape or one for all.
    """
    rows = np.flatnonzero(chosen)
    codes = np.broadcast_to(np.asarray(reject, np.int64), chosen.shape)[rows]
    days = known.fills.days[rows]
    return Attempts(rows, np.full(len(rows), attempt), day[rows], day[rows], days, known.span[rows], codes)


def _earlier(known: Decided, stream: str, longest: int) -> Ints:
    """Give a day up to so many days before each fill, but not before the first possible one."""
    back = 1 + (known.draws.event_uniform(stream, known.address) * longest).astype(np.int64)
    days: Ints = np.maximum(known.fills.day - back, known.earliest)
    return days


def _refused(known: Decided) -> Attempts:
    """Refuse what needs a decision, some days before it is paid."""
    day = _earlier(known, "drug_decision_days", _LONGEST_DECISION)
    return _attempts(known, known.reject != NOT_REJECTED, ASKED, day, known.reject)


def _too_soon(pharmacy: PharmacyPlan, known: Decided) -> Attempts:
    """Refuse refills that are asked for while too much is left."""
    fills = known.fills
    much = known.draws.event_uniform("much_too_soon", known.address)
    left = fills.days // _TOO_SOON_PART + 1 + (much * (fills.days // _MUCH_TOO_SOON_PART)).astype(np.int64)
    day = fills.ran_out - left
    chosen = known.draws.event_uniform("refill_too_soon", known.address) < pharmacy.rejections.too_soon
    fits = (fills.fill_number > 0) & (day >= known.earliest) & (day < fills.day) & known.is_paid & ~known.is_new
    fits &= ~known.follows_returned
    return _attempts(known, chosen & fits, TOO_SOON, day, pharmacy.rejections.codes.index("79"))


def _returned(pharmacy: PharmacyPlan, known: Decided) -> tuple[Attempts, Attempts]:
    """Take claims back that nobody collected the drug of; it is billed anew when somebody does."""
    share = pharmacy.rejections.returned[pharmacy.drugs.kind[known.drug]]
    day = _earlier(known, "drug_waits", _LONGEST_RETURN)
    is_returned = known.draws.event_uniform("drug_returned", known.address) < share
    chosen = is_returned & known.is_kept & (known.reject == NOT_REJECTED) & (day < known.fills.day)
    billed = _attempts(known, chosen, RETURNED, day)
    back = _attempts(known, chosen, REVERSAL, day)
    reversed_day = known.fills.day[back.fill]
    return billed, Attempts(back.fill, back.attempt, back.day, reversed_day, back.days, back.span, back.reject)


def _taken_back(known: Decided) -> tuple[Attempts, Attempts]:
    """Bill what a journey takes back, and reverse it on the day of the event."""
    chosen = known.is_paid & ~known.is_kept
    billed = _attempts(known, chosen, RETURNED, known.fills.day)
    back = _attempts(known, chosen, REVERSAL, known.fills.day)
    return billed, replace(back, billed_day=known.returned_day[back.fill])


def _limited(pharmacy: PharmacyPlan, therapies: Therapies, known: Decided) -> Attempts:
    """Refuse supplies that are longer than the benefit pays at a time; a shorter one is dispensed."""
    ordered = therapies.days[known.fills.order]
    most = pharmacy.formulary.max_days[np.maximum(known.benefit, 0), known.drug]
    exceeds = known.is_new & known.is_paid & (ordered > most) & (known.fills.days <= most)
    asked = _attempts(
        known, exceeds & pharmacy.rejections.is_asked, LIMIT, known.fills.day, pharmacy.rejections.codes.index("76")
    )
    return Attempts(
        asked.fill, asked.attempt, asked.day, asked.billed_day, ordered[asked.fill], asked.span, asked.reject
    )


def _mistaken(pharmacy: PharmacyPlan, known: Decided) -> Attempts:
    """Refuse claims with a clerical error, mended on the same day."""
    chosen = known.draws.event_uniform("wrong_cardholder", known.address) < pharmacy.rejections.wrong_cardholder
    codes = pharmacy.rejections.codes
    return _attempts(known, chosen & known.is_paid, CARDHOLDER, known.fills.day, codes.index("07"))


def _uncovered(pharmacy: PharmacyPlan, known: Decided, coverage: DrugCoverage) -> Attempts:
    """Refuse what is billed to a benefit soon after it ended."""
    rates, member = pharmacy.rejections, coverage.membership
    is_after = known.benefit < 0
    earlier = _latest_span(coverage, known)
    at = np.maximum(earlier, 0)
    if not len(member.person):
        return _attempts(known, np.zeros_like(is_after), UNCOVERED, known.fills.day)
    is_soon = (earlier >= 0) & (known.fills.day - member.end_day[at] <= rates.after_days)
    tried = known.draws.event_uniform("after_coverage", known.address) < rates.after_coverage
    asked = _attempts(known, is_after & is_soon & tried, UNCOVERED, known.fills.day, rates.codes.index("69"))
    return Attempts(
        asked.fill, asked.attempt, asked.day, asked.billed_day, asked.days, earlier[asked.fill], asked.reject
    )


def _latest_span(coverage: DrugCoverage, known: Decided) -> Ints:
    """Give the last span with a drug benefit that ended before each fill; -1 for none, shape `(fills,)`."""
    member = coverage.membership
    spans = np.flatnonzero(coverage.benefit >= 0)
    if not len(spans):
        return np.full(len(known.person), -1)
    keys = member.person[spans] * (2**33) + member.start_day[spans] + 2**32
    place = np.searchsorted(keys, known.person * (2**33) + known.fills.day + 2**32, side="right") - 1
    found = spans[np.maximum(place, 0)]
    is_there = (place >= 0) & (member.person[found] == known.person) & (member.end_day[found] < known.fills.day)
    return np.where(is_there, found, -1)

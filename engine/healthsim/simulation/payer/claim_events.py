"""What journeys say of claims: which encounter or service is billed, when, and what the payer makes of it."""

from dataclasses import dataclass, fields

import numpy as np

from healthsim.planning.event_details import Encounter
from healthsim.planning.journey_anchors import BILLING, NO_COLUMN, anchor_of
from healthsim.planning.journey_plan import PlannedEvent, TimelinePlan
from healthsim.planning.payer.adjudication_plan import DenialPlan
from healthsim.planning.plan import Ints, Plan
from healthsim.simulation.block import Block
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.events.happened import FIRST_NUMBER
from healthsim.simulation.events.marked import Marks, marks_of
from healthsim.simulation.payer.charges import CLAIM_KINDS, OCCASION_BITS, Charges
from healthsim.tables import MISSING

AS_IT_COMES, PAID, PENDING = -3, -2, -1
"""What a payer decides where that is no denial; a denial is the place of its reason, from 0."""

SERVICE_CLAIMED = 4
"""Part of the number of an occasion that is there because a journey claims a service: encounters have 0."""

_NO_NUMBER = -1
_USUAL_DENIAL = "16"
_PROFESSIONAL = CLAIM_KINDS.index("professional")
_DAY_BITS, _BEFORE = 2**33, 2**32
_NUMBER_BITS = 24
_WHOSE = {"professional": (True,), "institutional": (False,)}


@dataclass(frozen=True, slots=True)
class Asked:
    """What journeys say of claims; every array has the shape `(claims,)`.

    Attributes:
        received_day: When the payer has it; `MISSING` for as it comes.
        decided_day: When the payer decides and pays; `MISSING` for as it comes.
        decision: What it decides: the place of the reason of a denial, `PAID`, `PENDING` or `AS_IT_COMES`.
    """

    received_day: Ints
    decided_day: Ints
    decision: Ints

    @property
    def is_decided(self) -> Booleans:
        """Tell of which claims the decision is given."""
        decided: Booleans = self.decision != AS_IT_COMES
        return decided

    def chosen(self, claims: Ints) -> "Asked":
        """Give what is said of some claims."""
        return Asked(*(getattr(self, each.name)[claims] for each in fields(self)))

    @classmethod
    def nothing(cls, claims: int) -> "Asked":
        """Say nothing of any claim."""
        return cls(np.full(claims, MISSING), np.full(claims, MISSING), np.full(claims, AS_IT_COMES))


def services_claimed(plan: Plan, block: Block, codes: Ints) -> Marks:
    """Give the claims of journeys for services of their own.

    Args:
        plan: The plan.
        block: The people.
        codes: Index of the code that each event claims; -1 for none, shape `(events,)`.
    """
    marks = marks_of(plan, block, "claim")
    kept = codes[marks.event] >= 0
    return Marks(*(getattr(marks, each.name)[kept] for each in fields(marks)))


def asked_of(plan: Plan, denials: DenialPlan, block: Block, charges: Charges) -> Asked:
    """Find what journeys say of claims; of several events about one claim, the first in time counts.

    Args:
        plan: The plan.
        denials: Reasons of denials.
        block: The people.
        charges: The claims.
    """
    asked = Asked.nothing(len(charges.person))
    timeline = plan.timeline
    claims, payments = marks_of(plan, block, "claim"), marks_of(plan, block, "payment")
    if timeline is None or not len(claims.person) + len(payments.person):
        return asked
    billed = _encounters(timeline, block)
    number = _numbers(timeline, billed, claims)
    billed = billed.and_also(claims, number)
    decisions = np.array([_decision(denials, dict(event.parameters)) for event in timeline.events], np.int64)
    whose = [event.parameters.get("claim_type") for event in timeline.events]
    for kind, is_kind in ((True, charges.kind == _PROFESSIONAL), (False, charges.kind != _PROFESSIONAL)):
        about = np.array([kind in _WHOSE.get(str(each), (True, False)) for each in whose])
        row = _found(charges, claims.person, np.where(about[claims.event], number, _NO_NUMBER))
        row[~is_kind] = -1
        rows = np.flatnonzero(row >= 0)
        asked.received_day[rows] = claims.day[row[rows]]
        asked.decision[rows] = decisions[claims.event[row[rows]]]
    row = _found(charges, payments.person, _numbers(timeline, billed, payments))
    rows = np.flatnonzero((row >= 0) & np.isin(asked.decision, (AS_IT_COMES, PAID)))
    asked.decided_day[rows] = payments.day[row[rows]]
    asked.decision[rows] = PAID
    return asked


@dataclass(frozen=True, slots=True)
class _Billed:
    """What may be claimed and paid: encounters and claims of journeys; every array has the shape `(rows,)`.

    Attributes:
        person: Place of the person in the block.
        column: Place of the column in the plan of the timeline.
        day: Date, days since 1970-01-01.
        number: Number of the occasion that is billed; `_NO_NUMBER` for none.
    """

    person: Ints
    column: Ints
    day: Ints
    number: Ints

    def and_also(self, marks: Marks, number: Ints) -> "_Billed":
        """Give the same with claims of some occasions."""
        parts = (self.person, marks.person), (self.column, marks.column), (self.day, marks.day), (self.number, number)
        return _Billed(*(np.concatenate(part) for part in parts))

    def latest(self, columns: Ints, person: Ints, day: Ints) -> Ints:
        """Give the number of the latest row of some columns that each person has by a day; `_NO_NUMBER` for none."""
        rows = np.flatnonzero(np.isin(self.column, columns) & (self.number != _NO_NUMBER))
        keys = self.person[rows] * _DAY_BITS + self.day[rows] + _BEFORE
        order = np.argsort(keys, kind="stable")
        place = np.searchsorted(keys[order], person * _DAY_BITS + day + _BEFORE, side="right") - 1
        found = np.append(rows[order], -1)[place]
        is_own = (place >= 0) & (np.append(self.person, -1)[found] == person)
        return np.where(is_own, np.append(self.number, _NO_NUMBER)[found], _NO_NUMBER)


def _encounters(timeline: TimelinePlan, block: Block) -> _Billed:
    happens = block.timeline
    if happens is None:
        raise ValueError("a plan with journeys has a timeline")
    events = [timeline.events[column.event] for column in timeline.columns]
    rows = np.flatnonzero(np.array([isinstance(event.details, Encounter) for event in events])[happens.column])
    ordinals = np.array([column.ordinal for column in timeline.columns], np.int64)
    column = happens.column[rows]
    return _Billed(happens.person[rows], column, happens.day[rows], ordinals[column] + FIRST_NUMBER)


def _numbers(timeline: TimelinePlan, billed: _Billed, marks: Marks) -> Ints:
    """Give the number of the occasion that each event is about; `_NO_NUMBER` for none that happened."""
    number = np.full(len(marks.person), _NO_NUMBER)
    for column in np.unique(marks.column).tolist():
        event = timeline.events[timeline.columns[column].event]
        rows = np.flatnonzero(marks.column == column)
        if "code" in event.parameters:
            number[rows] = (SERVICE_CLAIMED << SLOT_BITS) + marks.number[rows]
            continue
        number[rows] = billed.latest(_about(timeline, column), marks.person[rows], marks.day[rows])
    return number


def _about(timeline: TimelinePlan, column: int) -> Ints:
    """Give the columns of which the latest is billed: the one that it counts from, or all of the event it names."""
    event = timeline.events[timeline.columns[column].event]
    named, is_wanted = event.parameters.get("event"), BILLING[event.type.name]

    def is_meant(other: PlannedEvent) -> bool:
        return other.journey == event.journey and named in {None, other.id} and is_wanted(other)

    anchor = anchor_of(timeline, column, is_meant)
    if anchor != NO_COLUMN:
        return np.array([anchor])
    return np.array([place for other in timeline.events if is_meant(other) for place in other.columns], np.int64)


def _found(charges: Charges, person: Ints, number: Ints) -> Ints:
    """Give the place among events of the first one that is about each claim, -1 for none, shape `(claims,)`."""
    events = np.flatnonzero(number != _NO_NUMBER)
    keys, first = np.unique((person[events] << _NUMBER_BITS) + number[events], return_index=True)
    if not len(keys):
        return np.full(len(charges.person), -1)
    wanted = (charges.person << _NUMBER_BITS) + (charges.number >> OCCASION_BITS)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, events[first[place]], -1)


def _decision(denials: DenialPlan, given: dict[str, object]) -> int:
    """Give what a claim's event has the payer decide."""
    match given.get("status"):
        case "paid":
            return PAID
        case "pending":
            return PENDING
        case "denied":
            code = denials.carcs.index(str(given.get("denial_code", _USUAL_DENIAL)))
            return int(np.flatnonzero(denials.carc == code)[0])
        case _:
            return AS_IT_COMES

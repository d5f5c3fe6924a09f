"""The table of messages on enrollment: what payers are told when, also what they take back and restore."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.payer.coverage_plan import CoveragePlan
from healthsim.planning.payer.messages import KINDS, REASONS
from healthsim.planning.plan import Ints
from healthsim.simulation.block import Block
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.payer.membership import Membership
from healthsim.simulation.payer.recording import (
    CHANGED,
    DIED,
    LEFT,
    enrollment_ids,
    is_followed,
    months_of,
)
from healthsim.simulation.people import People
from healthsim.tables import Batch

_ADDITION, _CHANGE, _TERMINATION, _REINSTATEMENT = range(len(KINDS))
_FIRST, _BIRTH, _AGAIN, _OTHER, _INELIGIBLE, _, _UNPAID, _DEATH, _LEFT = range(len(REASONS))

_MONTHS_OF_YEAR = 12
_KIND_BITS = 2
_TELLING_DAYS = 15
"""Most days from the end of coverage that lapses until it is told."""


@dataclass(frozen=True, slots=True)
class _Messages:
    """Messages on spans; shape `(messages,)` each."""

    span: Ints
    kind: Ints
    reason: Ints
    effective: Ints
    recorded: Ints


def message_rows(plan: CoveragePlan, block: Block, membership: Membership, ending: Ints, recorded: Ints) -> Batch:
    """Describe the messages on the enrollments of a block.

    Args:
        plan: The plan of coverage.
        block: The people.
        membership: The spans.
        ending: Why they end, shape `(spans,)`, as `end_reasons`.
        recorded: When their beginnings are recorded, likewise, as `recorded_dates`.
    """
    people = block.people
    parts = (
        _beginnings(plan, people, membership, recorded),
        _ends(plan, people, membership, ending, recorded),
        *_lapses(plan, people, membership, recorded),
    )
    span, kind, reason, effective, told = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("span", "kind", "reason", "effective", "recorded")
    )
    person = membership.person[span]
    number = (months_of(plan, effective) << _KIND_BITS) + kind
    order = np.lexsort((number, person))
    ids = people.ids[person]
    columns: dict[str, Ints | Booleans] = {
        "person_id": ids,
        "change_id": (ids << SLOT_BITS) + number,
        "enrollment_id": enrollment_ids(plan, people, membership)[span],
        "type": kind,
        "reason": reason,
        "effective_date": effective,
        "recorded_date": told,
        "is_retroactive": told > effective,
    }
    return Batch("enrollment_changes", len(span), {name: column[order] for name, column in columns.items()})


def _beginnings(plan: CoveragePlan, people: People, membership: Membership, recorded: Ints) -> _Messages:
    """Give what is told when spans begin: a change within one payer, an addition to another."""
    person, start = membership.person, membership.start_day
    is_first = np.append(True, person[1:] != person[:-1])[: len(person)]
    joins = np.append(False, is_followed(membership)[:-1])[: len(person)]
    is_change = np.append(False, _stays_with_payer(plan, membership)[:-1])[: len(person)]
    reason = np.where(is_first, _FIRST, np.where(joins, _OTHER, _AGAIN))
    return _Messages(
        span=np.arange(len(person)),
        kind=np.where(is_change, _CHANGE, _ADDITION),
        reason=np.where(start == people.birth_day[person], _BIRTH, reason),
        effective=start,
        recorded=recorded,
    )


def _ends(plan: CoveragePlan, people: People, membership: Membership, ending: Ints, recorded: Ints) -> _Messages:
    """Give what is told when spans end, but for those that another of the same payer follows."""
    messages = plan.messages
    span = np.flatnonzero((ending >= 0) & ~_stays_with_payer(plan, membership))
    why, end, which = ending[span], membership.end_day[span], membership.plan[span]
    draws, month = people.draws.rows(membership.person[span]), months_of(plan, end)
    is_unpaid = draws.event_uniform("coverage:unpaid", month) < messages.unpaid[which]
    is_late = draws.event_uniform("coverage:late_end", month) < messages.late[which]
    within = draws.event_uniform("coverage:late_end_days", month)
    told = np.where(is_late, 1 + (within * messages.late_days).astype(np.int64), -messages.notice_days)
    told = np.where(is_unpaid, messages.grace_days, told)
    reason = np.where(is_unpaid, _UNPAID, messages.ended[which])
    after_death = 1 + (within * messages.death_days).astype(np.int64)
    for known, meaning, days in (
        (CHANGED, _OTHER, -messages.notice_days),
        (LEFT, _LEFT, 0),
        (DIED, _DEATH, after_death),
    ):
        reason, told = np.where(why == known, meaning, reason), np.where(why == known, days, told)
    return _Messages(
        span=span,
        kind=np.full(len(span), _TERMINATION),
        reason=reason,
        effective=end,
        recorded=np.maximum(end + told, recorded[span]),
    )


def _lapses(plan: CoveragePlan, people: People, membership: Membership, recorded: Ints) -> tuple[_Messages, _Messages]:
    """Give ends that are told and taken back, so that coverage has no gap."""
    span, end, ended, restored = (
        np.concatenate(parts)
        for parts in zip(*(_lapses_of(plan, people, membership, recorded, year) for year in _years(plan)), strict=True)
    )
    reason = np.where(plan.messages.unpaid[membership.plan[span]] > 0, _UNPAID, _INELIGIBLE)
    return (
        _Messages(span, np.full(len(span), _TERMINATION), reason, end, ended),
        _Messages(span, np.full(len(span), _REINSTATEMENT), reason, end + 1, restored),
    )


def _lapses_of(
    plan: CoveragePlan, people: People, membership: Membership, recorded: Ints, year: int
) -> tuple[Ints, Ints, Ints, Ints]:
    """Draw the lapses of a year: the span, its day that was told as the last, and when that was told and taken back."""
    messages = plan.messages
    uniform = people.draws.event_uniform("coverage:lapse", year)
    person = np.flatnonzero(uniform < messages.lapse.max())
    draws = people.draws.rows(person)
    of_year = (draws.event_uniform("coverage:lapse_month", year) * _MONTHS_OF_YEAR).astype(np.int64)
    month = year * _MONTHS_OF_YEAR + of_year - plan.first_month
    end = plan.months[np.clip(month + 1, 0, plan.current)] - 1
    ended = end + 1 + (draws.event_uniform("coverage:lapse_told", year) * _TELLING_DAYS).astype(np.int64)
    restored = ended + 1 + (draws.event_uniform("coverage:lapse_days", year) * messages.lapse_days).astype(np.int64)
    span = membership.span_at(person, end)
    at = np.maximum(span, 0)
    is_kept: Booleans = (month >= 0) & (month < plan.current) & (span >= 0)
    if len(membership.plan):
        is_kept &= uniform[person] < messages.lapse[membership.plan[at]]
        is_kept &= (recorded[at] < ended) & (restored < membership.end_day[at] - messages.notice_days)
    is_kept &= restored <= plan.last_day
    return span[is_kept], end[is_kept], ended[is_kept], restored[is_kept]


def _years(plan: CoveragePlan) -> range:
    return range(plan.first_month // _MONTHS_OF_YEAR, (plan.first_month + plan.current) // _MONTHS_OF_YEAR + 1)


def _stays_with_payer(plan: CoveragePlan, membership: Membership) -> Booleans:
    """Tell which spans another of the same payer follows at once."""
    payer = plan.messages.payer[membership.plan]
    same = np.append(payer[1:] == payer[:-1], False)[: len(payer)]
    stays: Booleans = is_followed(membership) & same
    return stays

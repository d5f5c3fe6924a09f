"""Coverage of the people of a block: a plan for every month, and the spans that months make."""

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.payer.coverage_plan import RELATIONSHIPS, CoveragePlan
from healthsim.planning.plan import Ints
from healthsim.reference import PAYERS
from healthsim.simulation.birthdays import birthdays
from healthsim.simulation.block import Block
from healthsim.simulation.payer.entries import Entries, entered
from healthsim.simulation.payer.household import SUFFIXES, household_of
from healthsim.simulation.payer.membership import OPEN, Membership
from healthsim.simulation.people import People
from healthsim.tables import MISSING

UNINSURED, PRIVATE, MEDICARE, MEDICAID = range(len(PAYERS))

_MEDICARE_AGE = 65
_OF_AGE = 19
_MONTHS_OF_YEAR = 12
_LOST_MONTHS = 36
_FAR = np.iinfo(np.int64).max
_NOW, _BEFORE = 0, 1
"""Slots of the plans at `as_of` and before coverage of another kind; others are years."""

Months = NDArray[np.int16]
"""Plans by person and month, -1 for none, shape `(people, months)`."""


def membership_of(plan: CoveragePlan, block: Block, died: Ints | None, entries: Entries | None = None) -> Membership:
    """Draw who is covered by what, and when.

    Args:
        plan: The plan of coverage.
        block: The people.
        died: Everybody's date of death, shape `(people,)`, missing for the living; None if nobody can die.
        entries: When journeys let people enroll and leave; None where they do not.
    """
    people, payer = block.people, block.attributes.payer.astype(np.int64)
    covered = _plans_by_month(plan, people, payer)
    last = np.full(people.count, _FAR) if died is None else np.where(died == MISSING, _FAR, died)
    person, start, end, which = _spans(plan, covered, people.birth_day, last)
    if entries is not None:
        person, start, end, which = entered(entries, person, start, end, which, last)
    is_member = np.zeros(people.count, np.bool_)
    is_member[person] = True
    relationship, size = _households(plan, people, payer)
    return Membership(
        person=person,
        plan=which,
        start_day=start,
        end_day=end,
        member_id=np.where(is_member, people.ids * SUFFIXES + relationship + 1, MISSING),
        relationship=relationship,
        household_size=size,
        household=household_of(plan.relatives, people, plan.as_of, relationship, size, is_member),
    )


def entering_plans(plan: CoveragePlan, block: Block) -> Ints:
    """Choose plans of those who enroll by a journey that names none: of their payer, shape `(people,)`."""
    return _chosen(plan, block.people, block.attributes.payer.astype(np.int64), _NOW)


def _plans_by_month(plan: CoveragePlan, people: People, payer: Ints) -> Months:
    """Give everybody's plan in every month: the one they have at `as_of`, and back from there year by year."""
    draws, months = people.draws, len(plan.months) - 1
    covered = np.full((people.count, months), -1, np.int16)
    chosen = _chosen(plan, people, payer, _NOW)
    covered[:, plan.current :] = np.where(payer == UNINSURED, -1, chosen)[:, np.newaxis]
    month_numbers = plan.first_month + np.arange(months)
    for month in range(plan.current - 1, -1, -1):
        year, of_year = divmod(int(month_numbers[month + 1]), _MONTHS_OF_YEAR)
        if of_year == 0:
            switches = draws.event_uniform("coverage:switch", year) < plan.switch[payer]
            chosen = np.where(switches, _chosen(plan, people, payer, year), chosen)
        covered[:, month] = np.where(payer == UNINSURED, -1, chosen)
    _open_gaps(plan, people, payer, covered)
    _lose(plan, people, payer, covered)
    _begin_medicare(plan, people, payer, covered)
    return covered


def _chosen(plan: CoveragePlan, people: People, payer: Ints, slot: int) -> Ints:
    """Choose a plan of everybody's payer; of the uninsured, of private insurance."""
    row = np.maximum(payer, PRIVATE) - 1
    which = plan.choice.draw(people.draws.event_uniform("coverage:plan", slot), row)
    widest = max(len(places) for places in plan.places)
    table = np.full((len(plan.places), widest), -1, np.int64)
    for each, places in enumerate(plan.places):
        table[each, : len(places)] = places
    plans: Ints = table[row, which]
    return plans


def _open_gaps(plan: CoveragePlan, people: People, payer: Ints, covered: Months) -> None:
    """Take coverage away for some months of some years before the current month."""
    numbers = plan.first_month + np.arange(covered.shape[1])
    for year in np.unique(numbers[: plan.current] // _MONTHS_OF_YEAR).tolist():
        uniform = people.draws.event_uniform("coverage:gap", year)
        places = np.flatnonzero(uniform < plan.gap[payer])
        draws = people.draws.rows(places)
        first = year * _MONTHS_OF_YEAR + (draws.event_uniform("coverage:gap_month", year) * _MONTHS_OF_YEAR).astype(
            np.int64
        )
        length = 1 + plan.gap_months.draw(draws.event_uniform("coverage:gap_length", year))
        is_in = (numbers >= first[:, np.newaxis]) & (numbers < (first + length)[:, np.newaxis])
        is_in[:, plan.current :] = False
        covered[places] = np.where(is_in, np.int16(-1), covered[places])


def _lose(plan: CoveragePlan, people: People, payer: Ints, covered: Months) -> None:
    """Let some of the uninsured have been covered until some month of the last three years."""
    draws = people.draws
    lost = (payer == UNINSURED) & (draws.uniform("coverage:lost") < plan.lost)
    places = np.flatnonzero(lost)
    ago = 1 + (draws.rows(places).uniform("coverage:lost_month") * _LOST_MONTHS).astype(np.int64)
    until = plan.current - ago
    before = _chosen(plan, people, payer, _BEFORE)[places]
    is_before = np.arange(covered.shape[1]) < until[:, np.newaxis]
    covered[places] = np.where(is_before, before[:, np.newaxis], np.int16(-1))


def _begin_medicare(plan: CoveragePlan, people: People, payer: Ints, covered: Months) -> None:
    """Let Medicare of those who have it by age begin with the month of their 65th birthday."""
    by_age = np.flatnonzero((payer == MEDICARE) & (people.age >= _MEDICARE_AGE))
    eligible = birthdays(people.birth_day[by_age], _MEDICARE_AGE)
    is_before = plan.months[1:] <= eligible[:, np.newaxis]
    changed = is_before.any(axis=1)
    by_age, is_before = by_age[changed], is_before[changed]
    if not len(by_age):
        return
    had = people.draws.rows(by_age).uniform("coverage:before_medicare") < plan.before_medicare
    private = _chosen(plan, people, np.full(people.count, PRIVATE), _BEFORE)[by_age]
    before = np.where(had, private, -1).astype(np.int16)
    covered[by_age] = np.where(is_before, before[:, np.newaxis], covered[by_age])


def _spans(plan: CoveragePlan, covered: Months, birth: Ints, last: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Join the months of one plan to spans, from birth to death; give person, first and last day, and plan."""
    people, months = covered.shape
    is_change = np.ones((people, months), np.bool_)
    is_change[:, 1:] = covered[:, 1:] != covered[:, :-1]
    person, month = np.nonzero(is_change)
    is_last = np.append(person[1:] != person[:-1], True)[: len(person)]
    following = np.append(month[1:], 0)[: len(month)]
    start = plan.months[month]
    end = np.where(is_last, OPEN, plan.months[following] - 1)
    start = np.maximum(start, birth[person])
    end = np.minimum(end, last[person])
    which = covered[person, month].astype(np.int64)
    kept = (which >= 0) & (start <= end)
    return person[kept], start[kept], end[kept], which[kept]


def _households(plan: CoveragePlan, people: People, payer: Ints) -> tuple[Ints, Ints]:
    """Draw the relationship to the subscriber, and how many are covered together; public insurance is one's own."""
    draws = people.draws
    relationship = plan.relationship.draw(draws.uniform("coverage:relationship"), plan.band[people.age]).astype(
        np.int64
    )
    is_shared = (payer == PRIVATE) | (payer == UNINSURED)
    relationship = np.where(is_shared, relationship, RELATIONSHIPS.index("self"))
    row = (relationship > 0).astype(np.int64)
    size = 1 + plan.household.draw(draws.uniform("coverage:household"), row).astype(np.int64)
    # Children whose policy is their own are alone on it.
    is_alone = (relationship == RELATIONSHIPS.index("self")) & (people.age < _OF_AGE)
    return relationship, np.where(is_shared & ~is_alone, size, 1)

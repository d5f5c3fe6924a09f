"""The cases of a block: each condition of a person, with its code and onset."""

from dataclasses import dataclass, replace

import numpy as np

from healthsim.planning.plan import AGE_SEX_CELLS, ConditionsPlan, Floats, Ints, Plan
from healthsim.randomness import UInts, stream_hash
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.people import People, SmallInts

SLOT_BITS = 16
"""Bits of an id that number a person's rows."""


NEVER = np.iinfo(np.int64).max
"""Onset of a condition that a person does not have."""


@dataclass(frozen=True, slots=True)
class Cases:
    """Conditions of people, a case each, person after person; every array has the shape `(cases,)`.

    Attributes:
        person: Place of the person in the block.
        slot: The condition; in order within a person.
        code: Index of the billable code.
        onset_day: Date of onset, days since 1970-01-01.
        recorded_day: Date since which the code holds: that of onset, and of the onset of whatever the code requires.
    """

    person: Ints
    slot: Ints
    code: Ints
    onset_day: Ints
    recorded_day: Ints

    def last_onset(self, before: Ints) -> Ints:
        """Give everybody's latest onset before a day of theirs, shape `(people,)`; the least day there is for none.

        Args:
            before: The day, days since 1970-01-01, shape `(people,)`.
        """
        latest = np.full(len(before), np.iinfo(np.int64).min)
        begun = np.flatnonzero(self.onset_day < before[self.person])
        np.maximum.at(latest, self.person[begun], self.onset_day[begun])
        return latest

    def begun(self, day: Ints, slots: int) -> Booleans:
        """Tell which conditions people have begun to have by a day of theirs, shape `(people, slots)`."""
        begun: Booleans = self.onsets(len(day), slots) <= day[:, np.newaxis]
        return begun

    def only(self, rows: Booleans) -> "Cases":
        """Give some of them, by truth, shape `(cases,)`."""
        return Cases(self.person[rows], self.slot[rows], self.code[rows], self.onset_day[rows], self.recorded_day[rows])

    def onsets(self, people: int, slots: int) -> Ints:
        """Give the onset of each condition of each person, shape `(people, slots)`; `NEVER` without a case."""
        onset = np.full((people, slots), NEVER)
        onset[self.person, self.slot] = self.onset_day
        return onset


def cases_of(plan: Plan, people: People, held: Booleans) -> Cases:
    """Draw code and onset of every condition that people have."""
    wanted = plan.conditions
    person, slot = np.nonzero(held)
    draws = people.draws.rows(person)
    age_sex = people.age_sex[person]
    lived_share = wanted.onset.at(draws.uniform_of(_streams(plan, "onset")[slot]), slot * AGE_SEX_CELLS + age_sex)
    uniform = draws.uniform_of(_streams(plan, "code")[slot])
    code = _codes(wanted, held, person, slot, age_sex, uniform)
    days = _days_at_onset(lived_share, people.days_lived[person], wanted.code_days[slot, code])
    onset = people.birth_day[person] + days
    return Cases(person, slot, code, onset, _recorded(wanted, held.shape, person, slot, code, onset))


def begun_with_journeys(plan: Plan, people: People, held: Booleans, cases: Cases) -> Cases:
    """Let conditions that are found in journeys begin with these, in people who are born by then."""
    if plan.timeline is None or not plan.timeline.new_onsets:
        return cases
    onset = cases.onset_day.copy()
    for new in plan.timeline.new_onsets:
        onset[(cases.slot == new.slot) & (people.birth_day[cases.person] <= new.day)] = new.day
    recorded = _recorded(plan.conditions, held.shape, cases.person, cases.slot, cases.code, onset)
    return replace(cases, onset_day=onset, recorded_day=recorded)


def _days_at_onset(lived_share: Floats, days_lived: Ints, first: Ints) -> Ints:
    """Give the days lived at onset, not before the code's least age where people have reached that.

    What would begin earlier begins as far into the days since as it would have into life.
    """
    days: Ints = (lived_share * days_lived).astype(np.int64)
    too_early = np.flatnonzero((days < first) & (first < days_lived))
    left = days_lived[too_early] - first[too_early]
    days[too_early] = first[too_early] + (lived_share[too_early] * left).astype(np.int64)
    return days


def _recorded(
    wanted: ConditionsPlan, shape: tuple[int, ...], person: Ints, slot: Ints, code: Ints, onset: Ints
) -> Ints:
    """Give the day since which each code holds, such as that of high pressure with heart failure: both are there."""
    onsets = np.full(shape, np.iinfo(np.int64).min)
    onsets[person, slot] = onset
    recorded = onset.copy()
    for each in wanted.companions:
        cases = np.flatnonzero((slot == each.slot) & np.isin(code, each.deciding))
        recorded[cases] = np.maximum(recorded[cases], onsets[person[cases], each.companion])
    return recorded


def _codes(
    wanted: ConditionsPlan, held: Booleans, person: Ints, slot: Ints, age_sex: SmallInts, uniform: Floats
) -> Ints:
    """Choose the codes, by what else people have; last those that another condition's code decides."""
    row = wanted.code_row[slot]
    for each in wanted.companions:
        if not each.is_of_codes:
            cases = np.flatnonzero(slot == each.slot)
            row[cases] += held[person[cases], each.companion].astype(np.int64) << each.bit
    code: Ints = wanted.code_index[slot, wanted.code_shares.draw(uniform, row * AGE_SEX_CELLS + age_sex)]
    for each in wanted.companions:
        if each.is_of_codes:
            theirs = np.zeros(len(held), np.bool_)
            theirs[person[(slot == each.companion) & np.isin(code, each.codes)]] = True
            cases = np.flatnonzero((slot == each.slot) & theirs[person])
            row[cases] += 1 << each.bit
            which = wanted.code_shares.draw(uniform[cases], row[cases] * AGE_SEX_CELLS + age_sex[cases])
            code[cases] = wanted.code_index[each.slot, which]
    return code


def _streams(plan: Plan, decision: str) -> UInts:
    """Give the stream of a decision on each condition, shape `(slots,)`."""
    names = (f"{decision}:{condition.id}" for condition in plan.conditions.conditions)
    return np.array([stream_hash(plan.seed, name) for name in names], dtype=np.uint64)

"""The cases of a block: each condition of a person, with its code and onset."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.plan import AGE_SEX_CELLS, Ints, Plan
from healthsim.randomness import UInts, stream_hash
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.people import People

SLOT_BITS = 16
"""Bits of an id that number a person's rows."""


@dataclass(frozen=True, slots=True)
class Cases:
    """Conditions of people, a case each, person after person; every array has the shape `(cases,)`.

    Attributes:
        person: Place of the person in the block.
        slot: The condition; in order within a person.
        code: Index of the billable code.
        onset_day: Date of onset, days since 1970-01-01.
    """

    person: Ints
    slot: Ints
    code: Ints
    onset_day: Ints

    def last_onset(self, people: int) -> Ints:
        """Give the latest onset of each person, shape `(people,)`; the least day there is for those without a case."""
        latest = np.full(people, np.iinfo(np.int64).min)
        np.maximum.at(latest, self.person, self.onset_day)
        return latest


def cases_of(plan: Plan, people: People, held: Booleans) -> Cases:
    """Draw code and onset of every condition that people have."""
    wanted = plan.conditions
    person, slot = np.nonzero(held)
    draws = people.draws.rows(person)
    table_row = slot * AGE_SEX_CELLS + people.age_sex[person]
    companion = wanted.companion[slot]
    has_companion = held[person, companion] & (companion >= 0)
    code_row = (slot * 2 + has_companion) * AGE_SEX_CELLS + people.age_sex[person]
    which = wanted.code_shares.draw(draws.uniform_of(_streams(plan, "code")[slot]), code_row)
    lived_share = wanted.onset.at(draws.uniform_of(_streams(plan, "onset")[slot]), table_row)
    onset = people.birth_day[person] + (lived_share * people.days_lived[person]).astype(np.int64)
    return Cases(person, slot, wanted.code_index[slot, which], onset)


def _streams(plan: Plan, decision: str) -> UInts:
    """Give the stream of a decision on each condition, shape `(slots,)`."""
    names = (f"{decision}:{condition.id}" for condition in plan.conditions.conditions)
    return np.array([stream_hash(plan.seed, name) for name in names], dtype=np.uint64)

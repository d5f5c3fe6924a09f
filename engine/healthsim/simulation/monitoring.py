"""Tests that people have at offices for their conditions, when they are due."""

import numpy as np

from healthsim.planning.plan import Ints
from healthsim.planning.testing_plan import MonitoredTest
from healthsim.simulation.background import Occurrences
from healthsim.simulation.block import Block
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.visits import DAY

_LONG_AGO = np.iinfo(np.int64).min // 2
_NOT_DUE = np.iinfo(np.int64).max


def monitored(
    tests: tuple[MonitoredTest, ...], block: Block, seen: Occurrences, begun: Booleans, routine: Booleans
) -> Booleans:
    """Tell which tests are done for conditions at visits to offices, shape `(visits, labs)`.

    The time since the first of a person's conditions began is divided into intervals, the same for all tests with the
    same interval, so that these are done together. A test is due at the first visit in an interval, but for whoever
    had it routinely within the length of one before.

    Args:
        tests: The tests.
        block: The people.
        seen: Their visits, person after person in order of time.
        begun: Which conditions had begun at each, shape `(visits, slots)`.
        routine: Which tests are routine at each, shape `(visits, labs)`.
    """
    wanted = np.zeros_like(routine)
    day = seen.start // DAY
    elapsed = day - _first_onset(tests, block)[seen.person]
    for test in tests:
        interval = _intervals(test, begun)
        latest = _latest(seen.person, day, routine[:, test.lab])
        for length, share in test.shares:
            places = np.flatnonzero(interval == length)
            window = elapsed[places] // length
            is_first = _is_first(seen.person[places], window) & (day[places] - latest[places] >= length)
            places, window = places[is_first], window[is_first]
            draws = block.people.draws.rows(seen.person[places])
            is_done = draws.event_uniform(f"measured:monitoring:{length}", window) < share
            wanted[places[is_done]] |= test.parts
    return wanted


def _first_onset(tests: tuple[MonitoredTest, ...], block: Block) -> Ints:
    """Give the first onset of a condition with tests, days since 1970-01-01, shape `(people,)`."""
    slots = sorted({slot for test in tests for slot, _ in test.intervals})
    onset = block.cases.onsets(block.people.count, block.held.shape[1])
    first: Ints = onset[:, slots].min(axis=1, initial=_NOT_DUE)
    return first


def _intervals(test: MonitoredTest, begun: Booleans) -> Ints:
    """Give the shortest interval that a condition asks for at each visit, in days, shape `(visits,)`."""
    shortest = np.full(len(begun), _NOT_DUE)
    for slot, days in test.intervals:
        shortest[begun[:, slot] & (shortest > days)] = days
    return shortest


def _latest(person: Ints, day: Ints, is_done: Booleans) -> Ints:
    """Give the latest day by each visit at which the person had a test, shape `(visits,)`; long ago for none."""
    place = np.maximum.accumulate(np.where(is_done, np.arange(len(day)), -1))
    is_mine = (place >= 0) & (person[place] == person)
    return np.where(is_mine, day[place], _LONG_AGO)


def _is_first(person: Ints, window: Ints) -> Booleans:
    """Tell which visits are the first of a person in an interval, among those given, shape `(visits,)`."""
    is_first = np.ones(len(person), np.bool_)
    is_first[1:] = (person[1:] != person[:-1]) | (window[1:] != window[:-1])
    return is_first

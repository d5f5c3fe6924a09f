"""Diagnoses of claims: what an occasion is for, what was done for another reason, and what the person has by then."""

from collections.abc import Iterable

import numpy as np

from healthsim.planning.payer.billing_plan import MOST_DIAGNOSES, BillingPlan
from healthsim.planning.plan import Ints
from healthsim.planning.testing import FIRST_NUMBER
from healthsim.simulation.block import Block
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.chart import Chart
from healthsim.simulation.payer.billed_lines import Lines
from healthsim.simulation.payer.occasions import Occasions
from healthsim.tables import MISSING

_LOW = (1 << SLOT_BITS) - 1
_MOST_STANDING = 24


def diagnoses_of(plan: BillingPlan, block: Block, chart: Chart, seen: Occasions, done: Iterable[Lines]) -> Ints:
    """List the diagnoses of every occasion, shape `(occasions, 12)`, -1 for none; none of them twice.

    First what it is for, then what lines are for, what was diagnosed there, and what the person has had before.

    Args:
        plan: How charts are billed.
        block: The people.
        chart: What their clinical tables say.
        seen: What is billed.
        done: What was done.
    """
    listed = np.full((len(seen.person), MOST_DIAGNOSES), -1, np.int64)
    listed[:, 0] = seen.reason
    count = np.ones(len(seen.person), np.int64)
    for lines in done:
        other = np.flatnonzero(lines.diagnosis >= 0)
        if len(other):
            _add_each(listed, count, lines.occasion[other], lines.diagnosis[other])
    if not chart.rows("diagnoses"):
        return listed
    code = plan.diagnoses.of_diagnosis[chart.column("diagnoses", "code")]
    encounter_id = chart.column("diagnoses", "encounter_id").astype(np.int64)
    there = np.flatnonzero(encounter_id != MISSING)
    at = seen.having(encounter_id[there])
    is_here = seen.encounter_id[at] == encounter_id[there] if len(at) else np.zeros(0, np.bool_)
    _add_each(listed, count, at[is_here], code[there[is_here]])
    standing, recorded = _standing(block, chart, code)
    every = np.arange(len(seen.person))
    for place in range(standing.shape[1]):
        has = recorded[seen.person, place] <= seen.start_day
        _add(listed, count, every[has], standing[seen.person[has], place])
    return listed


def pointers(listed: Ints, diagnosis: Ints) -> Ints:
    """Give the places of lines' diagnoses in their claims' lists, from 0; 0 for what is not listed.

    Args:
        listed: Diagnoses of the claim of each line, shape `(lines, 12)`.
        diagnosis: What each line is for, -1 for the claim's first, shape `(lines,)`.
    """
    places = np.zeros(len(diagnosis), np.int64)
    other = np.flatnonzero(diagnosis >= 0)
    places[other] = np.argmax(listed[other] == diagnosis[other, np.newaxis], axis=1)
    return places


def _standing(block: Block, chart: Chart, code: Ints) -> tuple[Ints, Ints]:
    """Give what people have that is no episode of its own, and when it was recorded, shape `(people, most)`."""
    row_id = chart.column("diagnoses", "diagnosis_id")
    rows = np.flatnonzero((row_id & _LOW) < FIRST_NUMBER)
    rows = rows[np.argsort(row_id[rows], kind="stable")]
    person = (row_id[rows] >> SLOT_BITS) - block.people.first - 1
    rank = np.arange(len(rows)) - np.searchsorted(person, person)
    most = min(int(rank.max(initial=-1)) + 1, _MOST_STANDING)
    kept = rank < most
    codes = np.full((block.people.count, most), -1, np.int64)
    recorded = np.full((block.people.count, most), np.iinfo(np.int64).max)
    codes[person[kept], rank[kept]] = code[rows[kept]]
    recorded[person[kept], rank[kept]] = chart.column("diagnoses", "recorded_date")[rows[kept]]
    return codes, recorded


def _add_each(listed: Ints, count: Ints, at: Ints, diagnosis: Ints) -> None:
    """Add diagnoses to lists, several to one maybe."""
    order = np.lexsort((np.arange(len(at)), at))
    at, diagnosis = at[order], diagnosis[order]
    rank = np.arange(len(at)) - np.searchsorted(at, at)
    for turn in range(min(int(rank.max(initial=-1)) + 1, _MOST_STANDING)):
        are = rank == turn
        _add(listed, count, at[are], diagnosis[are])


def _add(listed: Ints, count: Ints, at: Ints, diagnosis: Ints) -> None:
    """Add a diagnosis to each of some lists, unless it is there or the list is full; none of `at` twice."""
    is_new = (count[at] < MOST_DIAGNOSES) & ~(listed[at] == diagnosis[:, np.newaxis]).any(axis=1)
    at, diagnosis = at[is_new], diagnosis[is_new]
    listed[at, count[at]] = diagnosis
    count[at] += 1

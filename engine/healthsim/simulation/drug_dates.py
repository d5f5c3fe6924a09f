"""Since when people take their drugs: after onset and approval, at an age, and by lines of treatment."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from healthsim.planning.medication_plan import PlannedDrug
from healthsim.planning.plan import Ints
from healthsim.simulation.patients_seen import Patients
from healthsim.tables import MISSING

_YEAR = 365
"""Days before the visit in which a course was taken."""


@dataclass(frozen=True, slots=True)
class Intake:
    """A drug that some people take for a condition; every array has the shape `(rows,)`.

    Attributes:
        person: Places of the people in the block.
        entry: Place of the drug in the plan.
        code: Index of their code of the condition.
        start_day: Day of its first order, days since 1970-01-01.
        end_day: Last day covered; missing for a drug taken on and on.
    """

    person: Ints
    entry: Ints
    code: Ints
    start_day: Ints
    end_day: Ints


def first_days(drug: PlannedDrug, patients: Patients) -> Ints:
    """Give the first day on which patients could have begun a drug, shape `(rows,)`."""
    days: Ints = np.maximum(np.maximum(patients.onset_day, patients.birth_day + drug.minimum_days), drug.first_day)
    return days


def dated(chosen: Sequence[tuple[PlannedDrug, Ints]], patients: Patients) -> list[Intake]:
    """Date the drugs chosen for a condition.

    A drug of a later line is not begun before one of an earlier line. What could be begun at onset mostly was soon
    after: the share of the time since then is the cube of a uniform, 1 in 8 of it in the median. What had to wait for
    its approval, an age or an earlier line is begun at any time since.

    Args:
        chosen: Drugs, each with the rows of the patients who take it.
        patients: The patients.
    """
    intakes = []
    begun = patients.onset_day
    for line in sorted({drug.drug.line for drug, _ in chosen}):
        begun_before = begun.copy()
        for drug, rows in chosen:
            if drug.drug.line != line or not rows.size:
                continue
            start, end = _course(drug, patients, rows) if drug.drug.is_course else _ongoing(drug, patients, rows, begun)
            begun_before[rows] = np.maximum(begun_before[rows], start)
            entry = np.full(len(rows), drug.entry, np.int64)
            intakes.append(Intake(patients.person[rows], entry, patients.code[rows], start, end))
        begun = begun_before
    return intakes


def _ongoing(drug: PlannedDrug, patients: Patients, rows: Ints, begun: Ints) -> tuple[Ints, Ints]:
    first = np.maximum(first_days(drug, patients)[rows], begun[rows])
    uniform = patients.draws.rows(rows).uniform(f"drug_start:{drug.drug.group}")
    share = np.where(first == patients.onset_day[rows], uniform * uniform * uniform, uniform)
    waited = share * (patients.seen_day[rows] - first + 1)
    return first + waited.astype(np.int64), np.full(len(rows), MISSING, np.int64)


def _course(drug: PlannedDrug, patients: Patients, rows: Ints) -> tuple[Ints, Ints]:
    last = patients.seen_day[rows] - drug.drug.days_supply
    first = np.maximum(first_days(drug, patients)[rows], patients.seen_day[rows] - _YEAR)
    start = patients.draws.rows(rows).integer(f"drug_start:{drug.drug.group}", first, last)
    return start, start + drug.drug.days_supply - 1

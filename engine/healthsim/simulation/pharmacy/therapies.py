"""Therapies: the orders of a drug that a person has one after another."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.pharmacy.pharmacy_plan import KINDS, PharmacyPlan
from healthsim.planning.plan import Ints, Plan
from healthsim.simulation.block import Block
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.chart import Chart
from healthsim.tables import MISSING

_DAYS = 2**33
_BEFORE = 2**32
_OTC = KINDS.index("otc")


@dataclass(frozen=True, slots=True)
class Therapies:
    """Orders of drugs that need a prescription, therapy after therapy in order of time.

    Attributes:
        person: Place of the person in the block, shape `(orders,)`.
        drug: Index of the RxCUI.
        number: Number of the order among the person's.
        medication_id: Of the row of the chart.
        encounter_id: Of the chart; `MISSING` for none.
        dose: Index of the text.
        frequency: Index of the text.
        reason: Index of the ICD-10-CM code.
        days: Days that a dispensing lasts, as ordered.
        refills: Refills after the first dispensing.
        start: First day.
        end: Last day.
        therapy: Therapy that each belongs to, ascending.
        first: First order of each therapy, shape `(therapies,)`.
    """

    person: Ints
    drug: Ints
    number: Ints
    medication_id: Ints
    encounter_id: Ints
    dose: Ints
    frequency: Ints
    reason: Ints
    days: Ints
    refills: Ints
    start: Ints
    end: Ints
    therapy: Ints
    first: Ints

    def order_on(self, therapy: Ints, day: Ints) -> Ints:
        """Give the last order of therapies that has begun by days, shape `(rows,)`; the first where none has."""
        keys = self.therapy * _DAYS + self.start + _BEFORE
        place = np.searchsorted(keys, therapy * _DAYS + day + _BEFORE, side="right") - 1
        return np.maximum(place, self.first[therapy])


def therapies_of(pharmacy: PharmacyPlan, plan: Plan, block: Block, chart: Chart) -> Therapies:
    """Give the orders in a block's chart that are dispensed between the first and the last day of claims.

    A drug sold over the counter needs no prescription. An order is over when the next one of the same drug begins.
    """
    column = {name: chart.column("medications", name).astype(np.int64) for name in _COLUMNS}
    person = column["person_id"] - (block.people.first + 1)
    last = _last_days(pharmacy, plan, block)[person]
    ends = np.where(column["end_date"] == MISSING, last, np.minimum(column["end_date"], last))
    is_dispensed = (
        (pharmacy.drugs.kind[column["rxnorm"]] != _OTC) & (ends >= pharmacy.first_day) & (ends >= column["start_date"])
    )
    rows = np.flatnonzero(is_dispensed)
    number = column["medication_id"] & ((1 << SLOT_BITS) - 1)
    rows = rows[np.lexsort((number[rows], column["start_date"][rows], column["rxnorm"][rows], person[rows]))]
    key = person[rows] * (2**20) + column["rxnorm"][rows]
    begins = np.append(True, key[1:] != key[:-1])[: len(rows)]
    therapy = np.cumsum(begins) - 1
    start, end = column["start_date"][rows], ends[rows]
    following = np.flatnonzero(~begins)
    end[following - 1] = np.minimum(end[following - 1], start[following] - 1)
    return Therapies(
        person=person[rows],
        drug=column["rxnorm"][rows],
        number=number[rows],
        medication_id=column["medication_id"][rows],
        encounter_id=column["encounter_id"][rows],
        dose=column["dose"][rows],
        frequency=column["frequency"][rows],
        reason=column["reason_code"][rows],
        days=column["days_supply"][rows],
        refills=column["refills"][rows],
        start=start,
        end=end,
        therapy=therapy,
        first=np.flatnonzero(begins),
    )


_COLUMNS = (
    "person_id",
    "medication_id",
    "encounter_id",
    "rxnorm",
    "dose",
    "frequency",
    "reason_code",
    "days_supply",
    "refills",
    "start_date",
    "end_date",
)


def _last_days(pharmacy: PharmacyPlan, plan: Plan, block: Block) -> Ints:
    """Give the last day on which everybody may fill a prescription, shape `(people,)`."""
    last = np.full(block.people.count, pharmacy.last_day)
    deaths = block.timeline.deaths(plan.timeline) if plan.timeline is not None and block.timeline is not None else None
    if deaths is None:
        return last
    return np.where(deaths == MISSING, last, np.minimum(last, deaths))

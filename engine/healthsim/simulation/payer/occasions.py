"""What a chart has to be billed: its encounters, and what was done without one."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from healthsim.planning.payer.billing_plan import (
    FROM_65,
    OFFICE,
    UNDER_18,
    UNDER_65,
    BillingPlan,
)
from healthsim.planning.plan import Ints, Plan
from healthsim.simulation.birthdays import completed_years
from healthsim.simulation.block import Block
from healthsim.simulation.care import npis
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.chart import Chart
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.events.marked import Marks
from healthsim.simulation.payer.claim_events import SERVICE_CLAIMED, services_claimed
from healthsim.simulation.visits import DAY
from healthsim.tables import MISSING

NUMBER_BITS = SLOT_BITS + 3
"""Bits that number the occasions of a person."""

ORDERED = (("labs", "lab_id", "collected_at"), ("procedures", "procedure_id", "performed_date"))
ORDERED_TABLES = (*ORDERED, ("immunizations", "immunization_id", "given_date"))
"""Tables whose rows are billed, with their keys and their days or times."""

_MINUTE = 60_000_000
_LOW = (1 << SLOT_BITS) - 1
_ADULT, _OLD = 18, 65


@dataclass(frozen=True, slots=True)
class Occasions:
    """Occasions to bill, person after person in order of time; every array has the shape `(occasions,)`.

    Attributes:
        keys: `person_id` times 2**19 plus the number, in ascending order.
        by_key: Places of the occasions in that order.
        person: Place of the person in the block.
        number: Stable number among the person's: that of the encounter or, from 65,536 on, of the first row that was
            ordered on the day, or that of the event of a journey that claims a service.
        encounter_id: The encounter; `MISSING` for none.
        start_day: First day.
        end_day: Last day.
        minutes: How long it took.
        setting: Place in `SETTINGS`.
        type: Index of the type of the encounter; -1 for none.
        reason: Index of the diagnosis it is for.
        provider_npi: Provider; `MISSING` for none.
        facility_id: Hospital; `MISSING` for none.
        age: Completed years.
        band: Band of age that bundles tell apart.
        has_primary: Whether the provider is the person's for primary care.
    """

    keys: Ints
    by_key: Ints
    person: Ints
    number: Ints
    encounter_id: Ints
    start_day: Ints
    end_day: Ints
    minutes: Ints
    setting: Ints
    type: Ints
    reason: Ints
    provider_npi: Ints
    facility_id: Ints
    age: Ints
    band: Ints
    has_primary: Booleans

    @property
    def nights(self) -> Ints:
        """Nights of stays."""
        return self.end_day - self.start_day

    def at(self, keys: Ints) -> Ints:
        """Give the places of occasions with some keys; all of them exist."""
        found: Ints = self.by_key[np.searchsorted(self.keys, keys)]
        return found

    def having(self, encounter_id: Ints) -> Ints:
        """Give the places of the occasions that encounters are; any place for those that are none."""
        at = np.searchsorted(self.keys, encounter_keys(encounter_id))
        found: Ints = self.by_key[np.minimum(at, len(self.keys) - 1)]
        return found


def occasions_of(billing: BillingPlan, plan: Plan, block: Block, chart: Chart) -> Occasions:
    """Gather what is to be billed of a block.

    Args:
        billing: How charts are billed.
        plan: The plan.
        block: The people.
        chart: What their clinical tables say.
    """
    first = block.people.first + 1
    # What people have in a ward is billed with the stay that it is part of.
    whole = np.flatnonzero(chart.column("encounters", "part_of_id") == MISSING)
    encounters = len(whole)

    def of_whole(name: str) -> Ints:
        values: Ints = chart.column("encounters", name)[whole]
        return values

    ids = of_whole("encounter_id")
    loose = _loose(billing, plan, block, chart)
    key = np.concatenate([encounter_keys(ids), loose.key])
    begins = np.concatenate([of_whole("start_time") // DAY, loose.day])
    order = np.lexsort((key, begins, key >> NUMBER_BITS))
    by_key = np.argsort(key[order], kind="stable")
    none = np.full(len(loose.key), MISSING)
    start = begins[order]
    end = np.concatenate([of_whole("end_time") // DAY, loose.day])[order]
    person = (key[order] >> NUMBER_BITS) - first
    age = np.clip(completed_years(block.people.birth_day[person], start), 0, None)
    number = key[order] & ((1 << NUMBER_BITS) - 1)
    npi = np.concatenate([of_whole("provider_npi"), none])[order]
    setting, kind, reason = _meaning(billing, of_whole, loose.reason, order)
    minutes = (of_whole("end_time") - of_whole("start_time")) // _MINUTE
    has_primary = np.zeros(encounters + len(none), np.bool_)
    if plan.care is not None and block.care is not None:
        own = npis(plan.care, block.care.primary)[person]
        npi = np.where(number >> SLOT_BITS == SERVICE_CLAIMED, own, npi)
        has_primary = own == npi
    return Occasions(
        keys=key[order][by_key],
        by_key=by_key,
        person=person,
        number=number,
        encounter_id=np.concatenate([ids, none])[order],
        start_day=start,
        end_day=end,
        minutes=np.concatenate([minutes, np.zeros(len(none), np.int64)])[order],
        setting=setting,
        type=kind,
        reason=reason,
        provider_npi=npi,
        facility_id=np.concatenate([of_whole("facility_id"), none])[order],
        age=age,
        band=np.where(age < _ADULT, UNDER_18, np.where(age < _OLD, UNDER_65, FROM_65)),
        has_primary=has_primary,
    )


def encounter_keys(encounter_id: Ints) -> Ints:
    """Give the keys of the occasions that encounters are, shape `(rows,)`."""
    keys: Ints = (encounter_id >> SLOT_BITS << NUMBER_BITS) + (encounter_id & _LOW)
    return keys


def ordered_keys(chart: Chart, table: str) -> Ints:
    """Give the keys of the occasions that rows of a table belong to, shape `(rows,)`.

    Rows without an encounter belong to that of the first such row of the person, table and day.

    Args:
        chart: The chart.
        table: One of `ORDERED_TABLES`.
    """
    place, (_, identifier, _) = next((at, names) for at, names in enumerate(ORDERED_TABLES) if names[0] == table)
    encounter_id = chart.column(table, "encounter_id").astype(np.int64)
    row_id = chart.column(table, identifier)
    is_loose = encounter_id == MISSING
    keys = encounter_keys(encounter_id)
    if is_loose.any():
        loose = row_id[is_loose]
        day = ordered_days(chart, table)[is_loose]
        order = np.lexsort((loose, day, loose >> SLOT_BITS))
        person, day = (loose >> SLOT_BITS)[order], day[order]
        is_first = np.append(True, (person[1:] != person[:-1]) | (day[1:] != day[:-1]))
        lead = loose[order][np.maximum.accumulate(np.where(is_first, np.arange(len(order)), 0))]
        found = np.empty(len(order), np.int64)
        found[order] = encounter_keys(lead) + ((place + 1) << SLOT_BITS)
        keys[is_loose] = found
    return keys


def ordered_days(chart: Chart, table: str) -> Ints:
    """Give the days on which rows of a table were done, shape `(rows,)`."""
    when = next(name for each, _, name in ORDERED_TABLES if each == table)
    days = chart.column(table, when).astype(np.int64)
    return days // DAY if table == "labs" else days


@dataclass(frozen=True, slots=True)
class _Loose:
    """What was done without an encounter: keys, days, and indices of the diagnoses it was for, -1 for none."""

    key: Ints
    day: Ints
    reason: Ints


def _loose(billing: BillingPlan, plan: Plan, block: Block, chart: Chart) -> _Loose:
    keys, days = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for table, _, _ in ORDERED_TABLES:
        is_loose = chart.column(table, "encounter_id") == MISSING
        if is_loose.any():
            found, where = np.unique(ordered_keys(chart, table)[is_loose], return_index=True)
            keys.append(found)
            days.append(ordered_days(chart, table)[is_loose][where])
    ordered = sum(len(each) for each in keys)
    claimed = services_claimed(plan, block, billing.orders.claimed)
    number = (SERVICE_CLAIMED << SLOT_BITS) + claimed.number
    keys.append((block.people.ids[claimed.person] << NUMBER_BITS) + number)
    days.append(claimed.day)
    reason = np.append(np.full(ordered, -1), _claimed_for(billing, plan, block, claimed))
    return _Loose(np.concatenate(keys), np.concatenate(days), reason)


def _claimed_for(billing: BillingPlan, plan: Plan, block: Block, claimed: Marks) -> Ints:
    """Give the index of the person's code of the condition that each claim's event is for; -1 for none."""
    if plan.timeline is None or not len(claimed.person):
        return claimed.person
    own = np.full((block.people.count, block.held.shape[1] + 1), -1, np.int64)
    own[block.cases.person, block.cases.slot] = billing.diagnoses.of_diagnosis[block.cases.code]
    slots = np.array([-1 if event.condition is None else event.condition for event in plan.timeline.events], np.int64)
    codes: Ints = own[claimed.person, slots[claimed.event]]
    return codes


def _meaning(
    billing: BillingPlan, of_whole: Callable[[str], Ints], loose: Ints, order: Ints
) -> tuple[Ints, Ints, Ints]:
    """Give the settings, types and reasons of occasions; what has no encounter is done in an office."""
    code = of_whole("class_code").astype(np.int64)
    kind = of_whole("type").astype(np.int64)
    reason = of_whole("reason_code").astype(np.int64)
    otherwise = billing.diagnoses.observation
    known = np.append(billing.diagnoses.of_reason, otherwise)[reason]
    setting = billing.visits.setting[code, kind] if len(code) else code
    return (
        np.append(setting, np.full(len(loose), OFFICE))[order],
        np.append(kind, np.full(len(loose), -1))[order],
        np.append(known, np.where(loose < 0, otherwise, loose))[order],
    )

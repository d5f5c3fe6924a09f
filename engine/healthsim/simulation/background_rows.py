"""Rows of the care that people have anyway: encounters, the diagnoses of what they are for, and drugs for these."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from healthsim.planning.medication_plan import CoursesPlan, MedicationPlan
from healthsim.planning.plan import SEXES, Ints, Plan
from healthsim.planning.testing import FIRST_NUMBER
from healthsim.planning.utilization import MOST_A_YEAR
from healthsim.planning.utilization_plan import CLASSES, INPATIENT, OFFICE, PREVENTIVE, TYPES, UtilizationPlan
from healthsim.simulation.background import Occurrences, examinations
from healthsim.simulation.background_measures import measure_tables, measured_of
from healthsim.simulation.block import Block
from healthsim.simulation.care import hospital_ids, npis
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.courses import Seen, courses_ordered
from healthsim.simulation.onsets import Onsets
from healthsim.simulation.prevention_rows import prevention_tables
from healthsim.simulation.prevention_visits import placed_services, visit_reasons
from healthsim.simulation.visits import DAY
from healthsim.tables import MISSING, Batch, Column

_AS_PLANNED = 0.85
"""Share of children's visits at the time of an examination that are such (assumed); others are ill just then."""

_WEEK, _MONTH = 8, 29
"""Days of life before which newborns are seen for one reason, and for another."""


def background_tables(plan: Plan, block: Block) -> Iterator[Batch]:
    """Give the rows of the care that the people of a block have anyway; none where it is not asked for."""
    if plan.utilization is None or block.background is None:
        return
    seen = block.background.occurrences
    number = _ranks(seen.person) + FIRST_NUMBER
    row_id = (block.people.ids[seen.person] << SLOT_BITS) + number
    reason, slot = _reasons(plan.utilization, block, seen)
    prevention, placed = plan.utilization.prevention, None
    if prevention is not None:
        placed = placed_services(plan.utilization, prevention, block)
        reason = visit_reasons(prevention, block, placed, seen, reason)
    rows = _Rows(seen, row_id, reason, slot)
    encounters = _encounters(plan, plan.utilization, block, rows)
    yield encounters
    yield _diagnoses(plan.utilization, block, rows, _complications(plan.utilization, block, rows))
    if prevention is not None and placed is not None:
        provider = encounters.columns["provider_npi"]
        yield from prevention_tables(plan, prevention, block, placed, (row_id, provider))
    testing = plan.utilization.testing
    if testing is not None:
        is_examination = plan.utilization.reasons.is_preventive[reason] & (seen.kind == OFFICE)
        yield from measure_tables(plan, testing, block, measured_of(block, seen, row_id, is_examination))
    if plan.visits is not None and plan.medications is not None and plan.medications.courses is not None:
        yield _courses(plan.medications, plan.medications.courses, plan.utilization, block, rows)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Occurrences of background care, numbered; every array has the shape `(occurrences,)`.

    Attributes:
        seen: The occurrences.
        row_id: Identifier of what each leaves in a table.
        reason: Index of the code of what it is for.
        slot: Slot of the person's own condition that it is for; -1 for none.
    """

    seen: Occurrences
    row_id: Ints
    reason: Ints
    slot: Ints


def _encounters(plan: Plan, wanted: UtilizationPlan, block: Block, rows: _Rows) -> Batch:
    seen, reason = rows.seen, rows.reason
    texts = wanted.reasons.texts
    classes = np.array([texts["class_code"].index(name) for name in CLASSES], np.int8)
    types = np.array([texts["type"].index(name) for name in TYPES], np.int8)
    is_preventive = (seen.kind == OFFICE) & wanted.reasons.is_preventive[reason]
    columns: dict[str, Column] = {
        "person_id": block.people.ids[seen.person],
        "encounter_id": rows.row_id,
        "class_code": classes[seen.kind],
        "type": np.where(is_preventive, np.int8(texts["type"].index(PREVENTIVE)), types[seen.kind]),
        "start_time": seen.start,
        "end_time": seen.end,
        "reason_code": reason,
        "provider_npi": None,
        "facility_id": None,
        "part_of_id": None,
    }
    if plan.care is not None and block.care is not None:
        is_special = (rows.slot == 0) & plan.conditions.has_primary
        provider = np.where(is_special, block.care.seen[seen.person], block.care.primary[seen.person])
        columns["provider_npi"] = npis(plan.care, provider)
        hospital = hospital_ids(plan.care, block.care.hospital)[seen.person]
        columns["facility_id"] = np.where(seen.kind == OFFICE, MISSING, hospital)
    return Batch("encounters", len(seen.person), columns)


def _diagnoses(wanted: UtilizationPlan, block: Block, rows: _Rows, complications: tuple[Ints, Ints]) -> Batch:
    """Diagnose what people are there for, unless it is a condition that they have all along, or no disease.

    Complications of stays come beside it, numbered after all occurrences of the person's.
    """
    places = np.flatnonzero(wanted.reasons.is_diagnosis[rows.reason])
    beside, code = complications
    person = rows.seen.person
    occurrences = np.bincount(person, minlength=block.people.count)[person[beside]]
    further = (block.people.ids[person[beside]] << SLOT_BITS) + FIRST_NUMBER + occurrences + _ranks(person[beside])
    both = np.concatenate([places, beside])
    day = rows.seen.start[both] // DAY
    columns: dict[str, Column] = {
        "person_id": block.people.ids[person[both]],
        "diagnosis_id": np.concatenate([rows.row_id[places], further]),
        "encounter_id": rows.row_id[both],
        "code": np.concatenate([rows.reason[places], code]),
        "onset_date": day,
        "recorded_date": day,
        "rank": np.repeat(np.array([1, 2], np.int16), [len(places), len(beside)]),
    }
    return Batch("diagnoses", len(both), columns)


def _complications(plan: UtilizationPlan, block: Block, rows: _Rows) -> tuple[Ints, Ints]:
    """Give which stays have a complication, and its code; none is what the stay is for, or forbidden beside it."""
    seen = rows.seen
    places = np.flatnonzero(seen.kind == INPATIENT)
    person = seen.person[places]
    cell = seen.age[places] * len(SEXES) + block.people.sex[person]
    uniform = block.people.draws.rows(person).event_uniform("utilization:inpatient:complication", seen.address[places])
    which = plan.complications.table.draw(uniform, cell).astype(np.int64)
    has_one = which < len(plan.complications.codes)
    places, person = places[has_one], person[has_one]
    code = plan.complications.codes[which[has_one]]
    is_new = (code != rows.reason[places]) & ~_is_excluded(plan, block, person, code)
    return places[is_new], code[is_new]


def _courses(drugs: MedicationPlan, courses: CoursesPlan, wanted: UtilizationPlan, block: Block, rows: _Rows) -> Batch:
    """Describe the drugs that visits leave people with for a short while."""
    ordered = courses_ordered(drugs, courses, wanted, block, Seen(rows.seen, np.where(rows.slot < 0, rows.reason, -1)))
    entry, place = courses.first_entry + ordered.course, ordered.place
    start = rows.seen.start[place] // DAY
    columns: dict[str, Column] = {
        "person_id": block.people.ids[rows.seen.person[place]],
        "medication_id": rows.row_id[place],
        "encounter_id": rows.row_id[place],
        **{name: indices[entry] for name, indices in drugs.indices.items()},
        "days_supply": drugs.days_supply[entry],
        "refills": drugs.refills[entry],
        "start_date": start,
        "end_date": start + drugs.days_supply[entry] - 1,
        "reason_code": rows.reason[place],
    }
    return Batch("medications", len(place), columns)


def _ranks(person: Ints) -> Ints:
    """Count the rows of each person, whose rows stand together."""
    is_first = np.append(True, person[1:] != person[:-1])[: len(person)]
    starts = np.flatnonzero(is_first)
    return np.arange(len(person)) - np.repeat(starts, np.diff(np.append(starts, len(person))))


def _reasons(plan: UtilizationPlan, block: Block, seen: Occurrences) -> tuple[Ints, Ints]:
    """Give the code of what each encounter is for, and the slot of the person's condition; -1 for none."""
    reason, slot = np.zeros(len(seen.person), np.int64), np.full(len(seen.person), -1)
    for kind in range(len(plan.care)):
        places = np.flatnonzero(seen.kind == kind)
        reason[places], slot[places] = _of_kind(plan, block, seen.chosen(places), kind)
    return np.where((slot < 0) & _is_excluded(plan, block, seen.person, reason), plan.reasons.instead, reason), slot


def _is_excluded(plan: UtilizationPlan, block: Block, person: Ints, reason: Ints) -> Booleans:
    """Tell which reasons a code of the same person's conditions excludes."""
    excluded = np.zeros((block.people.count, plan.reasons.excluded.shape[1]), np.bool_)
    excludes = np.asarray(plan.reasons.excluded.any(axis=1), np.bool_)
    cases = np.flatnonzero(excludes[block.cases.code])
    np.logical_or.at(excluded, block.cases.person[cases], plan.reasons.excluded[block.cases.code[cases]])
    is_excluded: Booleans = excluded[person, reason]
    return is_excluded


def _of_kind(plan: UtilizationPlan, block: Block, seen: Occurrences, kind: int) -> tuple[Ints, Ints]:
    care, cases = plan.care[kind], block.cases
    draws = block.people.draws.rows(seen.person)
    cell = seen.age * len(SEXES) + block.people.sex[seen.person]
    stream = f"utilization:{care.name}:reason"
    which = care.reasons.table.draw(draws.event_uniform(stream, seen.address), cell)
    reason = care.reasons.codes[which]
    if kind == OFFICE:
        days = seen.start // DAY - block.people.birth_day[seen.person]
        _, width = examinations(plan, seen.address // (MOST_A_YEAR + 1), seen.address % (MOST_A_YEAR + 1))
        is_planned = (width > 0) & (draws.event_uniform(f"utilization:{care.name}:planned", seen.address) < _AS_PLANNED)
        reason = np.where(is_planned, plan.reasons.child, reason)
        reason = np.where(days < _MONTH, np.where(days < _WEEK, *plan.reasons.newborn), reason)
    onsets = Onsets(cases, care.leads[cases.code])
    count, first = onsets.begun(seen.person, seen.start // DAY)
    is_own = (count > 0) & (draws.event_uniform(f"utilization:{care.name}:own", seen.address) < care.own_share)
    turn = (draws.event_uniform(f"utilization:{care.name}:condition", seen.address) * count).astype(np.int64)
    own = onsets.at((first + turn)[is_own])
    slot = np.full(len(reason), -1)
    reason[is_own], slot[is_own] = cases.code[own], cases.slot[own]
    return reason, slot

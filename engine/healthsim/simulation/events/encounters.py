"""Encounters of journeys."""

import numpy as np

from healthsim.planning.event_details import Details, Encounter
from healthsim.planning.natural import ADULT
from healthsim.planning.plan import Ints, Plan
from healthsim.planning.visits import EXAMINATIONS
from healthsim.simulation.birthdays import completed_years
from healthsim.simulation.block import Block
from healthsim.simulation.care import hospital_ids, npis
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.events.coding import own_codes, texts_of
from healthsim.simulation.events.happened import Happened
from healthsim.tables import MISSING, Column, Columns

_IN_HOSPITAL = ("EMER", "IMP")


def encounters(plan: Plan, block: Block, happened: Happened) -> tuple[Ints, Columns]:
    """Describe the encounters: in a hospital, or with the provider who sees people for what they are for."""
    places = happened.of(Encounter)
    in_hospital = _is_in_hospital(happened, places)
    columns: dict[str, Column] = {
        "person_id": block.people.ids[happened.person[places]],
        "encounter_id": happened.row_id[places],
        "class_code": texts_of(plan, happened, places, ("encounters", "class_code"), _class_code),
        "type": texts_of(plan, happened, places, ("encounters", "type"), _type),
        "start_time": happened.start[places],
        "end_time": happened.end[places],
        "reason_code": reasons(plan, block, happened, places, in_hospital),
        "provider_npi": provider_npis(plan, block, happened, places),
        "facility_id": facilities(plan, block, happened, places, in_hospital),
        "part_of_id": None,
    }
    return places, columns


def facilities(plan: Plan, block: Block, happened: Happened, places: Ints, in_hospital: Booleans) -> Column:
    """Give the hospitals that some occurrences take place in; missing for offices."""
    if plan.care is None or block.care is None:
        return None
    ids = hospital_ids(plan.care, block.care.hospital)[happened.person[places]]
    return np.where(in_hospital, ids, MISSING)


def provider_npis(plan: Plan, block: Block, happened: Happened, places: Ints) -> Column:
    """Give who sees people: for the primary condition the specialist asked for, else primary care."""
    if plan.care is None or block.care is None:
        return None
    is_first = np.array([event.condition == 0 for event in happened.plan.events], np.bool_)
    is_special = is_first[happened.event(places)] & plan.conditions.has_primary
    person = happened.person[places]
    return npis(plan.care, np.where(is_special, block.care.seen[person], block.care.primary[person]))


def _is_in_hospital(happened: Happened, places: Ints) -> Booleans:
    inside = np.array([_class_code(event.details) in _IN_HOSPITAL for event in happened.plan.events], np.bool_)
    is_inside: Booleans = inside[happened.event(places)]
    return is_inside


def reasons(plan: Plan, block: Block, happened: Happened, places: Ints, in_hospital: Booleans) -> Ints:
    """Give the code asked for, else that of the event's condition, else that of the person's first condition.

    Whoever has none is examined; in a hospital nothing says why they are there.
    """
    person = happened.person[places]
    first = np.full(block.people.count, -1, np.int64)
    first[block.cases.person[::-1]] = block.cases.code[::-1]
    reason = texts_of(plan, happened, places, ("encounters", "reason_code"), _reason_code)
    for otherwise in (own_codes(block, happened, places), first[person]):
        reason = np.where(reason >= 0, reason, otherwise)
    texts = plan.dictionaries["encounters"]["reason_code"]
    adult, child = (texts.index(code) for code in EXAMINATIONS)
    is_adult = completed_years(block.people.birth_day[person], happened.day[places]) >= ADULT
    return np.where((reason >= 0) | in_hospital, reason, np.where(is_adult, adult, child))


def _class_code(details: Details) -> str | None:
    return details.class_code if isinstance(details, Encounter) else None


def _type(details: Details) -> str | None:
    return details.type if isinstance(details, Encounter) else None


def _reason_code(details: Details) -> str | None:
    return details.reason_code if isinstance(details, Encounter) else None

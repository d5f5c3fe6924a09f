"""Lines of who sees people: visits to offices, by telephone and at home, to emergency departments and in hospitals."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from healthsim.planning.payer.billing_plan import (
    EMERGENCY,
    HOME,
    INPATIENT,
    KNOWN,
    MOST_MINUTES,
    NEW,
    OFFICE,
    PREVENTIVE,
    TELEHEALTH,
    BillingPlan,
)
from healthsim.planning.payer.services import SERVICES
from healthsim.planning.plan import Ints
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.payer.billed_lines import (
    IN_FACILITY,
    IN_OFFICE,
    PROFESSIONAL,
    VISIT,
    Lines,
    Whose,
    lines_of,
)
from healthsim.simulation.payer.occasions import Occasions
from healthsim.simulation.people import People

_FIRST, _LATER, _LAST = range(3)
_SPECIALIST, _TELEHEALTH = SERVICES.index("specialist"), SERVICES.index("telehealth")


def visit_lines(plan: BillingPlan, people: People, seen: Occasions) -> Iterator[Lines]:
    """Give the lines of physicians' visits to people.

    Args:
        plan: How charts are billed.
        people: The people.
        seen: What is billed.
    """
    yield _ambulatory(plan, people, seen)
    places = np.flatnonzero(seen.setting == EMERGENCY)
    whose = Whose(VISIT, PROFESSIONAL, plan.visits.places[EMERGENCY], IN_FACILITY)
    yield lines_of(plan.fees, whose, places, emergency_codes(plan, people, seen, places), seen.start_day[places])
    yield from _in_hospital(plan, people, seen)


def emergency_codes(plan: BillingPlan, people: People, seen: Occasions, places: Ints) -> Ints:
    """Give the codes of emergency visits by their level, shape `(places,)`."""
    draws = people.draws.rows(seen.person[places])
    levels = plan.visits.emergency.draw(draws.event_uniform("billing:emergency", seen.number[places]))
    codes: Ints = plan.visits.emergency_codes[levels]
    return codes


def is_office_visit(plan: BillingPlan, seen: Occasions) -> Booleans:
    """Tell which occasions are visits that are billed by themselves, neither to emergency departments nor stays."""
    is_seen = (seen.type >= 0) & (seen.setting != EMERGENCY) & (seen.setting != INPATIENT)
    is_visit: Booleans = is_seen & np.append(plan.visits.is_visit, False)[seen.type]
    return is_visit


def _ambulatory(plan: BillingPlan, people: People, seen: Occasions) -> Lines:
    visits = plan.visits
    places = np.flatnonzero(is_office_visit(plan, seen))
    setting, kind = seen.setting[places], seen.type[places]
    row = np.where(_is_new(plan, people, seen)[places], NEW, KNOWN)
    ladder = np.where(setting == HOME, 2, np.where(setting == TELEHEALTH, 1, 0))
    minutes = np.minimum(seen.minutes[places], MOST_MINUTES)
    code = np.where(
        setting == PREVENTIVE, visits.by_age[row, seen.age[places]], visits.by_minutes[ladder, row, minutes]
    )
    special = visits.special[kind]
    code = np.where(special >= 0, special, code)
    modifier = np.where(setting == TELEHEALTH, visits.telehealth, -1)
    whose = Whose(VISIT, PROFESSIONAL, visits.places[setting], IN_OFFICE)
    lines = lines_of(plan.fees, whose, places, code, seen.start_day[places], modifier=modifier)
    service = _services(plan, seen, places)
    return replace(lines, service=np.where(service >= 0, service, lines.service))


def _services(plan: BillingPlan, seen: Occasions, places: Ints) -> Ints:
    """Give the kinds of service: what they are for, else what the type says, else who is seen."""
    setting, of_type = seen.setting[places], plan.visits.service[seen.type[places]]
    for_reason = plan.diagnoses.service[seen.reason[places]]
    is_special = ~seen.has_primary[places] & (seen.provider_npi[places] >= 0)
    service = np.where(is_special, _SPECIALIST, -1)
    service = np.where(of_type >= 0, of_type, service)
    service = np.where(for_reason >= 0, for_reason, service)
    service = np.where((setting == TELEHEALTH) & (for_reason < 0), _TELEHEALTH, service)
    return np.where(setting == PREVENTIVE, -1, service)


def _is_new(plan: BillingPlan, people: People, seen: Occasions) -> Booleans:
    """Tell which occasions are the first with their provider in the chart, and of a new patient."""
    places = np.flatnonzero((seen.type >= 0) & ((seen.setting == OFFICE) | (seen.setting >= HOME)))
    person, npi = seen.person[places], seen.provider_npi[places]
    order = np.lexsort((seen.number[places], seen.start_day[places], npi, person))
    is_first = np.append(True, (np.diff(person[order]) != 0) | (np.diff(npi[order]) != 0))[: len(order)]
    first = places[order[is_first]]
    draws = people.draws.rows(seen.person[first])
    is_new = np.zeros(len(seen.person), np.bool_)
    is_new[first] = draws.event_uniform("billing:new_patient", seen.number[first]) < plan.visits.new_share
    return is_new


def _in_hospital(plan: BillingPlan, people: People, seen: Occasions) -> Iterator[Lines]:
    """Give the attending physician's lines: a delivery, or the first day, all between, and the last."""
    places = np.flatnonzero(seen.setting == INPATIENT)
    delivery = plan.orders.delivery[seen.reason[places]]
    whose = Whose(VISIT, PROFESSIONAL, plan.visits.places[INPATIENT], IN_FACILITY)
    delivered = delivery >= 0
    born = places[delivered]
    yield lines_of(plan.fees, whose, born, delivery[delivered], seen.start_day[born])
    places = places[~delivered]
    nights, is_newborn = seen.nights[places], plan.stays.is_newborn[seen.reason[places]]
    days = (
        (_FIRST, nights >= 0, seen.start_day[places], np.ones(len(places), np.int64)),
        (_LATER, nights > 1, seen.start_day[places] + 1, nights - 1),
        (_LAST, nights > 0, seen.end_day[places], np.ones(len(places), np.int64)),
    )
    draws = people.draws.rows(seen.person[places])
    for row, are, day, units in days:
        level = plan.visits.hospital.draw(draws.event_uniform(f"billing:hospital:{row}", seen.number[places]), row)
        code = plan.visits.hospital_codes[row, level]
        if row != _LAST:
            code = np.where(is_newborn, plan.visits.newborn[row], code)
        yield lines_of(plan.fees, whose, places[are], code[are], day[are], units=units[are])

"""Stays in hospitals: their MS-DRG, what that pays, how people came and where they went."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.payer.billing_plan import FROM_65, INPATIENT, BillingPlan
from healthsim.planning.payer.billing_rules import SURGEON_SLOT
from healthsim.planning.payer.billing_stays import ELECTIVE
from healthsim.planning.plan import Ints
from healthsim.simulation.chart import Chart
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.payer.billed_lines import IN_FACILITY, PROFESSIONAL, Lines, Whose, lines_of
from healthsim.simulation.payer.occasions import Occasions, ordered_keys
from healthsim.simulation.people import People
from healthsim.tables import MISSING


@dataclass(frozen=True, slots=True)
class Stays:
    """Stays; every array has the shape `(occasions,)` and -1 for what is no stay.

    Attributes:
        drg: Index of the MS-DRG.
        rate: What Medicare pays for it in the nation, cents; 0 for no stay.
        surgeon: Index of the code of who operated on the patient without the chart's saying so; -1 for nobody.
        admission: UB-04 type of admission.
        discharge: UB-04 patient status, of all occasions.
    """

    drg: Ints
    rate: Ints
    surgeon: Ints
    admission: Ints
    discharge: Ints


def stays_of(
    plan: BillingPlan, people: People, chart: Chart, seen: Occasions, listed: Ints, died: Ints | None
) -> Stays:
    """Group stays by what they are for, what was done, and the worst of the other diagnoses.

    Charts name few operations: as many more as there are in life are drawn.

    The manual's exclusions of complications by the principal diagnosis are left out.

    Args:
        plan: How charts are billed.
        people: The people.
        chart: What their clinical tables say.
        seen: What is billed.
        listed: Diagnoses of every occasion.
        died: Dates of death, `MISSING` for the living; None where nobody can die.
    """
    count = len(seen.person)
    places = np.flatnonzero(seen.setting == INPATIENT)
    group = plan.stays.group[seen.reason[places]]
    admission = plan.stays.admission[seen.reason[places]]
    by_procedure, is_elective = _operated(plan, chart, seen)
    operation = _drawn_operations(plan, people, seen, places, group)
    operation = np.where(by_procedure[places] >= 0, -1, operation)
    group = np.where(operation >= 0, operation, np.where(by_procedure[places] >= 0, by_procedure[places], group))
    admission = np.where(is_elective[places], ELECTIVE, admission)
    severity = np.append(plan.stays.severity, 0)[listed[places, 1:]].max(axis=1, initial=0)
    return Stays(
        drg=_spread(count, places, plan.stays.drg[group, severity], -1),
        rate=_spread(count, places, plan.stays.rate[group, severity], 0),
        surgeon=_spread(count, places, np.where(operation >= 0, plan.stays.surgeon[operation], -1), -1),
        admission=_spread(count, places, admission, -1),
        discharge=_discharges(plan, people, seen, places, died),
    )


def surgeon_lines(plan: BillingPlan, seen: Occasions, stays: Stays) -> Lines:
    """Give what those bill who operated during stays, on the first day."""
    at = np.flatnonzero(stays.surgeon >= 0)
    whose = Whose(SURGEON_SLOT, PROFESSIONAL, plan.visits.places[INPATIENT], IN_FACILITY)
    return lines_of(plan.fees, whose, at, stays.surgeon[at], seen.start_day[at])


def _drawn_operations(plan: BillingPlan, people: People, seen: Occasions, places: Ints, group: Ints) -> Ints:
    """Give the group that an operation leads to which the chart does not name, -1 for none; by stay."""
    draws = people.draws.rows(seen.person[places])
    is_operated = draws.event_uniform("billing:operation", seen.number[places]) < plan.stays.operated[group]
    return np.where(is_operated, plan.stays.operation[group], -1)


def _operated(plan: BillingPlan, chart: Chart, seen: Occasions) -> tuple[Ints, Booleans]:
    """Give the group that what was done leads to, -1 for none, and whether it was planned, shape `(occasions,)`."""
    group, elective = np.full(len(seen.person), -1), np.zeros(len(seen.person), np.bool_)
    if chart.rows("procedures"):
        at = seen.at(ordered_keys(chart, "procedures"))
        code = chart.column("procedures", "code")
        np.maximum.at(group, at, plan.stays.group_of_procedure[code])
        np.logical_or.at(elective, at, plan.stays.is_elective[code])
    return group, elective


def _discharges(plan: BillingPlan, people: People, seen: Occasions, places: Ints, died: Ints | None) -> Ints:
    """Give where people went: after a stay somewhere, after all else home, or nowhere."""
    draws = people.draws.rows(seen.person[places])
    is_old = (seen.band[places] == FROM_65).astype(np.int64)
    drawn = plan.stays.discharge.draw(draws.event_uniform("billing:discharge", seen.number[places]), is_old)
    is_birth = plan.stays.is_newborn[seen.reason[places]] | (plan.orders.delivery[seen.reason[places]] >= 0)
    status = np.full(len(seen.person), plan.stays.home)
    status[places] = np.where(is_birth, plan.stays.home, plan.stays.statuses[drawn])
    if died is None:
        return status
    day = died[seen.person]
    return np.where((day != MISSING) & (day <= seen.end_day), plan.stays.expired, status)


def _spread(count: int, places: Ints, values: Ints, none: int) -> Ints:
    spread = np.full(count, none)
    spread[places] = values
    return spread

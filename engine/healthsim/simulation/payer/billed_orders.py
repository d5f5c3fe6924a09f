"""Lines of what a chart says was measured, done and given."""

from collections.abc import Iterator

import numpy as np

from healthsim.planning.payer.billing_plan import EMERGENCY, INPATIENT, OFFICE, BillingPlan
from healthsim.planning.payer.services import SERVICES
from healthsim.planning.plan import Ints
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.chart import Chart
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.events.marked import Marks
from healthsim.simulation.payer.billed_lines import (
    HOSPITAL,
    IN_FACILITY,
    IN_OFFICE,
    LABORATORY,
    OF_HOSPITAL,
    OUTPATIENT,
    PROFESSIONAL,
    VISIT,
    Lines,
    Whose,
    lines_of,
)
from healthsim.simulation.payer.claim_events import SERVICE_CLAIMED
from healthsim.simulation.payer.occasions import Occasions, ordered_days, ordered_keys
from healthsim.simulation.people import People

_LAB_SERVICE = SERVICES.index("laboratory")
_LAB_PLACE = -1


def order_lines(plan: BillingPlan, people: People, chart: Chart, seen: Occasions) -> Iterator[Lines]:
    """Give the lines of results, procedures and vaccines.

    What was done during a stay is paid with it, but for what surgeons do; in an emergency department the hospital bills
    it.

    Args:
        plan: How charts are billed.
        people: The people.
        chart: What their clinical tables say.
        seen: What is billed.
    """
    is_sent = _is_sent(plan, people, seen)
    if chart.rows("labs"):
        yield from _results(plan, chart, seen, is_sent)
    if chart.rows("procedures"):
        yield from _procedures(plan, chart, seen, is_sent)
    if chart.rows("immunizations"):
        yield from _vaccines(plan, chart, seen)


def claimed_lines(plan: BillingPlan, claimed: Marks, seen: Occasions) -> Lines:
    """Give the lines of services that journeys claim, each done in an office.

    Args:
        plan: How charts are billed.
        claimed: The events that claim them.
        seen: What is billed.
    """
    places = np.flatnonzero(seen.number >> SLOT_BITS == SERVICE_CLAIMED)
    order = np.lexsort((seen.number[places], seen.person[places]))
    at = np.empty(len(places), np.int64)
    at[np.lexsort((claimed.number, claimed.person))] = places[order]
    whose = Whose(VISIT, PROFESSIONAL, plan.visits.places[OFFICE], IN_OFFICE)
    return lines_of(plan.fees, whose, at, plan.orders.claimed[claimed.event], claimed.day)


def _is_sent(plan: BillingPlan, people: People, seen: Occasions) -> Booleans:
    """Tell on which occasions specimens go to an independent laboratory."""
    sent = people.draws.rows(seen.person).event_uniform("billing:laboratory", seen.number) < plan.orders.independent
    is_sent: Booleans = sent
    return is_sent


def _results(plan: BillingPlan, chart: Chart, seen: Occasions, is_sent: Booleans) -> Iterator[Lines]:
    """Give the tests that the results of each occasion belong to."""
    at = seen.at(ordered_keys(chart, "labs"))
    measured = np.zeros(len(seen.person), np.int64)
    np.bitwise_or.at(measured, at, plan.orders.analyte_bit[chart.column("labs", "loinc")])
    day = seen.start_day.copy()
    day[at] = ordered_days(chart, "labs")
    is_lab = np.zeros(len(seen.person), np.bool_)
    for test in plan.orders.tests:
        fits = (measured & test.needs) == test.needs
        places = np.flatnonzero(fits)
        measured[places] &= ~test.covers
        is_lab[places] |= plan.fees.service[test.code] == _LAB_SERVICE
        yield from _done(plan, seen, is_sent, places, np.full(len(places), test.code), day[places])
    drawn = np.flatnonzero(is_lab & (seen.setting != INPATIENT))
    yield from _done(plan, seen, is_sent, drawn, np.full(len(drawn), plan.orders.drawing), day[drawn])


def _procedures(plan: BillingPlan, chart: Chart, seen: Occasions, is_sent: Booleans) -> Iterator[Lines]:
    code = plan.orders.procedure[chart.column("procedures", "code")]
    rows = np.flatnonzero(code >= 0)
    reason = np.append(plan.diagnoses.of_procedure, -1)[
        chart.column("procedures", "reason_code").astype(np.int64)[rows]
    ]
    at = seen.at(ordered_keys(chart, "procedures"))[rows]
    yield from _done(plan, seen, is_sent, at, code[rows], ordered_days(chart, "procedures")[rows], reason)


def _done(
    plan: BillingPlan,
    seen: Occasions,
    is_sent: Booleans,
    at: Ints,
    code: Ints,
    day: Ints,
    diagnosis: int | Ints = -1,
) -> Iterator[Lines]:
    """Give the lines of what was done on occasions: of an independent laboratory, of who did it, of the hospital."""
    setting = seen.setting[at]
    is_lab = plan.fees.service[code] == _LAB_SERVICE
    is_outside = (setting != EMERGENCY) & (setting != INPATIENT)
    reason = np.broadcast_to(np.asarray(diagnosis), len(at))
    laboratory = Whose(LABORATORY, PROFESSIONAL, plan.visits.places[_LAB_PLACE], IN_OFFICE)
    sent = is_outside & is_lab & is_sent[at]
    yield lines_of(plan.fees, laboratory, at[sent], code[sent], day[sent], diagnosis=reason[sent])
    mine = (is_outside & ~sent) | (~is_outside & ~is_lab)
    price = np.where(is_outside, IN_OFFICE, IN_FACILITY)[mine]
    visit = Whose(VISIT, PROFESSIONAL, plan.visits.places[setting[mine]], price)
    yield lines_of(plan.fees, visit, at[mine], code[mine], day[mine], diagnosis=reason[mine])
    here = setting == EMERGENCY
    hospital = Whose(HOSPITAL, OUTPATIENT, -1, OF_HOSPITAL)
    yield lines_of(plan.fees, hospital, at[here], code[here], day[here], diagnosis=reason[here])


def _vaccines(plan: BillingPlan, chart: Chart, seen: Occasions) -> Iterator[Lines]:
    """Give vaccines and the giving of them: of the first, and of all further ones of an occasion with the same code."""
    at = seen.at(ordered_keys(chart, "immunizations"))
    rows = np.flatnonzero((seen.setting[at] != EMERGENCY) & (seen.setting[at] != INPATIENT))
    at, day = at[rows], ordered_days(chart, "immunizations")[rows]
    vaccine = chart.column("immunizations", "cvx")[rows]
    giving, reason = plan.orders.giving[vaccine], plan.diagnoses.vaccination
    whose = Whose(VISIT, PROFESSIONAL, plan.visits.places[seen.setting[at]], IN_OFFICE)
    yield lines_of(plan.fees, whose, at, plan.orders.vaccine[vaccine], day, diagnosis=reason)
    together = at * len(plan.fees.service) + giving[:, 0]
    _, first, doses = np.unique(together, return_index=True, return_counts=True)
    for rank, are, units in ((0, doses > 0, np.ones_like(doses)), (1, doses > 1, doses - 1)):
        row = first[are]
        whose = Whose(VISIT, PROFESSIONAL, plan.visits.places[seen.setting[at[row]]], IN_OFFICE)
        yield lines_of(plan.fees, whose, at[row], giving[row, rank], day[row], units=units[are], diagnosis=reason)

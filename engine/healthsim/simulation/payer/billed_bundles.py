"""Claims that come with visits: of hospitals, and of physicians whom the chart does not name."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from healthsim.planning.payer.billing_plan import (
    EMERGENCY,
    INPATIENT,
    OFFICE,
    PREVENTIVE,
    BillingPlan,
    BundlePlan,
    LinePlan,
)
from healthsim.planning.payer.services import SERVICES
from healthsim.planning.plan import Ints
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.payer.billed_lines import (
    IN_FACILITY,
    IN_OFFICE,
    OF_HOSPITAL,
    PROFESSIONAL,
    Lines,
    Whose,
    lines_of,
)
from healthsim.simulation.payer.billed_visits import emergency_codes, is_office_visit
from healthsim.simulation.payer.occasions import Occasions
from healthsim.simulation.people import People

_IN_HOSPITALS = (21, 22, 23)
_SERVICE_OF = {
    EMERGENCY: SERVICES.index("emergency"),
    INPATIENT: SERVICES.index("inpatient"),
    OFFICE: SERVICES.index("outpatient_hospital"),
}


def bundle_lines(
    plan: BillingPlan, people: People, seen: Occasions, has_results: Booleans, stay_rate: Ints
) -> Iterator[Lines]:
    """Give the lines of all bundles.

    Args:
        plan: How charts are billed.
        people: The people.
        seen: What is billed.
        has_results: Of which occasions the chart has results, shape `(occasions,)`.
        stay_rate: What Medicare pays for each stay in the nation, cents, shape `(occasions,)`; any number for others.
    """
    is_visit = is_office_visit(plan, seen)
    for bundle in plan.bundles:
        setting = np.where(seen.setting == PREVENTIVE, OFFICE, seen.setting)
        comes_with = (setting == bundle.setting) & (is_visit | (bundle.setting != OFFICE))
        if bundle.is_without_results:
            comes_with &= ~has_results
        places = np.flatnonzero(comes_with & bundle.fits[seen.reason])
        draws = people.draws.rows(seen.person[places])
        share = bundle.share[seen.band[places]]
        places = places[draws.event_uniform(f"billing:{bundle.stream}", seen.number[places]) < share]
        if bundle.is_by_drg:
            yield from _shared(plan, people, seen, bundle, places, stay_rate)
        else:
            yield from _priced(plan, people, seen, bundle, places)


def _drawn(plan: BillingPlan, people: People, seen: Occasions, bundle: BundlePlan, places: Ints) -> list[Booleans]:
    """Tell for every line of a bundle which of its claims have it; each has one at least."""
    draws = people.draws.rows(seen.person[places])
    is_newborn = plan.stays.is_newborn[seen.reason[places]] & (bundle.setting == INPATIENT)
    which = draws.event_uniform(f"billing:{bundle.stream}:which", seen.number[places])
    has, below = [], 0.0
    for line in bundle.lines:
        if line.is_one:
            is_there = (which >= below) & (which < below + line.share)
            below += line.share
        else:
            is_there = draws.event_uniform(f"billing:{bundle.name}:{line.name}", seen.number[places]) < line.share
        has.append(is_there & (line.is_of_newborns | ~is_newborn))
    is_empty = ~np.logical_or.reduce(has)
    return [each | is_empty if line.is_fallback else each for line, each in zip(bundle.lines, has, strict=True)]


def _priced(plan: BillingPlan, people: People, seen: Occasions, bundle: BundlePlan, places: Ints) -> Iterator[Lines]:
    """Give lines that are paid by their codes, or an amount where they have none."""
    is_professional = bundle.kind == PROFESSIONAL
    at_hospital = IN_FACILITY if bundle.place_of_service in _IN_HOSPITALS else IN_OFFICE
    whose = Whose(bundle.slot, bundle.kind, bundle.place_of_service, at_hospital if is_professional else OF_HOSPITAL)
    for line, has in zip(bundle.lines, _drawn(plan, people, seen, bundle, places), strict=True):
        at = places[has]
        units = np.maximum(seen.nights[at], 1) if line.units == 0 else np.full(len(at), line.units)
        if line.code < 0 and not line.is_level:
            yield _without_code(whose, line, at, units, seen.start_day[at], _SERVICE_OF[bundle.setting])
            continue
        code = emergency_codes(plan, people, seen, at) if line.is_level else np.full(len(at), line.code)
        lines = lines_of(plan.fees, whose, at, code, seen.start_day[at], units=units, modifier=line.modifier)
        yield replace(lines, revenue=np.full(len(at), line.revenue))


def _shared(
    plan: BillingPlan, people: People, seen: Occasions, bundle: BundlePlan, places: Ints, stay_rate: Ints
) -> Iterator[Lines]:
    """Give lines that share what is paid for the stay by their weights; the first has what rounding leaves."""
    has = _drawn(plan, people, seen, bundle, places)
    weights = np.array([line.weight for line in bundle.lines])
    total = sum((each * weight for each, weight in zip(has, weights, strict=True)), np.zeros(len(places), np.int64))
    left, parts = stay_rate[places].copy(), []
    for each, weight in zip(has[1:], weights[1:], strict=True):
        part = np.where(each, stay_rate[places] * weight // total, 0)
        left -= part
        parts.append(part)
    for line, each, part in zip(bundle.lines, has, [left, *parts], strict=True):
        at = places[each]
        units = np.maximum(seen.nights[at], 1) if line.units == 0 else np.full(len(at), line.units)
        whose = Whose(bundle.slot, bundle.kind, -1, OF_HOSPITAL)
        yield _without_code(whose, line, at, units, seen.start_day[at], _SERVICE_OF[INPATIENT], part[each])


def _without_code(
    whose: Whose, line: LinePlan, at: Ints, units: Ints, day: Ints, service: int, rate: Ints | None = None
) -> Lines:
    count = len(at)
    return Lines(
        occasion=at,
        slot=np.full(count, whose.slot),
        kind=np.full(count, whose.kind),
        place=np.full(count, -1),
        code=np.full(count, line.code),
        modifier=np.full(count, line.modifier),
        revenue=np.full(count, line.revenue),
        units=units,
        day=day,
        rate=units * line.cents if rate is None else rate,
        is_local=np.ones(count, np.bool_),
        service=np.full(count, service),
        diagnosis=np.full(count, -1),
    )

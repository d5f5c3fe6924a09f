"""From a chart to claims: what everybody who took part charges for."""

from collections.abc import Iterable

import numpy as np

from healthsim.planning.payer.billing_codes import BASIS
from healthsim.planning.payer.billing_plan import EMERGENCY, BillingPlan
from healthsim.planning.payer.billing_stays import ELECTIVE
from healthsim.planning.payer.billing_stays import EMERGENCY as UNPLANNED
from healthsim.planning.payer.services import SERVICES
from healthsim.planning.plan import Ints, Plan
from healthsim.randomness import mixed
from healthsim.simulation.block import Block
from healthsim.simulation.chart import Chart
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.payer.billed_bundles import bundle_lines
from healthsim.simulation.payer.billed_lines import (
    HOSPITAL,
    IN_OFFICE,
    INPATIENT_STAY,
    OUTPATIENT,
    PROFESSIONAL,
    VISIT,
    Lines,
    Whose,
    lines_of,
    together,
)
from healthsim.simulation.payer.billed_orders import claimed_lines, order_lines
from healthsim.simulation.payer.billed_stays import Stays, stays_of, surgeon_lines
from healthsim.simulation.payer.billed_visits import is_office_visit, visit_lines
from healthsim.simulation.payer.charges import OCCASION_BITS, Charges
from healthsim.simulation.payer.claim_diagnoses import diagnoses_of, pointers
from healthsim.simulation.payer.claim_events import services_claimed
from healthsim.simulation.payer.membership import Membership
from healthsim.simulation.payer.occasions import ORDERED_TABLES, Occasions, occasions_of, ordered_keys
from healthsim.tables import MISSING

_EMERGENCY_MULTIPLE, _LABORATORY_MULTIPLE = 3, 4
_LAB_SERVICE = SERVICES.index("laboratory")
_SEPARATE = tuple(
    SERVICES.index(name) for name in ("surgery", "immunization", "drug_administration", "imaging", "other")
)
_ALL = 65_536
_PLAN_BITS, _CLAIM_BITS = 10, 23
_TOP = 32
_KEY_BITS = 63


def charges_of(
    billing: BillingPlan, plan: Plan, block: Block, chart: Chart, membership: Membership | None = None
) -> Charges:
    """Give what is charged for all that the chart of a block says.

    Args:
        billing: How charts are billed.
        plan: The plan.
        block: The people.
        chart: What their clinical tables say.
        membership: Who is covered by what; without it every provider belongs to the network.
    """
    seen = occasions_of(billing, plan, block, chart)
    done = [*visit_lines(billing, block.people, seen), *order_lines(billing, block.people, chart, seen)]
    done.append(claimed_lines(billing, services_claimed(plan, block, billing.orders.claimed), seen))
    listed = diagnoses_of(billing, block, chart, seen, done)
    died = block.deaths(plan.timeline)
    stays = stays_of(billing, block.people, chart, seen, listed, died)
    has_orders = {table: _has(seen, chart, table) for table, _, _ in ORDERED_TABLES}
    done.append(surgeon_lines(billing, seen, stays))
    done += bundle_lines(billing, block.people, seen, has_orders["labs"], stays.rate)
    lines = together([*done, _least(billing, seen, done)])
    lines = _ordered(lines, np.logical_or.reduce(list(has_orders.values()))[lines.occasion])
    return _claims(billing, plan, block, seen, stays, listed, lines, membership)


def _least(plan: BillingPlan, seen: Occasions, done: Iterable[Lines]) -> Lines:
    """Give a line to encounters that leave none otherwise."""
    is_billed = np.zeros(len(seen.person), np.bool_)
    for lines in done:
        is_billed[lines.occasion] = True
    places = np.flatnonzero(~is_billed & (seen.encounter_id != MISSING))
    whose = Whose(VISIT, PROFESSIONAL, plan.visits.places[seen.setting[places]], IN_OFFICE)
    code = np.full(len(places), plan.visits.least)
    return lines_of(plan.fees, whose, places, code, seen.start_day[places])


def _has(seen: Occasions, chart: Chart, table: str) -> Booleans:
    """Tell of which occasions a table has rows."""
    has = np.zeros(len(seen.person), np.bool_)
    if chart.rows(table):
        has[seen.at(ordered_keys(chart, table))] = True
    return has


def _ordered(lines: Lines, may_repeat: Booleans) -> Lines:
    """Put lines in the order of claims, each code once a claim and day; what comes first of it stays.

    Args:
        lines: The lines.
        may_repeat: Whether a code may be there twice: where the chart has orders, which may say what is billed anyway.
    """
    claim = (lines.occasion << OCCASION_BITS) + lines.slot
    by_claim = np.argsort(claim, kind="stable")
    code = lines.code[by_claim]
    same = _packed(claim[by_claim], code, lines.modifier[by_claim], lines.day[by_claim])
    # Lines are few a claim, so that those in the order of claims are all but sorted.
    order = np.argsort(same, kind="stable")
    is_again = np.zeros(len(same), np.bool_)
    is_again[order[1:]] = np.diff(same[order]) == 0
    return lines.chosen(by_claim[~is_again | ~may_repeat[by_claim] | (code < 0)])


def _packed(*parts: Ints) -> Ints:
    """Put whole numbers side by side into one, the first ones at its upper end.

    Raises:
        ValueError: They take more than 63 bits together.
    """
    packed, bits = np.zeros(len(parts[0]), np.int64), 0
    for part in parts if len(packed) else ():
        lowest = int(part.min())
        width = (int(part.max()) - lowest).bit_length()
        bits += width
        packed = (packed << width) + (part - lowest)
    if bits > _KEY_BITS:
        raise ValueError(f"claims, codes and days take {bits} bits and not at most {_KEY_BITS}")
    return packed


def _claims(
    billing: BillingPlan,
    plan: Plan,
    block: Block,
    seen: Occasions,
    stays: Stays,
    listed: Ints,
    lines: Lines,
    membership: Membership | None,
) -> Charges:
    is_first = np.append(True, (np.diff(lines.occasion) != 0) | (np.diff(lines.slot) != 0))[: len(lines.slot)]
    first = np.flatnonzero(is_first)
    claim = np.cumsum(is_first) - 1
    at, slot, kind = lines.occasion[first], lines.slot[first], lines.kind[first]
    person, is_stay = seen.person[at], kind == INPATIENT_STAY
    begins, ends = (bound.reduceat(lines.day, first) if len(first) else lines.day for bound in (np.minimum, np.maximum))
    npi = np.where((slot == VISIT) | (slot == HOSPITAL), seen.provider_npi[at], MISSING)
    facility = np.where(kind == PROFESSIONAL, MISSING, seen.facility_id[at])
    diagnosis = listed[at]
    diagnosis[np.arange(diagnosis.shape[1]) >= billing.diagnoses.most[kind][:, np.newaxis]] = -1
    number = (seen.number[at] << OCCASION_BITS) + slot
    rate = _local(billing, block, seen, lines)
    whose = np.where(facility != MISSING, facility, npi)
    return Charges(
        person=person,
        number=number,
        kind=kind,
        encounter_id=seen.encounter_id[at],
        from_day=np.where(is_stay, seen.start_day[at], begins),
        to_day=np.where(is_stay, seen.end_day[at], ends),
        place_of_service=lines.place[first],
        bill_type=np.where(kind == OUTPATIENT, billing.bill_type[0], np.where(is_stay, billing.bill_type[1], -1)),
        drg=np.where(is_stay, stays.drg[at], -1),
        admission_type=np.where(kind == PROFESSIONAL, -1, _admissions(seen, stays, at)),
        discharge_status=np.where(kind == PROFESSIONAL, -1, stays.discharge[at]),
        diagnosis=diagnosis,
        provider_npi=npi,
        facility_id=facility,
        is_network=_in_network(billing, plan, block, seen, at, number, whose, membership),
        claim=claim,
        line=np.arange(len(claim)) - first[claim] + 1,
        code=lines.code,
        modifier=_modifiers(billing, seen, lines, claim),
        revenue=lines.revenue,
        units=lines.units,
        pointer=pointers(diagnosis[claim], lines.diagnosis),
        service=lines.service,
        service_day=lines.day,
        billed=_charged(billing, seen, lines, rate, whose[claim]),
        rate=rate,
    )


def _admissions(seen: Occasions, stays: Stays, at: Ints) -> Ints:
    """Give the types of admission of hospitals' claims; what is no stay and no emergency was planned."""
    otherwise = np.where(seen.setting[at] == EMERGENCY, UNPLANNED, ELECTIVE)
    return np.where(stays.admission[at] >= 0, stays.admission[at], otherwise)


def _modifiers(billing: BillingPlan, seen: Occasions, lines: Lines, claim: Ints) -> Ints:
    """Mark visits beside which something else was done as separate."""
    is_visit = (lines.slot == VISIT) & is_office_visit(billing, seen)[lines.occasion]
    is_leading = is_visit & np.append(True, np.diff(claim) != 0)[: len(claim)]
    beside = np.zeros(claim.max(initial=-1) + 1, np.bool_)
    beside[claim[is_visit & ~is_leading & np.isin(lines.service, _SEPARATE)]] = True
    return np.where(is_leading & (lines.modifier < 0) & beside[claim], billing.visits.separate, lines.modifier)


def _local(billing: BillingPlan, block: Block, seen: Occasions, lines: Lines) -> Ints:
    """Give what Medicare allows where the person lives, cents, rounded half up."""
    factor = billing.fees.factor[block.people.county[seen.person[lines.occasion]]]
    return np.where(lines.is_local, (lines.rate * factor + BASIS // 2) // BASIS, lines.rate)


def _charged(billing: BillingPlan, seen: Occasions, lines: Lines, rate: Ints, whose: Ints) -> Ints:
    """Give charges: a multiple of the rate, somewhat different between providers; a cent at least."""
    is_physician = lines.kind == PROFESSIONAL
    which = np.where(is_physician & (seen.setting[lines.occasion] == EMERGENCY), _EMERGENCY_MULTIPLE, lines.kind)
    which = np.where(is_physician & (lines.service == _LAB_SERVICE), _LABORATORY_MULTIPLE, which)
    spread = billing.fees.spread
    by_provider = BASIS - spread + _hashed(whose) % (2 * spread + 1)
    multiple = billing.fees.multiple[which] * by_provider // BASIS
    charged: Ints = np.maximum((rate * multiple + BASIS // 2) // BASIS, np.maximum(rate, 1))
    return charged


def _in_network(
    billing: BillingPlan,
    plan: Plan,
    block: Block,
    seen: Occasions,
    at: Ints,
    number: Ints,
    whose: Ints,
    membership: Membership | None,
) -> Ints:
    """Tell whether providers belong to the network of the person's plan, 1 or 0.

    The same provider does for all members of a plan or for none; whoever sees members for primary care always does.
    """
    coverage = plan.others.coverage
    if membership is None or coverage is None or not len(at):
        return np.ones(len(at), np.int64)
    person = seen.person[at]
    span = membership.span_at(person, seen.start_day[at])
    insurance = np.append(membership.plan, -1)[span]
    shares = np.array([billing.network.get(each.type, _ALL) for each in coverage.benefits.plans] + [_ALL], np.int64)
    nobody = (block.people.ids[person] << _CLAIM_BITS) + number
    stable = _hashed(np.where(whose != MISSING, (whose << _PLAN_BITS) + insurance, -nobody))
    is_own = seen.has_primary[at] & (whose == seen.provider_npi[at])
    is_in: Ints = ((stable % _ALL < shares[insurance]) | is_own).astype(np.int64)
    return is_in


def _hashed(values: Ints) -> Ints:
    """Give positive numbers that look random and are always the same for the same values."""
    hashed: Ints = (mixed(values.astype(np.int64).view(np.uint64)) >> np.uint64(_TOP)).astype(np.int64)
    return hashed

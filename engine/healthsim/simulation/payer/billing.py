"""From the encounters of a chart to claims: lines gathered by who bills them, and claims made of their lines."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from healthsim.planning.payer.billing_plan import BillingPlan
from healthsim.planning.payer.drgs import complications_of
from healthsim.planning.payer.insurance import BASIS
from healthsim.planning.plan import Ints, Plan
from healthsim.simulation.block import Block
from healthsim.simulation.chart import Chart
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.payer import drafts
from healthsim.simulation.payer.charges import CLAIM_KINDS, MOST_DIAGNOSES, Charges
from healthsim.simulation.payer.chart_lines import procedure_lines, test_lines, vaccine_lines
from healthsim.simulation.payer.drafts import CLAIM_BITS, Drafts
from healthsim.simulation.payer.hospital_lines import emergency_lines, stay_lines
from healthsim.simulation.payer.membership import Membership
from healthsim.simulation.payer.office_lines import visit_lines
from healthsim.simulation.payer.seen import Seen, seen_by_providers
from healthsim.tables import MISSING

_PROFESSIONAL, _OUTPATIENT, _INPATIENT = range(len(CLAIM_KINDS))
_STAY_BILL, _OUTPATIENT_BILL = 0, 1
_AT_OFFICE, _AT_HOME, _BY_VIDEO, _INPATIENTS, _OUTPATIENTS, _EMERGENCIES, _LABORATORY = 11, 12, 10, 21, 22, 23, 81
"""Place-of-service codes."""

_HOME, _EXPIRED = 1, 20
_OLD = 65
_EMERGENT, _URGENT, _ELECTIVE, _NEWBORN = 1, 2, 3, 4
"""Types of admission."""


@dataclass(frozen=True, slots=True)
class _Kinds:
    """Indices of the classes of encounters; -1 for those that nobody has."""

    emergency: int
    stay: int
    remote: int
    home: int


def charges_of(billing: BillingPlan, plan: Plan, block: Block, chart: Chart, membership: Membership) -> Charges:
    """Bill the care of a block's members.

    Args:
        billing: How care becomes claims.
        plan: The plan of the run.
        block: The people.
        chart: What their clinical tables say.
        membership: Who is covered when.
    """
    seen = seen_by_providers(plan, block, chart, membership)
    kinds = _kinds(plan.dictionaries["encounters"]["class_code"])
    gathered = Drafts(billing, seen)
    is_stay, is_emergency = seen.kind == kinds.stay, seen.kind == kinds.emergency
    is_outside = ~is_stay & ~is_emergency
    in_clinic = visit_lines(gathered, plan, block, np.flatnonzero(is_outside), remote=kinds.remote, home=kinds.home)
    emergency_lines(gathered, np.flatnonzero(is_emergency))
    operated = procedure_lines(gathered, chart, is_outside)
    stay_lines(gathered, np.flatnonzero(is_stay), operated[is_stay[operated]])
    vaccine_lines(gathered, chart)
    test_lines(gathered, chart, is_outside)
    _examine_the_rest(gathered)
    return _claims(gathered, plan, block, chart, kinds, in_clinic)


def _kinds(classes: tuple[str, ...]) -> _Kinds:
    emergency, stay, remote, home = (
        classes.index(name) if name in classes else -1 for name in ("EMER", "IMP", "VR", "HH")
    )
    return _Kinds(emergency, stay, remote, home)


def _examine_the_rest(gathered: Drafts) -> None:
    """Bill the least visit for encounters at which nothing else is billed."""
    count = len(gathered.seen.person)
    billed = np.zeros(count, np.bool_)
    for part in gathered.parts:
        billed[part["row"]] = True
    gathered.bill(np.flatnonzero(~billed), drafts.VISIT, gathered.plan.least, 0)


def _claims(gathered: Drafts, plan: Plan, block: Block, chart: Chart, kinds: _Kinds, in_clinic: Booleans) -> Charges:
    """Make claims of lines."""
    billing, seen, lines = gathered.plan, gathered.seen, gathered.columns()
    keys = lines["row"] * (1 << CLAIM_BITS) + lines["claim"]
    is_first = np.append(True, keys[1:] != keys[:-1])[: len(keys)]
    first = np.flatnonzero(is_first)
    of_claim = np.cumsum(is_first) - 1
    row, which = lines["row"][first], lines["claim"][first]
    is_hospital = which == drafts.HOSPITAL
    is_stay = seen.kind[row] == kinds.stay
    kind = np.where(is_hospital, np.where(is_stay, _INPATIENT, _OUTPATIENT), _PROFESSIONAL)
    from_day, to_day = _days(lines["day"], of_claim, first)
    to_day = np.where(kind == _INPATIENT, seen.last_day[row], to_day)
    diagnosis = _diagnoses(plan, block, seen, row, to_day)
    drg = _groups(billing, chart, seen, row, kind == _INPATIENT, diagnosis)
    billed, rate = _stay_amounts(billing, seen, lines, of_claim, row, kind == _INPATIENT, drg)
    place = _places(seen, row, which, kinds, in_clinic)
    return Charges(
        person=seen.person[row],
        number=(seen.number[row] << CLAIM_BITS) + which,
        kind=kind,
        encounter_id=seen.encounter_id[row],
        from_day=from_day,
        to_day=to_day,
        place_of_service=np.where(is_hospital, -1, place),
        bill_type=np.where(is_hospital, np.where(is_stay, _STAY_BILL, _OUTPATIENT_BILL), -1),
        drg=drg,
        admission_type=np.where(is_hospital, _admissions(billing, seen, row, kinds), -1),
        discharge_status=np.where(is_hospital, _discharges(billing, plan, block, seen, row, is_stay), -1),
        diagnosis=diagnosis,
        provider_npi=np.where((which == drafts.VISIT) | is_hospital, seen.provider[row], MISSING),
        facility_id=np.where(is_hospital, seen.facility[row], MISSING),
        is_network=(seen.uniform("network", row) >= billing.out_of_network).astype(np.int64),
        claim=of_claim,
        line=np.arange(len(keys)) - first[of_claim] + 1,
        code=lines["item"],
        modifier=lines["modifier"],
        revenue=lines["revenue"],
        units=lines["units"],
        pointer=np.zeros(len(keys), np.int64),
        service=lines["service"],
        service_day=lines["day"],
        billed=billed,
        rate=rate,
    )


def _days(day: Ints, of_claim: Ints, first: Ints) -> tuple[Ints, Ints]:
    """Give the first and last day of service of each claim."""
    if not len(first):
        return of_claim, of_claim
    return np.minimum.reduceat(day, first), np.maximum.reduceat(day, first)


def _diagnoses(plan: Plan, block: Block, seen: Seen, row: Ints, day: Ints) -> Ints:
    """Give the diagnoses of each claim: its reason, then what else the person had by then, shape `(claims, 12)`.

    Codes of conditions come first among the texts of reasons, in the order of the plan.
    """
    cases, excluded = block.cases, None if plan.utilization is None else plan.utilization.reasons.excluded
    found = np.full((len(row), MOST_DIAGNOSES), -1, np.int64)
    found[:, 0] = seen.reason[row]
    person = seen.person[row]
    start = np.searchsorted(cases.person, person, side="left")
    count = np.searchsorted(cases.person, person, side="right") - start
    filled = np.ones(len(row), np.int64)
    for turn in range(int(count.max(initial=0))):
        at = np.flatnonzero((turn < count) & (filled < MOST_DIAGNOSES))
        case = start[at] + turn
        is_had = (cases.recorded_day[case] <= day[at]) & (cases.code[case] != found[at, 0])
        if excluded is not None:
            is_had &= ~excluded[cases.code[case], found[at, 0]]
        had = at[is_had]
        found[had, filled[had]] = cases.code[case[is_had]]
        filled[had] += 1
    return found


def _groups(billing: BillingPlan, chart: Chart, seen: Seen, row: Ints, is_stay: Booleans, diagnosis: Ints) -> Ints:
    """Give the MS-DRG of inpatient claims: that of an operation, else of the principal diagnosis; -1 for others."""
    groups = billing.groups
    level = complications_of(groups, diagnosis[:, 0], diagnosis[:, 1:])
    by_reason = groups.of_reason[diagnosis[:, 0], level]
    operation = np.full(len(seen.person), -1, np.int64)
    encounter = seen.places(chart.column("procedures", "encounter_id"))
    kept = np.flatnonzero(encounter >= 0)
    if len(kept):
        code = chart.column("procedures", "code")[kept].astype(np.int64)
        decides = groups.of_procedure[code, 0] >= 0
        operation[encounter[kept][decides]] = code[decides]
    operated = operation[row]
    by_operation = groups.of_procedure[operated, level] if len(groups.of_procedure) else operated
    return np.where(is_stay, np.where(operated >= 0, by_operation, by_reason), -1)


def _stay_amounts(
    billing: BillingPlan,
    seen: Seen,
    lines: Mapping[str, Ints],
    of_claim: Ints,
    row: Ints,
    is_stay: Booleans,
    drg: Ints,
) -> tuple[Ints, Ints]:
    """Give charge and rate of each line; of stays, the group's rate and its charge shared out by relative amounts."""
    in_stay = is_stay[of_claim]
    rate_of = np.where(is_stay, billing.groups.rates[drg] * billing.geography[seen.state[row]] // BASIS, 0)
    charge_of = rate_of * billing.stay_multiple // BASIS
    relative = np.where(in_stay, lines["billed"], 0)
    billed = np.where(in_stay, _shared(charge_of, relative, of_claim, len(row)), lines["billed"])
    rate = np.where(in_stay, _shared(rate_of, relative, of_claim, len(row)), lines["rate"])
    return billed, rate


def _shared(total: Ints, relative: Ints, of_claim: Ints, claims: int) -> Ints:
    """Share totals out in proportion, to the cent: each line ends where the sum up to it does."""
    before = np.cumsum(relative)
    starts = np.searchsorted(of_claim, np.arange(claims), side="left")
    offset = np.append(0, before)[starts]
    sums = np.maximum(np.append(before[starts[1:] - 1], before[-1:])[:claims] - offset, 1)
    upto = before - offset[of_claim]
    whole, divisor = total[of_claim], sums[of_claim]
    shares: Ints = whole * upto // divisor - whole * (upto - relative) // divisor
    return shares


def _places(seen: Seen, row: Ints, which: Ints, kinds: _Kinds, in_clinic: Booleans) -> Ints:
    """Give the place-of-service code of professional claims."""
    place = np.full(len(row), _AT_OFFICE)
    for kind, code in ((kinds.remote, _BY_VIDEO), (kinds.home, _AT_HOME)):
        place = np.where(seen.kind[row] == kind, code, place)
    place = np.where(in_clinic[row] | (which == drafts.PROCEDURE), _OUTPATIENTS, place)
    place = np.where(which == drafts.TESTS, _LABORATORY, place)
    place = np.where(seen.kind[row] == kinds.emergency, _EMERGENCIES, place)
    return np.where(seen.kind[row] == kinds.stay, _INPATIENTS, place)


def _admissions(billing: BillingPlan, seen: Seen, row: Ints, kinds: _Kinds) -> Ints:
    """Give the types of admission: of stays by chance but for newborns, of others by how they come."""
    uniform = seen.uniform("admission", row)
    stay = np.where(
        uniform < billing.emergency_share,
        _EMERGENT,
        np.where(uniform < billing.emergency_share + billing.urgent_share, _URGENT, _ELECTIVE),
    )
    stay = np.where(billing.is_newborn[seen.reason[row]] == 1, _NEWBORN, stay)
    outpatient = np.where(seen.kind[row] == kinds.emergency, _EMERGENT, _ELECTIVE)
    return np.where(seen.kind[row] == kinds.stay, stay, outpatient)


def _discharges(billing: BillingPlan, plan: Plan, block: Block, seen: Seen, row: Ints, is_stay: Booleans) -> Ints:
    """Give the status at discharge: home for outpatients, by chance of stays, died for those who do on its last day."""
    drawn = billing.discharge.draw(seen.uniform("discharge", row), (seen.age[row] >= _OLD).astype(np.int64))
    status = np.where(is_stay, np.array(billing.statuses)[drawn], _HOME)
    died = block.timeline.deaths(plan.timeline) if plan.timeline is not None and block.timeline is not None else None
    if died is None:
        return status
    return np.where(is_stay & (died[seen.person[row]] == seen.last_day[row]), _EXPIRED, status)

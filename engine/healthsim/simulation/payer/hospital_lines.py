"""What hospitals and the physicians in them bill: emergency visits and stays."""

import numpy as np

from healthsim.planning.payer.billing_plan import FACILITY, HOSPITAL, READING, Extra
from healthsim.planning.payer.services import SERVICES
from healthsim.planning.plan import Ints
from healthsim.simulation.payer import drafts
from healthsim.simulation.payer.drafts import Drafts

_EMERGENCY, _INPATIENT, _SURGERY, _IMAGING = (
    SERVICES.index(name) for name in ("emergency", "inpatient", "surgery", "imaging")
)


def emergency_lines(gathered: Drafts, rows: Ints) -> None:
    """Bill emergency visits: the physician, the hospital with what it gives besides, and who reads images."""
    billing, seen = gathered.plan, gathered.seen
    items, shares = billing.emergency
    item = items[shares.draw(seen.uniform("emergency", rows))]
    gathered.bill(rows, drafts.VISIT, item, FACILITY)
    gathered.bill(rows, drafts.HOSPITAL, item, HOSPITAL, service=_EMERGENCY)
    extra = billing.outpatient
    for place in range(len(extra.items)):
        chosen = _chosen(gathered, rows, extra, place)
        if extra.items[place] >= 0:
            gathered.bill(chosen, drafts.HOSPITAL, int(extra.items[place]), HOSPITAL, service=_EMERGENCY)
        else:
            amount = np.full(len(chosen), extra.charges[place])
            units = np.ones(len(chosen), np.int64)
            gathered.charge(chosen, drafts.HOSPITAL, int(extra.revenues[place]), _EMERGENCY, units=units, billed=amount)
    _others(gathered, rows, billing.also["EMER"])


def stay_lines(gathered: Drafts, rows: Ints, operated: Ints) -> None:
    """Bill stays: the hospital by revenue codes, the attending physician day by day, and others.

    Args:
        gathered: The lines so far.
        rows: The stays.
        operated: Those of them with an operation.
    """
    billing, seen = gathered.plan, gathered.seen
    nights = np.maximum(seen.last_day[rows] - seen.day[rows], 1)
    revenue, charge = billing.room
    gathered.charge(rows, drafts.HOSPITAL, revenue, _INPATIENT, units=nights, billed=charge * nights)
    revenue, charge = billing.operating
    one = np.ones(len(operated), np.int64)
    gathered.charge(operated, drafts.HOSPITAL, revenue, _SURGERY, units=one, billed=charge * one)
    extra = billing.inpatient
    for place in range(len(extra.items)):
        is_in = seen.uniform(f"{extra.name}:{place}", rows) < extra.shares[place]
        days = np.where(extra.a_day[place] == 1, nights[is_in], 1)
        gathered.charge(
            rows[is_in],
            drafts.HOSPITAL,
            int(extra.revenues[place]),
            _INPATIENT,
            units=days,
            billed=extra.charges[place] * days,
        )
    _attending(gathered, rows, nights)
    is_adult = billing.is_newborn[seen.reason[rows]] == 0
    _others(gathered, rows[is_adult], billing.also["IMP"])


def _attending(gathered: Drafts, rows: Ints, nights: Ints) -> None:
    """Bill the first day, the days between, and that of discharge."""
    billing, seen = gathered.plan, gathered.seen
    items, shares = billing.first_day
    first = items[shares.draw(seen.uniform("first_day", rows))]
    first = np.where(billing.is_newborn[seen.reason[rows]] == 1, billing.newborn, first)
    gathered.bill(rows, drafts.VISIT, first, FACILITY)
    longer = nights > 1
    gathered.bill(
        rows[longer],
        drafts.VISIT,
        billing.later_day,
        FACILITY,
        units=nights[longer] - 1,
        day=seen.day[rows[longer]] + 1,
    )
    left = seen.last_day[rows] > seen.day[rows]
    gathered.bill(rows[left], drafts.VISIT, billing.last_day, FACILITY, day=seen.last_day[rows[left]])


def _others(gathered: Drafts, rows: Ints, extra: Extra) -> None:
    """Bill what other physicians do, each on a claim of their own; of images the reading."""
    for place, item in enumerate(extra.items.tolist()):
        chosen = _chosen(gathered, rows, extra, place)
        modifier = READING if gathered.plan.services[item] == _IMAGING else -1
        gathered.bill(chosen, drafts.OTHERS + place, item, FACILITY, modifier=modifier)


def _chosen(gathered: Drafts, rows: Ints, extra: Extra, place: int) -> Ints:
    chosen: Ints = rows[gathered.seen.uniform(f"{extra.name}:{place}", rows) < extra.shares[place]]
    return chosen

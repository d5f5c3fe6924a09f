"""What a chart shows was done, as it is billed: laboratory tests, procedures and vaccines."""

import numpy as np

from healthsim.planning.payer.billing_plan import FACILITY, HOSPITAL, OFFICE, READING
from healthsim.planning.payer.services import SERVICES
from healthsim.planning.plan import Ints
from healthsim.simulation.chart import Chart
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.payer import drafts
from healthsim.simulation.payer.drafts import Drafts
from healthsim.simulation.visits import DAY

_LABORATORY, _IMAGING, _CLINIC = (SERVICES.index(name) for name in ("laboratory", "imaging", "outpatient_hospital"))
_DAY_BITS = 20
_ITEM_BITS = 10
_EARLIEST = 1 << (_DAY_BITS - 1)


def test_lines(gathered: Drafts, chart: Chart, is_outside: Booleans) -> None:
    """Bill laboratory tests of people outside hospitals by their panels, once a day; and the drawing of blood.

    Args:
        gathered: The lines so far.
        chart: What the clinical tables say.
        is_outside: Which encounters are outside hospitals, shape `(encounters,)`.
    """
    row = gathered.seen.places(chart.column("labs", "encounter_id"))
    kept = np.flatnonzero(row >= 0)
    kept = kept[is_outside[row[kept]]]
    if not len(kept):
        return
    tests = gathered.plan.tests[chart.column("labs", "loinc")[kept]]
    day = chart.column("labs", "collected_at")[kept] // DAY
    row, day, item = _once(
        np.repeat(row[kept], tests.shape[1]), np.repeat(day, tests.shape[1]), np.asarray(tests).ravel()
    )
    for whole, part in gathered.plan.includes:
        row, day, item = _without(row, day, item, whole, part)
    is_test = gathered.plan.services[item] == _LABORATORY
    gathered.bill(row[is_test], drafts.TESTS, item[is_test], OFFICE, day=day[is_test])
    gathered.bill(row[~is_test], drafts.VISIT, item[~is_test], OFFICE, day=day[~is_test])
    drawn_row, drawn_day, _ = _once(row[is_test], day[is_test], np.zeros(int(is_test.sum()), np.int64))
    gathered.bill(drawn_row, drafts.TESTS, gathered.plan.drawing, OFFICE, day=drawn_day)


def procedure_lines(gathered: Drafts, chart: Chart, is_outside: Booleans) -> Ints:
    """Bill procedures; give the places of stays with an operation.

    Outside hospitals they are done at the visit, or in a department of a hospital, which bills too.
    """
    billing, seen = gathered.plan, gathered.seen
    row = seen.places(chart.column("procedures", "encounter_id"))
    kept = np.flatnonzero(row >= 0)
    code = chart.column("procedures", "code")[kept].astype(np.int64)
    day, row = chart.column("procedures", "performed_date")[kept].astype(np.int64), row[kept]
    operated = np.zeros(0, np.int64)
    if len(code):
        operated = np.unique(row[billing.groups.of_procedure[code, 0] >= 0])
    item = billing.procedures[code]
    known = item >= 0
    row, day, item = _once(row[known], day[known], item[known])
    outside = is_outside[row]
    moved = outside & (billing.is_department[item] == 1)
    moved &= seen.draws.rows(row).event_uniform("billing:department", seen.number[row] * 1_024 + item) < (
        billing.department
    )
    office = outside & ~moved
    gathered.bill(row[office], drafts.VISIT, item[office], OFFICE, day=day[office])
    inside = ~office
    modifier = np.where(billing.services[item[inside]] == _IMAGING, READING, -1)
    gathered.bill(row[inside], drafts.PROCEDURE, item[inside], FACILITY, day=day[inside], modifier=modifier)
    is_paid = moved & (billing.revenue_of[item] >= 0)
    gathered.bill(row[is_paid], drafts.HOSPITAL, item[is_paid], HOSPITAL, day=day[is_paid], service=_CLINIC)
    return operated


def vaccine_lines(gathered: Drafts, chart: Chart) -> None:
    """Bill vaccines, and the giving of the first and of each further one of a day."""
    billing = gathered.plan
    row = gathered.seen.places(chart.column("immunizations", "encounter_id"))
    kept = np.flatnonzero(row >= 0)
    if not len(kept):
        return
    item = billing.vaccines[chart.column("immunizations", "cvx")[kept]]
    day = chart.column("immunizations", "given_date")[kept].astype(np.int64)
    known = item >= 0
    row, day, item = _once(row[kept][known], day[known], item[known])
    gathered.bill(row, drafts.VISIT, item, OFFICE, day=day)
    is_further = np.append(False, (row[1:] == row[:-1]) & (day[1:] == day[:-1]))[: len(row)]
    first, further = billing.giving
    gathered.bill(row, drafts.VISIT, np.where(is_further, further, first), OFFICE, day=day)


def _once(row: Ints, day: Ints, item: Ints) -> tuple[Ints, Ints, Ints]:
    """Give each item of an encounter and day once, in order; what is not billed is left out."""
    billed = item >= 0
    keys = (row[billed] << (_DAY_BITS + _ITEM_BITS)) + ((day[billed] + _EARLIEST) << _ITEM_BITS) + item[billed]
    unique = np.unique(keys)
    days = (unique >> _ITEM_BITS) & ((1 << _DAY_BITS) - 1)
    return unique >> (_DAY_BITS + _ITEM_BITS), days - _EARLIEST, unique & ((1 << _ITEM_BITS) - 1)


def _without(row: Ints, day: Ints, item: Ints, whole: int, part: int) -> tuple[Ints, Ints, Ints]:
    """Leave out a panel that another of the same encounter and day includes."""
    keys = (row << _DAY_BITS) + day + _EARLIEST
    kept = ~((item == part) & np.isin(keys, keys[item == whole]))
    return row[kept], day[kept], item[kept]

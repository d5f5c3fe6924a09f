"""What whoever sees people outside a hospital bills: the visit, and what is done at it."""

import numpy as np

from healthsim.planning.payer.billing_plan import FACILITY, HOSPITAL, KEPT, NO_VISIT, OFFICE, TELEHEALTH
from healthsim.planning.payer.services import SERVICES
from healthsim.planning.plan import Ints, Plan
from healthsim.simulation.block import Block
from healthsim.simulation.care import npis
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.payer import drafts
from healthsim.simulation.payer.drafts import Drafts

_PREVENTIVE, _PRIMARY, _SPECIALIST, _TELEHEALTH, _MENTAL, _CLINIC = (
    SERVICES.index(name)
    for name in (
        "preventive",
        "primary_care",
        "specialist",
        "telehealth",
        "mental_health",
        "outpatient_hospital",
    )
)


def visit_lines(gathered: Drafts, plan: Plan, block: Block, rows: Ints, *, remote: int, home: int) -> Booleans:
    """Bill visits; tell which of them are in a clinic of a hospital, which bills too.

    Args:
        gathered: The lines so far.
        plan: The plan.
        block: The people.
        rows: Encounters outside hospitals.
        remote: Class of visits by telephone or video.
        home: Class of visits at home.
    """
    billing, seen = gathered.plan, gathered.seen
    service = _services(gathered, plan, block, rows, remote)
    is_visit = service != NO_VISIT
    at = rows[is_visit]
    item = _items(gathered, at, service[is_visit])
    item = np.where(seen.kind[at] == home, billing.home, item)
    is_remote = seen.kind[at] == remote
    in_clinic = (
        ~is_remote
        & (seen.kind[at] != home)
        & (billing.services[item] == KEPT)
        & (seen.uniform("clinic", at) < billing.clinic)
    )
    modifier = np.where(is_remote, TELEHEALTH, -1)
    for setting, chosen in ((OFFICE, ~in_clinic), (FACILITY, in_clinic)):
        gathered.bill(
            at[chosen],
            drafts.VISIT,
            item[chosen],
            setting,
            service=service[is_visit][chosen],
            modifier=modifier[chosen],
        )
    gathered.bill(at[in_clinic], drafts.HOSPITAL, billing.clinic_item, HOSPITAL, service=_CLINIC)
    is_clinic = np.zeros(len(seen.person), np.bool_)
    is_clinic[at[in_clinic]] = True
    return is_clinic


def _services(gathered: Drafts, plan: Plan, block: Block, rows: Ints, remote: int) -> Ints:
    """Give the service that each visit is: by its type, else its reason, else whoever is seen."""
    billing, seen = gathered.plan, gathered.seen
    reason = seen.reason[rows]
    service = np.full(len(rows), _PRIMARY)
    if plan.care is not None and block.care is not None:
        usual = npis(plan.care, block.care.primary)[seen.person[rows]]
        service = np.where(seen.provider[rows] == usual, service, _SPECIALIST)
    service = np.where(billing.is_mental[reason] == 1, _MENTAL, service)
    service = np.where(seen.kind[rows] == remote, _TELEHEALTH, service)
    service = np.where(billing.is_preventive[reason] == 1, _PREVENTIVE, service)
    typed = billing.types[seen.type[rows]]
    return np.where(typed == KEPT, service, typed)


def _items(gathered: Drafts, rows: Ints, service: Ints) -> Ints:
    """Choose the code of each visit: preventive ones by age, others by whether the person is known, and complexity."""
    billing, seen = gathered.plan, gathered.seen
    uniform = seen.uniform("complexity", rows)
    is_new = (seen.uniform("new", rows) < billing.new) & (service != _TELEHEALTH)
    known = billing.known_items[0][billing.known_items[1].draw(uniform)]
    new = billing.new_items[0][billing.new_items[1].draw(uniform)]
    item = np.where(is_new, new, known)
    return np.where(service == _PREVENTIVE, billing.preventive[np.minimum(seen.age[rows], 110)], item)

"""From what a chart may hold to a plan of billing it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from healthsim.planning.payer.billing_plan import KEPT, NO_VISIT, BillingPlan, Extra
from healthsim.planning.payer.drgs import planned_groups
from healthsim.planning.payer.fees import billing_rules, drg_rules, fees
from healthsim.planning.payer.insurance import BASIS
from healthsim.planning.payer.services import SERVICES
from healthsim.planning.plan import PeoplePlan
from healthsim.planning.significance import rounded
from healthsim.randomness import CategoryTable, Ints

_AGES = 111
_MENTAL = "F"
_BIRTH = "Z38"
_PREVENTIVE = ("Z00",)
_WELLNESS = "G0439"
_RELATIVE = 100

Texts = Mapping[str, Mapping[str, tuple[str, ...]]]


def planned_billing(who: PeoplePlan, dictionaries: Texts) -> BillingPlan:
    """Plan how the care of a chart is billed.

    Args:
        who: Where people live.
        dictionaries: Texts of the clinical tables.
    """
    rules, schedule = billing_rules(), fees()
    reasons = dictionaries["encounters"]["reason_code"]
    lines = rules["inpatient_lines"]
    statuses = rules["discharge"]
    departments = set(rules["in_hospital_department"]["codes"])
    geography = rules["geography"]
    return BillingPlan(
        codes=schedule.codes,
        names=schedule.names,
        revenues=schedule.revenues,
        revenue_of=schedule.revenue_of,
        services=schedule.services,
        rates=schedule.rates,
        charges=schedule.charges,
        geography=np.array([round(geography.get(state, 1.0) * BASIS) for state in who.states], np.int64),
        state_of_county=who.county_state,
        tests=_tests(dictionaries.get("labs", {}).get("loinc", ())),
        includes=tuple((schedule.item(whole), schedule.item(part)) for whole, part in rules["includes"]),
        vaccines=_items_of(dictionaries.get("immunizations", {}).get("cvx", ()), rules["vaccines"]),
        procedures=_procedures(dictionaries.get("procedures", {}).get("code", ())),
        is_department=np.array([code in departments for code in schedule.codes], np.int64),
        department=rules["in_hospital_department"]["share"],
        new_items=_mix(rules["visits"]["new"]),
        known_items=_mix(rules["visits"]["known"]),
        new=rules["new_share"]["share"],
        clinic=rules["hospital_clinic"]["share"],
        clinic_item=schedule.item("G0463"),
        preventive=_by_age(rules["preventive"]),
        is_preventive=_begins(reasons, _PREVENTIVE),
        is_mental=_begins(reasons, (_MENTAL,)),
        is_newborn=_begins(reasons, (_BIRTH,)),
        types=np.array([_service(rules["types"].get(name)) for name in dictionaries["encounters"]["type"]], np.int64),
        home=schedule.item("99349"),
        least=schedule.item("99211"),
        drawing=schedule.item("36415"),
        giving=(schedule.item("90471"), schedule.item("90472")),
        emergency=_mix(rules["emergency"]),
        first_day=_mix(rules["first_day"]),
        later_day=schedule.item("99232"),
        last_day=schedule.item("99239"),
        newborn=schedule.item("99460"),
        also={name: _extra(f"also:{name}", rules["also_in_hospital"][name]) for name in ("EMER", "IMP")},
        outpatient=_extra("outpatient", rules["outpatient_lines"]["items"]),
        inpatient=_extra("inpatient", lines["items"], relative=_RELATIVE),
        room=_revenue(lines["room"]),
        operating=_revenue(lines["operating_room"]),
        groups=planned_groups(reasons, dictionaries.get("procedures", {}).get("code", ())),
        stay_multiple=round(rules["charges"]["hospital"] * BASIS),
        emergency_share=rules["admission"]["emergency_share"],
        urgent_share=rules["admission"]["urgent_share"],
        discharge=CategoryTable.from_weights([statuses["under_65"], statuses["from_65"]]),
        statuses=tuple(int(status) for status in statuses["statuses"]),
        out_of_network=rules["out_of_network"]["share"],
        sources=_sources(),
    )


def _sources() -> tuple[str, ...]:
    rules = billing_rules()
    return (
        rules["charges"]["source"],
        rules["base_rates"]["source"],
        drg_rules()["source"],
        "CMS Physician Fee Schedule, Clinical Laboratory Fee Schedule and OPPS, CY2025",
    )


def _mix(part: Mapping[str, Any]) -> tuple[Ints, CategoryTable]:
    return fees().items(part["codes"]), CategoryTable.from_weights(rounded(np.array(part["shares"])))


def _tests(loincs: Sequence[str]) -> Ints:
    """Give the items that each test is billed by, -1 for none."""
    table, schedule = np.full((len(loincs), 2), -1, np.int64), fees()
    for row, loinc in enumerate(loincs):
        codes = billing_rules()["tests"].get(loinc, ())
        table[row, : len(codes)] = schedule.items(codes)
    return table


def _items_of(codes: Sequence[str], mapped: Mapping[str, str]) -> Ints:
    return np.array([fees().item(mapped.get(code)) for code in codes], np.int64)


def _procedures(codes: Sequence[str]) -> Ints:
    """Give the item of each procedure: its own code, or that of the surgeon who operates."""
    operations, schedule = billing_rules()["operations"], fees()
    return np.array([schedule.item(operations.get(code, code)) for code in codes], np.int64)


def _by_age(bands: Sequence[Mapping[str, Any]]) -> Ints:
    starts = [band["from_age"] for band in bands]
    items = fees().items([band["code"] for band in bands])
    by_age: Ints = items[np.searchsorted(starts, np.arange(_AGES), side="right") - 1]
    return by_age


def _begins(codes: Sequence[str], prefixes: tuple[str, ...]) -> Ints:
    return np.array([code.startswith(prefixes) for code in codes], np.int64)


def _service(name: str | None) -> int:
    if name is None:
        return KEPT
    return NO_VISIT if name == "none" else [*SERVICES].index(name)  # type: ignore[arg-type]


def _extra(name: str, items: Sequence[Mapping[str, Any]], *, relative: int = 100) -> Extra:
    schedule = fees()
    return Extra(
        name=name,
        items=np.array([schedule.item(each.get("code")) for each in items], np.int64),
        revenues=np.array(
            [schedule.revenues.index(each["revenue"]) if "revenue" in each else -1 for each in items], np.int64
        ),
        shares=np.array([each["share"] for each in items]),
        charges=np.array([round(each.get("charge", 0) * relative) for each in items], np.int64),
        a_day=np.array([each.get("a_day", False) for each in items], np.int64),
    )


def _revenue(part: Mapping[str, Any]) -> tuple[int, int]:
    return fees().revenues.index(part["revenue"]), round(part["charge"] * _RELATIVE)

"""Billing, planned: for whatever a chart may hold, the codes it is billed by and what Medicare allows for them."""

from collections.abc import Mapping
from dataclasses import dataclass

from healthsim.randomness import CategoryTable, Floats, Ints

OFFICE, FACILITY, HOSPITAL = range(3)
"""Settings, as fees tell them apart: a professional in an office, one in a hospital, and the hospital itself."""

MODIFIERS = ("95", "26")
TELEHEALTH, READING = range(len(MODIFIERS))

BILL_TYPES = ("111", "131")
"""Types of bill of institutional claims: a stay, and outpatient care."""

KEPT, NO_VISIT = -1, -2
"""Service of a visit that its reason decides, and of one at which nobody is examined."""


@dataclass(frozen=True, slots=True)
class Extra:
    """What may be billed beside, each by chance.

    Attributes:
        name: Of the draws.
        items: Items, -1 for a revenue code alone.
        revenues: Revenue codes, -1 for those of the item.
        shares: Chance of each.
        charges: Charge of those without an item: cents for outpatients, relative for stays.
        a_day: Whether that is for each night.
    """

    name: str
    items: Ints
    revenues: Ints
    shares: Floats
    charges: Ints
    a_day: Ints


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of inpatient stays (MS-DRG).

    Attributes:
        drgs: Their numbers.
        titles: Their titles, in words of our own.
        rates: What Medicare pays for each, cents.
        of_reason: Group by principal diagnosis and complications (none, one, major), shape `(reasons, 3)`.
        of_procedure: The same by a procedure that decides, -1 for one that does not, shape `(procedures, 3)`.
        complication: What each diagnosis is as a secondary one: 0, 1 or 2, shape `(reasons,)`.
        category: Category of each diagnosis; one of the same category as the principal one is no complication of it.
    """

    drgs: tuple[str, ...]
    titles: Mapping[str, str]
    rates: Ints
    of_reason: Ints
    of_procedure: Ints
    complication: Ints
    category: Ints


@dataclass(frozen=True, slots=True)
class BillingPlan:
    """How care becomes claims. Items are what may be billed; -1 stands for none. Money in cents.

    Attributes:
        codes: HCPCS and CPT code numbers, by item.
        names: What they are, in words of our own, by code.
        revenues: Revenue codes.
        revenue_of: Revenue code of each item in a hospital.
        services: Service of each item (`SERVICES`); `KEPT` for visits.
        rates: What Medicare allows by setting and item, shape `(3, items)`.
        charges: What is charged, of the same shape.
        geography: Factor on both by state, basis points, shape `(states,)`.
        state_of_county: State of each county.
        tests: Items of each laboratory test, shape `(tests, 2)`.
        includes: Items that include another on the same day, and that other.
        vaccines: Item of each vaccine.
        procedures: Item of each procedure.
        is_department: Whether an item is often done in a department of a hospital.
        department: Chance of that.
        new_items: Items of visits of new patients, and their shares.
        known_items: The same of known patients.
        new: Share of visits that are of new patients.
        clinic: Share of visits that are in a clinic of a hospital.
        clinic_item: Item of the hospital for such a visit.
        preventive: Item of a preventive visit by age, shape `(111,)`.
        is_preventive: Whether a reason is a preventive visit, shape `(reasons,)`.
        is_mental: Whether a reason is of mental health.
        is_newborn: Whether a reason is birth.
        types: Service of each type of encounter; `KEPT` where the provider decides, `NO_VISIT` for none.
        home: Item of a visit at home.
        least: Item of an encounter at which nothing else is billed.
        drawing: Item of the drawing of blood.
        giving: Items of giving a vaccine, and a further one.
        emergency: Items of emergency visits, and their shares.
        first_day: Items of the first day of a stay, and their shares.
        later_day: Item of a later day of a stay.
        last_day: Item of the day of discharge.
        newborn: Item of a newborn's first day.
        also: What other physicians bill, by class of encounter.
        outpatient: What a hospital bills besides of emergency care.
        inpatient: What a hospital bills of a stay.
        room: Revenue code of a room, and its relative charge a day.
        operating: Revenue code of the operating room, and its relative charge.
        groups: Groups of stays.
        stay_multiple: Charge of a stay as a multiple of its rate, basis points.
        emergency_share: Share of stays that begin as an emergency.
        urgent_share: Share that begin as urgent.
        discharge: Status at discharge, by whether the person is 65.
        statuses: Codes of the statuses.
        out_of_network: Share of encounters outside the network.
        sources: Where the figures are from.
    """

    codes: tuple[str, ...]
    names: Mapping[str, str]
    revenues: tuple[str, ...]
    revenue_of: Ints
    services: Ints
    rates: Ints
    charges: Ints
    geography: Ints
    state_of_county: Ints
    tests: Ints
    includes: tuple[tuple[int, int], ...]
    vaccines: Ints
    procedures: Ints
    is_department: Ints
    department: float
    new_items: tuple[Ints, CategoryTable]
    known_items: tuple[Ints, CategoryTable]
    new: float
    clinic: float
    clinic_item: int
    preventive: Ints
    is_preventive: Ints
    is_mental: Ints
    is_newborn: Ints
    types: Ints
    home: int
    least: int
    drawing: int
    giving: tuple[int, int]
    emergency: tuple[Ints, CategoryTable]
    first_day: tuple[Ints, CategoryTable]
    later_day: int
    last_day: int
    newborn: int
    also: Mapping[str, Extra]
    outpatient: Extra
    inpatient: Extra
    room: tuple[int, int]
    operating: tuple[int, int]
    groups: Groups
    stay_multiple: int
    emergency_share: float
    urgent_share: float
    discharge: CategoryTable
    statuses: tuple[int, ...]
    out_of_network: float
    sources: tuple[str, ...]

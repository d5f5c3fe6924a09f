"""Billing, planned: for each code, encounter and result that a chart may have, what is billed."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from healthsim.randomness import CategoryTable, Ints

Booleans = NDArray[np.bool_]

SETTINGS = ("office", "telehealth", "home", "preventive", "emergency", "inpatient")
"""Where people are seen, and how that is billed."""

OFFICE, TELEHEALTH, HOME, PREVENTIVE, EMERGENCY, INPATIENT = range(len(SETTINGS))

KINDS = ("professional", "outpatient", "inpatient")
"""Kinds of claims, in the order of `CLAIM_KINDS`."""

PLACES = ("office", "in_facility", "hospital")
"""Whose price it is: a physician's in the office or in a hospital, or a hospital's."""

MOST_MINUTES = 90
"""Minutes from which the code of a visit does not change."""

MOST_DIAGNOSES = 12
"""Diagnoses on a claim, at most."""

NEW, KNOWN = range(2)
"""Rows of ladders: patients that are new to a provider, and known ones."""

UNDER_18, UNDER_65, FROM_65 = range(3)
"""Bands of age that bundles tell apart."""


@dataclass(frozen=True, slots=True)
class LinePlan:
    """A line that a bundle may have.

    Attributes:
        name: Names its stream within the bundle's.
        code: Index of its code; -1 for none.
        is_level: Whether its code is that of the emergency visit's level.
        revenue: Index of its revenue code; -1 for none.
        modifier: Index of its modifier; -1 for none.
        share: Share of the bundles that have it.
        is_fallback: Whether it is there where no other line is.
        is_one: Whether it is one of several, of which a bundle has one.
        weight: Its part of a stay's charge.
        cents: What is allowed for it without a code.
        units: Units of it; 0 for as many as nights.
        is_of_newborns: Whether newborns may have it.
    """

    name: str
    code: int
    is_level: bool
    revenue: int
    modifier: int
    share: float
    is_fallback: bool
    is_one: bool
    weight: int
    cents: int
    units: int
    is_of_newborns: bool


@dataclass(frozen=True, slots=True)
class BundlePlan:
    """A claim that comes with some visits.

    Attributes:
        name: Its name.
        stream: Names its streams.
        setting: Place in `SETTINGS` of the visits; preventive visits count as the office.
        slot: Number of the claim within the encounter.
        kind: Place in `KINDS`.
        is_by_drg: Whether its lines share what is paid for the stay.
        place_of_service: Code; -1 on claims of hospitals.
        is_without_results: Whether it comes only with visits of which the chart has no results.
        fits: Diagnoses with which it may come, by index, shape `(diagnoses,)`.
        share: Share of the visits it comes with, by band of age, shape `(3,)`.
        lines: Its lines.
    """

    name: str
    stream: str
    setting: int
    slot: int
    kind: int
    is_by_drg: bool
    place_of_service: int
    is_without_results: bool
    fits: Booleans
    share: NDArray[np.float64]
    lines: tuple[LinePlan, ...]


@dataclass(frozen=True, slots=True)
class TestPlan:
    """A test as it is billed.

    Attributes:
        code: Index of its code.
        needs: Bits of the analytes that must have been measured.
        covers: Bits of those that it accounts for.
    """

    code: int
    needs: int
    covers: int


@dataclass(frozen=True, slots=True)
class FeePlan:
    """What is allowed and charged for codes, cents.

    Attributes:
        rate: What Medicare allows in the nation, by code and `PLACES`, shape `(codes, 3)`.
        is_local: Whether that is adjusted to the place, shape `(codes,)`.
        service: Place in `SERVICES`, shape `(codes,)`.
        revenue: Index of the revenue code under which hospitals bill it, shape `(codes,)`.
        factor: By which prices of a county differ from the nation's, basis points, shape `(counties,)`.
        multiple: Charge as a multiple of the rate, basis points: of `KINDS`, emergency departments' physicians and
            laboratories, shape `(5,)`.
        spread: By how much providers differ up and down from that, basis points.
    """

    rate: Ints
    is_local: Booleans
    service: Ints
    revenue: Ints
    factor: Ints
    multiple: Ints
    spread: int


@dataclass(frozen=True, slots=True)
class VisitCodes:
    """How encounters are billed.

    Attributes:
        setting: Place in `SETTINGS`, by class and type of the encounter, shape `(classes, types)`.
        special: Index of the code of encounters of a type that has one of its own; -1 for others, shape `(types,)`.
        is_visit: Whether encounters of a type are billed as visits, shape `(types,)`.
        least: Index of the code of encounters that leave nothing to bill otherwise.
        service: Place in `SERVICES` of visits of a type that say so themselves; -1 for others, shape `(types,)`.
        by_minutes: Index of the code by place of the ladder (office, telehealth, home), row (`NEW`, `KNOWN`) and
            minutes, shape `(3, 2, MOST_MINUTES + 1)`.
        by_age: Index of the code of preventive visits, by row and age, shape `(2, 111)`.
        new_share: Share of first visits to a provider that are of new patients.
        emergency: Levels of emergency visits; categories index `emergency_codes`.
        emergency_codes: Their codes.
        hospital: Levels of first, later and last days in a hospital; categories index rows of `hospital_codes`.
        hospital_codes: Their codes, shape `(3, levels)`.
        newborn: Codes of a newborn's first day and of later ones.
        places: Place-of-service codes by setting, and of a laboratory, shape `(7,)`.
        telehealth: Index of the modifier of telehealth.
        separate: Index of the modifier of a visit beside something that is done.
    """

    setting: Ints
    special: Ints
    is_visit: Booleans
    least: int
    service: Ints
    by_minutes: Ints
    by_age: Ints
    new_share: float
    emergency: CategoryTable
    emergency_codes: Ints
    hospital: CategoryTable
    hospital_codes: Ints
    newborn: tuple[int, int]
    places: Ints
    telehealth: int
    separate: int


@dataclass(frozen=True, slots=True)
class OrderCodes:
    """How results, procedures and vaccines are billed.

    Attributes:
        analyte_bit: Bit of each analyte of `labs.loinc`, shape `(analytes,)`.
        tests: Tests, in the order in which they take results.
        drawing: Index of the code of drawing blood.
        independent: Share of offices' tests that independent laboratories bill.
        procedure: Index of the code of each code of `procedures.code`; -1 for none, shape `(procedures,)`.
        vaccine: Index of the code of each of `immunizations.cvx`, shape `(vaccines,)`.
        giving: Indices of the codes of giving each vaccine, and a further one with it, shape `(vaccines, 2)`.
        delivery: Index of the code of a delivery for which somebody is in a hospital; -1 for others, shape
            `(diagnoses,)`.
        claimed: Index of the code that an event of a journey claims; -1 for none, shape `(events,)`.
    """

    analyte_bit: Ints
    tests: tuple[TestPlan, ...]
    drawing: int
    independent: float
    procedure: Ints
    vaccine: Ints
    giving: Ints
    delivery: Ints
    claimed: Ints


@dataclass(frozen=True, slots=True)
class StayPlan:
    """How stays are grouped and paid.

    Attributes:
        group: Group of MS-DRGs of each principal diagnosis, shape `(diagnoses,)`.
        group_of_procedure: Group of each code of `procedures.code`; -1 for none, shape `(procedures,)`.
        operation: Group that an operation which the chart does not name leads to; -1 for none, shape `(groups,)`.
        operated: Share of a group's stays with such an operation, shape `(groups,)`.
        surgeon: Index of the code of who operates in stays of a group so reached; -1 for none, shape `(groups,)`.
        severity: 0 for no complication, 1 for one, 2 for a major one, shape `(diagnoses,)`.
        drg: Index of the MS-DRG by group and severity, shape `(groups, 3)`.
        rate: What Medicare pays for it in the nation, cents, by group and severity, shape `(groups, 3)`.
        is_newborn: Which principal diagnoses are births, shape `(diagnoses,)`.
        admission: Type of admission by principal diagnosis, shape `(diagnoses,)`.
        is_elective: Which codes of `procedures.code` are planned, shape `(procedures,)`.
        discharge: Where people go, by whether they are 65 or older; categories index `statuses`.
        statuses: UB-04 patient statuses.
        home: That of people at home.
        expired: That of people who died.
    """

    group: Ints
    group_of_procedure: Ints
    operation: Ints
    operated: NDArray[np.float64]
    surgeon: Ints
    severity: Ints
    drg: Ints
    rate: Ints
    is_newborn: Booleans
    admission: Ints
    is_elective: Booleans
    discharge: CategoryTable
    statuses: Ints
    home: int
    expired: int


@dataclass(frozen=True, slots=True)
class DiagnosisCodes:
    """The codes of claims' diagnoses, and where a chart says them.

    Attributes:
        of_reason: Index of each code of `encounters.reason_code`, shape `(reasons,)`.
        of_diagnosis: Index of each code of `diagnoses.code`, shape `(codes,)`.
        of_procedure: Index of each code of `procedures.reason_code`, shape `(reasons,)`.
        vaccination: Index of the code of being vaccinated.
        observation: Index of the code of what is done without a reason in the chart.
        service: Place in `SERVICES` of visits for a diagnosis; -1 where it does not matter, shape `(diagnoses,)`.
        most: How many claims list at most, by kind, shape `(3,)`.
    """

    of_reason: Ints
    of_diagnosis: Ints
    of_procedure: Ints
    vaccination: int
    observation: int
    service: Ints
    most: Ints


@dataclass(frozen=True, slots=True)
class BillingPlan:
    """What is billed for what is in a chart.

    Attributes:
        texts: Texts of `bill_type`, `drg`, `diagnosis`, `code`, `modifier` and `revenue`.
        titles: What codes stand for: those of `services` and `drgs`, in own words, and of `icd10` that charts may lack.
        fees: Prices.
        visits: Encounters.
        orders: Results, procedures and vaccines.
        diagnoses: Diagnoses.
        stays: Stays.
        bundles: What comes with visits.
        bill_type: Index of the type of bill of outpatient and of inpatient claims.
        network: Part of 65,536 of the providers that belong to the network of each type of plan.
        sources: Where the figures are from.
    """

    texts: Mapping[str, tuple[str, ...]]
    titles: Mapping[str, Mapping[str, str]]
    fees: FeePlan
    visits: VisitCodes
    orders: OrderCodes
    diagnoses: DiagnosisCodes
    stays: StayPlan
    bundles: tuple[BundlePlan, ...]
    bill_type: tuple[int, int]
    network: Mapping[str, int]
    sources: tuple[str, ...]

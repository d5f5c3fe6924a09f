"""The plan, as data: everything a block of people is drawn from, and nothing that depends on the people drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.attributes_plan import AttributesPlan
from healthsim.planning.body_plan import BodyPlan
from healthsim.planning.care_plan import CarePlan
from healthsim.planning.journey_plan import TimelinePlan
from healthsim.planning.measurements import MeasurementPlan
from healthsim.planning.medication_plan import MedicationPlan
from healthsim.planning.payer.adjudication_plan import AdjudicationPlan
from healthsim.planning.payer.billing_plan import BillingPlan
from healthsim.planning.payer.coverage_plan import CoveragePlan
from healthsim.planning.pharmacy.pharmacy_plan import PharmacyPlan
from healthsim.planning.trial.trial_plan import TrialPlan
from healthsim.planning.utilization_plan import UtilizationPlan
from healthsim.planning.visits import VisitPlan
from healthsim.randomness import CategoryTable, QuantileTable
from healthsim.tables import table_definition

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

AGES = 111
"""Ages are completed years, 0 to 110."""

SEXES = ("F", "M")
RACES = ("white", "black", "asian", "aian", "nhpi", "other", "two_or_more")
ETHNICITIES = ("hispanic", "not_hispanic")

AGE_SEX_CELLS = AGES * len(SEXES)
"""Cells of age and sex: age times 2 plus the index of the sex."""

GROUPS = len(RACES) * len(ETHNICITIES)
"""Cells of race and ethnicity: index of the race times 2 plus the index of the ethnicity."""

CELLS = AGE_SEX_CELLS * GROUPS
"""Cells of people: cell of age and sex times 14 plus the cell of race and ethnicity."""

AGE_BANDS = ((0, 17), (18, 44), (45, 64), (65, 84), (85, 110))
"""Bands of age in which summaries count, both ends included."""

_OF_EVERY_PRODUCT = {"patients", "providers_used", "facilities_used"}

Among = Literal["all", "primary", "adults"]


@dataclass(frozen=True, slots=True)
class PeoplePlan:
    """Who the people are.

    Attributes:
        counties: FIPS codes of the counties where they live.
        states: Letters of their states.
        county_state: Index of each county's state, shape `(counties,)`.
        places: Which county a person lives in.
        row_of_county: Row of the demographic tables that holds in each county, shape `(counties,)`.
        rows: Number of those rows.
        cells: Cell of age, sex, race and ethnicity, by row.
        years_ago: Day number of the date some whole years before `as_of`, for 0 to 111 years, shape `(112,)`.
        expected: Expected shares of people by completed years of age, gender, race and ethnicity.
    """

    counties: tuple[str, ...]
    states: tuple[str, ...]
    county_state: Ints
    places: CategoryTable
    row_of_county: Ints
    rows: int
    cells: CategoryTable
    years_ago: Ints
    expected: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class AddressPlan:
    """Where in their county the people live, and what they are called.

    Attributes:
        zips: ZIP codes.
        cities: Cities.
        zip_city: Index of each ZIP code's city, shape `(zips,)`.
        zip_area_code: Telephone area code of each ZIP code, shape `(zips,)`.
        latitude: Degrees north of each ZIP code, shape `(zips,)`.
        longitude: Degrees east of each ZIP code, shape `(zips,)`.
        members: Indices of ZIP codes, county after county.
        first_member: Where each county's ZIP codes begin in `members`, shape `(counties,)`.
        member_count: How many each county has, shape `(counties,)`.
        streets: Names of streets.
        street_name_count: Number of names before their suffixes.
        street_suffixes: Which suffix a street has.
        given_names: Given names.
        given: Which given name, by `(sex * decades + decade) * 8 + group`.
        family_names: Family names.
        family: Which family name, by group.
    """

    zips: tuple[str, ...]
    cities: tuple[str, ...]
    zip_city: Ints
    zip_area_code: Ints
    latitude: Floats
    longitude: Floats
    members: Ints
    first_member: Ints
    member_count: Ints
    streets: tuple[str, ...]
    street_name_count: int
    street_suffixes: CategoryTable
    given_names: tuple[str, ...]
    given: CategoryTable
    family_names: tuple[str, ...]
    family: CategoryTable


@dataclass(frozen=True, slots=True)
class PlannedCondition:
    """One condition people may have.

    Attributes:
        id: Stable name; names its streams.
        name: For people.
        code: The category or code asked for.
        role: `primary`, `comorbidity`, `condition` or `background`.
        among: Whom the prevalences below are counted among.
        asked: Prevalence the profile asks for, share; None where the natural one holds.
        expected: Prevalence the model gives, share.
        sources: Where the figures behind it are from.
    """

    id: str
    name: str
    code: str
    role: Literal["primary", "comorbidity", "condition", "background"]
    among: Among
    asked: float | None
    expected: float
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Companion:
    """A condition that decides which code another one takes.

    Attributes:
        slot: Slot of the condition whose code it decides.
        bit: Its place among the companions of that condition: the bit of the set's number that says it is there.
        companion: Its own slot.
        is_of_codes: Whether it counts with some of its codes alone.
        codes: Indices of those codes.
        deciding: Indices of the codes of the condition that require it.
    """

    slot: int
    bit: int
    companion: int
    is_of_codes: bool
    codes: Ints
    deciding: Ints


@dataclass(frozen=True, slots=True)
class ConditionsPlan:
    """What people have. Conditions are counted by slot, the primary one first.

    Attributes:
        conditions: One a slot.
        has_primary: Whether slot 0 is a primary condition, drawn before the others.
        primary_share: Share with the primary condition, by row and cell, flat, shape `(rows * 3108,)`; empty without.
        primary_natural: Share who would have it if nobody had asked, by row and cell of age and sex, flat,
            shape `(rows * 222,)`; empty without.
        factors: Names of the latent factors.
        loadings: Of each condition's liability on each factor, shape `(slots, factors)`.
        thresholds: Liability above which a person has the condition, by slot, row and cell of age and sex, shape
            `(slots, rows * 222)`; infinite where nobody has it.
        thresholds_with_primary: The same for people with the primary condition.
        onset: Share of the days lived at which the condition began, by `slot * 222 + cell of age and sex`.
        codes: Billable codes.
        code_shares: Which of a condition's codes, by `row * 222 + cell of age and sex`.
        code_index: Index into `codes` of a condition's codes, shape `(slots, most codes of a condition)`.
        code_row: Where each condition's rows begin, shape `(slots,)`: a row for each set of companions that are there,
            by the set's number.
        code_days: Days of life before which a condition's code is nobody's, shape `(slots, codes)`.
        companions: What decides between the codes of conditions.
        expected_shares: Expected share of all people with each condition, shape `(slots,)`.
    """

    conditions: tuple[PlannedCondition, ...]
    has_primary: bool
    primary_share: Floats
    primary_natural: Floats
    factors: tuple[str, ...]
    loadings: Floats
    thresholds: Floats
    thresholds_with_primary: Floats
    onset: QuantileTable
    codes: tuple[str, ...]
    code_shares: CategoryTable
    code_index: Ints
    code_row: Ints
    code_days: Ints
    companions: tuple[Companion, ...]
    expected_shares: Floats


@dataclass(frozen=True, slots=True)
class ProductPlans:
    """What the products beside PatientSim are drawn from; None for those that are not asked for.

    Attributes:
        coverage: Who is insured by what.
        billing: How care becomes claims.
        adjudication: How payers handle claims.
        pharmacy: What is dispensed, and who pays for it.
        trial: TrialSim.
    """

    coverage: CoveragePlan | None = None
    billing: BillingPlan | None = None
    adjudication: AdjudicationPlan | None = None
    pharmacy: PharmacyPlan | None = None
    trial: TrialPlan | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A run, before it is run.

    Attributes:
        cohort_id: Handle made of the resolved profile, the seed and the versions: the same plan, the same handle.
        document: The resolved profile, as JSON.
        products: Products asked for.
        count: People.
        seed: Of all draws.
        as_of: The date at which ages hold.
        people: Who they are.
        address: Where they live and what they are called.
        conditions: What they have.
        attributes: What else they are.
        care: Who cares for them; None where the profile assigns nobody.
        visits: When they were last seen; None where the profile asks for no visits.
        utilization: The care they have anyway; None where the profile does not ask for it.
        timeline: What happens to them; None without journeys.
        medications: Which drugs they may take; None where the profile asks for no visits.
        body: How their bodies are; None where the profile asks for no visits.
        measurements: What is measured of them; None where the profile asks for no visits.
        others: The products beside PatientSim.
        titles: Titles that views add to codes: name of the list to title by code.
        dictionaries: Texts behind the codes of `ENUM` columns, by table and column.
        sources: Where the population's figures are from.
        notes: What the caller should know of how the request was understood.
        engine_version: Of HealthSim.
        reference_version: Of the reference data.
    """

    cohort_id: str
    document: Mapping[str, Any]
    products: tuple[str, ...]
    count: int
    seed: int
    as_of: date
    people: PeoplePlan
    address: AddressPlan
    conditions: ConditionsPlan
    attributes: AttributesPlan
    care: CarePlan | None
    visits: VisitPlan | None
    utilization: UtilizationPlan | None
    timeline: TimelinePlan | None
    medications: MedicationPlan | None
    body: BodyPlan | None
    measurements: MeasurementPlan | None
    others: ProductPlans
    titles: Mapping[str, Mapping[str, str]]
    dictionaries: Mapping[str, Mapping[str, tuple[str, ...]]]
    sources: tuple[str, ...]
    notes: tuple[str, ...]
    engine_version: str
    reference_version: str

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that are kept: the patients, who cares for them, and those of the products asked for."""
        return tuple(
            name
            for name in self.dictionaries
            if name in _OF_EVERY_PRODUCT or table_definition(name).product in self.products
        )

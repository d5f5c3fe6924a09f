"""The pharmacy benefit, as data: what planning hands to simulation. Money is in cents, quantities in thousandths."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.pharmacy.documents import Channel, DurRule
from healthsim.randomness import QuantileTable

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Booleans = NDArray[np.bool_]

CHANNELS: tuple[Channel, ...] = ("retail", "mail", "specialty")
KINDS = ("generic", "brand", "specialty", "otc")
PHASES = ("deductible", "initial", "gap", "catastrophic")
"""Phases of a benefit's year; without Part D the last one is that after the out-of-pocket maximum."""

BASIS = 10_000
"""Basis points of one."""

NO_LIMIT = 2**45
"""Stands for no limit, cents."""

TIERS = 6
"""Tiers, of which 0 is what is not covered."""


@dataclass(frozen=True, slots=True)
class DrugColumns:
    """Drugs, in the order of the RxCUIs of the table of medications; every array has the shape `(drugs,)`.

    Attributes:
        kind: Place in `KINDS`.
        per_day: Thousandths of a unit a day.
        package: Thousandths of a unit that are dispensed undivided.
        price: Of a unit, hundred-thousandths of a dollar.
        maximum: Most thousandths of a unit a day; `NO_LIMIT` where the label names none.
        adherence: Class of adherence.
        is_insulin: Whether it is an insulin.
        is_chronic: Whether it may be dispensed for 90 days.
    """

    kind: Ints
    per_day: Ints
    package: Ints
    price: Ints
    maximum: Ints
    adherence: Ints
    is_insulin: Booleans
    is_chronic: Booleans


@dataclass(frozen=True, slots=True)
class FormularyColumns:
    """What benefits say of drugs; every array has the shape `(benefits, drugs)`.

    Attributes:
        tier: Of the drug, 0 where it is not covered.
        is_excluded: Whether not even an exception covers it.
        needs_authorization: Whether it needs prior authorization.
        steps: Set of drugs of which one has to be tried before; -1 for none.
        max_days: Most days of supply.
        step_sets: Which drugs are in which set, shape `(sets, drugs)`.
    """

    tier: Ints
    is_excluded: Booleans
    needs_authorization: Booleans
    steps: Ints
    max_days: Ints
    step_sets: Booleans


@dataclass(frozen=True, slots=True)
class BenefitColumns:
    """What benefits pay.

    Attributes:
        ids: Of the benefits.
        account: Of the accumulators of each; benefits of Part D share one, shape `(benefits,)`.
        copay: For 30 days by tier, shape `(benefits, 6)`; -1 where coinsurance holds.
        coinsurance: Basis points by tier.
        tier_maximum: Most for 30 days by tier.
        has_deductible: Whether the deductible holds, by tier.
        months_of_90: Copays of 90 days, thousandths of those of 30, by channel, shape `(benefits, 2)`.
        fee: Dispensing fee by channel, shape `(benefits, 3)`.
        price: Of the price of drugs, basis points by kind, shape `(benefits, 3)`.
        free_days: Days of life before which nothing is paid, shape `(benefits,)`.
        enrolled: Share of the line of business that has the benefit.
        ninety_days: Share of long-term prescriptions dispensed for 90 days.
        mail: Share of those that come by mail.
        is_part_d: Whether the phases of Part D hold.
        deductible: By benefit and year, shape `(benefits, years)`.
        initial_limit: Total cost at which the gap begins.
        maximum: Own spending at which the last phase begins.
        gap_coinsurance: Basis points in the gap.
        last_coinsurance: Basis points in the last phase.
        initial_discount: The manufacturer's on brands, basis points.
        gap_discount: The same in the gap, where it counts as own spending.
        last_discount: The same in the last phase.
        insulin_month: Most for 30 days of insulin; `NO_LIMIT` for no limit.
    """

    ids: tuple[str, ...]
    account: Ints
    copay: Ints
    coinsurance: Ints
    tier_maximum: Ints
    has_deductible: Booleans
    months_of_90: Ints
    fee: Ints
    price: Ints
    free_days: Ints
    enrolled: Floats
    ninety_days: Floats
    mail: Floats
    is_part_d: Booleans
    deductible: Ints
    initial_limit: Ints
    maximum: Ints
    gap_coinsurance: Ints
    last_coinsurance: Ints
    initial_discount: Ints
    gap_discount: Ints
    last_discount: Ints
    insulin_month: Ints


@dataclass(frozen=True, slots=True)
class AdherencePlan:
    """How well people keep to their drugs.

    Attributes:
        covered: Share of days covered, by `benefit * classes + class`.
        classes: Number of classes.
        gap: Length of gaps, in means.
        is_shared: Share of people whose drugs all have the same place in their distribution.
        early_share: Share of refills, where there is no gap, that are collected early.
        early_days: Most days early.
    """

    covered: QuantileTable
    classes: int
    gap: QuantileTable
    is_shared: float
    early_share: float
    early_days: int


@dataclass(frozen=True, slots=True)
class RejectionPlan:
    """How often claims are refused and taken back; shares, 0 to 1.

    Attributes:
        codes: NCPDP reject codes.
        wrong_cardholder: Of claims with a clerical error.
        too_soon: Of refills asked for too soon.
        authorized: Of requests for prior authorization that are approved.
        excepted: Of exceptions that are granted.
        returned: Of paid claims that nobody collects, by kind of drug, shape `(4,)`.
        after_coverage: Of refills after coverage ended that are still billed.
        after_days: Days for which they are.
        is_asked: Whether claims are refused at all.
    """

    codes: tuple[str, ...]
    wrong_cardholder: float
    too_soon: float
    authorized: float
    excepted: float
    returned: Floats
    after_coverage: float
    after_days: int
    is_asked: bool


@dataclass(frozen=True, slots=True)
class PlannedRule:
    """A rule of drug utilization review, with its names looked up.

    Attributes:
        rule: The rule.
        drugs: Which drugs it is about, shape `(drugs,)`.
        others: Which other drugs, of the same shape.
        codes: Which of the chart's diagnosis codes, shape `(codes,)`.
        twin: Of each drug, the number of its ingredient, shape `(drugs,)`.
    """

    rule: DurRule
    drugs: Booleans
    others: Booleans
    codes: Booleans
    twin: Ints


@dataclass(frozen=True, slots=True)
class PharmacyPlan:
    """The pharmacy benefit.

    Attributes:
        first_day: First day of which there are claims, days since 1970-01-01.
        last_day: Last day.
        years: First days of the calendar years of that time, ascending.
        drugs: What is dispensed.
        formulary: What benefits say of drugs.
        benefits: What benefits pay.
        benefit_of_plan: Benefit of each insurance plan, -1 for none, shape `(insurance plans,)`.
        adherence: How well people keep to their drugs.
        rejections: How often claims are refused.
        rules: What pharmacies are warned of.
    """

    first_day: int
    last_day: int
    years: Ints
    drugs: DrugColumns
    formulary: FormularyColumns
    benefits: BenefitColumns
    benefit_of_plan: Ints
    adherence: AdherencePlan
    rejections: RejectionPlan
    rules: tuple[PlannedRule, ...]

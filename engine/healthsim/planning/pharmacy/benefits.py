"""Drug benefits as columns: what members pay by tier, phase and year, in cents and basis points."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from healthsim.planning.pharmacy.documents import Benefit, PartDYear, TierSharing, drug_benefits
from healthsim.planning.pharmacy.pharmacy_plan import BASIS, CHANNELS, NO_LIMIT, TIERS, BenefitColumns, Ints
from healthsim.spec.insurance import LineOfBusiness
from healthsim.spec.pharmacy import DrugBenefit

_CENTS = 100
_THOUSAND = 1_000
_QUARTER_CENTURY_DAYS = 9_131
_QUARTER_CENTURY = 25
_MEDICARE_ACCOUNT = "medicare"
_PRICED: tuple[Literal["generic", "brand", "specialty"], ...] = ("generic", "brand", "specialty")
_COPAID: tuple[Literal["retail", "mail"], ...] = ("retail", "mail")


def benefits_asked(asked: Mapping[LineOfBusiness, DrugBenefit]) -> tuple[Benefit, ...]:
    """Give the drug benefits, changed where a profile asks for it."""
    return tuple(
        _changed(benefit, asked[benefit.line_of_business]) if benefit.line_of_business in asked else benefit
        for benefit in drug_benefits().benefits
    )


def _changed(benefit: Benefit, asked: DrugBenefit) -> Benefit:
    changes = asked.model_dump(exclude_none=True, exclude={"copays"})
    if asked.copays:
        kept = [each for each in benefit.cost_sharing if str(each.tier) not in asked.copays]
        own = [TierSharing(tier=int(tier), copay=copay) for tier, copay in asked.copays.items()]
        changes["cost_sharing"] = tuple(sorted([*kept, *own], key=lambda each: each.tier))
    if "deductible" in changes:
        changes["deductible_tiers"] = tuple(range(1, TIERS))
    return benefit.model_copy(update=changes)


def benefit_columns(benefits: Sequence[Benefit], years: Sequence[int]) -> BenefitColumns:
    """Write benefits as columns.

    Args:
        benefits: The benefits.
        years: Calendar years; those without rules of their own have those of the nearest year.
    """
    accounts = [_MEDICARE_ACCOUNT if each.is_part_d else each.id for each in benefits]
    sharing = [{each.tier: each for each in benefit.cost_sharing} for benefit in benefits]
    rules = [[_rules(benefit, year) for year in years] for benefit in benefits]
    months = [[round(each.copay_months_of_90_days[name] * _THOUSAND) for name in _COPAID] for each in benefits]
    return BenefitColumns(
        ids=tuple(each.id for each in benefits),
        account=np.array([accounts.index(account) for account in accounts], np.int64),
        copay=np.array([[_copay(row.get(tier)) for tier in range(TIERS)] for row in sharing], np.int64),
        coinsurance=np.array([[_share(row.get(tier)) for tier in range(TIERS)] for row in sharing], np.int64),
        tier_maximum=np.array([[_most(row.get(tier)) for tier in range(TIERS)] for row in sharing], np.int64),
        has_deductible=np.array([[tier in each.deductible_tiers for tier in range(TIERS)] for each in benefits]),
        months_of_90=np.array(months, np.int64),
        fee=np.array([[_cents(each.fees[channel]) for channel in CHANNELS] for each in benefits], np.int64),
        price=np.array(
            [[_basis_points(each.prices[kind]) for kind in _PRICED] for each in benefits],
            np.int64,
        ),
        free_days=np.array(
            [each.copay_free_before_age * _QUARTER_CENTURY_DAYS // _QUARTER_CENTURY for each in benefits], np.int64
        ),
        enrolled=np.array([each.enrolled_share for each in benefits]),
        ninety_days=np.array([each.ninety_day_share for each in benefits]),
        mail=np.array([each.mail_share for each in benefits]),
        is_part_d=np.array([each.is_part_d for each in benefits], np.bool_),
        deductible=_by_year(rules, "deductible"),
        initial_limit=_by_year(rules, "initial_limit"),
        maximum=_by_year(rules, "out_of_pocket_threshold"),
        gap_coinsurance=_shares(rules, "gap_coinsurance"),
        last_coinsurance=_shares(rules, "catastrophic_coinsurance"),
        initial_discount=_shares(rules, "initial_discount"),
        gap_discount=_shares(rules, "gap_discount"),
        last_discount=_shares(rules, "catastrophic_discount"),
        insulin_month=_by_year(rules, "insulin_month"),
    )


def _rules(benefit: Benefit, year: int) -> PartDYear:
    """Give the rules of a benefit's year; beyond Part D a maximum is all there is."""
    if benefit.is_part_d:
        return min(drug_benefits().part_d_years.years, key=lambda each: abs(each.year - year))
    most = benefit.out_of_pocket_maximum
    return PartDYear(
        year=year,
        deductible=benefit.deductible,
        out_of_pocket_threshold=NO_LIMIT / _CENTS if most is None else most,
        catastrophic_coinsurance=0.0,
    )


def _by_year(rules: Sequence[Sequence[PartDYear]], name: str) -> Ints:
    values = [[getattr(each, name) for each in row] for row in rules]
    return np.array([[NO_LIMIT if each is None else _cents(each) for each in row] for row in values], np.int64)


def _shares(rules: Sequence[Sequence[PartDYear]], name: str) -> Ints:
    return np.array([[_basis_points(getattr(each, name)) for each in row] for row in rules], np.int64)


def _copay(sharing: TierSharing | None) -> int:
    return -1 if sharing is None or sharing.copay is None else _cents(sharing.copay)


def _share(sharing: TierSharing | None) -> int:
    return BASIS if sharing is None else _basis_points(sharing.coinsurance or 0.0)


def _most(sharing: TierSharing | None) -> int:
    return NO_LIMIT if sharing is None or sharing.maximum is None else _cents(sharing.maximum)


def _cents(dollars: float) -> int:
    return round(dollars * _CENTS)


def _basis_points(share: float) -> int:
    return round(share * BASIS)

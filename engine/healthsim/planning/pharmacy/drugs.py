"""What is dispensed of the drugs of a plan, and what benefits say of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from healthsim.planning.pharmacy.documents import (
    Benefit,
    FormularyRule,
    Product,
    formularies,
    products,
)
from healthsim.planning.pharmacy.pharmacy_plan import KINDS, NO_LIMIT, Booleans, DrugColumns, FormularyColumns, Ints
from healthsim.skills import Drug

ADHERENCE_CLASSES = ("statin", "renin_angiotensin", "diabetes", "anticoagulant", "other")

_THOUSAND = 1_000
_PRICE_PARTS = 100_000
"""Prices of units are kept in hundred-thousandths of a dollar, as NADAC has them."""

_LONG_SUPPLY = 84
"""Days of an order's supply from which it may be dispensed for 90 days."""


def products_of(rxnorms: Sequence[str]) -> tuple[tuple[Product, ...], tuple[str, ...]]:
    """Give what is dispensed of some drugs, and which of them have no product of their own."""
    known = {product.rxnorm: product for product in products().drugs}
    missing = tuple(rxnorm for rxnorm in rxnorms if rxnorm not in known)
    return tuple(known.get(rxnorm, products().default) for rxnorm in rxnorms), missing


def drug_columns(found: Sequence[Product], supplies: Sequence[int]) -> DrugColumns:
    """Write products as columns.

    Args:
        found: The products.
        supplies: Longest days of supply that each is ordered for.
    """
    maximum = [
        NO_LIMIT if each.maximum_units_per_day is None else round(each.maximum_units_per_day * _THOUSAND)
        for each in found
    ]
    return DrugColumns(
        kind=_ints(KINDS.index(each.kind) for each in found),
        per_day=_ints(round(each.units_per_day * _THOUSAND) for each in found),
        package=_ints(round(each.package * _THOUSAND) for each in found),
        price=_ints(round(each.unit_price * _PRICE_PARTS) for each in found),
        maximum=_ints(maximum),
        adherence=_ints(ADHERENCE_CLASSES.index(each.adherence) for each in found),
        is_insulin=np.array([each.is_insulin for each in found], np.bool_),
        is_chronic=np.array([days >= _LONG_SUPPLY for days in supplies], np.bool_),
    )


def names_of(drug: Drug) -> tuple[str, ...]:
    """Give the names under which rules know a drug."""
    return (drug.rxnorm, drug.ingredient, drug.group)


def named(names: Collection[str], drugs: Mapping[str, Drug], rxnorms: Sequence[str]) -> Booleans:
    """Tell which drugs have one of some names, shape `(drugs,)`."""
    return np.array([bool(set(names).intersection(names_of(drugs[rxnorm]))) for rxnorm in rxnorms], np.bool_)


def formulary_columns(
    benefits: Sequence[Benefit], found: Sequence[Product], drugs: Mapping[str, Drug], rxnorms: Sequence[str]
) -> FormularyColumns:
    """Look up what benefits say of drugs: the first rule that names one holds."""
    lists = {each.id: each for each in formularies().formularies}
    rules: list[list[FormularyRule]] = []
    for benefit in benefits:
        formulary = lists[benefit.formulary]
        row = []
        for product, rxnorm in zip(found, rxnorms, strict=True):
            usual = FormularyRule(names=(), tier=formulary.kinds.get(product.kind, 0))
            fits = (rule for rule in formulary.rules if set(rule.names).intersection(names_of(drugs[rxnorm])))
            row.append(next(fits, usual))
        rules.append([rule.model_copy(update={"max_days": min(rule.max_days, formulary.max_days)}) for rule in row])
    sets = sorted({rule.step_therapy for row in rules for rule in row if rule.step_therapy})
    members = [named(names, drugs, rxnorms) for names in sets]
    return FormularyColumns(
        tier=np.array([[rule.tier for rule in row] for row in rules], np.int64),
        is_excluded=np.array([[rule.is_excluded for rule in row] for row in rules], np.bool_),
        needs_authorization=np.array([[rule.prior_authorization for rule in row] for row in rules], np.bool_),
        steps=np.array(
            [[sets.index(rule.step_therapy) if rule.step_therapy else -1 for rule in row] for row in rules], np.int64
        ),
        max_days=np.array([[rule.max_days for rule in row] for row in rules], np.int64),
        step_sets=np.array(members, np.bool_).reshape(len(sets), len(rxnorms)),
    )


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int64)

"""Drug utilization review: what pharmacies are warned of when claims are billed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from healthsim.planning.pharmacy.documents import Reason
from healthsim.planning.pharmacy.pharmacy_plan import DrugColumns, PlannedRule
from healthsim.planning.plan import Ints
from healthsim.simulation.conditions import Booleans

NOTHING = -1
_PREGNANT_DAYS = 280
"""Days after a diagnosis of pregnancy within which a drug may meet it."""

_DAY_BITS = 2**33
_BEFORE = 2**32
_FOUR_YEARS, _FOUR = 1_461, 4


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Claims in order of person and time, and what is known of their people; arrays of shape `(claims,)`.

    Attributes:
        person: Place of the person in the block, ascending.
        day: Day on which they are billed, ascending within a person.
        drug: Index of the RxCUI.
        quantity: Thousandths of units.
        days: Days of supply.
        supplied_until: First day that the person's supply of the drug does not reach; the day itself where nothing is
            dispensed.
        is_early: Whether it is refused as too soon.
        birth_day: Date of birth, days since 1970-01-01.
        diagnosed: Place of the person, for each diagnosis, shape `(diagnoses,)`.
        diagnosis: Index of its code.
        diagnosed_day: Since when it is known.
    """

    person: Ints
    day: Ints
    drug: Ints
    quantity: Ints
    days: Ints
    supplied_until: Ints
    is_early: Booleans
    birth_day: Ints
    diagnosed: Ints
    diagnosis: Ints
    diagnosed_day: Ints


@dataclass(frozen=True, slots=True)
class Alerts:
    """Warnings; every array has the shape `(alerts,)`.

    Attributes:
        claim: Place of the claim.
        rule: Place of the rule.
        other: Index of the other drug; `NOTHING` for none.
        code: Index of the diagnosis code; `NOTHING` for none.
    """

    claim: Ints
    rule: Ints
    other: Ints
    code: Ints


Found = tuple[Ints, Ints, Ints]
"""Claims that a rule is about, with the other drug and the diagnosis of each."""


def alerts_of(rules: tuple[PlannedRule, ...], drugs: DrugColumns, claims: Reviewed) -> Alerts:
    """Apply rules to claims.

    Args:
        rules: The rules.
        drugs: What is dispensed.
        claims: The claims.
    """
    parts: list[tuple[int, Found]] = [
        (place, found) for place, rule in enumerate(rules) for found in _TESTS[rule.rule.reason](rule, drugs, claims)
    ]
    counts = [(place, len(found[0])) for place, found in parts]
    rule_places = np.concatenate([np.full(count, place) for place, count in counts]) if parts else _none()
    claim, other, code = (
        np.concatenate([found[index] for _, found in parts]) if parts else _none() for index in range(3)
    )
    order = np.lexsort((rule_places, claim))
    return Alerts(claim[order], rule_places[order], other[order], code[order])


def _early(rule: PlannedRule, _drugs: DrugColumns, claims: Reviewed) -> Iterator[Found]:
    yield _alone(np.flatnonzero(claims.is_early & rule.drugs[claims.drug]))


def _high_dose(rule: PlannedRule, drugs: DrugColumns, claims: Reviewed) -> Iterator[Found]:
    exceeds = claims.quantity > drugs.maximum[claims.drug] * claims.days
    yield _alone(np.flatnonzero(exceeds & rule.drugs[claims.drug]))


def _by_age(rule: PlannedRule, _drugs: DrugColumns, claims: Reviewed) -> Iterator[Found]:
    lived = (claims.day - claims.birth_day) * _FOUR
    fits = rule.drugs[claims.drug]
    if rule.rule.least_age is not None:
        fits = fits & (lived >= rule.rule.least_age * _FOUR_YEARS)
    if rule.rule.most_age is not None:
        fits = fits & (lived < (rule.rule.most_age + 1) * _FOUR_YEARS)
    yield _alone(np.flatnonzero(fits))


def _together(rule: PlannedRule, _drugs: DrugColumns, claims: Reviewed) -> Iterator[Found]:
    yield _at_hand(claims, rule.drugs, rule.others)
    yield _at_hand(claims, rule.others & ~rule.drugs, rule.drugs)


def _same_group(rule: PlannedRule, _drugs: DrugColumns, claims: Reviewed) -> Iterator[Found]:
    for ingredient in np.unique(rule.twin[rule.drugs]).tolist():
        own = rule.drugs & (rule.twin == ingredient)
        yield _at_hand(claims, own, rule.drugs & ~own)


def _same_ingredient(rule: PlannedRule, _drugs: DrugColumns, claims: Reviewed) -> Iterator[Found]:
    numbers, counts = np.unique(rule.twin, return_counts=True)
    for drug in np.flatnonzero(np.isin(rule.twin, numbers[counts > 1])).tolist():
        own = np.arange(len(rule.twin)) == drug
        yield _at_hand(claims, own, (rule.twin == rule.twin[drug]) & ~own)


def _with_disease(rule: PlannedRule, _drugs: DrugColumns, claims: Reviewed) -> Iterator[Found]:
    yield _diagnosed(rule, claims, np.iinfo(np.int32).max)


def _in_pregnancy(rule: PlannedRule, _drugs: DrugColumns, claims: Reviewed) -> Iterator[Found]:
    yield _diagnosed(rule, claims, _PREGNANT_DAYS)


_TESTS: dict[Reason, Callable[[PlannedRule, DrugColumns, Reviewed], Iterator[Found]]] = {
    "ER": _early,
    "HD": _high_dose,
    "ID": _same_ingredient,
    "TD": _same_group,
    "DD": _together,
    "MC": _with_disease,
    "PG": _in_pregnancy,
    "PA": _by_age,
}


def _none() -> Ints:
    return np.zeros(0, np.int64)


def _alone(rows: Ints) -> Found:
    nothing = np.full(len(rows), NOTHING)
    return rows, nothing, nothing


def _at_hand(claims: Reviewed, own: Booleans, others: Booleans) -> Found:
    """Find claims for some drugs whose person still has a supply of another, billed before."""
    rows, earlier = np.flatnonzero(own[claims.drug]), np.flatnonzero(others[claims.drug])
    if not len(rows) or not len(earlier):
        return _alone(_none())
    ends = claims.person[earlier] * _DAY_BITS + claims.supplied_until[earlier] + _BEFORE
    longest = np.maximum.accumulate(ends)
    holds = np.maximum.accumulate(np.where(ends == longest, np.arange(len(ends)), 0))
    place = np.searchsorted(earlier, rows) - 1
    at = np.maximum(place, 0)
    until = longest[at] - claims.person[rows] * _DAY_BITS - _BEFORE
    is_there = (place >= 0) & (claims.person[earlier[at]] == claims.person[rows]) & (until > claims.day[rows])
    rows = rows[is_there]
    return rows, claims.drug[earlier[holds[at[is_there]]]], np.full(len(rows), NOTHING)


def _diagnosed(rule: PlannedRule, claims: Reviewed, within: int) -> Found:
    """Find claims for drugs of a rule whose person had one of its diagnoses, known some days before at most."""
    rows = np.flatnonzero(rule.drugs[claims.drug])
    known = np.flatnonzero(rule.codes[claims.diagnosis]) if len(rule.codes) else _none()
    if not len(rows) or not len(known):
        return _alone(_none())
    keys = claims.diagnosed[known] * _DAY_BITS + claims.diagnosed_day[known] + _BEFORE
    order = np.argsort(keys, kind="stable")
    known, keys = known[order], keys[order]
    wanted = claims.person[rows] * _DAY_BITS + claims.day[rows] + _BEFORE
    place = np.searchsorted(keys, wanted, side="right") - 1
    at = known[np.maximum(place, 0)]
    is_same = (place >= 0) & (claims.diagnosed[at] == claims.person[rows])
    is_there = is_same & (claims.day[rows] - claims.diagnosed_day[at] <= within)
    rows = rows[is_there]
    return rows, np.full(len(rows), NOTHING), claims.diagnosis[at[is_there]]

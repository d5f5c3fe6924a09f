"""Which codes conditions take, by age, sex and what else people have."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from healthsim.planning.naming import NamedCondition
from healthsim.planning.plan import AGE_SEX_CELLS, AGES, SEXES, Companion, Floats, Ints
from healthsim.planning.significance import rounded
from healthsim.randomness import CategoryTable
from healthsim.skills import Requirement


@dataclass(frozen=True, slots=True)
class CodePlan:
    """Which codes conditions take.

    Attributes:
        codes: Billable codes.
        index: Index into `codes` of a condition's codes, shape `(slots, most codes of a condition)`.
        companions: What decides between a condition's codes.
        first_row: Where each condition's rows begin, shape `(slots,)`: a row for each set of its companions.
        first_days: Days of life before which a condition's code is nobody's, shape `(slots, codes)`.
        shares: Which of a condition's codes, by `row * 222 + cell of age and sex`.
    """

    codes: tuple[str, ...]
    index: Ints
    companions: tuple[Companion, ...]
    first_row: Ints
    first_days: Ints
    shares: CategoryTable


def planned_codes(named: Sequence[NamedCondition], new: frozenset[str] = frozenset()) -> CodePlan:
    """Plan the codes of some conditions.

    Args:
        named: The conditions.
        new: Ids of those that begin with a journey: nobody has a code of theirs that tells of late complications,
            unless no other was asked for.

    People take, of a condition's codes, those that require most of what they have: high blood pressure is I10, with
    kidney disease I12.9, with heart failure as well I13.0 (ICD-10-CM Official Guidelines, section I.C.9.a).
    """
    codes = tuple(sorted({share.code for condition in named for share in condition.codes}))
    if not named:
        none = np.zeros(0, np.int64)
        empty = np.zeros((0, 1), np.int64)
        return CodePlan(codes, empty, (), none, empty, CategoryTable.from_weights([1.0]))
    most = max(len(condition.codes) for condition in named)
    index = np.zeros((len(named), most), np.int64)
    slots = {condition.id: slot for slot, condition in enumerate(named)}
    companions: list[Companion] = []
    weights: list[Floats] = []
    first_row = []
    for slot, condition in enumerate(named):
        index[slot, : len(condition.codes)] = [codes.index(share.code) for share in condition.codes]
        required = _required(condition, slots)
        companions += [_companion(condition, bit, each, slots, codes) for bit, each in enumerate(required)]
        first_row.append(len(weights))
        for number in range(1 << len(required)):
            there = {each for bit, each in enumerate(required) if number >> bit & 1}
            row = np.zeros((AGE_SEX_CELLS, most))
            row[:, : len(condition.codes)] = _weights(condition, there, is_new=condition.id in new)
            weights.append(row)
    shares = CategoryTable.from_weights(rounded(np.concatenate(weights)))
    return CodePlan(codes, index, tuple(companions), np.array(first_row, np.int64), _first_days(named, codes), shares)


def _first_days(named: Sequence[NamedCondition], codes: Sequence[str]) -> Ints:
    """Give the days that someone of a code's least age has lived, shape `(slots, codes)`; 0 where it has none."""
    ages = np.zeros((len(named), len(codes)), np.int64)
    for slot, condition in enumerate(named):
        for code in {share.code for share in condition.codes}:
            ages[slot, codes.index(code)] = min(each.minimum_age for each in condition.codes if each.code == code)
    # One day more for every four years begun, so that it is not before the birthday.
    return ages * 365 + (ages + 3) // 4


def _required(condition: NamedCondition, slots: dict[str, int]) -> list[Requirement]:
    """Give what decides between a condition's codes and can be there, in a fixed order."""
    required = {each for share in condition.codes for each in share.requires if each.condition in slots}
    return sorted(required, key=lambda each: (each.condition, each.codes))


def _companion(
    condition: NamedCondition, bit: int, required: Requirement, slots: dict[str, int], codes: Sequence[str]
) -> Companion:
    deciding = {share.code for share in condition.codes if required in share.requires}
    return Companion(
        slot=slots[condition.id],
        bit=bit,
        companion=slots[required.condition],
        is_of_codes=bool(required.codes),
        codes=np.array([place for place, code in enumerate(codes) if code in required.codes], np.int64),
        deciding=np.array([place for place, code in enumerate(codes) if code in deciding], np.int64),
    )


def _weights(condition: NamedCondition, there: set[Requirement], *, is_new: bool) -> Floats:
    """Give shares of a condition's codes by age and sex, shape `(222, codes)`; where none fits, all are possible."""
    shares = np.stack(
        [np.full(AGES, share.share) if share.by_age is None else share.by_age for share in condition.codes], axis=1
    )[:, np.newaxis, :]
    met = np.array([len(share.requires) if there.issuperset(share.requires) else -1 for share in condition.codes])
    if met.max() >= 0:
        shares = shares * (met == met.max())
    first = np.array([share.minimum_age for share in condition.codes])
    fits_age = np.arange(AGES)[:, np.newaxis] >= first
    fits_sex = np.array([[share.sex in {None, sex} for share in condition.codes] for sex in SEXES])
    fits = fits_age[:, np.newaxis, :] & fits_sex[np.newaxis]
    is_possible = np.array([not (is_new and share.is_late) for share in condition.codes])
    weights = np.where(fits & is_possible, shares, 0.0)
    weights = np.where(weights.sum(axis=2, keepdims=True) > 0, weights, np.where(fits, shares, 0.0))
    weights = np.where(weights.sum(axis=2, keepdims=True) > 0, weights, np.where(fits_sex, shares, 0.0))
    weights = np.where(weights.sum(axis=2, keepdims=True) > 0, weights, shares)
    return weights.reshape(AGE_SEX_CELLS, -1)

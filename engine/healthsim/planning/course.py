"""When conditions begin and which codes they take, by age and sex."""

from collections.abc import Sequence

import numpy as np

from healthsim.planning.naming import NamedCondition
from healthsim.planning.plan import AGE_SEX_CELLS, AGES, SEXES, Floats, Ints
from healthsim.planning.significance import rounded
from healthsim.randomness import CategoryTable, QuantileTable

_STEPS = 32
"""Steps of the tables of onset: fine enough for dates, small enough for the cache."""


def onset_table(named: Sequence[NamedCondition]) -> QuantileTable:
    """Tabulate at which share of the days lived a condition began, by `slot * 222 + cell of age and sex`.

    Where prevalence rises with age because people fall ill and stay so, the share of those ill at an age who were ill
    already at an earlier one is the ratio of the two prevalences; where it falls, nobody is taken to have fallen ill.
    """
    tables = [_onset_quantiles(condition) for condition in named]
    return QuantileTable.from_quantiles(rounded(np.concatenate(tables)) if tables else np.zeros((1, _STEPS + 1)))


def code_tables(named: Sequence[NamedCondition]) -> tuple[tuple[str, ...], Ints, CategoryTable]:
    """Tabulate the codes that conditions take.

    Returns:
        All codes; the index into them of each condition's, shape `(slots, most codes of a condition)`; and which of
        its codes a condition takes, by `(slot * 2 + whether its companion is there) * 222 + cell of age and sex`.
    """
    codes = tuple(sorted({share.code for condition in named for share in condition.codes}))
    if not named:
        return codes, np.zeros((0, 1), np.int64), CategoryTable.from_weights([1.0])
    most = max(len(condition.codes) for condition in named)
    index = np.zeros((len(named), most), np.int64)
    weights = np.zeros((len(named), 2, AGE_SEX_CELLS, most))
    for slot, condition in enumerate(named):
        index[slot, : len(condition.codes)] = [codes.index(share.code) for share in condition.codes]
        for has_companion in (False, True):
            weights[slot, int(has_companion), :, : len(condition.codes)] = _code_weights(condition, has_companion)
    return codes, index, CategoryTable.from_weights(rounded(weights.reshape(-1, most)))


def companions(named: Sequence[NamedCondition]) -> Ints:
    """Give the slot of the condition that some of a condition's codes go with, shape `(slots,)`; -1 for none."""
    slots = {condition.id: slot for slot, condition in enumerate(named)}
    required = ([share.requires for share in condition.codes if share.requires] for condition in named)
    return np.array([slots.get(ids[0], -1) if ids else -1 for ids in required], dtype=np.int64)


def _onset_quantiles(condition: NamedCondition) -> Floats:
    """Give quantiles of the share of days lived at onset, shape `(222, steps + 1)`."""
    probabilities = np.linspace(0.0, 1.0, _STEPS + 1)
    # The earliest onsets are where a quarter of the first step is; before them lie rarities of the curve's foot.
    probabilities[0] = 0.25 / _STEPS
    quantiles = np.empty((AGES, len(SEXES), _STEPS + 1))
    birthdays = np.arange(AGES + 1, dtype=np.float64)
    for sex in range(len(SEXES)):
        ill_by = _ill_by(condition, sex)
        for age in range(AGES):
            ill = ill_by[: age + 2] / ill_by[age + 1]
            quantiles[age, sex] = np.interp(probabilities, ill, birthdays[: age + 2]) / (age + 1)
    return quantiles.reshape(AGE_SEX_CELLS, -1)


def _ill_by(condition: NamedCondition, sex: int) -> Floats:
    """Give the share who have fallen ill by each birthday, 0 to 111; only ratios matter."""
    lowest = np.arange(1, AGES + 1) * np.finfo(float).eps
    if condition.model is None:
        return np.concatenate([[0.0], lowest])
    prevalence = condition.model.prevalence[:, sex] * (np.arange(AGES) >= condition.model.minimum_age)
    # The smallest rise keeps the ratios defined where nobody of that age is ill in life.
    return np.concatenate([[0.0], np.maximum.accumulate(prevalence) + lowest])


def _code_weights(condition: NamedCondition, has_companion: bool) -> Floats:  # noqa: FBT001 - one of two tables
    """Give shares of a condition's codes by age and sex, shape `(222, codes)`; where none fits, all are possible."""
    shares = np.stack(
        [np.full(AGES, share.share) if share.by_age is None else share.by_age for share in condition.codes], axis=1
    )[:, np.newaxis, :]
    goes = np.array([(share.requires is not None) == has_companion for share in condition.codes])
    shares = shares * goes if (shares * goes).any() else shares
    first = np.array([share.minimum_age for share in condition.codes])
    fits_age = np.arange(AGES)[:, np.newaxis] >= first
    fits_sex = np.array([[share.sex in {None, sex} for share in condition.codes] for sex in SEXES])
    fits = fits_age[:, np.newaxis, :] & fits_sex[np.newaxis]
    weights = np.where(fits, shares, 0.0)
    weights = np.where(weights.sum(axis=2, keepdims=True) > 0, weights, np.where(fits_sex, shares, 0.0))
    weights = np.where(weights.sum(axis=2, keepdims=True) > 0, weights, shares)
    return weights.reshape(AGE_SEX_CELLS, -1)

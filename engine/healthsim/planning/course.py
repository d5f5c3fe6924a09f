"""When conditions begin, by age and sex."""

from collections.abc import Sequence

import numpy as np

from healthsim.planning.naming import NamedCondition
from healthsim.planning.plan import AGE_SEX_CELLS, AGES, SEXES, Floats
from healthsim.planning.significance import rounded
from healthsim.randomness import QuantileTable

_STEPS = 32
"""Steps of the tables of onset: fine enough for dates, small enough for the cache."""


def onset_table(named: Sequence[NamedCondition]) -> QuantileTable:
    """Tabulate at which share of the days lived a condition began, by `slot * 222 + cell of age and sex`.

    Where prevalence rises with age because people fall ill and stay so, the share of those ill at an age who were ill
    already at an earlier one is the ratio of the two prevalences; where it falls, nobody is taken to have fallen ill.
    Where people recover, or what is measured in the young is not what they are told, the skill gives the ages at onset:
    those ill at an age fell ill as all did, but not later than now.
    """
    tables = [_onset_quantiles(condition) for condition in named]
    return QuantileTable.from_quantiles(rounded(np.concatenate(tables)) if tables else np.zeros((1, _STEPS + 1)))


def begun_shares(named: Sequence[NamedCondition], back: int) -> Floats:
    """Give the share of people with a condition who had it already when they were so many years younger.

    Args:
        named: The conditions.
        back: Years.

    Returns:
        By the age that people had then, in the middle of the year of life, and sex, shape `(slots, 222)`.
    """
    if back == 0:
        return np.ones((len(named), AGE_SEX_CELLS))
    birthdays, ages = np.arange(AGES + 1), np.arange(AGES)
    later = np.minimum(ages + back, AGES - 1)
    # What is tabulated is stretched from the days lived to the next birthday.
    then = np.minimum((ages + 0.5) / (ages + back + 0.5), 1.0) * (later + 1)
    shares = np.empty((len(named), AGES, len(SEXES)))
    for slot, condition in enumerate(named):
        for sex in range(len(SEXES)):
            ill_by = _ill_by(condition, sex)
            shares[slot, :, sex] = np.interp(then, birthdays, ill_by) / ill_by[later + 1]
    return shares.reshape(len(named), AGE_SEX_CELLS)


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
    if condition.model.onset is not None:
        begun: Floats = condition.model.onset + np.concatenate([[0.0], lowest])
        return begun
    prevalence = condition.model.prevalence[:, sex] * (np.arange(AGES) >= condition.model.minimum_age)
    # The smallest rise keeps the ratios defined where nobody of that age is ill in life.
    return np.concatenate([[0.0], np.maximum.accumulate(prevalence) + lowest])

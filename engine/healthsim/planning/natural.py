"""How common a condition is among people of each age and sex in each place, when nobody asks for anything else."""

import numpy as np
from scipy.special import logit

from healthsim.planning.cooccurrence import SMALLEST, shifted
from healthsim.planning.plan import AGES, SEXES, Floats
from healthsim.reference import Places
from healthsim.skills import Condition

ADULT = 18
"""Age from which the rates of CDC PLACES hold."""

_ITERATIONS = 200
_CLOSE = 1e-13


def natural_prevalence(model: Condition, places: Places, *, is_local: bool) -> Floats:
    """Give the share who have a condition, by place, age and sex, shape `(places, 111, 2)`.

    The skill's prevalence by age and sex is shifted, in logits, so that the adults of each place have the rate that
    CDC PLACES gives for it; children keep the skill's prevalence.

    Args:
        model: The condition.
        places: Figures of the places.
        is_local: Whether the places' rates hold; else the skill's own, which are the nation's.
    """
    everywhere = np.broadcast_to(model.prevalence, (len(places.fips), AGES, len(SEXES)))
    if not is_local or model.places_measure is None:
        return everywhere
    rates = places.prevalence[model.places_measure]
    adults = everywhere[:, ADULT:]
    weights = places.age_sex[:, ADULT:]
    weights = weights / weights.sum(axis=(1, 2), keepdims=True)
    local = everywhere.copy()
    local[:, ADULT:] = shifted(adults, shifts_to(rates, adults, weights)[:, np.newaxis, np.newaxis])
    return np.where(np.isnan(rates)[:, np.newaxis, np.newaxis], everywhere, local)


def shifts_to(rates: Floats, prevalence: Floats, weights: Floats) -> Floats:
    """Find, for all places at once, the shift in logits at which the weighted mean of prevalences is the place's rate.

    The logit of a mean rises by at most the shift of its parts, so stepping by what is missing never overshoots.

    Args:
        rates: Shape `(places,)`; where NaN, so is nothing: the shift is that to one half.
        prevalence: Shape `(places, rows, columns)`.
        weights: Of the same shape, summing to 1 in each place.
    """
    targets = logit(np.clip(np.nan_to_num(rates, nan=0.5), SMALLEST, 1 - SMALLEST))
    shifts = np.zeros(len(rates))
    for _ in range(_ITERATIONS):
        means = (shifted(prevalence, shifts[:, np.newaxis, np.newaxis]) * weights).sum(axis=(1, 2))
        missing = targets - logit(np.clip(means, SMALLEST, 1 - SMALLEST))
        shifts += missing
        if np.abs(missing).max() < _CLOSE:
            break
    return shifts

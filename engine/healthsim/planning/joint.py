"""Who lives in a place: ages, sexes and groups of race and ethnicity together, fitted to what is known of each."""

import numpy as np

from healthsim.planning.plan import AGES, SEXES, Floats
from healthsim.reference import Places, national_groups

_ROUNDS = 1000
_CLOSE = 1e-13
_LEAST_SHARE = 0.01
"""A sex that a source finds in nobody of a small group may yet be there: with none, nothing could be fitted."""


def joint_of_places(places: Places) -> Floats:
    """Give the shares of people by age, sex and group, of shape `(places, 111, 2, 8)`, summing to 1 in each place.

    A place's ages by sex, its groups, and its sexes within groups are known; how groups and ages go together is known
    of the nation only, where children are more often Hispanic and of several races, and the old more often white. By
    iterative proportional fitting (Deming and Stephan, Ann Math Stat 1940;11:427) the nation's table becomes the one
    with the place's margins and the nation's odds ratios. Ages by sex, and groups, come out exactly; sexes within
    groups as near to those known as the sexes of all people allow.

    Args:
        places: Figures of the places.
    """
    by_group = _groups_by_sex(places)
    nation = national_groups()
    starts = [band.from_age for band in nation]
    joint = np.zeros((*places.age_sex.shape, by_group.shape[1]))
    for sex in range(len(SEXES)):
        seed = np.array([band.people[sex] for band in nation])
        ages = places.age_sex[:, :, sex]
        bands = np.add.reduceat(ages, starts, axis=1)
        shares = _fitted(seed, bands, by_group[:, :, sex])
        band_of_age = np.searchsorted(starts, np.arange(AGES), side="right") - 1
        joint[:, :, sex] = ages[:, :, np.newaxis] * shares[:, band_of_age]
    return joint


def _groups_by_sex(places: Places) -> Floats:
    """Fit sexes within groups to the groups and to the sexes of all people, shape `(places, 8, 2)`."""
    within = np.clip(places.sexes_of_groups, _LEAST_SHARE, 1 - _LEAST_SHARE)
    fitted = places.race[:, :, np.newaxis] * within
    sexes = places.age_sex.sum(axis=1)
    for _ in range(_ROUNDS):
        fitted = fitted * _ratio(places.race, fitted.sum(axis=2))[:, :, np.newaxis]
        found = fitted.sum(axis=1)
        if np.abs(found - sexes).max() < _CLOSE:
            break
        fitted = fitted * _ratio(sexes, found)[:, np.newaxis]
    return fitted


def _fitted(seed: Floats, bands: Floats, groups: Floats) -> Floats:
    """Scale a table to margins and give the share of each group within each band.

    Args:
        seed: Shape `(bands, groups)`, positive.
        bands: Margin of each place, shape `(places, bands)`.
        groups: Margin of each place, shape `(places, groups)`, of the same sum.

    Returns:
        Shares of shape `(places, bands, groups)`, summing to 1 in each band.
    """
    of_groups = np.ones_like(groups)
    for _ in range(_ROUNDS):
        of_bands = _ratio(bands, of_groups @ seed.T)
        found = of_groups * (of_bands @ seed)
        if np.abs(found - groups).max() < _CLOSE:
            break
        of_groups = _ratio(groups, of_bands @ seed)
    weights = seed * of_groups[:, np.newaxis]
    shares: Floats = weights / weights.sum(axis=2, keepdims=True)
    return shares


def _ratio(wanted: Floats, found: Floats) -> Floats:
    """Divide, giving 0 where nobody is found: there nobody is wanted either."""
    return np.divide(wanted, found, out=np.zeros_like(wanted), where=found > 0)

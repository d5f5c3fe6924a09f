"""Who lives in a place: shares by single year of age and sex, and by race and ethnicity."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from healthsim.reference.layers import AGE_SEX, COUNTED_GROUPS, RACES, Floats, Resolver
from healthsim.reference.starter import read_table
from healthsim.reference.vocabulary import AGES, GROUPS, SEXES

NATIONAL_GROUPS_SOURCE = "Census race by age and sex 2019 (nation)"
"""Where the nation's groups by age and sex are from."""

_BAND_STARTS = (0, 18, 65, 85, AGES)


def age_and_sex(resolver: Resolver) -> tuple[Floats, NDArray[np.int64]]:
    """Give the shares of people by single year of age and sex.

    The bands 0-17, 18-64 and 65 and over are the SVI's; the sexes within a band, and the share of 85 and over, come
    from the counts by age and sex; single years within a band and sex from the nation's shape.

    Returns:
        Shares of shape `(places, 111, 2)` that sum to 1 in each place, and whose age bands they are, shape `(places,)`.
    """
    young, old = resolver.resolve("share_AGE17"), resolver.resolve("share_AGE65")
    working = np.clip(1.0 - young.values - old.values, 0.0, 1.0)
    bands = (young.values, young.values, working, working, *[old.values] * 4)
    within = [resolver.resolve(f"within_{name}").values for name in AGE_SEX]
    cells = np.stack([band * share for band, share in zip(bands, within, strict=True)], axis=1)
    shares = (cells @ _single_years()).reshape(-1, AGES, len(SEXES))
    return shares / shares.sum(axis=(1, 2), keepdims=True), young.levels


def race_and_ethnicity(resolver: Resolver) -> tuple[Floats, NDArray[np.int64]]:
    """Give the shares of people by group; the white are those whom the SVI counts in no other group.

    Returns:
        Shares of shape `(places, 8)` that sum to 1 in each place, and whose they are, shape `(places,)`.
    """
    resolved = {group: resolver.resolve(f"share_{name}") for group, name in RACES.items()}
    shares = np.zeros((len(resolver.fips), len(GROUPS)))
    for group, found in resolved.items():
        shares[:, GROUPS.index(group)] = found.values
    shares[:, 0] = np.clip(1.0 - shares.sum(axis=1), 0.0, 1.0)
    return shares / shares.sum(axis=1, keepdims=True), resolved["hispanic"].levels


def sexes_of_groups(resolver: Resolver, sexes: Floats) -> Floats:
    """Give the shares of the sexes within each group, by the counts of people by race and sex.

    Args:
        resolver: Of the places.
        sexes: Shares of the sexes among all people, shape `(places, 2)`; they hold for groups that are not counted.

    Returns:
        Shares of shape `(places, 8, 2)`, summing to 1 in each group.
    """
    shares = np.repeat(sexes[:, np.newaxis], len(GROUPS), axis=1)
    for group in COUNTED_GROUPS:
        women = resolver.resolve(f"within_F_{group.upper()}").values
        is_known = ~np.isnan(women)
        shares[is_known, GROUPS.index(group)] = np.stack([women, 1.0 - women], axis=1)[is_known]
    return shares


@dataclass(frozen=True, slots=True)
class NationalBand:
    """The people of a band of age in the nation.

    Attributes:
        from_age: The youngest; the next band begins after the oldest.
        people: By sex and group, shape `(2, 8)`.
    """

    from_age: int
    people: Floats


@cache
def national_groups() -> tuple[NationalBand, ...]:
    """Give the nation's people by band of age, sex and group; other races are spread as all who are not Hispanic."""
    counted: dict[int, Floats] = {}
    for row in read_table("age_sex_race.csv"):
        people = counted.setdefault(int(row["from_age"]), np.zeros((len(SEXES), len(GROUPS))))
        people[SEXES.index(row["sex"])] = [float(row.get(group) or 0.0) for group in GROUPS]
    for people in counted.values():
        people[:, GROUPS.index("other")] = people[:, : GROUPS.index("hispanic")].sum(axis=1)
    return tuple(NationalBand(age, people) for age, people in counted.items())


@cache
def hispanic_races() -> Floats:
    """Give the shares of race among Hispanics in the nation, in the order of `GROUPS`, shape `(8,)`."""
    shares = np.zeros(len(GROUPS))
    for row in read_table("hispanic_race.csv"):
        shares[GROUPS.index(row["race"])] = float(row["share"])
    total: Floats = shares.sum()
    return shares / total


@cache
def _single_years() -> Floats:
    """Give the nation's shape within each band and sex, shape `(8, 222)`; every row sums to 1."""
    shape = np.array([[float(row[sex]) for sex in SEXES] for row in read_table("age_shape.csv")])
    single = np.zeros((len(AGE_SEX), AGES, len(SEXES)))
    for index in range(len(AGE_SEX)):
        band, sex = divmod(index, len(SEXES))
        ages = slice(_BAND_STARTS[band], _BAND_STARTS[band + 1])
        single[index, ages, sex] = shape[ages, sex] / shape[ages, sex].sum()
    return single.reshape(len(AGE_SEX), -1)

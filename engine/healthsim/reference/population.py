"""Who lives in a place: shares by single year of age and sex, and by race and ethnicity."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from healthsim.reference.layers import AGE_SEX, COUNTED_GROUPS, RACES, Floats, Ints, Resolved, Resolver
from healthsim.reference.starter import read_table
from healthsim.reference.vocabulary import AGES, GROUPS, SEXES

NATIONAL_GROUPS_SOURCE = "Census race by age and sex 2019 (nation)"
"""Where the nation's groups by age and sex are from."""

_BAND_STARTS = (0, 18, 65, 85, AGES)


def age_and_sex(resolver: Resolver) -> tuple[Floats, Ints]:
    """Give the shares of people by single year of age and sex.

    The bands 0-17, 18-64 and 65 and over are the SVI's or, where it has none of the place itself, those of the counts
    by age and sex. The sexes within a band, and the share of 85 and over, are those of the counts; single years within
    a band and sex have the nation's shape.

    Returns:
        Shares of shape `(places, 111, 2)` that sum to 1 in each place, and whose age bands they are, shape `(places,)`.
    """
    counts = [resolver.resolve(name) for name in AGE_SEX]
    people = np.stack([found.values for found in counts], axis=1)
    total = people.sum(axis=1)
    young, levels = _nearer(resolver.resolve("share_AGE17"), people[:, 0:2].sum(axis=1) / total, counts[0].levels)
    old, _ = _nearer(resolver.resolve("share_AGE65"), people[:, 4:8].sum(axis=1) / total, counts[0].levels)
    working = np.clip(1.0 - young - old, 0.0, 1.0)
    bands = (young, young, working, working, old, old, old, old)
    within = [resolver.resolve(f"within_{name}").values for name in AGE_SEX]
    cells = np.stack([band * share for band, share in zip(bands, within, strict=True)], axis=1)
    shares = (cells @ _single_years()).reshape(-1, AGES, len(SEXES))
    return shares / shares.sum(axis=(1, 2), keepdims=True), levels


def race_and_ethnicity(resolver: Resolver) -> tuple[Floats, Ints]:
    """Give the shares of people by group.

    They are the SVI's, the white those whom it counts in no other group; where it has none of the place itself, those
    of the counts by race and sex, which know no other race.

    Returns:
        Shares of shape `(places, 8)` that sum to 1 in each place, and whose they are, shape `(places,)`.
    """
    counts = {group: [resolver.resolve(f"{sex}_{group.upper()}") for sex in SEXES] for group in COUNTED_GROUPS}
    people = {group: women.values + men.values for group, (women, men) in counts.items()}
    total = np.sum(list(people.values()), axis=0)
    counted_levels = counts["hispanic"][0].levels
    shares = np.zeros((len(resolver.fips), len(GROUPS)))
    for group, name in RACES.items():
        counted = people[group] / total if group in people else np.zeros(len(total))
        shares[:, GROUPS.index(group)], _ = _nearer(resolver.resolve(f"share_{name}"), counted, counted_levels)
    shares[:, 0] = np.clip(1.0 - shares.sum(axis=1), 0.0, 1.0)
    levels = np.minimum(resolver.resolve("share_HISP").levels, counted_levels)
    return shares / shares.sum(axis=1, keepdims=True), levels


def _nearer(found: Resolved, counted: Floats, counted_levels: Ints) -> tuple[Floats, Ints]:
    """Take what was found unless it is the state's or the nation's and the counts are nearer."""
    is_nearer = counted_levels < found.levels
    return np.where(is_nearer, counted, found.values), np.minimum(found.levels, counted_levels)


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

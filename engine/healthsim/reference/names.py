"""What people are called: given names by sex, decade of birth and group, family names by group."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from healthsim.reference.starter import read_table
from healthsim.reference.vocabulary import GROUPS, SEXES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DECADES = tuple(range(1910, 2030, 10))
"""Decades of birth, by their first year."""

# The Census counts Asians and Pacific Islanders together, and has no group for other races: all people stand for those.
_CENSUS_COLUMNS = {
    "white": "white",
    "black": "black",
    "asian": "api",
    "aian": "aian",
    "nhpi": "api",
    "two_or_more": "two_or_more",
    "hispanic": "hispanic",
}


@dataclass(frozen=True, slots=True)
class GivenNames:
    """Given names and how common they are.

    Attributes:
        names: The names, most common first.
        weights: Shares of people by sex (`SEXES`), decade of birth (`DECADES`) and group (`GROUPS`), shape
            `(2, decades, 8, names)`, summing to 1 over the names.
    """

    names: tuple[str, ...]
    weights: Floats


@dataclass(frozen=True, slots=True)
class FamilyNames:
    """Family names and how common they are.

    Attributes:
        names: The names, most common first.
        weights: Shares of people by group (`GROUPS`), shape `(8, names)`, summing to 1 over the names.
    """

    names: tuple[str, ...]
    weights: Floats


@cache
def given_names() -> GivenNames:
    """Give given names with their shares by sex, decade of birth and group.

    Within a sex and a decade, a name's share in a group is proportional to its living bearers times the share of all
    its bearers who are of the group.
    """
    table = read_table("given_names.csv")
    bearers = np.array([[[float(row[f"{sex}{decade}"]) for row in table] for decade in DECADES] for sex in SEXES])
    weights = bearers[:, :, np.newaxis, :] * _group_shares(table)
    return GivenNames(tuple(row["name"] for row in table), _normalised(weights))


@cache
def family_names() -> FamilyNames:
    """Give family names with their shares by group."""
    table = read_table("family_names.csv")
    counts = np.array([float(row["count"]) for row in table])
    return FamilyNames(tuple(row["name"] for row in table), _normalised(counts * _group_shares(table)))


def decade_index(birth_year: Ints) -> Ints:
    """Give the index into `DECADES` of years of birth; earlier and later years count to the first and last decade."""
    return np.clip((birth_year - DECADES[0]) // 10, 0, len(DECADES) - 1)


def _group_shares(table: tuple[dict[str, str], ...]) -> Floats:
    """Give the share of each name's bearers who are of each group, shape `(8, names)`."""
    shares = np.ones((len(GROUPS), len(table)))
    for group, column in _CENSUS_COLUMNS.items():
        shares[GROUPS.index(group)] = [float(row[column]) / 100.0 for row in table]
    return shares


def _normalised(weights: Floats) -> Floats:
    totals: Floats = weights.sum(axis=-1, keepdims=True)
    return weights / totals

"""Figures of places as arrays, in layers: what was loaded lies over the starter's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from healthsim.reference.gazetteer import NATION
from healthsim.reference.starter import read_table
from healthsim.reference.vocabulary import GROUPS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BANDS = ("0_17", "18_64", "65_84", "85")
AGE_SEX = tuple(f"{sex}_{band}" for band in BANDS for sex in "FM")
COUNTED_GROUPS = tuple(group for group in GROUPS if group != "other")
"""Groups that the Census Bureau's estimates count, which know no other race."""

RACE_SEX = tuple(f"{sex}_{group.upper()}" for group in COUNTED_GROUPS for sex in "FM")
RACES = {
    "black": "AFAM",
    "asian": "ASIAN",
    "aian": "AIAN",
    "nhpi": "NHPI",
    "other": "OTHERRACE",
    "two_or_more": "TWOMORE",
    "hispanic": "HISP",
}
OF_PEOPLE = ("AGE17", "AGE65", "MINRTY", *RACES.values())
"""What the SVI gives in percent of all people."""

COUNTY, STATE, COUNTRY, NOWHERE = 0, 1, 2, 3
"""Whose figure it is: the place's own, its state's, the nation's, nobody's."""

PLACES_SOURCE = "CDC PLACES"
SVI_SOURCE = "CDC/ATSDR SVI"
AGE_SEX_SOURCE = "Census age and sex"

_PLACES_RELEASE = _SVI_RELEASE = 2022
_AGE_SEX_YEAR = 2018
_TEXT_COLUMNS = ("fips", "level", "name", "state")


@dataclass(frozen=True, slots=True)
class Layer:
    """Figures from one origin.

    Attributes:
        origin: `starter` or `loaded`.
        rows: Row of each place in the columns, by FIPS code (`00` the nation, two digits a state).
        columns: Figures by name, each of shape `(rows,)`, NaN where unknown: percent, counts or
            shares.
        years: Release year of each column, of shape `(rows,)`.
    """

    origin: str
    rows: Mapping[str, int]
    columns: Mapping[str, Floats]
    years: Mapping[str, Floats]

    def positions(self, fips: Sequence[str]) -> Ints:
        """Give the row of each place, -1 where there is none."""
        return np.fromiter((self.rows.get(code, -1) for code in fips), np.int64, len(fips))


@dataclass(slots=True)
class Resolved:
    """A figure for each of some places.

    Attributes:
        values: Shape `(places,)`, NaN where nobody has one.
        levels: Whose figure it is, shape `(places,)`: `COUNTY`, `STATE`, `COUNTRY` or `NOWHERE`.
        origins: Index of the layer, shape `(places,)`, -1 where nobody has one.
        rows: Row in that layer, shape `(places,)`.
    """

    values: Floats
    levels: Ints
    origins: Ints
    rows: Ints


@dataclass
class Resolver:
    """Finds figures of some places: their own, else their state's, else the nation's; loaded ones first at each level.

    Attributes:
        layers: The layers, the one that wins first.
        fips: The places.
        resolved: What was found so far, by column.
    """

    layers: Sequence[Layer]
    fips: Sequence[str]
    resolved: dict[str, Resolved] = field(init=False, default_factory=dict)
    _positions: list[list[Ints]] = field(init=False)

    def __post_init__(self) -> None:
        """Look the places up once in every layer at every level."""
        levels = (self.fips, [code[:2] for code in self.fips], [NATION] * len(self.fips))
        self._positions = [[layer.positions(codes) for layer in self.layers] for codes in levels]

    def resolve(self, column: str) -> Resolved:
        """Find one figure of every place."""
        if column not in self.resolved:
            self.resolved[column] = self._found(column)
        return self.resolved[column]

    def _found(self, column: str) -> Resolved:
        count = len(self.fips)
        found = Resolved(np.full(count, np.nan), np.full(count, NOWHERE), np.full(count, -1), np.full(count, -1))
        for level, positions in enumerate(self._positions):
            for origin, (layer, rows) in enumerate(zip(self.layers, positions, strict=True)):
                if column not in layer.columns:
                    continue
                values = np.where(rows >= 0, layer.columns[column][rows], np.nan)
                fills = np.isnan(found.values) & ~np.isnan(values)
                found.values[fills] = values[fills]
                found.levels[fills] = level
                found.origins[fills] = origin
                found.rows[fills] = rows[fills]
        return found


@cache
def starter_layer() -> Layer:
    """Give the starter's figures of the nation, the states and the most populous counties."""
    table = read_table("starter_figures.csv")
    rows = {row["fips"]: index for index, row in enumerate(table)}
    columns = {
        name: np.array([float(row[name]) if row[name] else np.nan for row in table])
        for name in table[0]
        if name not in _TEXT_COLUMNS
    }
    years = {name: np.full(len(table), _starter_year(name), np.float64) for name in columns}
    return with_shares(Layer("starter", rows, columns, years))


def with_shares(layer: Layer) -> Layer:
    """Add shares of a place's people to a layer's counts, where the counts are there.

    Ages and races of the SVI become `share_AGE17` and so on, shares of the place's people; counts by age and sex become
    `within_F_0_17` and so on, shares of the band 0-17, 18-64 or 65 and over; those by race and sex `within_F_BLACK` and
    so on, shares of the group.
    """
    columns, years = dict(layer.columns), dict(layer.years)
    for name in OF_PEOPLE:
        if {"E_TOTPOP", f"E_{name}"} <= layer.columns.keys():
            columns[f"share_{name}"] = _share(layer.columns[f"E_{name}"], layer.columns["E_TOTPOP"])
            years[f"share_{name}"] = layer.years[f"E_{name}"]
    sexes_of_groups = [RACE_SEX[start : start + 2] for start in range(0, len(RACE_SEX), 2)]
    for whole in (AGE_SEX[0:2], AGE_SEX[2:4], AGE_SEX[4:8], *sexes_of_groups):
        if set(whole) <= layer.columns.keys():
            total = np.sum([layer.columns[name] for name in whole], axis=0)
            for name in whole:
                columns[f"within_{name}"] = _share(layer.columns[name], total)
                years[f"within_{name}"] = layer.years[name]
    return Layer(layer.origin, layer.rows, columns, years)


def _share(part: Floats, whole: Floats) -> Floats:
    shares: Floats = part / np.where(whole > 0, whole, np.nan)
    return shares


def ingredients(column: str) -> tuple[str, ...]:
    """Name the columns that a column is made of, as `with_shares` makes it; a column of a file is made of itself."""
    if column.startswith("share_"):
        return (f"E_{column.removeprefix('share_')}", "E_TOTPOP")
    if not column.startswith("within_"):
        return (column,)
    part = column.removeprefix("within_")
    return AGE_SEX if part in AGE_SEX else tuple(name for name in RACE_SEX if name[1:] == part[1:])


def source_of(column: str) -> str:
    """Name the source of a column, without its year."""
    if column.startswith(("E_", "EP_", "RPL_", "share_")):
        return SVI_SOURCE
    if column.removeprefix("within_") in {*AGE_SEX, *RACE_SEX}:
        return AGE_SEX_SOURCE
    return PLACES_SOURCE


def _starter_year(column: str) -> int:
    years = {PLACES_SOURCE: _PLACES_RELEASE, SVI_SOURCE: _SVI_RELEASE, AGE_SEX_SOURCE: _AGE_SEX_YEAR}
    return years[source_of(column)]

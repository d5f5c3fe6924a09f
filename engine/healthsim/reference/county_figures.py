"""The figures of one place, each with its source and year."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from healthsim.reference import gazetteer
from healthsim.reference.layers import COUNTY, NOWHERE, STATE, Resolver, source_of
from healthsim.reference.measures import MEASURES, RANKS, SOCIAL

Level = Literal["county", "state", "nation"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a place.

    Attributes:
        value: In percent.
        low: Lower bound of the 95 % confidence interval, percent; None where none is published.
        high: Upper bound, percent.
        title: What it is, such as `Diabetes`.
        among: Whom it counts, such as `adults`.
        source: Where it is from; says so when it is the state's or the nation's figure.
        year: Release year of the source.
        level: Whose figure it is: the place's own, or that of the state or nation it lies in.
    """

    value: float
    low: float | None
    high: float | None
    title: str
    among: str
    source: str
    year: int
    level: Level


@dataclass(frozen=True, slots=True)
class CountyFigures:
    """What is known of one place.

    Attributes:
        fips: Five digits for a county, two for a state, `00` for the nation.
        name: Full name, such as `Harris County`.
        state: The state's letters, `US` for the nation.
        population: People.
        figures: By the source's own names: measures of CDC PLACES (`DIABETES`) and shares of the SVI (`EP_AGE65`).
        svi: Ranks of social vulnerability among the nation's counties, 0 to 1 the most vulnerable; none for states.
    """

    fips: str
    name: str
    state: str
    population: int
    figures: Mapping[str, Figure]
    svi: Mapping[str, float]


def figures_of(resolver: Resolver, population: float) -> CountyFigures:
    """Collect the figures of the resolver's first place."""
    fips = resolver.fips[0]
    name, state = gazetteer.place_name(fips)
    titles = {name: (title, among) for name, (title, among) in {**MEASURES, **SOCIAL}.items()}
    figures = {name: figure_of(resolver, name, title, among) for name, (title, among) in titles.items()}
    ranks = {name: resolver.resolve(name) for name in RANKS}
    return CountyFigures(
        fips=fips,
        name=name,
        state=state,
        population=round(population),
        figures={name: figure for name, figure in figures.items() if figure is not None},
        svi={name: float(found.values[0]) for name, found in ranks.items() if found.levels[0] == COUNTY},
    )


def figure_of(resolver: Resolver, column: str, title: str, among: str) -> Figure | None:
    """Give one figure of the resolver's first place, None where nobody has it.

    Args:
        resolver: Where to look.
        column: The source's own name, such as `DIABETES`.
        title: What the figure is.
        among: Whom it counts.
    """
    found = resolver.resolve(column)
    level = int(found.levels[0])
    if level == NOWHERE:
        return None
    layer, row = resolver.layers[found.origins[0]], found.rows[0]
    year = int(layer.years[column][row])
    return Figure(
        value=float(found.values[0]),
        low=_bound(layer.columns, f"{column}_low", row),
        high=_bound(layer.columns, f"{column}_high", row),
        title=title,
        among=among,
        source=f"{source_of(column)} {year} ({layer.origin}){_giver(resolver.fips[0], level)}",
        year=year,
        level=_level(resolver.fips[0], level),
    )


def _level(fips: str, level: int) -> Level:
    code = {COUNTY: fips, STATE: fips[:2]}.get(level, gazetteer.NATION)
    if code == gazetteer.NATION:
        return "nation"
    return "county" if len(code) == gazetteer.COUNTY_DIGITS else "state"


def _giver(fips: str, level: int) -> str:
    if level == COUNTY:
        return ""
    return f", figure of {gazetteer.place_name(fips[:2] if level == STATE else gazetteer.NATION)[0]}"


def _bound(columns: Mapping[str, np.ndarray[tuple[int], np.dtype[np.float64]]], name: str, row: int) -> float | None:
    if name not in columns or np.isnan(columns[name][row]):
        return None
    return float(columns[name][row])

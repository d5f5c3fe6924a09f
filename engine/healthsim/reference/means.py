"""Figures of states and of the nation, made of those of their counties."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from healthsim.reference import gazetteer
from healthsim.reference.layers import AGE_SEX, OF_PEOPLE, RACE_SEX, Floats, Ints, Layer

_COVERED = 0.9
"""Share of the people whose counties must have a figure for the mean to stand for all of them."""

_CONNECTICUT = "09"
_COUNTS = frozenset({*AGE_SEX, *RACE_SEX})
_NO_MEANS = ("_low", "_high")
_RANK = "RPL_"


@dataclass(frozen=True, slots=True)
class _Groups:
    """The counties by state; Connecticut has two groups, its counties and, after all others, its planning regions.

    Attributes:
        states: Digits of the states, in the order of the groups.
        group: Group of each row of the layer, shape `(rows,)`; as many as there are groups for what is no county.
        people: People of each row after the gazetteer, shape `(rows,)`.
        all_people: People of each group, shape `(groups,)`.
        sizes: Counties of each group, shape `(groups,)`.
    """

    states: tuple[str, ...]
    group: Ints
    people: Floats
    all_people: Floats
    sizes: Floats

    def total(self, values: Floats) -> Floats:
        """Sum over the rows of each group, shape `(groups,)`."""
        sums = np.bincount(self.group, weights=values, minlength=len(self.sizes) + 1)[: len(self.sizes)]
        return sums.astype(np.float64)


def with_means(layer: Layer, weights: Floats) -> Layer:
    """Add the states and the nation to a layer of counties, as far as the layer does not have their figures.

    Counts are sums, made when all the counties are there. Percentages are means weighted by people, made when nine
    tenths of the people live in counties that have them; ranks and intervals have no means. The nation's are made when
    the counties of all states are there. Connecticut is made of its counties or of its planning regions, whichever
    have the later figure.

    Args:
        layer: Figures of counties.
        weights: People of each row, shape `(rows,)`; NaN for those of the gazetteer.
    """
    groups = _groups(layer)
    weights = np.where(np.isnan(weights), groups.people, weights)
    columns = [name for name in layer.columns if not name.startswith(_RANK) and not name.endswith(_NO_MEANS)]
    made = {name: _made(groups, name, layer, weights) for name in columns}
    for name in OF_PEOPLE:
        if {f"E_{name}", f"EP_{name}", "E_TOTPOP"} <= made.keys():
            count, years = made[f"E_{name}"]
            made[f"EP_{name}"] = (100.0 * count / made["E_TOTPOP"][0], years)
    return _extended(layer, (*groups.states, gazetteer.NATION), made)


def _groups(layer: Layer) -> _Groups:
    states = tuple(gazetteer.states())
    listed = gazetteer.counties()
    groups = len(states) + 1
    index = {fips: states.index(fips[:2]) if county.is_current else groups - 1 for fips, county in listed.items()}
    own = np.array(list(index.values()))
    return _Groups(
        states=states,
        group=np.array([index.get(fips, groups) for fips in layer.rows], dtype=np.int64),
        people=np.array([float(listed[fips].population) if fips in listed else 0.0 for fips in layer.rows]),
        all_people=np.bincount(own, weights=[county.population for county in listed.values()], minlength=groups).astype(
            np.float64
        ),
        sizes=np.bincount(own, minlength=groups).astype(np.float64),
    )


def _made(groups: _Groups, name: str, layer: Layer, weights: Floats) -> tuple[Floats, Floats]:
    """Make a column's figures of the states and, last, the nation: values and years, each of shape `(52,)`."""
    values, years = layer.columns[name], layer.years[name]
    known = ~np.isnan(values)
    is_count = name in _COUNTS or name.startswith("E_")
    weight = known.astype(np.float64) if is_count else np.where(known, weights, 0.0)
    sums, norms = groups.total(np.where(known, values, 0.0) * weight), groups.total(weight)
    people = groups.total(np.where(known, groups.people, 0.0))
    is_made = norms == groups.sizes if is_count else people >= _COVERED * groups.all_people
    latest = np.full(len(groups.sizes) + 1, np.nan)
    np.fmax.at(latest, groups.group, np.where(known, years, np.nan))
    chosen = _chosen(groups, is_made, latest)
    divisors = np.ones(len(norms)) if is_count else np.where(norms > 0, norms, np.nan)
    of_states = np.where(is_made, sums / divisors, np.nan)[chosen]
    has_nation = _has_all_states(groups) and (
        is_made[chosen].all() if is_count else people[chosen].sum() >= _COVERED * groups.all_people[chosen].sum()
    )
    nation = sums[chosen].sum() / (1.0 if is_count else norms[chosen].sum()) if has_nation else np.nan
    return np.append(of_states, nation), np.append(latest[chosen], np.nanmax(latest, initial=0.0))


def _chosen(groups: _Groups, is_made: np.ndarray[tuple[int], np.dtype[np.bool_]], latest: Floats) -> Ints:
    """Give the group that makes up each state, shape `(51,)`."""
    chosen = np.arange(len(groups.states))
    counties, regions = groups.states.index(_CONNECTICUT), len(groups.states)
    if is_made[regions] and (not is_made[counties] or latest[regions] > latest[counties]):
        chosen[counties] = regions
    return chosen


def _has_all_states(groups: _Groups) -> bool:
    """Tell whether the layer has rows of nine tenths of every state's people."""
    is_loaded = groups.total(groups.people) >= _COVERED * groups.all_people
    counties = groups.states.index(_CONNECTICUT)
    is_loaded[counties] |= is_loaded[-1]
    return bool(is_loaded[:-1].all())


def _extended(layer: Layer, places: tuple[str, ...], made: Mapping[str, tuple[Floats, Floats]]) -> Layer:
    """Give the layer with rows for some places, whose own figures stay."""
    rows = dict(layer.rows)
    for code in places:
        rows.setdefault(code, len(rows))
    at = np.array([rows[code] for code in places])
    more = len(rows) - len(layer.rows)
    columns, years = ({name: np.append(old, np.full(more, np.nan)) for name, old in held.items()}
                      for held in (layer.columns, layer.years))  # fmt: skip
    for name, (values, of_years) in made.items():
        fills = np.isnan(columns[name][at]) & ~np.isnan(values)
        columns[name][at[fills]] = values[fills]
        years[name][at[fills]] = of_years[fills]
    return Layer(layer.origin, rows, columns, years)

"""Figures taken out of a snapshot: what generation needs of some places, with where each number came from."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from healthsim.reference.gazetteer import NATION
from healthsim.reference.layers import COUNTY, STATE, Floats, Layer, Resolver, ingredients, source_of, with_shares


@dataclass(frozen=True, slots=True)
class FrozenTable:
    """Figures of some places from one source and year.

    Attributes:
        source: Such as `CDC PLACES`.
        year: Release year.
        origin: `loaded` or `starter`.
        places: Codes of counties, of states, or `00` the nation.
        values: Figures by the source's own name, one a place.
    """

    source: str
    year: int
    origin: str
    places: tuple[str, ...]
    values: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class FrozenFigures:
    """What generation needs of some places.

    Attributes:
        version: Of the snapshot they were taken from.
        tables: The figures.
    """

    version: str
    tables: tuple[FrozenTable, ...]


def frozen_tables(resolvers: Iterable[Resolver], *, but: Collection[str] = ()) -> tuple[FrozenTable, ...]:
    """Take out every figure that some places resolved to, at whatever level it was found.

    Args:
        resolvers: They have resolved all that is to be taken.
        but: Columns to leave out.
    """
    cells: dict[tuple[str, str, int], dict[tuple[str, str], float]] = defaultdict(dict)
    for resolver in resolvers:
        for column, found in resolver.resolved.items():
            if column in but:
                continue
            for index in np.flatnonzero(found.origins >= 0).tolist():
                place = _giver(resolver.fips[index], int(found.levels[index]))
                layer, row = resolver.layers[found.origins[index]], int(found.rows[index])
                for name in ingredients(column):
                    value = float(layer.columns[name][row])
                    if not np.isnan(value):
                        key = (layer.origin, source_of(name), int(layer.years[name][row]))
                        cells[key][place, name] = value
    return tuple(table for key in sorted(cells) for table in _tables(*key, cells[key]))


def layers_of(tables: Iterable[FrozenTable]) -> list[Layer]:
    """Give frozen figures as layers, one for each origin, loaded ones first."""
    by_origin: dict[str, list[FrozenTable]] = defaultdict(list)
    for table in tables:
        by_origin[table.origin].append(table)
    return [_layer(origin, by_origin[origin]) for origin in sorted(by_origin)]


def _giver(fips: str, level: int) -> str:
    """Give the code of the place whose figure holds."""
    return fips if level == COUNTY else fips[:2] if level == STATE else NATION


def _tables(origin: str, source: str, year: int, cells: Mapping[tuple[str, str], float]) -> Iterator[FrozenTable]:
    """Put places of the same columns into one table, so that none has holes."""
    columns_of: dict[str, list[str]] = defaultdict(list)
    for place, name in cells:
        columns_of[place].append(name)
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for place in sorted(columns_of):
        alike[tuple(sorted(columns_of[place]))].append(place)
    for names, places in alike.items():
        values = {name: tuple(_written(cells[place, name]) for place in places) for name in names}
        yield FrozenTable(source, year, origin, tuple(places), values)


def _written(value: float) -> float:
    """Write whole numbers without a decimal point."""
    return int(value) if value.is_integer() else value


def _layer(origin: str, tables: Sequence[FrozenTable]) -> Layer:
    places = sorted({place for table in tables for place in table.places})
    rows = {place: row for row, place in enumerate(places)}
    columns: dict[str, Floats] = {}
    years: dict[str, Floats] = {}
    for table in tables:
        at = np.array([rows[place] for place in table.places], np.int64)
        for name, values in table.values.items():
            given = np.array(values, np.float64)
            column = columns.setdefault(name, np.full(len(places), np.nan))
            year = years.setdefault(name, np.full(len(places), np.nan))
            column[at], year[at] = given, table.year
    return with_shares(Layer(origin, rows, columns, years))

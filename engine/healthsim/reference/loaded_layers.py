"""The figures of loaded files as layers; those of states and the nation are made of their counties'."""

from collections.abc import Callable

import duckdb
import numpy as np
import pyarrow as pa

from healthsim.reference.layers import AGE_SEX, RACE_SEX, Floats, Layer, with_shares
from healthsim.reference.means import with_means
from healthsim.reference.status import population_tables

_Reader = Callable[[pa.Table], Layer]

# The latest release that has a value wins, figure by figure.
_PLACES = """
    SELECT fips, measure, arg_max(value, release) AS value, arg_max(coalesce(low, 'nan'), release) AS low,
        arg_max(coalesce(high, 'nan'), release) AS high, max(release)::DOUBLE AS release,
        arg_max(population, release)::DOUBLE AS population
    FROM population.places_county WHERE value_type = 'crude' AND value IS NOT NULL
    GROUP BY fips, measure ORDER BY fips, measure
"""
_SVI = "SELECT * FROM population.svi_county ORDER BY release, fips"
_AGE_SEX = """
    SELECT fips, sex || '_' || replace(replace(age_band, '-', '_'), '+', '') AS name,
        arg_max(count, release)::DOUBLE AS value, max(release)::DOUBLE AS release
    FROM population.age_sex_county GROUP BY ALL ORDER BY fips
"""
_RACE_SEX = """
    SELECT fips, sex || '_' || upper(race) AS name,
        arg_max(count, release)::DOUBLE AS value, max(release)::DOUBLE AS release
    FROM population.race_sex_county GROUP BY ALL ORDER BY fips
"""


def loaded_layers(connection: duckdb.DuckDBPyConnection) -> list[Layer]:
    """Read the figures of every loaded file into memory; no layers where nothing is loaded."""
    readers: dict[str, tuple[str, _Reader]] = {
        "places_county": (_PLACES, _places_layer),
        "svi_county": (_SVI, _svi_layer),
        "age_sex_county": (_AGE_SEX, lambda table: _counts_layer(table, AGE_SEX)),
        "race_sex_county": (_RACE_SEX, lambda table: _counts_layer(table, RACE_SEX)),
    }
    present = population_tables(connection)
    layers = [
        read(connection.sql(query).to_arrow_table()) for name, (query, read) in readers.items() if name in present
    ]
    return [with_shares(layer) for layer in layers if layer.rows]


def _places_layer(table: pa.Table) -> Layer:
    rows, places = _rows(table)
    columns: dict[str, Floats] = {}
    years: dict[str, Floats] = {}
    names = np.array(table.column("measure").to_pylist(), dtype=object)
    read = {name: _floats(table, name) for name in ("value", "low", "high", "release", "population")}
    for measure in dict.fromkeys(names.tolist()):
        those = names == measure
        for suffix, column in (("", "value"), ("_low", "low"), ("_high", "high")):
            columns[measure + suffix] = _spread(places[those], read[column][those], len(rows))
            years[measure + suffix] = _spread(places[those], read["release"][those], len(rows))
    people = _spread(places, read["population"], len(rows))
    return with_means(Layer("loaded", rows, columns, years), people)


def _svi_layer(table: pa.Table) -> Layer:
    """Lay the releases over each other, the latest last; what one of them lacks stays as an earlier one has it."""
    rows, places = _rows(table)
    names = [name for name in table.column_names if name not in {"fips", "release"}]
    columns = {name: np.full(len(rows), np.nan) for name in names}
    years = {name: np.full(len(rows), np.nan) for name in names}
    releases = _floats(table, "release")
    for name in names:
        values = _floats(table, name)
        for release in np.unique(releases):
            those = (releases == release) & ~np.isnan(values)
            columns[name][places[those]] = values[those]
            years[name][places[those]] = release
    return with_means(Layer("loaded", rows, columns, years), columns["E_TOTPOP"])


def _counts_layer(table: pa.Table, columns: tuple[str, ...]) -> Layer:
    rows, places = _rows(table)
    names = np.array(table.column("name").to_pylist(), dtype=object)
    values, releases = _floats(table, "value"), _floats(table, "release")
    counts, years = (
        {name: _spread(places[names == name], read[names == name], len(rows)) for name in columns}
        for read in (values, releases)
    )
    return with_means(Layer("loaded", rows, counts, years), np.full(len(rows), np.nan))


def _rows(table: pa.Table) -> tuple[dict[str, int], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Number the places of a table, and give the number of each row's place."""
    fips = table.column("fips").to_pylist()
    rows = {code: index for index, code in enumerate(dict.fromkeys(fips))}
    return rows, np.array([rows[code] for code in fips], dtype=np.int64)


def _spread(places: np.ndarray[tuple[int], np.dtype[np.int64]], values: Floats, count: int) -> Floats:
    spread = np.full(count, np.nan)
    spread[places] = values
    return spread


def _floats(table: pa.Table, name: str) -> Floats:
    column = table.column(name).cast(pa.float64())
    return np.asarray(column.to_numpy(), dtype=np.float64)

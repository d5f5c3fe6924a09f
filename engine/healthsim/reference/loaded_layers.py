"""The figures of loaded files as layers."""

import duckdb
import numpy as np
import pyarrow as pa

from healthsim.reference.layers import AGE_SEX, Floats, Layer, with_shares
from healthsim.reference.status import population_tables

# The latest release that has a value wins, measure by measure.
_PLACES = """
    SELECT fips, measure, arg_max(value, release) AS value, arg_max(coalesce(low, 'nan'), release) AS low,
        arg_max(coalesce(high, 'nan'), release) AS high, max(release)::DOUBLE AS release
    FROM population.places_county WHERE value_type = 'crude' AND value IS NOT NULL
    GROUP BY fips, measure ORDER BY fips, measure
"""
_SVI = """
    SELECT * FROM population.svi_county
    QUALIFY row_number() OVER (PARTITION BY fips ORDER BY release DESC) = 1 ORDER BY fips
"""
_AGE_SEX = """
    SELECT fips, sex || '_' || replace(replace(age_band, '-', '_'), '+', '') AS name,
        arg_max(count, release)::DOUBLE AS value, max(release)::DOUBLE AS release
    FROM population.age_sex_county GROUP BY ALL ORDER BY fips
"""


def loaded_layers(connection: duckdb.DuckDBPyConnection) -> list[Layer]:
    """Read the figures of every loaded file into memory; no layers where nothing is loaded."""
    tables = population_tables(connection)
    layers = []
    if "places_county" in tables:
        layers.append(_places_layer(connection.sql(_PLACES).to_arrow_table()))
    if "svi_county" in tables:
        layers.append(_svi_layer(connection.sql(_SVI).to_arrow_table()))
    if "age_sex_county" in tables:
        layers.append(_age_sex_layer(connection.sql(_AGE_SEX).to_arrow_table()))
    return [layer for layer in layers if layer.rows]


def _places_layer(table: pa.Table) -> Layer:
    rows, places = _rows(table)
    columns: dict[str, Floats] = {}
    years: dict[str, Floats] = {}
    names = np.array(table.column("measure").to_pylist(), dtype=object)
    for measure in dict.fromkeys(names.tolist()):
        those = names == measure
        for suffix, column in (("", "value"), ("_low", "low"), ("_high", "high")):
            columns[measure + suffix] = _spread(places[those], _floats(table, column)[those], len(rows))
        years[measure] = _spread(places[those], _floats(table, "release")[those], len(rows))
    return Layer("loaded", rows, columns, years)


def _svi_layer(table: pa.Table) -> Layer:
    rows, _ = _rows(table)
    columns = {name: _floats(table, name) for name in table.column_names if name not in {"fips", "release"}}
    release = _floats(table, "release")
    return Layer("loaded", rows, *with_shares(columns, dict.fromkeys(columns, release)))


def _age_sex_layer(table: pa.Table) -> Layer:
    rows, places = _rows(table)
    names = np.array(table.column("name").to_pylist(), dtype=object)
    values, releases = _floats(table, "value"), _floats(table, "release")
    columns = {name: _spread(places[names == name], values[names == name], len(rows)) for name in AGE_SEX}
    years = {name: _spread(places[names == name], releases[names == name], len(rows)) for name in AGE_SEX}
    return Layer("loaded", rows, *with_shares(columns, years))


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

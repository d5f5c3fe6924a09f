"""Which official files are loaded."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import duckdb

from healthsim.reference.network.official import NETWORK_KINDS


@dataclass(frozen=True, slots=True)
class Load:
    """One official file that was loaded.

    Attributes:
        kind: `places_county`, `svi_county`, `age_sex_county`, `providers`, `hifld_hospitals`, `cms_hospitals` or
            `taxonomy`.
        release: Release year; None where nothing told it.
        rows: Rows written.
        counties: Counties it has figures of.
        sha256: Of the file, 64 hexadecimal digits.
        file_name: The file's name when it was loaded.
        loaded_at: When, in UTC; None for files that an earlier version loaded.
    """

    kind: str
    release: int | None
    rows: int
    counties: int
    sha256: str
    file_name: str
    loaded_at: datetime | None = None


def loaded_files(connection: duckdb.DuckDBPyConnection) -> tuple[Load, ...]:
    """List the files loaded into a database, in the order of loading; none where nothing was ever loaded."""
    if "loads" not in population_tables(connection):
        return ()
    found = connection.execute("SELECT * FROM population.loads ORDER BY ordinal")
    names = [column[0] for column in found.description or []]
    return tuple(
        Load(**{name: value for name, value in zip(names, row, strict=True) if name != "ordinal"})
        for row in found.fetchall()
    )


def versions_of(loads: Collection[Load]) -> list[str]:
    """Give what tells one state of the loaded data from another.

    Of figures the later release holds, whatever the order of loading; of providers the file that was loaded last.
    """
    network = set(network_loads(loads))
    named = {f"{load.kind} {load.release} {load.sha256}": load in network for load in loads}
    return sorted(named, key=lambda name: (named[name], "" if named[name] else name))


def network_loads(loads: Iterable[Load]) -> tuple[Load, ...]:
    """Give those of some loads that are files of the network."""
    network = {kind.name for kind in NETWORK_KINDS}
    return tuple(load for load in loads if load.kind in network)


def population_tables(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Name the tables of ours in the schema `population` of a database's own catalogue; all of ours have a release."""
    rows = connection.execute(
        "SELECT table_name FROM duckdb_columns() WHERE schema_name = 'population' AND column_name = 'release' "
        "AND database_name = current_database()"
    ).fetchall()
    return frozenset(name for (name,) in rows)

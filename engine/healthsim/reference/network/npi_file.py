"""Loading of NPPES's file of providers: streamed into a staging table, checked, and merged into the table of providers.

A file replaces the providers it names and leaves the others: CMS publishes a full file each month and weekly files of
what has changed since, in the same layout. Deactivated NPIs are taken out. The table lies in the order of state,
taxonomy and city, so that a search reads little of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import duckdb

from healthsim.errors import Problem, ReferenceFileError, rendered
from healthsim.reference.network.npi_rows import read_columns, row_checks, rows_sql
from healthsim.reference.network.npi_stream import Rows, Utf8Lines
from healthsim.reference.network.official_places import registered_zips
from healthsim.reference.network.outcome import Outcome, left_out
from healthsim.reference.official_source import Source, opened

MEMORY = "512MB"
"""What DuckDB takes at most while it loads providers; the rest waits in its temporary folder."""

_STREAM = "npi_stream"
_STAGED = "npi_rows"
_SHOWN = 20
_KEPT = "npi, entity_type, name, credential, taxonomy, address_line, city, state, zip, county_fips, phone"
_TABLE = """
    CREATE TABLE IF NOT EXISTS network.providers (
        npi BIGINT, entity_type TINYINT, name VARCHAR, credential VARCHAR, taxonomy VARCHAR, address_line VARCHAR,
        city VARCHAR, state VARCHAR, zip VARCHAR, county_fips VARCHAR, phone VARCHAR
    )
"""


def load_providers(connection: duckdb.DuckDBPyConnection, source: Source) -> Outcome:
    """Load a file of providers, in bounded memory.

    Raises:
        ReferenceFileError: Something in the file is wrong.
    """
    connection.execute("CREATE SCHEMA IF NOT EXISTS network")
    with _bounded(connection), registered_zips(connection), opened(source) as content:
        digest = _staged(connection, source, content)
        if problems := _problems(connection, source):
            raise ReferenceFileError(problems)
        connection.execute(_TABLE)
        _merge(connection)
        ((rows, counties, year),) = connection.execute(
            f"SELECT count(*), count(DISTINCT county_fips), max(updated) FROM {_STAGED} WHERE left_out IS NULL"  # noqa: S608
        ).fetchall()
        reasons = connection.execute(
            f"SELECT left_out, count(*) FROM {_STAGED} WHERE left_out IS NOT NULL GROUP BY ALL ORDER BY ALL"  # noqa: S608
        ).fetchall()
        connection.execute(f"DROP TABLE {_STAGED}")
    return Outcome(rows, counties, digest, year, left_out(dict(reasons)))


def _staged(connection: duckdb.DuckDBPyConnection, source: Source, content: IO[bytes]) -> str:
    """Stage the rows of a file, and give its SHA-256."""
    lines = Utf8Lines(content)
    rows = Rows(lines, source, read_columns(source.header))
    connection.register(_STREAM, rows.reader())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {_STAGED} AS {rows_sql(_STREAM, source.header)}")
    connection.unregister(_STREAM)
    rows.refuse()
    return lines.sha256


def _problems(connection: duckdb.DuckDBPyConnection, source: Source) -> list[Problem]:
    """Give what is wrong with rows, or which come twice."""
    listed = row_checks(source.header)
    wrong = connection.execute(
        f"SELECT line, wrong, received FROM {_STAGED} WHERE wrong IS NOT NULL ORDER BY line LIMIT {_SHOWN}"  # noqa: S608
    ).fetchall()
    if wrong:
        found = [(line, listed[index], received) for line, index, received in wrong]
        return [
            Problem(f"line {line}, column {check.column}", check.message, rendered(received), check.hint)
            for line, check, received in found
        ]
    return _duplicates(connection)


def _duplicates(connection: duckdb.DuckDBPyConnection) -> list[Problem]:
    rows = connection.execute(
        f"SELECT max(line), min(line), npi FROM {_STAGED} GROUP BY npi HAVING count(*) > 1 "  # noqa: S608 - our table
        f"ORDER BY max(line) LIMIT {_SHOWN}"
    ).fetchall()
    return [Problem(f"line {later}", f"the same as line {first}", rendered(npi)) for later, first, npi in rows]


def _merge(connection: duckdb.DuckDBPyConnection) -> None:
    """Put the staged providers in the place of those with the same NPI, and the table in its order."""
    connection.execute(f"""
        CREATE TABLE network.providers_merged AS
        SELECT {_KEPT} FROM {_STAGED} WHERE left_out IS NULL
        UNION ALL SELECT {_KEPT} FROM network.providers ANTI JOIN {_STAGED} USING (npi)
        ORDER BY state, taxonomy, city, npi
    """)  # noqa: S608 - our own tables
    connection.execute("DROP TABLE network.providers; ALTER TABLE network.providers_merged RENAME TO providers")


@contextmanager
def _bounded(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Bound the memory of a database for as long as the block lasts, beside the transaction that it may end."""
    with connection.cursor() as setting:
        ((before,),) = setting.execute("SELECT current_setting('memory_limit')").fetchall()
        setting.execute(f"SET memory_limit = '{MEMORY}'")
        try:
            yield
        finally:
            number, unit = before.split()
            # It is told cut off after one decimal: a little more comes back as what was told.
            setting.execute(f"SET memory_limit = '{float(number) + 0.1:.1f} {unit}'")

"""The workbench: a cohort's connection with everything the rules speak of, in temporary relations."""

from collections.abc import Iterable
from datetime import date

import duckdb

from healthsim.reference.network.npi import check_sql
from healthsim.scorecard.cohort_facts import coded_facts, drug_facts, network_facts, place_facts, standing_facts
from healthsim.scorecard.own_tables import text_of
from healthsim.tables import TableDefinition, table_definition, table_names


def laid_out(connection: duckdb.DuckDBPyConnection, as_of: date | None, last_day: date | None) -> frozenset[str]:
    """Lay out what the rules speak of.

    A temporary view stands before each table that is defined: with every column, those that the cohort does not have
    null throughout, and without rows where the cohort does not have the table.

    Args:
        connection: To the cohort's file; read-only is enough.
        as_of: The date at which ages hold; None where nobody says.
        last_day: Last day of which the cohort may know; None likewise.

    Returns:
        The tables that are there.
    """
    present = _columns(connection)
    for name in table_names():
        connection.execute(_shadow(table_definition(name), present.get(name, ()), _catalogue(connection)))
    for name, day in (("as_of", as_of), ("last_day", last_day)):
        written = "NULL" if day is None else f"'{day.isoformat()}'"
        connection.execute(f"CREATE TEMP MACRO {name}() AS CAST({written} AS DATE)")
    is_npi = f"CASE WHEN regexp_full_match(npi, '[0-9]{{10}}') THEN {check_sql('npi')} ELSE false END"
    connection.execute(f"CREATE TEMP MACRO npi_is_well_formed(npi) AS {is_npi}")
    connection.execute(text_of("relations.sql"))
    for gather in (standing_facts, coded_facts, drug_facts, network_facts, place_facts):
        for name, table in gather(connection).items():
            connection.register("arriving", table)
            connection.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM arriving")  # noqa: S608 - our own names
            connection.unregister("arriving")
    connection.execute(text_of("derived.sql"))
    return frozenset(present)


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """Give the columns of the tables users see that are defined."""
    rows = connection.execute(
        "SELECT table_name, list(column_name) FROM duckdb_columns()"
        " WHERE schema_name = 'main' AND database_name = current_database() AND NOT internal GROUP BY table_name"
    ).fetchall()
    return {name: set(columns) for name, columns in rows if name in table_names()}


def _shadow(table: TableDefinition, present: Iterable[str], catalogue: str) -> str:
    there = set(present)
    columns = ", ".join(
        column.name if column.name in there else f"NULL::{_plain(column.type)} AS {column.name}"
        for column in table.visible
    )
    rows = f'FROM {catalogue}.main."{table.name}"' if there else "WHERE false"
    return f'CREATE TEMP VIEW "{table.name}" AS SELECT {columns} {rows}'


def _plain(kind: str) -> str:
    return "VARCHAR" if kind == "ENUM" else kind


def _catalogue(connection: duckdb.DuckDBPyConnection) -> str:
    (name,) = connection.execute("SELECT current_database()").fetchone() or ("",)
    return '"' + str(name).replace('"', '""') + '"'

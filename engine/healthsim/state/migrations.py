"""How the workspace database came to its present form: a list of named steps, each applied once and recorded."""

from collections.abc import Callable, Sequence

import duckdb

from healthsim.errors import StateError
from healthsim.state.transactions import transaction

Step = Callable[[duckdb.DuckDBPyConnection], object]


def _cohorts(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        CREATE TABLE state.cohorts (
            cohort_id VARCHAR PRIMARY KEY, name VARCHAR UNIQUE NOT NULL, created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
            file VARCHAR NOT NULL, spec JSON NOT NULL, summary JSON NOT NULL
        )
    """)


def _executions(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        CREATE SEQUENCE state.execution_ids;
        CREATE TABLE state.profile_executions (
            execution_id BIGINT PRIMARY KEY DEFAULT nextval('state.execution_ids'), profile_id BIGINT,
            cohort_id VARCHAR NOT NULL, spec JSON NOT NULL, seed UBIGINT NOT NULL, count BIGINT NOT NULL,
            duration_ms BIGINT NOT NULL, digest VARCHAR NOT NULL, engine_version VARCHAR NOT NULL,
            reference_version VARCHAR NOT NULL, status VARCHAR NOT NULL, created_at TIMESTAMPTZ NOT NULL DEFAULT now()
        )
    """)


def _profiles(connection: duckdb.DuckDBPyConnection) -> None:
    _library(connection, "profile")
    connection.execute("""
        ALTER TABLE state.profile_executions ADD COLUMN profile_version INTEGER;
        ALTER TABLE state.profile_executions ADD COLUMN tables JSON;
        ALTER TABLE state.profile_executions ADD COLUMN recorded_by VARCHAR DEFAULT 'engine';
        ALTER TABLE state.profile_executions ALTER cohort_id DROP NOT NULL;
        ALTER TABLE state.profile_executions ALTER seed DROP NOT NULL;
        ALTER TABLE state.profile_executions ALTER duration_ms DROP NOT NULL;
        ALTER TABLE state.profile_executions ALTER digest DROP NOT NULL;
        ALTER TABLE state.profile_executions ALTER reference_version DROP NOT NULL;
    """)


def _library(connection: duckdb.DuckDBPyConnection, kind: str) -> None:
    """Make the tables of named specifications of a kind; their text is kept as it was written, not as JSON."""
    connection.execute(f"""
        CREATE SEQUENCE state.{kind}_ids;
        CREATE TABLE state.{kind}s (
            id BIGINT PRIMARY KEY DEFAULT nextval('state.{kind}_ids'), name VARCHAR UNIQUE NOT NULL,
            description VARCHAR NOT NULL, tags VARCHAR[] NOT NULL, latest INTEGER NOT NULL,
            created_at TIMESTAMPTZ NOT NULL DEFAULT now()
        );
        CREATE TABLE state.{kind}_versions (
            id BIGINT NOT NULL, version INTEGER NOT NULL, spec VARCHAR NOT NULL, products VARCHAR[] NOT NULL,
            digest VARCHAR NOT NULL, created_at TIMESTAMPTZ NOT NULL DEFAULT now(), PRIMARY KEY (id, version)
        );
    """)


def _cohort_tags(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        CREATE TABLE state.cohort_tags (
            cohort_id VARCHAR NOT NULL, tag VARCHAR NOT NULL, PRIMARY KEY (cohort_id, tag)
        )
    """)


def _journeys(connection: duckdb.DuckDBPyConnection) -> None:
    _library(connection, "journey")


def _cohort_successors(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        CREATE TABLE state.cohort_successors (cohort_id VARCHAR PRIMARY KEY, successor_id VARCHAR NOT NULL)
    """)


STEPS: Sequence[tuple[str, Step]] = (
    ("cohorts", _cohorts),
    ("executions", _executions),
    ("profiles", _profiles),
    ("cohort_tags", _cohort_tags),
    ("journeys", _journeys),
    ("cohort_successors", _cohort_successors),
)
"""The steps, in order; what is released is never changed, only added to."""


def migrate(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring a database to the present form, in one transaction.

    Raises:
        StateError: It is another program's, or of a newer HealthSim; then nothing is touched.
    """
    missing = pending(connection)
    if not missing:
        return
    with transaction(connection):
        connection.execute("CREATE SCHEMA IF NOT EXISTS state")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS state.migrations (name VARCHAR PRIMARY KEY, applied_at TIMESTAMPTZ)"
        )
        for name, step in missing:
            step(connection)
            connection.execute("INSERT INTO state.migrations VALUES (?, now())", [name])


def pending(connection: duckdb.DuckDBPyConnection) -> Sequence[tuple[str, Step]]:
    """Give the steps a database has not had yet.

    Raises:
        StateError: It is another program's, or of a newer HealthSim.
    """
    tables = connection.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = current_database()"
    ).fetchall()
    if ("state", "migrations") not in tables:
        foreign = sorted(name for schema, name in tables if schema not in {"population", "network"})
        if foreign:
            text = f"the database holds tables of another program ({', '.join(foreign[:3])}); name another file"
            raise StateError(text)
        return STEPS
    applied = {name for (name,) in connection.execute("SELECT name FROM state.migrations").fetchall()}
    unknown = sorted(applied - {name for name, _ in STEPS})
    if unknown:
        text = f"the database was written by a newer HealthSim ({', '.join(unknown)}); update HealthSim to open it"
        raise StateError(text)
    return [(name, step) for name, step in STEPS if name not in applied]

"""The official file of taxonomy codes: what each code of the NUCC stands for."""

import duckdb

from healthsim.errors import ReferenceFileError
from healthsim.reference.checking import Check, problems_of
from healthsim.reference.network.outcome import Outcome
from healthsim.reference.official_csv import STAGED, read_header, stage
from healthsim.reference.official_source import Source, as_file

NUCC_COLUMNS = ("Code", "Grouping", "Classification", "Specialization", "Display Name", "Section")
TAXONOMY_PATTERN = "[0-9A-Z]{9}X"

_CHECKS = (
    Check("Code", pattern=TAXONOMY_PATTERN, is_needed=True),
    Check("Classification", pattern="(?s).+", is_needed=True),
)


def load_taxonomy(connection: duckdb.DuckDBPyConnection, source: Source) -> Outcome:
    """Load the taxonomy in place of the one of before.

    Raises:
        ReferenceFileError: Something in the file is wrong.
    """
    connection.execute("CREATE SCHEMA IF NOT EXISTS network")
    with as_file(source) as path:
        file = read_header(path)
        stage(connection, file)
    problems = problems_of(connection, _CHECKS, None, ('"Code"',))
    if problems:
        raise ReferenceFileError(problems)
    connection.execute(f"""
        CREATE OR REPLACE TABLE network.taxonomy AS
        SELECT "Code" AS taxonomy, "Grouping" AS grouping, "Classification" AS classification,
            nullif("Specialization", '') AS specialization,
            coalesce(nullif("Display Name", ''), "Classification") AS title, "Section" AS section
        FROM {STAGED} ORDER BY taxonomy
    """)  # noqa: S608 - our own table
    ((rows,),) = connection.execute("SELECT count(*) FROM network.taxonomy").fetchall()
    connection.execute(f"DROP TABLE {STAGED}")
    return Outcome(rows, 0, file.sha256, None, ())

"""The rows of merged cohorts: identifiers moved, texts made of them made again, rows about the world kept once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from healthsim.errors import InvalidInputError, Problem, rendered
from healthsim.sinks.layout import identifier, literal
from healthsim.state.catalogue import CohortRecord
from healthsim.tables import ColumnDefinition, TableDefinition, table_definition, table_names

PERSON = "person_id"
IDS_A_PERSON = 65_536
"""How many identifiers of a kind belong to a person: an identifier is the person's times this, plus an ordinal."""


@dataclass(frozen=True, slots=True)
class Part:
    """A cohort that is merged.

    Attributes:
        alias: What its file is called in SQL.
        record: The cohort.
        columns: Columns by table.
        moved: How far each kind of identifier is moved.
    """

    alias: str
    record: CohortRecord
    columns: Mapping[str, tuple[str, ...]]
    moved: dict[str, int]

    def table(self, name: str) -> str:
        """Name a table of it in SQL."""
        return f"{self.alias}.main.{identifier(name)}"


def columns_of(connection: duckdb.DuckDBPyConnection, alias: str) -> dict[str, tuple[str, ...]]:
    """Give the columns of an attached cohort by table, in the order of their making."""
    rows = connection.execute(
        "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns()"
        " WHERE database_name = ? AND schema_name = 'main' AND NOT internal GROUP BY table_name, table_oid"
        " ORDER BY table_oid",
        [alias],
    ).fetchall()
    return {name: tuple(columns) for name, columns in rows}


def merged_tables(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> dict[str, int]:
    """Write the merged tables into the file that is connected to, and give their rows.

    Raises:
        InvalidInputError: The cohorts know the same rows about the world differently.
    """
    tables = [table_definition(name) for name in dict.fromkeys(name for part in parts for name in part.columns)]
    for kind in _identifiers():
        _set_apart(connection, parts, tables, kind)
    unions = {
        table.name: " UNION ALL BY NAME ".join(
            _rows_of(connection, part, table) for part in parts if table.name in part.columns
        )
        for table in tables
    }
    about_world = [table for table in tables if not _is_personal(table)]
    problems = [each for table in about_world for each in _contradictions(connection, table, unions[table.name])]
    if problems:
        raise InvalidInputError(problems)
    return {table.name: _write(connection, table, unions[table.name]) for table in tables}


def _write(connection: duckdb.DuckDBPyConnection, table: TableDefinition, union: str) -> int:
    """Write one merged table, and give its rows."""
    name, key = f"main.{identifier(table.name)}", _key(table)
    once = "" if _is_personal(table) else f" QUALIFY row_number() OVER (PARTITION BY {key}) = 1 ORDER BY {key}"
    connection.execute(f"CREATE TABLE {name} AS SELECT * FROM ({union}){once}")  # noqa: S608 - our own SQL
    connection.execute(f"COMMENT ON TABLE {name} IS {literal(table.description)}")
    for column in table.visible:
        if column.is_unique:
            _make_unique(connection, name, identifier(column.name))
    row = connection.execute(f"SELECT count(*) FROM {name}").fetchone()  # noqa: S608 - a quoted name
    return int(row[0]) if row else 0


def _is_personal(table: TableDefinition) -> bool:
    return any(column.name == PERSON for column in table.columns)


def _identifiers() -> tuple[str, ...]:
    """Name the columns that identify people and what belongs to them, in whatever table, people first."""
    tables = [table_definition(name) for name in table_names()]
    whole = {(table.name, column.name) for table in tables for column in table.columns if column.type == "BIGINT"}
    keys = [
        table.key[0]
        for table in tables
        if _is_personal(table) and len(table.key) == 1 and (table.name, table.key[0]) in whole
    ]
    return tuple(dict.fromkeys((PERSON, *keys)))


def _referring(table: TableDefinition, kind: str) -> tuple[str, ...]:
    """Name the columns of a table that hold a kind of identifier, under its own name or another."""
    referring = [column for column, target in table.references.items() if target.partition(".")[2] == kind]
    own = [column.name for column in table.visible if column.name == kind]
    return tuple(dict.fromkeys((*own, *referring)))


def _set_apart(
    connection: duckdb.DuckDBPyConnection, parts: Sequence[Part], tables: Sequence[TableDefinition], kind: str
) -> None:
    """Find how far each part's identifiers of a kind must be moved to lie beyond those of the parts before."""
    highest: int | None = None
    for part in parts:
        bounds = [
            connection.execute(f"SELECT min({quoted}), max({quoted}) FROM {part.table(table.name)}").fetchone() or ()  # noqa: S608 - quoted names
            for table in tables
            for column in _referring(table, kind)
            if column in part.columns.get(table.name, ())
            for quoted in [identifier(column)]
        ]
        found = [bound for bound in bounds if bound and bound[0] is not None]
        low, high = min((bound[0] for bound in found), default=0), max((bound[1] for bound in found), default=0)
        needed = 0 if highest is None or not found else max(highest + 1 - low, 0)
        natural = part.moved.get(PERSON, 0) * IDS_A_PERSON if kind != PERSON else needed
        part.moved[kind] = max(natural, needed)
        if found:
            highest = max(high + part.moved[kind], highest if highest is not None else high)


def _rows_of(connection: duckdb.DuckDBPyConnection, part: Part, table: TableDefinition) -> str:
    """Give the SELECT of a part's rows, identifiers moved and what derives from them derived again."""
    here = part.columns[table.name]
    shifts = {column: offset for kind, offset in part.moved.items() if offset for column in _referring(table, kind)}
    moved = [f"{identifier(name)} + {shifts[name]} AS {identifier(name)}" for name in here if name in shifts]
    replaced = f" REPLACE ({', '.join(moved)})" if moved else ""
    shown = [
        _shown(column, is_derived=_derives(connection, part, table, column, shifts))
        for column in table.visible
        if column.name in here
    ]
    return f"SELECT {', '.join(shown)} FROM (SELECT *{replaced} FROM {part.table(table.name)})"  # noqa: S608 - quoted names


def _shown(column: ColumnDefinition, *, is_derived: bool) -> str:
    name = identifier(column.name)
    kind = "VARCHAR" if column.type == "ENUM" else column.type
    return f"CAST({column.derived if is_derived else name} AS {kind}) AS {name}"


def _derives(
    connection: duckdb.DuckDBPyConnection,
    part: Part,
    table: TableDefinition,
    column: ColumnDefinition,
    shifts: Mapping[str, int],
) -> bool:
    """Tell whether a column's texts are made of identifiers that are moved, and of nothing that cannot be seen."""
    words = set(re.findall(r"\w+", column.derived or ""))
    if not words & shifts.keys() or words & {each.name for each in table.columns if each.is_hidden}:
        return False
    agreeing = f"bool_and({identifier(column.name)} IS NOT DISTINCT FROM ({column.derived}))"
    query = f"SELECT {agreeing} FROM {part.table(table.name)}"  # noqa: S608 - our own SQL
    (is_so,) = connection.execute(query).fetchone() or (False,)
    return bool(is_so)


def _contradictions(connection: duckdb.DuckDBPyConnection, table: TableDefinition, union: str) -> Iterator[Problem]:
    """Find rows about the world that parts know differently."""
    query = (
        f"SELECT {_key(table)} FROM (SELECT DISTINCT * FROM ({union})) GROUP BY {_key(table)}"  # noqa: S608 - quoted names
        f" HAVING count(*) > 1 ORDER BY {_key(table)} LIMIT 1"
    )
    row = connection.execute(query).fetchone()
    if row is not None:
        message = "the cohorts were made with different reference data, and know this differently"
        yield Problem(f"$.cohort_ids.{table.name}", message, rendered(row[0]))


def _key(table: TableDefinition) -> str:
    return ", ".join(identifier(column) for column in table.key)


def _make_unique(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> None:
    """Give rows whose number an earlier row has already the lowest free numbers, as long as theirs.

    Args:
        connection: To the merged file.
        table: The table, quoted.
        column: The column, quoted.
    """
    connection.execute(f"""
        CREATE TEMP TABLE repeated AS
        SELECT row_id, length, row_number() OVER (ORDER BY row_id) AS ordinal FROM (
            SELECT rowid AS row_id, length({column}) AS length,
                row_number() OVER (PARTITION BY {column} ORDER BY rowid) AS occurrence
            FROM {table} WHERE {column} IS NOT NULL
        ) WHERE occurrence > 1
    """)  # noqa: S608 - quoted names
    connection.execute(f"""
        UPDATE {table} SET {column} = free.number FROM (
            SELECT row_id, number FROM repeated JOIN (
                SELECT number, row_number() OVER (ORDER BY number) AS ordinal FROM (
                    SELECT lpad(range::VARCHAR, (SELECT max(length) FROM repeated)::INTEGER, '0') AS number
                    FROM range((SELECT count(*) FROM {table}) + (SELECT count(*) FROM repeated))
                ) ANTI JOIN (SELECT {column} AS number FROM {table}) USING (number)
            ) USING (ordinal)
        ) AS free WHERE {table}.rowid = free.row_id
    """)  # noqa: S608 - quoted names
    connection.execute("DROP TABLE repeated")

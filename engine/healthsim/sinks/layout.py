"""How the tables of a cohort lie in DuckDB: what is stored in the schema `stored`, what users see as views of `main`."""

from collections.abc import Iterator, Mapping

from healthsim.tables import ColumnDefinition, Dictionaries, TableDefinition

STORED = "stored"
"""Schema of the physical tables."""


def statements(table: TableDefinition, dictionaries: Dictionaries) -> Iterator[str]:
    """Give the statements that create a table and its types.

    Args:
        table: Its definition.
        dictionaries: Texts of its `ENUM` columns.
    """
    for column in table.stored:
        if column.type == "ENUM":
            texts = ", ".join(literal(text) for text in dictionaries[column.name])
            yield f"CREATE TYPE {STORED}.{_enum(table, column)} AS ENUM ({texts})"
    columns = ", ".join(f"{identifier(column.name)} {_type(table, column)}" for column in table.stored)
    yield f"CREATE TABLE {STORED}.{identifier(table.name)} ({columns})"


def view_statements(table: TableDefinition) -> Iterator[str]:
    """Give the statements that create a table's view and describe its columns."""
    joins = "".join(
        f" LEFT JOIN {STORED}.{identifier(codes)} AS {identifier(codes)}"
        f" ON {identifier(codes)}.code = {identifier(table.name)}.{identifier(column)}::VARCHAR"
        for codes, column in table.joins.items()
    )
    columns = ", ".join(_shown(table, column) for column in table.visible)
    name = identifier(table.name)
    yield f"CREATE VIEW main.{name} AS SELECT {columns} FROM {STORED}.{name} AS {name}{joins}"
    yield f"COMMENT ON VIEW main.{name} IS {literal(table.description)}"


def code_table_statements(name: str, titles: Mapping[str, str]) -> Iterator[str]:
    """Give the statements that create and fill a code table."""
    yield f"CREATE TABLE {STORED}.{identifier(name)} (code VARCHAR, title VARCHAR)"
    if titles:
        rows = ", ".join(f"({literal(code)}, {literal(title)})" for code, title in sorted(titles.items()))
        yield f"INSERT INTO {STORED}.{identifier(name)} VALUES {rows}"  # noqa: S608 - quoted above


def identifier(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text for SQL."""
    return "'" + text.replace("'", "''") + "'"


def _shown(table: TableDefinition, column: ColumnDefinition) -> str:
    name = identifier(column.name)
    return f"{identifier(table.name)}.{name}" if column.derived is None else f"{column.derived} AS {name}"


def _type(table: TableDefinition, column: ColumnDefinition) -> str:
    return f"{STORED}.{_enum(table, column)}" if column.type == "ENUM" else column.type


def _enum(table: TableDefinition, column: ColumnDefinition) -> str:
    return identifier(f"{table.name}_{column.name}")

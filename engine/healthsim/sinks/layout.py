"""How tables lie in DuckDB: what is stored in the schema `stored`, what users see as views of `main`."""

from collections.abc import Iterator, Mapping

from healthsim.tables import ColumnDefinition, Dictionaries, TableDefinition

Titles = Mapping[str, Mapping[str, str]]

STORED = "stored"
"""Schema of the physical tables."""


def statements(table: TableDefinition, dictionaries: Dictionaries) -> Iterator[str]:
    """Give the statements that create a table and its types.

    Args:
        table: Its definition.
        dictionaries: Texts of its `ENUM` columns.
    """
    yield from type_statements(table, dictionaries)
    columns = ", ".join(f"{identifier(column.name)} {stored_type(table, column)}" for column in table.stored)
    yield f"CREATE TABLE {STORED}.{identifier(table.name)} ({columns})"


def type_statements(table: TableDefinition, dictionaries: Dictionaries) -> Iterator[str]:
    """Give the statements that create the types of a table's `ENUM` columns."""
    for column in table.stored:
        if column.type == "ENUM":
            texts = ", ".join(literal(text) for text in dictionaries[column.name])
            yield f"CREATE TYPE {STORED}.{_enum(table, column)} AS ENUM ({texts})"


def view_statements(table: TableDefinition, dictionaries: Dictionaries, titles: Titles) -> Iterator[str]:
    """Give the statements that create a table's view and describe it.

    The view keeps the order of the rows: it joins nothing.

    Args:
        table: Its definition.
        dictionaries: Texts of its `ENUM` columns.
        titles: Lists of titles by code.
    """
    name = identifier(table.name)
    columns = ", ".join(_shown(column, dictionaries, titles) for column in table.visible)
    yield f"CREATE VIEW main.{name} AS SELECT {columns} FROM {STORED}.{name}"  # noqa: S608 - quoted names
    yield f"COMMENT ON VIEW main.{name} IS {literal(table.description)}"


def identifier(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text for SQL."""
    return "'" + text.replace("'", "''") + "'"


def stored_type(table: TableDefinition, column: ColumnDefinition) -> str:
    """Name the SQL type of a stored column."""
    return f"{STORED}.{_enum(table, column)}" if column.type == "ENUM" else column.type


def _shown(column: ColumnDefinition, dictionaries: Dictionaries, titles: Titles) -> str:
    name = identifier(column.name)
    if column.lookup is not None:
        listed, code = column.lookup
        found = ", ".join(_found(titles[listed], text, column.type) for text in dictionaries[code])
        return f"([{found}]::{column.type}[])[enum_code({identifier(code)}) + 1] AS {name}"
    return name if column.derived is None else f"{column.derived} AS {name}"


def _found(listed: Mapping[str, str], text: str, kind: str) -> str:
    """Give what is listed for a code: a text, the code itself where there is none; or a number, else null."""
    if kind == "VARCHAR":
        return literal(listed.get(text, text))
    return literal(listed[text]) if text in listed else "NULL"


def _enum(table: TableDefinition, column: ColumnDefinition) -> str:
    return identifier(f"{table.name}_{column.name}")

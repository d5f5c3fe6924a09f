"""Tables that come from elsewhere: checked against the definitions, and written as a cohort of their own."""

from base64 import b32encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from healthsim.errors import InvalidInputError, Problem, did_you_mean, nearest_names, rendered
from healthsim.sinks.layout import identifier
from healthsim.tables import ColumnDefinition, TableDefinition, table_definition, table_names
from healthsim.version import ENGINE_VERSION

_ARROW = {
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "SMALLINT": pa.int16(),
    "TINYINT": pa.int8(),
    "BOOLEAN": pa.bool_(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
    "VARCHAR": pa.string(),
    "ENUM": pa.string(),
}
_HANDLE_BYTES = 10
_SHOWN_PROBLEMS = 50


def persisted_tables(entities: object, path: Path, name: str) -> dict[str, Any]:
    """Write tables of records into a cohort's file.

    Args:
        entities: Tables by name, each a list of dicts or an Arrow table; or a list of dicts of one kind.
        path: The file; must not exist.
        name: The cohort's name.

    Returns:
        The cohort's summary; its handle is made of the records, so that the same ones have the same handle.

    Raises:
        InvalidInputError: They are not such; lists every problem.
    """
    tables, problems = _checked(_by_table(entities))
    if not problems:
        problems = list(_integrity_problems(tables))
    if problems:
        raise InvalidInputError(problems[:_SHOWN_PROBLEMS])
    with duckdb.connect(str(path)) as connection:
        for table, rows in tables.items():
            connection.register("arriving", rows)
            connection.execute(f"CREATE TABLE main.{identifier(table)} AS SELECT * FROM arriving")  # noqa: S608 - a defined table
            connection.unregister("arriving")
    return _summary(tables, name)


def _by_table(entities: object) -> Mapping[str, Any]:
    """Name the tables of what was given; a list of records is the table whose columns it has."""
    if isinstance(entities, Mapping) and entities:
        return entities
    if (
        isinstance(entities, Sequence)
        and not isinstance(entities, str)
        and entities
        and isinstance(entities[0], Mapping)
    ):
        keys = set(entities[0])
        best = max(
            table_names(), key=lambda name: len(keys & _visible(name).keys()) - len(keys - _visible(name).keys())
        )
        if keys & _visible(best).keys():
            return {best: entities}
    hint = "give a result, tables by name, or a list of records of one kind"
    raise InvalidInputError([Problem("$", "nothing that can be kept", rendered(type(entities).__name__), hint)])


def _checked(given: Mapping[str, Any]) -> tuple[dict[str, pa.Table], list[Problem]]:
    tables: dict[str, pa.Table] = {}
    problems: list[Problem] = []
    for name, rows in given.items():
        path = f"$.{name}"
        if name not in table_names():
            hint = did_you_mean(nearest_names(str(name), table_names())) or f"known are {', '.join(table_names())}"
            problems.append(Problem(path, "no such table", rendered(name), hint))
            continue
        table, found = _typed(table_definition(name), rows, path)
        problems += found
        if table is not None:
            tables[name] = table
    return tables, problems


def _typed(definition: TableDefinition, rows: object, path: str) -> tuple[pa.Table | None, list[Problem]]:
    """Bring rows to the types of their table."""
    columns, problems = _columns(rows, path)
    known = _visible(definition.name)
    for unknown in [name for name in columns if name not in known]:
        hint = did_you_mean(nearest_names(unknown, known)) or f"known are {', '.join(known)}"
        problems.append(Problem(f"{path}.{unknown}", "no such column", None, hint))
    problems += [Problem(f"{path}.{key}", "every row needs this key") for key in definition.key if key not in columns]
    arrays = {}
    for name, column in known.items():
        if name in columns:
            arrays[name], found = _array(column, columns[name], path)
            problems += found
    return (pa.table(arrays) if not problems else None), problems


def _columns(rows: object, path: str) -> tuple[dict[str, list[Any]], list[Problem]]:
    if isinstance(rows, pa.Table):
        return {name: rows.column(name).to_pylist() for name in rows.column_names}, []
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        return {}, [Problem(path, "a table is a list of records", rendered(rows))]
    wrong = [index for index, row in enumerate(rows) if not isinstance(row, Mapping)]
    if wrong:
        return {}, [Problem(f"{path}[{index}]", "a record is an object", rendered(rows[index])) for index in wrong[:5]]
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}, []


def _array(column: ColumnDefinition, values: list[Any], path: str) -> tuple[pa.Array | None, list[Problem]]:
    kind = _ARROW[column.type]
    try:
        return pa.array(values, kind), []
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return None, list(_value_problems(values, kind, path, column))


def _value_problems(values: list[Any], kind: pa.DataType, path: str, column: ColumnDefinition) -> Iterator[Problem]:
    for index, value in enumerate(values):
        try:
            pa.array([value], kind)
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
            yield Problem(f"{path}[{index}].{column.name}", f"not a value of type {kind}", rendered(value))


def _integrity_problems(tables: Mapping[str, pa.Table]) -> Iterator[Problem]:
    """Find keys that repeat or are null, and references to rows that are not there."""
    for name, rows in tables.items():
        definition = table_definition(name)
        keys = list(zip(*(rows.column(key).to_pylist() for key in definition.key), strict=True))
        if any(None in key for key in keys):
            yield Problem(f"$.{name}", f"{', '.join(definition.key)} must not be null")
        if len(set(keys)) < len(keys):
            repeated = next(key for index, key in enumerate(keys) if key in keys[:index])
            yield Problem(f"$.{name}", f"{', '.join(definition.key)} must be unique", rendered(repeated))
        for column, target in definition.references.items():
            table, _, referred = target.partition(".")
            if table in tables and column in rows.column_names:
                there = set(tables[table].column(referred).to_pylist())
                missing = [value for value in rows.column(column).to_pylist() if value not in there]
                if missing:
                    yield Problem(f"$.{name}.{column}", f"refers to no row of {table}", rendered(missing[0]))


def _summary(tables: Mapping[str, pa.Table], name: str) -> dict[str, Any]:
    digest = blake2b(digest_size=16)
    for table in sorted(tables):
        digest.update(table.encode())
        for row in sorted(map(repr, tables[table].to_pylist())):
            digest.update(row.encode())
    people = next((rows.num_rows for table, rows in tables.items() if table == "patients"), 0)
    handle = b32encode(blake2b(digest.digest(), digest_size=_HANDLE_BYTES).digest()).decode().lower()
    return {
        "cohort_id": f"co_{handle}",
        "name": name,
        "products": sorted({table_definition(table).product for table in tables}),
        "count": people,
        "seed": None,
        "digest": digest.hexdigest(),
        "as_of": None,
        "tables": {table: rows.num_rows for table, rows in tables.items()},
        "demographics": {},
        "conditions": [],
        "sources": [],
        "engine_version": ENGINE_VERSION,
        "reference_version": None,
        "existing": False,
        "notes": ["records that were brought in, not generated"],
    }


def _visible(table: str) -> dict[str, ColumnDefinition]:
    return {column.name: column for column in table_definition(table).visible}

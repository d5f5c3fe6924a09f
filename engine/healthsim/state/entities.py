"""Tables that come from elsewhere: checked against the definitions, and written as a cohort of their own."""

from base64 import b32encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import compute, csv

from healthsim.errors import InvalidInputError, Problem, did_you_mean, nearest_names, rendered
from healthsim.sinks.connecting import connected
from healthsim.sinks.layout import identifier
from healthsim.tables import MONEY, ColumnDefinition, TableDefinition, table_definition, table_names
from healthsim.version import ENGINE_VERSION

_ARROW = {
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "SMALLINT": pa.int16(),
    "TINYINT": pa.int8(),
    "BOOLEAN": pa.bool_(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "VARCHAR": pa.string(),
    "ENUM": pa.string(),
    MONEY: pa.decimal128(12, 2),
}
_SHOWN_TYPES = {"ENUM": "VARCHAR"}
_WRITTEN = {
    "DATE": "dates are written as 2025-01-31",
    "TIMESTAMP": "times are written as 2025-01-31T14:30:00",
    MONEY: "amounts are dollars of whole cents, such as 12.50",
}
_UNFIT = (ValueError, TypeError, OverflowError, InvalidOperation, pa.ArrowException)
_HANDLE_BYTES = 10
_SHOWN_PROBLEMS = 50
_ROWS_AT_A_TIME = 65_536


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
        raise InvalidInputError(_bounded(problems))
    with connected(path) as connection:
        for table, rows in tables.items():
            connection.register("arriving", rows)
            connection.execute(f"CREATE TABLE main.{identifier(table)} AS SELECT * FROM arriving")  # noqa: S608 - a defined table
            connection.unregister("arriving")
    return _summary(tables, name)


def _bounded(problems: Sequence[Problem]) -> list[Problem]:
    """Leave out what nobody would read, and tell how much."""
    left_out = len(problems) - _SHOWN_PROBLEMS
    more = [Problem("$", f"{left_out:,} more problems like these")] if left_out > 0 else []
    return [*problems[:_SHOWN_PROBLEMS], *more]


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
    if problems:
        return None, problems
    known = _visible(definition.name)
    if not columns:
        return pa.schema([(name, _ARROW[column.type]) for name, column in known.items()]).empty_table(), []
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


def _columns(rows: object, path: str) -> tuple[dict[str, Any], list[Problem]]:
    """Give columns by name, as lists or Arrow arrays; none where there are no rows."""
    if isinstance(rows, pa.Table):
        names = rows.column_names
        if len(set(names)) < len(names):
            return {}, [Problem(path, "a column is there twice", rendered(names))]
        return {name: rows.column(name) for name in names}, []
    if not isinstance(rows, Sequence) or isinstance(rows, str | bytes):
        return {}, [Problem(path, "a table is a list of records", rendered(rows))]
    records = list(rows)
    wrong = [index for index, row in enumerate(records) if not isinstance(row, Mapping)]
    if wrong:
        return {}, [Problem(f"{path}[{index}]", "a record is an object", rendered(records[index])) for index in wrong]
    keys = dict.fromkeys(key for row in records for key in row)
    strange = [Problem(path, "a column's name is a text", rendered(key)) for key in keys if not isinstance(key, str)]
    return ({} if strange else {key: [row.get(key) for row in records] for key in keys}), strange


def _array(column: ColumnDefinition, values: Any, path: str) -> tuple[pa.Array | None, list[Problem]]:  # noqa: ANN401 - values of any kind
    """Bring values to the type of their column; texts are dates where they are written as such."""
    kind = _ARROW[column.type]
    if isinstance(values, pa.ChunkedArray):
        plain = values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values
        if plain.type == kind:
            return plain, []
        values = plain.to_pylist()
    try:
        return pa.array(values, kind), []
    except _UNFIT:
        pass
    fitting, problems = [], []
    for index, value in enumerate(values):
        try:
            fitting.append(_fitted(value, kind))
        except _UNFIT:
            hint = _WRITTEN.get(column.type)
            problems.append(
                Problem(
                    f"{path}[{index}].{column.name}",
                    f"not of type {_SHOWN_TYPES.get(column.type, column.type)}",
                    rendered(value),
                    hint,
                )
            )
    return (None if problems else pa.array(fitting, kind)), problems


def _fitted(value: object, kind: pa.DataType) -> object:
    if isinstance(value, str) and kind == pa.date32():
        return date.fromisoformat(value)
    if isinstance(value, str) and kind == pa.timestamp("us"):
        return datetime.fromisoformat(value)
    if isinstance(value, str | float) and pa.types.is_decimal(kind):
        # The shortest text of a float is the amount that was written.
        return pa.scalar(Decimal(str(value)), kind).as_py()
    return pa.scalar(value, kind).as_py()


def _integrity_problems(tables: Mapping[str, pa.Table]) -> Iterator[Problem]:
    """Find keys that repeat or are null, and references to rows that are not there."""
    for name, rows in tables.items():
        definition = table_definition(name)
        for key in definition.key:
            if rows.column(key).null_count:
                index = compute.index(rows.column(key).is_null(), value=True).as_py()
                yield Problem(f"$.{name}[{index}].{key}", "must not be null")
        counts = rows.group_by(list(definition.key)).aggregate([([], "count_all")])
        repeated = counts.filter(compute.greater(counts["count_all"], 1)).select(list(definition.key))
        if repeated.num_rows:
            received = rendered(repeated.slice(0, 1).to_pylist()[0])
            yield Problem(f"$.{name}", f"{', '.join(definition.key)} must be unique", received)
        yield from _reference_problems(definition, tables)


def _reference_problems(definition: TableDefinition, tables: Mapping[str, pa.Table]) -> Iterator[Problem]:
    """Find values that refer to no row of a table that came with them; null refers to none on purpose."""
    rows = tables[definition.name]
    for column, target in definition.references.items():
        table, _, referred = target.partition(".")
        if column not in rows.column_names or referred not in (tables[table].column_names if table in tables else ()):
            continue
        there = compute.is_in(rows.column(column), value_set=tables[table].column(referred).combine_chunks())
        index = compute.index(compute.or_(there, rows.column(column).is_null()), value=False).as_py()
        if index >= 0:
            received = rendered(rows.column(column)[index].as_py())
            yield Problem(f"$.{definition.name}[{index}].{column}", f"refers to no row of {table}", received)


def _summary(tables: Mapping[str, pa.Table], name: str) -> dict[str, Any]:
    digest = _digest(tables)
    people = next((rows.num_rows for table, rows in tables.items() if table == "patients"), 0)
    handle = b32encode(blake2b(digest, digest_size=_HANDLE_BYTES).digest()).decode().lower()
    return {
        "cohort_id": f"co_{handle}",
        "name": name,
        "products": sorted({table_definition(table).product for table in tables}),
        "count": people,
        "seed": None,
        "digest": digest.hex(),
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


def _digest(tables: Mapping[str, pa.Table]) -> bytes:
    """Digest rows in the order of their keys: the same whatever order of rows, columns and tables they came in."""
    digest = blake2b(digest_size=16)
    # Nulls are the only fields without quotes, so that no two tables read alike.
    written = csv.WriteOptions(include_header=False, quoting_style="all_valid")
    for name in sorted(tables):
        rows = tables[name].sort_by([(key, "ascending") for key in table_definition(name).key])
        digest.update(f"{name} {rows.column_names} {rows.num_rows}\n".encode())
        for batch in rows.to_batches(max_chunksize=_ROWS_AT_A_TIME):
            text = pa.BufferOutputStream()
            csv.write_csv(batch, text, written)
            digest.update(text.getvalue())
    return digest.digest()


def _visible(table: str) -> dict[str, ColumnDefinition]:
    return {column.name: column for column in table_definition(table).visible}

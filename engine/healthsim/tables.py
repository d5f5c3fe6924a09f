"""What the tables of a cohort are made of: definitions read from `schemas/tables`, and columns that become Arrow.

A column is either stored or derived. Stored columns are numbers, dates, or codes into a list of texts (`ENUM`).
Derived columns are texts computed from stored ones by a view, so that ten million phone numbers are ten million
integers on the disk.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from healthsim.content import content_directory

Column = NDArray[Any] | None
Columns = Mapping[str, Column]
Dictionaries = Mapping[str, tuple[str, ...]]

_ARROW_TYPES = {
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "SMALLINT": pa.int16(),
    "TINYINT": pa.int8(),
    "BOOLEAN": pa.bool_(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "VARCHAR": pa.string(),
    "DECIMAL(12,2)": pa.decimal128(12, 2),
}
_NUMPY_TYPES: Mapping[str, type[np.generic]] = {
    "BIGINT": np.int64,
    "INTEGER": np.int32,
    "SMALLINT": np.int16,
    "TINYINT": np.int8,
    "BOOLEAN": np.bool_,
    "DOUBLE": np.float64,
    "DATE": np.int32,
    "TIMESTAMP": np.int64,
    "VARCHAR": np.object_,
    "DECIMAL(12,2)": np.int64,
}
MONEY = "DECIMAL(12,2)"
"""The type of money: dollars in the database, whole cents in memory."""

MISSING = -(2**31)
"""Stands for a missing whole number or date; it fits every type that such columns are kept in."""

_SIGN = 63
"""Bit of the sign in a number of 64."""

_SMALL_DICTIONARY = 127
_MIDDLE_DICTIONARY = 32_767


@dataclass(frozen=True, slots=True)
class ColumnDefinition:
    """A column of a table.

    Attributes:
        name: Its name.
        type: SQL type of what is stored or, for a derived column, of what the view shows; `ENUM` for codes.
        description: What it means, with its unit.
        derived: SQL over the stored columns; None for a stored column.
        lookup: Names of a list of titles or numbers, and of the `ENUM` column for whose codes they are shown; None for
            others.
        is_hidden: Whether it exists only for derived columns.
        is_nullable: Whether single values may be missing; codes always may.
        is_unique: Whether no two rows of a cohort share it, without being the key.
    """

    name: str
    type: str
    description: str
    derived: str | None = None
    lookup: tuple[str, str] | None = None
    is_hidden: bool = False
    is_nullable: bool = False
    is_unique: bool = False


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """A table of a cohort.

    Attributes:
        name: Its name.
        description: What a row is.
        product: The product it belongs to.
        columns: All columns, in their order.
        key: Columns that identify a row.
        references: Columns of other tables that columns of this one refer to, as `table.column`.
    """

    name: str
    description: str
    product: str
    columns: tuple[ColumnDefinition, ...]
    key: tuple[str, ...]
    references: Mapping[str, str]

    @property
    def stored(self) -> tuple[ColumnDefinition, ...]:
        """The columns that are written."""
        return tuple(column for column in self.columns if column.derived is None and column.lookup is None)

    @property
    def visible(self) -> tuple[ColumnDefinition, ...]:
        """The columns that users see."""
        return tuple(column for column in self.columns if not column.is_hidden)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one table, as columns.

    Attributes:
        table: The table's name.
        rows: How many.
        columns: Stored columns by name: arrays of shape `(rows,)`; codes of `ENUM` columns as integers with -1 for
            null; dates as days and times as microseconds since 1970-01-01; money as cents; texts without a dictionary
            as objects; missing numbers as `MISSING` or NaN; None for a column that is null throughout.
    """

    table: str
    rows: int
    columns: Columns


@cache
def table_definition(name: str) -> TableDefinition:
    """Read the definition of a table.

    Args:
        name: A table named in `schemas/tables`.
    """
    document = json.loads((content_directory("schemas") / "tables" / f"{name}.json").read_text(encoding="utf-8"))
    columns = tuple(
        ColumnDefinition(
            name=column["name"],
            type=column["type"],
            description=column["description"],
            derived=column.get("derived"),
            lookup=(column["lookup"]["titles"], column["lookup"]["of"]) if "lookup" in column else None,
            is_hidden=column.get("hidden", False),
            is_nullable=column.get("nullable", False),
            is_unique=column.get("unique", False),
        )
        for column in document["columns"]
    )
    return TableDefinition(
        name=document["name"],
        description=document["description"],
        product=document["product"],
        columns=columns,
        key=tuple(document["key"]),
        references=document.get("references", {}),
    )


@cache
def table_names() -> tuple[str, ...]:
    """Name the tables that are defined."""
    return tuple(sorted(path.stem for path in (content_directory("schemas") / "tables").glob("*.json")))


def arrow_batch(batch: Batch, dictionaries: Dictionaries) -> pa.RecordBatch:
    """Turn columns into an Arrow record batch of the stored columns, without copying numbers.

    Args:
        batch: Rows of one table.
        dictionaries: The texts behind the codes of its `ENUM` columns.
    """
    definition = table_definition(batch.table)
    arrays = [_arrow_array(batch, column, dictionaries) for column in definition.stored]
    return pa.RecordBatch.from_arrays(arrays, names=[column.name for column in definition.stored])


def column_dtype(column: ColumnDefinition, dictionaries: Dictionaries) -> np.dtype[Any]:
    """Give the type in which a column's numbers, days, codes or texts are kept in memory.

    Args:
        column: A stored column.
        dictionaries: The texts behind the codes of the table's `ENUM` columns.
    """
    if column.type == "ENUM":
        return np.dtype(code_dtype(len(dictionaries[column.name])))
    return np.dtype(_NUMPY_TYPES[column.type])


def code_dtype(size: int) -> type[np.signedinteger[Any]]:
    """Give the narrowest integer that holds the codes of a dictionary of `size` texts and -1."""
    if size <= _SMALL_DICTIONARY:
        return np.int8
    return np.int16 if size <= _MIDDLE_DICTIONARY else np.int32


def missing_value(column: ColumnDefinition) -> float | int | None:
    """Give what stands for a missing value in a column's memory."""
    if column.type == "ENUM":
        return -1
    return {"DOUBLE": float("nan"), "VARCHAR": None, "BOOLEAN": False}.get(column.type, MISSING)


def is_missing(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell which numbers of a column are missing, shape `(rows,)`."""
    missing: NDArray[np.bool_] = np.isnan(values) if values.dtype.kind == "f" else values == MISSING
    return missing


def _arrow_array(batch: Batch, column: ColumnDefinition, dictionaries: Dictionaries) -> pa.Array:
    values = batch.columns[column.name]
    if column.type == "ENUM":
        return _dictionary_array(values, batch.rows, dictionaries[column.name])
    kind = _ARROW_TYPES[column.type]
    if values is None:
        return pa.nulls(batch.rows, kind)
    missing = is_missing(values) if column.is_nullable else None
    if column.type == MONEY:
        return money_array(values, column)
    if column.type in {"DATE", "TIMESTAMP"}:
        whole = values.astype(_NUMPY_TYPES[column.type], copy=False)
        return pa.array(whole, mask=missing).view(kind)
    return pa.array(values, type=kind, mask=missing)


def money_array(cents: NDArray[Any], column: ColumnDefinition) -> pa.Array:
    """Give cents as decimals of dollars, whose 128 bits are the cents and their sign.

    Args:
        cents: Whole cents, shape `(rows,)`; `MISSING` for none.
        column: Whose they are.
    """
    words = np.empty((len(cents), 2), np.int64)
    words[:, 0] = cents
    words[:, 1] = words[:, 0] >> _SIGN
    validity = pa.array(~is_missing(words[:, 0])).buffers()[1] if column.is_nullable else None
    return pa.Array.from_buffers(_ARROW_TYPES[MONEY], len(cents), [validity, pa.py_buffer(words)])


def _dictionary_array(codes: Column, rows: int, texts: tuple[str, ...]) -> pa.DictionaryArray:
    dtype = code_dtype(len(texts))
    if codes is None:
        indices = pa.nulls(rows, pa.from_numpy_dtype(dtype))
    else:
        narrow = codes.astype(dtype, copy=False)
        missing = narrow < 0
        indices = pa.array(narrow, mask=missing if missing.any() else None)
    return pa.DictionaryArray.from_arrays(indices, pa.array(texts, pa.string()))

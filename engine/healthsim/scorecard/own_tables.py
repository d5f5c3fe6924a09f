"""The scorecard's own tables and files: facts of medicine and of published surveys, each with its source beside it."""

import csv
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import StringIO
from typing import Any

import pyarrow as pa


@cache
def facts(name: str) -> tuple[dict[str, str], ...]:
    """Read one of the tables, each row a mapping from column to text.

    Args:
        name: The file's name without its ending, such as `drugs`.
    """
    return tuple(csv.DictReader(StringIO(text_of("tables", f"{name}.csv"))))


def text_of(*path: str) -> str:
    """Read one of the package's files."""
    return folder().joinpath(*path).read_text(encoding="utf-8")


def folder() -> Traversable:
    """Give the package's folder."""
    return files(__package__)


def arrow_table(rows: list[dict[str, Any]], types: dict[str, pa.DataType]) -> pa.Table:
    """Give rows as an Arrow table of these columns, empty texts as null.

    Args:
        rows: Values by column; of columns that are not among `types` nothing is taken.
        types: Column types; texts are read as numbers where the type is one.
    """
    columns = {name: [_value(row[name], kind) for row in rows] for name, kind in types.items()}
    return pa.table({name: pa.array(values, types[name]) for name, values in columns.items()})


def _value(value: Any, kind: pa.DataType) -> Any:  # noqa: ANN401 - a cell
    if not isinstance(value, str):
        return value
    if value == "":
        return None
    if pa.types.is_floating(kind):
        return float(value)
    return int(value) if pa.types.is_integer(kind) else value

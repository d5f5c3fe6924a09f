"""The package's own reference tables, which answer before anything is loaded."""

import csv
from functools import cache
from hashlib import sha256
from importlib.resources import files
from io import StringIO

_TABLES = "tables"


@cache
def read_table(name: str) -> tuple[dict[str, str], ...]:
    """Read one of the package's tables, each row a mapping from column to text.

    Args:
        name: The file's name, such as `gazetteer.csv`.
    """
    return tuple(csv.DictReader(StringIO(table_text(name))))


@cache
def starter_version() -> str:
    """Give a hash that changes with any of the package's tables, 64 hexadecimal digits."""
    folder = files(__package__) / _TABLES
    names = sorted(entry.name for entry in folder.iterdir() if entry.is_file())
    return sha256("\n".join(f"{name}\n{table_text(name)}" for name in names).encode()).hexdigest()


def table_text(name: str) -> str:
    """Read one of the package's tables as text.

    Args:
        name: The file's name, such as `analytes.json`.
    """
    return (files(__package__) / _TABLES / name).read_text(encoding="utf-8")

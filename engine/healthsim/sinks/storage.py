"""How a cohort is kept: as a DuckDB file or as a folder of Parquet, told apart by the ends of their names."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, assert_never

from healthsim.sinks.base import Contents, Sink
from healthsim.sinks.duckdb import DuckdbSink
from healthsim.sinks.parquet import ParquetSink

Storage = Literal["duckdb", "parquet"]

SUFFIXES: Mapping[Storage, str] = {"duckdb": ".duckdb", "parquet": ".parquet"}
"""The ends of the names of a cohort's file or folder."""

PARQUET_PEOPLE = 1_000_000
"""People from whom on a cohort is kept as Parquet, unless its profile says otherwise."""


def storage_of(asked: Literal["auto"] | Storage | None, people: int) -> Storage:
    """Choose how to keep a cohort.

    Args:
        asked: What its profile says; nothing is as `auto`.
        people: How many it has.
    """
    if asked is None or asked == "auto":
        return "parquet" if people >= PARQUET_PEOPLE else "duckdb"
    return asked


def storage_at(path: Path) -> Storage:
    """Tell how a cohort is kept by the name of its file or folder."""
    return "parquet" if path.suffix == SUFFIXES["parquet"] else "duckdb"


def sink_of(storage: Storage, path: Path, contents: Contents) -> Sink:
    """Give the sink that writes a cohort into a file or folder that does not exist yet."""
    match storage:
        case "duckdb":
            return DuckdbSink(path, contents)
        case "parquet":
            return ParquetSink(path, contents)
        case _:
            assert_never(storage)

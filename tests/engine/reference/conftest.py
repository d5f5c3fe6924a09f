"""Files in the official format, and a database to load them into."""

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import duckdb
import pytest

Writer = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Write rows as a CSV file in the official format."""

    def written(name: str, header: Sequence[str], rows: Sequence[Sequence[str]], delimiter: str = ",") -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines, delimiter=delimiter, lineterminator="\n").writerows([header, *rows])
        return path

    return written


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened

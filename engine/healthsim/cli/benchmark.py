"""The command that measures."""

from pathlib import Path
from typing import Annotated

import typer

_SIZES = [100_000, 1_000_000]


def bench_command(
    *,
    size: Annotated[list[int] | None, typer.Option("--size", min=1, help="People; may be repeated.")] = None,
    output: Annotated[Path | None, typer.Option(help="Where to write the figures as JSON.")] = None,
    repeats: Annotated[int, typer.Option(min=1, help="Runs of each; the middle one counts.")] = 3,
) -> None:
    """Measure generation against the floor: writing the same rows from memory, as DuckDB does it, and as Parquet.

    The smallest size is measured once more with an examination of everybody, at which everything is measured, with
    a year's journey into either, and with three years in all four products; the largest once with that journey.

    Example: healthsim bench --size 100000 --output bench-results.json
    """
    from healthsim.cli.measuring import bench  # noqa: PLC0415 - keeps `--help` light

    bench(size or _SIZES, output, repeats)

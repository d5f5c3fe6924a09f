"""The benchmark: what generation costs beside writing the same rows from memory, each run in a fresh process."""

import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

from healthsim.api import contents_of, executed
from healthsim.cli.printing import print_table
from healthsim.planning.plan import Plan
from healthsim.simulation.run import run
from healthsim.sinks.floor import Floor
from healthsim.sinks.parquet_floor import ParquetFloor
from healthsim.spec import parse_profile
from healthsim.state.cohorts import Cohorts
from healthsim.state.plans import planned
from healthsim.state.store import Workspace

PROFILE: dict[str, Any] = {
    "id": "bench-diabetes",
    "generation": {"seed": 42, "storage": "duckdb"},
    "demographics": {"age": {"type": "normal", "mean": 62, "std_dev": 12, "min": 18, "max": 95}},
    "clinical": {
        "primary_condition": {"code": "E11", "prevalence": 1.0},
        "comorbidities": [{"code": "I10", "prevalence": 0.7}, {"code": "E78", "prevalence": 0.5}],
        "baseline": "none",
    },
}
"""The fixed profile that is measured."""

EXAMINED = {**PROFILE, "id": "bench-examined", "clinical": {**PROFILE["clinical"], "baseline": "examination"}}
"""The same people, with every test and their drugs."""

JOURNEY = {**PROFILE, "id": "bench-journey", "journeys": ["diabetic-year-one"]}
"""The same people, and what happens to them in a year."""

SHARDED = {**JOURNEY, "id": "bench-sharded", "generation": {"seed": 42, "storage": "parquet"}}
"""The same, kept as Parquet."""

PRODUCTS: dict[str, Any] = {
    "id": "bench-products",
    "generation": {"seed": 42, "storage": "duckdb"},
    "products": ["patientsim", "membersim", "rxmembersim", "trialsim"],
    "demographics": {"age": {"min": 18, "max": 90}},
    "clinical": {"conditions": [{"code": "E11"}, {"code": "I10"}, {"code": "E78"}]},
    "utilization": "realistic",
}
"""Adults with the care that they have anyway over three years: their charts, claims, fills and trials."""

Measure = Callable[[Mapping[str, Any], int], dict[str, float]]

_MEGABYTE = 1e6
_KILOBYTES = 1024 if sys.platform != "darwin" else 1
"""What `ru_maxrss` counts in, bytes."""


def bench(sizes: Sequence[int], output: Path | None, repeats: int) -> None:
    """Measure each size; the smallest with an examination and with all products, it and the largest with a journey.

    The largest journey runs once into DuckDB and once into Parquet, and so do the products: these take as long as all
    others together.
    """
    found: dict[str, Any] = {"profile": PROFILE}
    smallest = {min(sizes): repeats}
    both = {max(sizes): 1} | smallest
    for name, title, profile, runs in (
        ("figures", "people + conditions into DuckDB", PROFILE, dict.fromkeys(sizes, repeats)),
        ("examined", "the same people with every test and their drugs into DuckDB", EXAMINED, smallest),
        ("journey", "a year with diabetes of the same people into DuckDB", JOURNEY, both),
        ("sharded", "a year with diabetes of the same people into Parquet", SHARDED, both),
        ("products", "three years of adults in all four products into DuckDB", PRODUCTS, {min(sizes): 1}),
    ):
        found[name] = [_measured(profile, size, runs[size]) for size in sorted(runs)]
        print_table(title, list(found[name][0]), [list(each.values()) for each in found[name]])
    if output is not None:
        output.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def _measured(profile: Mapping[str, Any], size: int, repeats: int) -> dict[str, Any]:
    """Measure one size: runs and floors in turn, so that a busy machine slows both."""
    runs, floors = [], []
    for _ in range(repeats):
        runs.append(_in_fresh_process(_generation, profile, size))
        floors.append(_in_fresh_process(_floor, profile, size))
    seconds, floor = median(each["seconds"] for each in runs), median(each["seconds"] for each in floors)
    rows = runs[0]["rows"]
    return {
        "people": size,
        "rows": rows,
        "rows per person": round(rows / size, 2),
        "seconds": round(seconds, 2),
        "planning seconds": round(median(each["planning"] for each in runs), 2),
        "seconds to first row": round(median(each["first"] for each in runs), 2),
        "people/s": round(size / seconds),
        "rows/s": round(rows / seconds),
        "peak MB": round(max(each["peak"] for each in runs) / _MEGABYTE),
        "floor seconds": round(floor, 2),
        "ratio to floor": round(seconds / floor, 2),
    }


def _generation(profile: Mapping[str, Any], size: int) -> dict[str, float]:
    """Plan, then generate into a workspace; the seconds are those from the plan to the published cohort."""
    with tempfile.TemporaryDirectory() as directory:
        started = time.perf_counter()
        workspace, plan = _planned(profile, size, Path(directory))
        planned_at = time.perf_counter()
        marks: list[float] = []
        result = executed(plan, Cohorts(workspace), "bench", progress=lambda *_: marks.append(time.perf_counter()))
        done = time.perf_counter()
        rows = sum(result.summary["tables"].values())
    return {
        "seconds": done - planned_at,
        "planning": planned_at - started,
        "first": marks[0] - started,
        "rows": rows,
        "peak": _peak(),
    }


def _floor(profile: Mapping[str, Any], size: int) -> dict[str, float]:
    """Write the same rows from memory."""
    with tempfile.TemporaryDirectory() as directory:
        _, plan = _planned(profile, size, Path(directory))
        kind = ParquetFloor if profile["generation"]["storage"] == "parquet" else Floor
        with kind(Path(directory) / "floor", contents_of(plan)) as floor:
            run(plan, floor)
        return {"seconds": floor.seconds}


def _planned(profile: Mapping[str, Any], size: int, directory: Path) -> tuple[Workspace, Plan]:
    workspace = Workspace(directory / "bench.duckdb")
    asked = parse_profile({**profile, "generation": {**profile["generation"], "count": size}})
    return workspace, planned(asked, workspace)


def _in_fresh_process(measure: Measure, profile: Mapping[str, Any], size: int) -> dict[str, Any]:
    """Run a measurement in a process of its own, so that its peak of memory is its own."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(sender, measure, profile, size))
    process.start()
    sender.close()
    try:
        figures: dict[str, Any] = receiver.recv()
    finally:
        process.join()
    return figures


def _send(sender: Connection, measure: Measure, profile: Mapping[str, Any], size: int) -> None:
    sender.send(measure(profile, size))


def _peak() -> float:
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KILOBYTES)

"""The floor of benchmarks writes what the sink writes."""

from pathlib import Path

import duckdb
import pytest

from healthsim.api import contents_of
from healthsim.cli.measuring import JOURNEY
from healthsim.planning.plan import Plan
from healthsim.simulation.run import run
from healthsim.sinks import DuckdbSink, ParquetSink
from healthsim.sinks.floor import Floor
from healthsim.sinks.parquet_floor import ParquetFloor
from healthsim.sinks.shards import read_index
from healthsim.spec import parse_profile
from healthsim.state.plans import planned
from healthsim.state.store import Workspace


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    workspace = Workspace(tmp_path_factory.mktemp("floor") / "workspace.duckdb")
    return planned(parse_profile({**JOURNEY, "generation": {"seed": 42, "count": 30}}), workspace)


@pytest.mark.parametrize("at_once", [100, 1_000_000])
def test_the_floor_writes_the_rows_of_the_sink_however_many_at_once(plan: Plan, tmp_path: Path, at_once: int) -> None:
    with DuckdbSink(tmp_path / "sink.duckdb", contents_of(plan)) as sink:
        expected = run(plan, sink, block_size=7)
    with Floor(tmp_path / "floor.duckdb", contents_of(plan), at_once=at_once) as floor:
        run(plan, floor, block_size=7)

    assert floor.seconds > 0
    for table, rows in expected.rows.items():
        written = contents(tmp_path / "floor.duckdb", table)
        assert len(written) == rows
        assert written == contents(tmp_path / "sink.duckdb", table)


def contents(path: Path, table: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.sql(f"SELECT COLUMNS(*)::VARCHAR FROM {table}").fetchall()  # noqa: S608 - our own table


def test_the_floor_of_parquet_writes_the_files_of_the_sink(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("healthsim.sinks.shards.SHARD_PEOPLE", 10)
    with ParquetSink(tmp_path / "sink.parquet", contents_of(plan)) as sink:
        run(plan, sink, block_size=7)
    with ParquetFloor(tmp_path / "floor.parquet", contents_of(plan)) as floor:
        run(plan, floor, block_size=7)

    assert floor.seconds > 0
    index = read_index(tmp_path / "sink.parquet").files
    assert len([file for file in index if file.startswith("labs/")]) == 3
    assert read_index(tmp_path / "floor.parquet").files == index
    for file in index:
        assert (tmp_path / "sink.parquet" / file).read_bytes() == (tmp_path / "floor.parquet" / file).read_bytes()


def test_a_floor_of_parquet_that_fails_leaves_an_unfinished_folder(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="stopped"), ParquetFloor(tmp_path / "floor.parquet", contents_of(plan)):
        raise RuntimeError("stopped")
    assert not [path for path in (tmp_path / "floor.parquet").rglob("*") if path.is_file()]


def test_a_floor_that_fails_closes_its_file(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "floor.duckdb"
    with pytest.raises(RuntimeError, match="stopped"), Floor(path, contents_of(plan)):
        raise RuntimeError("stopped")
    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM duckdb_views() WHERE NOT internal").fetchone() == (0,)

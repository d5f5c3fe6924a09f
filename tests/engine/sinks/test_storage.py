"""A cohort is written alike however it is kept, and its profile or its size decides how that is."""

from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from healthsim.api import contents_of
from healthsim.planning.plan import Plan
from healthsim.simulation.run import run
from healthsim.sinks import Sink
from healthsim.sinks.shards import DATABASE, read_index
from healthsim.sinks.storage import PARQUET_PEOPLE, SUFFIXES, Storage, sink_of, storage_at, storage_of
from healthsim.spec import parse_profile
from healthsim.state.plans import planned
from healthsim.state.store import Workspace
from healthsim.tables import Batch
from samples import DIABETICS

EVERYTHING = {
    **DIABETICS,
    "products": ["patientsim", "membersim", "rxmembersim"],
    "journeys": ["diabetic-year-one"],
    "utilization": "realistic",
    "generation": {"count": 30, "seed": 3},
}


class Both:
    """Gives every row to two sinks."""

    def __init__(self, *sinks: Sink) -> None:
        self.sinks = sinks

    def write(self, batch: Batch) -> None:
        for sink in self.sinks:
            sink.write(batch)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return planned(parse_profile(EVERYTHING), Workspace(tmp_path_factory.mktemp("storage") / "workspace.duckdb"))


def test_every_table_has_the_same_columns_types_and_rows_in_the_same_order(plan: Plan, tmp_path: Path) -> None:
    file, folder = tmp_path / "cohort.duckdb", tmp_path / "cohort.parquet"
    contents = contents_of(plan)
    with sink_of("duckdb", file, contents) as first, sink_of("parquet", folder, contents) as second:
        rows = run(plan, Both(first, second), block_size=7).rows
    with closing(duckdb.connect()) as connection:
        connection.execute(f"ATTACH '{file}' AS one; ATTACH '{folder / DATABASE}' AS two")
        read_index(folder).tell_folder(connection, folder)
        assert len(plan.tables) > 20
        for table in plan.tables:
            described = [connection.execute(f"DESCRIBE {each}.{table}").fetchall() for each in ("one", "two")]
            assert described[0] == described[1], table
            found = [connection.execute(f"FROM {each}.{table}").fetchall() for each in ("one", "two")]
            assert len(found[0]) == rows.get(table, 0)
            assert found[0] == found[1], table


def test_the_profile_chooses_and_else_the_size() -> None:
    assert storage_of("parquet", 1) == "parquet"
    assert storage_of("duckdb", 10 * PARQUET_PEOPLE) == "duckdb"
    for asked in ("auto", None):
        assert [storage_of(asked, people) for people in (PARQUET_PEOPLE - 1, PARQUET_PEOPLE)] == ["duckdb", "parquet"]


@pytest.mark.parametrize("storage", ["duckdb", "parquet"])
def test_the_name_of_a_cohort_tells_how_it_is_kept(storage: Storage) -> None:
    assert storage_at(Path(f"co_abc{SUFFIXES[storage]}")) == storage

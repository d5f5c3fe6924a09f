"""The DuckDB sink keeps every row, in order, or nothing that looks like a cohort."""

from pathlib import Path

import duckdb
import numpy as np
import pytest

from healthsim.sinks import Contents, DuckdbSink
from healthsim.sinks.cohort_file import FLUSH_ROWS, ROW_GROUP
from healthsim.tables import Batch, table_definition, table_names

CODES = ("E11.9", "I10", "it's")
CONTENTS = Contents(("diagnoses",), {"diagnoses": {"code": CODES}}, {"icd10": {"E11.9": "a", "it's": "quote's"}}, 100)


def batch(first: int, rows: int) -> Batch:
    ids = np.arange(first, first + rows, dtype=np.int64)
    days = np.full(rows, 20_000, dtype=np.int64)
    columns = {
        "person_id": ids,
        "diagnosis_id": ids * 65_536,
        "encounter_id": None,
        "code": (ids % 4 - 1).astype(np.int8),
        "onset_date": days,
        "recorded_date": days,
        "rank": np.ones(rows, dtype=np.int16),
    }
    return Batch("diagnoses", rows, columns)


def test_every_row_arrives_in_order_with_its_texts(tmp_path: Path) -> None:
    path = tmp_path / "cohort.duckdb"
    with DuckdbSink(path, CONTENTS) as sink:
        sink.write(batch(0, 5))
        sink.write(batch(5, 3))
    with duckdb.connect(str(path), read_only=True) as connection:
        rows = connection.execute("SELECT person_id, code, description, onset_date FROM diagnoses").fetchall()
    assert [row[0] for row in rows] == list(range(8))
    assert [row[1] for row in rows[:4]] == [None, "E11.9", "I10", "it's"]
    assert [row[2] for row in rows[:4]] == [None, "a", "I10", "quote's"]
    assert rows[0][3].isoformat() == "2024-10-04"


def test_more_rows_than_a_buffer_holds_arrive_in_order(tmp_path: Path) -> None:
    path = tmp_path / "cohort.duckdb"
    sizes = [FLUSH_ROWS - 1, 3, FLUSH_ROWS + ROW_GROUP, 7]
    with DuckdbSink(path, CONTENTS) as sink:
        first = 0
        for size in sizes:
            sink.write(batch(first, size))
            first += size
    with duckdb.connect(str(path), read_only=True) as connection:
        arrived = connection.execute("SELECT person_id FROM diagnoses").fetchnumpy()["person_id"]
    assert np.array_equal(arrived, np.arange(sum(sizes)))


def test_a_failed_run_leaves_no_table_to_see(tmp_path: Path) -> None:
    path = tmp_path / "cohort.duckdb"
    with pytest.raises(RuntimeError, match="stopped"):
        write_and_stop(path)
    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM duckdb_views() WHERE NOT internal").fetchone() == (0,)


def write_and_stop(path: Path) -> None:
    with DuckdbSink(path, CONTENTS) as sink:
        sink.write(batch(0, 5))
        raise RuntimeError("stopped")


def test_an_error_of_the_inserting_thread_reaches_the_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("healthsim.sinks.inserts.insert", fail)
    with pytest.raises(OSError, match="disk full"):
        write_whole_buffers(tmp_path / "cohort.duckdb")


def write_whole_buffers(path: Path) -> None:
    with DuckdbSink(path, CONTENTS) as sink:
        for first in range(0, 4 * FLUSH_ROWS, FLUSH_ROWS):
            sink.write(batch(first, FLUSH_ROWS))


@pytest.mark.parametrize(("table", "row_groups"), [("diagnoses", [1, 2, 4]), ("claims", [1, 1, 1, 1, 1, 1, 1])])
def test_rows_with_many_columns_are_inserted_fewer_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str, row_groups: list[int]
) -> None:
    inserted: list[int] = []
    monkeypatch.setattr("healthsim.sinks.inserts.insert", lambda _, __, rows: inserted.append(rows.num_rows))
    stored = table_definition(table).stored
    dictionaries = {column.name: ("one",) for column in stored if column.type == "ENUM"}
    with DuckdbSink(tmp_path / "cohort.duckdb", Contents((table,), {table: dictionaries}, {"icd10": {}}, 100)) as sink:
        monkeypatch.setattr("healthsim.sinks.duckdb.finish", lambda *_: None)
        for _ in range(7):
            sink.write(Batch(table, ROW_GROUP, {column.name: None for column in stored}))
    assert inserted == [row_group * ROW_GROUP for row_group in row_groups]


@pytest.mark.parametrize("name", table_names())
def test_every_table_is_described(name: str) -> None:
    definition = table_definition(name)
    columns = {column.name for column in definition.visible}
    assert definition.description
    assert set(definition.key) <= columns
    assert all(column.description.endswith(".") for column in definition.columns)
    for column, target in definition.references.items():
        table, _, referred = target.partition(".")
        assert column in columns
        assert referred in {other.name for other in table_definition(table).visible}

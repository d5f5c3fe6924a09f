"""The Parquet sink keeps every row in the shard of its person, in order, or nothing that looks like a cohort."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from healthsim.errors import StateError
from healthsim.sinks import Contents, ParquetSink
from healthsim.sinks.parquet_files import ROW_GROUP, ParquetFile
from healthsim.sinks.shards import INDEX, SHARD_PEOPLE, read_index
from healthsim.tables import Batch

CODES = ("E11.9", "I10", "it's")
DICTIONARIES = {"diagnoses": {"code": CODES}, "immunizations": {"cvx": ("140",), "name": ("influenza",)}}
TITLES = {"icd10": {"E11.9": "a", "it's": "quote's"}}
CONTENTS = Contents(("diagnoses",), DICTIONARIES, TITLES, 100)
WITH_EMPTY = Contents(("diagnoses", "immunizations"), DICTIONARIES, TITLES, 100)


def batch(people: Any) -> Batch:  # noqa: ANN401 - whatever numpy takes for numbers
    """Give a row for each person, people in any order."""
    ids = np.asarray(people, dtype=np.int64)
    days = np.full(len(ids), 20_000, dtype=np.int64)
    columns = {
        "person_id": ids,
        "diagnosis_id": ids * 65_536,
        "encounter_id": None,
        "code": (ids % 4 - 1).astype(np.int8),
        "onset_date": days,
        "recorded_date": days,
        "rank": np.ones(len(ids), dtype=np.int16),
    }
    return Batch("diagnoses", len(ids), columns)


def written(folder: Path, *batches: Batch, contents: Contents = CONTENTS) -> Path:
    with ParquetSink(folder, contents) as sink:
        for each in batches:
            sink.write(each)
    return folder


def people_in(file: Path) -> list[int]:
    return list(parquet.read_table(file).column("person_id").to_pylist())


def test_every_row_arrives_in_order_with_its_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(written(tmp_path / "cohort.parquet", batch(range(1, 6)), batch(range(6, 9))))
    with duckdb.connect("cohort.duckdb", read_only=True) as connection:
        rows = connection.execute("SELECT person_id, code, description, onset_date, rank FROM diagnoses").fetchall()
    assert [row[0] for row in rows] == list(range(1, 9))
    assert [row[1] for row in rows[:4]] == ["E11.9", "I10", "it's", None]
    assert [row[2] for row in rows[:4]] == ["a", "I10", "quote's", None]
    assert rows[0][3].isoformat() == "2024-10-04"


@settings(max_examples=30, deadline=None)
@given(sizes=st.lists(st.integers(1, SHARD_PEOPLE), min_size=1, max_size=6))
def test_a_shard_holds_the_rows_of_its_people_however_they_are_cut_into_blocks(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int]
) -> None:
    bounds = np.cumsum([1, *sizes])
    blocks = [np.arange(first, end)[::997] for first, end in pairwise(bounds)]
    # Each table of a block comes in several batches, each over all its people.
    batches = [batch(part) for block in blocks for part in (block[::2], block[1::2]) if len(part)]
    folder = written(tmp_path_factory.mktemp("shards") / "cohort.parquet", *batches)
    sent = np.concatenate([each.columns["person_id"] for each in batches if each.columns["person_id"] is not None])
    for name in read_index(folder).files:
        number = int(Path(name).stem)
        assert people_in(folder / name) == sent[(sent - 1) // SHARD_PEOPLE == number].tolist()
    assert sum(len(people_in(folder / name)) for name in read_index(folder).files) == len(sent)


def test_the_bytes_of_shards_do_not_depend_on_how_the_rows_came(tmp_path: Path) -> None:
    rows = ROW_GROUP + 5
    once = written(tmp_path / "once.parquet", batch(np.sort(np.arange(rows) % SHARD_PEOPLE + 1)))
    people = np.sort(np.arange(rows) % SHARD_PEOPLE + 1)
    often = written(tmp_path / "often.parquet", *(batch(part) for part in np.array_split(people, 7)))
    (name,) = read_index(once).files
    assert (once / name).read_bytes() == (often / name).read_bytes()
    assert parquet.ParquetFile(once / name).metadata.num_row_groups == 2


def test_a_table_without_rows_has_its_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(written(tmp_path / "cohort.parquet", batch([1]), contents=WITH_EMPTY))
    with duckdb.connect("cohort.duckdb", read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM immunizations").fetchone() == (0,)
        described = {name: kind for name, kind, *_ in connection.execute("DESCRIBE immunizations").fetchall()}
    assert described["given_date"] == "DATE"
    assert described["cvx"] == "ENUM('140')"


def test_texts_dates_and_numbers_are_what_other_programs_read(tmp_path: Path) -> None:
    folder = written(tmp_path / "cohort.parquet", batch(range(1, 1_001)))
    file = parquet.ParquetFile(folder / "diagnoses" / "00000.parquet")
    chunks = {name: file.metadata.row_group(0).column(index) for index, name in enumerate(file.schema_arrow.names)}
    assert str(file.schema_arrow.field("onset_date").type) == "date32[day]"
    assert chunks["person_id"].statistics.max == 1_000
    assert "RLE_DICTIONARY" in chunks["code"].encodings
    assert chunks["code"].compression == "ZSTD"
    assert {*file.read().column("code").to_pylist()} == {*CODES, None}


def test_files_are_closed_when_the_people_of_their_shard_have_passed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = [0]

    class Counted(ParquetFile):
        def __init__(self, *arguments: Any) -> None:  # noqa: ANN401 - those of a file
            super().__init__(*arguments)
            opened.append(opened[-1] + 1)

        def close(self) -> int:
            opened.append(opened[-1] - 1)
            return super().close()

    monkeypatch.setattr("healthsim.sinks.shard_files.ParquetFile", Counted)
    folder = written(tmp_path / "cohort.parquet", *(batch([1 + SHARD_PEOPLE * number]) for number in range(9)))
    assert len(read_index(folder).files) == 9
    assert (max(opened), opened[-1]) == (2, 0)


def test_rows_of_a_shard_that_is_finished_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"diagnoses/00000\.parquet came after it was finished"):
        written(tmp_path / "cohort.parquet", batch([1]), batch([2 * SHARD_PEOPLE + 1]), batch([2]))


def test_batches_without_rows_belong_to_no_shard(tmp_path: Path) -> None:
    people = [1, 2 * SHARD_PEOPLE + 1, 2 * SHARD_PEOPLE + 2]
    empty_after_each = (each for person in people for each in (batch([person]), batch([])))
    folder = written(tmp_path / "cohort.parquet", *empty_after_each)
    assert {file: people_in(folder / file) for file in read_index(folder).files} == {
        "diagnoses/00000.parquet": people[:1],
        "diagnoses/00002.parquet": people[1:],
    }


def test_a_failed_run_leaves_neither_index_nor_views(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="stopped"):
        write_and_stop(tmp_path / "cohort.parquet")
    left = {path.name for path in (tmp_path / "cohort.parquet").rglob("*") if path.is_file()}
    assert left <= {"00000.parquet"}


def write_and_stop(folder: Path) -> None:
    with ParquetSink(folder, CONTENTS) as sink:
        sink.write(batch(np.sort(np.arange(2 * ROW_GROUP) % SHARD_PEOPLE + 1)))
        raise RuntimeError("stopped")


def test_an_error_of_the_writing_thread_reaches_the_writer_as_one_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ParquetFile, "write", fail)
    with pytest.raises(StateError, match="cannot be written: No space left on device"):
        write_much(tmp_path / "cohort.parquet")


def write_much(folder: Path) -> None:
    people = np.sort(np.arange(ROW_GROUP) % SHARD_PEOPLE + 1)
    with ParquetSink(folder, CONTENTS) as sink:
        for _ in range(100):
            sink.write(batch(people))
    raise AssertionError("nobody told")


def test_a_folder_that_is_there_already_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "cohort.parquet").mkdir()
    with pytest.raises(StateError, match="cannot be written"):
        written(tmp_path / "cohort.parquet", batch([1]))
    assert not list((tmp_path / "cohort.parquet").iterdir())


@pytest.mark.parametrize("document", ["[]", "{}", '{"format": 2, "variable": "v", "files": {}}', "no json"])
def test_an_index_of_another_format_is_refused(tmp_path: Path, document: str) -> None:
    (tmp_path / INDEX).write_text(document, encoding="utf-8")
    with pytest.raises(ValueError, match=r"format 1|Expecting value"):
        read_index(tmp_path)


def test_an_index_names_every_file_with_its_bytes(tmp_path: Path) -> None:
    folder = written(tmp_path / "cohort.parquet", batch([1, SHARD_PEOPLE + 1]))
    document = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    assert document["people_per_shard"] == SHARD_PEOPLE
    assert document["files"] == {
        path.relative_to(folder).as_posix(): path.stat().st_size for path in sorted(folder.rglob("*.parquet"))
    }

"""Whatever a process dies of, the workspace opens, holds whole cohorts and nothing else, and says what was wrong."""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import duckdb
import pytest

from healthsim import generate, get_manager
from healthsim.errors import StateError
from torture.ordering import COUNTY, Victim, check_whole, victim
from torture.sharing import shared

pytestmark = pytest.mark.skipif(os.name != "posix", reason="forks, signals and limits are POSIX's")

KILLED = -9
PEOPLE = [{"person_id": number, "gender": "F"} for number in range(1, 21)]
COHORTS, STAGING = "healthsim.state.cohorts", "healthsim.state.staging"
PUBLISHING = [
    "after healthsim.api:run",
    f"after {COHORTS}:note_beside",
    f"before {COHORTS}:enter_cohort",
    f"after {COHORTS}:enter_cohort",
    f"after {COHORTS}:record_run",
    f"before {STAGING}:Staging.publish",
    f"after {STAGING}:Staging.publish",
    f"leaving {COHORTS}:unsettled",
]
DELETING = [
    f"before {COHORTS}:forget",
    f"after {COHORTS}:forget",
    "before pathlib:Path.unlink",
    "after pathlib:Path.unlink",
    f"leaving {COHORTS}:unsettled",
]
SHARDS = "healthsim.sinks.shard_files"
WRITING = [
    f"after {SHARDS}:ShardFiles.create",
    f"after {SHARDS}:ParquetFile.write",
    f"after {SHARDS}:ParquetFile.close",
    f"before {SHARDS}:ShardIndex.write",
]
REMOVING = ["before pathlib:Path.replace", "after pathlib:Path.replace", "after shutil:rmtree"]
FULL = [
    *(("duckdb", largest) for largest in (1, 40_000, 1_000_000)),
    *(("parquet", largest) for largest in (1, 40_000, 400_000)),
]
"""Bytes that a file may have: from nothing at all to nearly enough."""


def profile(storage: str) -> dict[str, Any]:
    return {**COUNTY, "generation": {"storage": storage}}


def moments(**by_storage: list[str]) -> list[tuple[str, str]]:
    return [(storage, moment) for storage, each in by_storage.items() for moment in each]


@pytest.fixture(scope="module")
def process() -> Iterator[Victim]:
    with victim() as ready:
        yield ready


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "workspace.duckdb"


@pytest.mark.parametrize(("storage", "moment"), moments(duckdb=PUBLISHING, parquet=[*WRITING, *PUBLISHING]))
def test_a_process_that_dies_while_it_publishes_leaves_a_whole_cohort_or_none(
    process: Victim, db: Path, storage: str, moment: str
) -> None:
    first = get_manager(db).persist(PEOPLE)
    asked = {"profile": profile(storage), "count": 500, "seed": 2}
    process.begin(do="generate", die=moment, db=db, arguments=asked)
    assert process.end() == (KILLED, "")
    left = check_whole(db)
    assert left[first["cohort_id"]] == first["digest"]
    assert len(left) == (2 if moment.startswith("leaving") else 1)
    again = generate(**asked, persist=True, db=db)
    assert again.existing == moment.startswith("leaving")
    assert len(check_whole(db)) == 2


@pytest.mark.parametrize("moment", DELETING)
def test_a_process_that_dies_while_it_deletes_leaves_a_whole_cohort_or_none(
    process: Victim, db: Path, moment: str
) -> None:
    kept = get_manager(db).persist(PEOPLE)
    process.begin(do="delete", die=moment, db=db, cohort=kept["cohort_id"])
    assert process.end()[0] == KILLED
    assert len(check_whole(db)) == (0 if "leaving" in moment or moment == DELETING[3] else 1)


@pytest.mark.parametrize("moment", REMOVING)
def test_a_process_that_dies_while_it_removes_a_folder_leaves_it_whole_or_nothing(
    process: Victim, db: Path, moment: str
) -> None:
    kept = generate(profile=profile("parquet"), count=20, seed=1, persist=True, db=db)
    process.begin(do="delete", die=moment, db=db, cohort=kept.get("cohort_id"))
    assert process.end()[0] == KILLED
    assert len(check_whole(db)) == (1 if moment.startswith("before") else 0)


@pytest.mark.parametrize(("storage", "largest"), FULL)
def test_a_full_disk_is_told_and_nothing_that_was_there_is_lost(
    process: Victim, db: Path, storage: str, largest: int
) -> None:
    first = get_manager(db).persist(PEOPLE)
    get_manager(db).profiles.save_profile("bristol", COUNTY)
    asked = {"profile": profile(storage), "count": 30_000, "seed": 2}
    said = process.told(do="generate", db=db, largest_file=largest, arguments=asked)
    assert said.startswith("StateError"), said
    assert "cannot be" in said
    said = process.told(do="save", db=db, largest_file=1, name="other", profile={**COUNTY, "id": "other"})
    assert said.startswith("StateError"), said
    assert check_whole(db) == {first["cohort_id"]: first["digest"]}
    assert [profile.name for profile in get_manager(db).profiles.list_profiles()] == ["bristol"]


def test_an_export_to_a_full_disk_is_told_and_leaves_nothing(process: Victim, db: Path, tmp_path: Path) -> None:
    generate(profile=COUNTY, count=2_000, seed=1, persist=True, name="it", db=db)
    said = process.told(do="export", db=db, cohort="it", directory=tmp_path / "export", largest_file=5_000)
    assert said.startswith("StateError"), said
    assert not list(tmp_path.glob("*export*"))


def test_a_folder_that_may_not_be_written_is_told_and_can_still_be_read(process: Victim, tmp_path: Path) -> None:
    for parent in (tmp_path, *tmp_path.parents):
        if parent.is_relative_to(gettempdir()) and parent != Path(gettempdir()):
            parent.chmod(0o755)
    folder = tmp_path / "theirs"
    folder.mkdir()
    db = folder / "workspace.duckdb"
    first = get_manager(db).persist(PEOPLE)
    for path in folder.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    folder.chmod(0o555)
    assert process.told(do="read", db=db, as_nobody=True) == json.dumps({first["name"]: 20})
    orders = [
        {"do": "generate", "arguments": {"profile": COUNTY, "count": 20, "seed": 2}},
        {"do": "save", "name": "it", "profile": COUNTY},
        {"do": "delete", "cohort": first["cohort_id"]},
    ]
    for order in orders:
        said = process.told(db=db, as_nobody=True, **order)
        assert said.startswith("StateError"), said
        assert str(folder) in said
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert check_whole(db) == {first["cohort_id"]: first["digest"]}


def test_a_folder_that_may_not_even_be_entered_is_told(process: Victim, tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    db = folder / "workspace.duckdb"
    get_manager(db).persist(PEOPLE)
    folder.chmod(0o000)
    said = process.told(do="read", db=db, as_nobody=True)
    folder.chmod(0o700)
    assert said.startswith("StateError"), said
    assert str(db) in said


@pytest.mark.parametrize("keeping", [0.1, 0.5, 0.9])
def test_a_workspace_that_was_cut_short_is_told_and_its_cohorts_stay(db: Path, keeping: float) -> None:
    manager = get_manager(db)
    kept = manager.persist(PEOPLE)
    file = manager.cohorts.get(kept["cohort_id"]).path
    for number in range(3):
        manager.profiles.save_profile(f"profile-{number}", {**COUNTY, "id": f"other-{number}"})
    content = db.read_bytes()
    db.write_bytes(content[: int(len(content) * keeping)])
    with suppress(StateError):
        assert [each["cohort_id"] for each in get_manager(db).list_cohorts()] == [kept["cohort_id"]]
    with duckdb.connect(str(file), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM patients").fetchone() == (20,)


def test_processes_that_share_a_workspace_lose_nothing_and_double_nothing(db: Path) -> None:
    assert shared(db, processes=2, calls=10).failures == []

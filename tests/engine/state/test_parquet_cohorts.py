"""A cohort kept as Parquet is what it would be as a DuckDB file: same handle, same rows, same answers."""

import time
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import duckdb
import pytest

from healthsim import Result, generate, get_manager, run_journey
from healthsim.errors import RunCancelledError, StateError
from healthsim.sinks.shards import SHARD_PEOPLE
from healthsim.state import StateManager
from healthsim.state.query import run_query
from samples import DIABETICS

COUNT = 60


def kept(db: Path, storage: str = "parquet", **changes: Any) -> Result:  # noqa: ANN401 - arguments of `generate`
    profile = {**DIABETICS, "generation": {"count": COUNT, "seed": 3, "storage": storage}}
    return generate(**{"profile": profile, "persist": True, "db": db, **changes})


def files(db: Path) -> list[str]:
    return sorted(path.name for path in db.with_suffix(".cohorts").iterdir())


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "workspace.duckdb"


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return kept(tmp_path_factory.mktemp("parquet") / "workspace.duckdb", name="it")


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Give the same cohort as a DuckDB file, in a workspace of its own."""
    return kept(tmp_path_factory.mktemp("duckdb") / "workspace.duckdb", "duckdb", name="it")


def workspace_of(result: Result) -> Path:
    return result.file.parent.parent / "workspace.duckdb"


def test_how_a_cohort_is_kept_is_no_part_of_what_it_is(cohort: Result, twin: Result) -> None:
    assert cohort.file.is_dir()
    assert twin.file.is_file()
    assert cohort.get("cohort_id") == twin.get("cohort_id")
    assert cohort.digest == twin.digest
    assert cohort.summary == {**twin.summary, "existing": cohort.summary["existing"]}
    again = kept(workspace_of(cohort), "duckdb")
    assert again.existing
    assert again.file == cohort.file


def test_its_records_are_read_one_by_one_and_in_slices(cohort: Result, twin: Result) -> None:
    assert cohort["patients"][COUNT - 1] == twin["patients"][COUNT - 1]
    assert cohort["labs"][10:13] == twin["labs"][10:13]


ANSWERED: dict[str, Callable[[StateManager], Any]] = {
    "query": lambda manager: manager.query("it", "SELECT abnormal_flag, count(*) FROM labs GROUP BY 1 ORDER BY 1"),
    "person": lambda manager: manager.get_person("it", 7),
    "samples": lambda manager: manager.get_summary("it", detail="detailed")["samples"],
    "score": lambda manager: manager.score("it"),
}


@pytest.mark.parametrize("what", ANSWERED)
def test_it_answers_as_its_twin_does(cohort: Result, twin: Result, what: str) -> None:
    found, expected = (ANSWERED[what](get_manager(workspace_of(each))) for each in (cohort, twin))
    assert found == expected


def test_it_is_exported_as_its_twin_and_can_be_imported(cohort: Result, twin: Result, tmp_path: Path) -> None:
    exports = [
        get_manager(workspace_of(each)).export_cohort("it", tmp_path / str(number))
        for number, each in enumerate((cohort, twin))
    ]
    assert exports[0]["files"] == exports[1]["files"]
    elsewhere = get_manager(tmp_path / "elsewhere.duckdb")
    assert elsewhere.import_cohort(tmp_path / "0")["digest"] == cohort.digest
    assert elsewhere.query("it", "FROM labs").rows == run_query(cohort.file, "FROM labs").rows


def test_it_is_executed_again_with_the_same_digest(db: Path) -> None:
    made = kept(db)
    manager = get_manager(db)
    (execution,) = manager.profiles.list_executions()
    assert execution.spec["generation"]["storage"] == "parquet"
    assert manager.rerun_execution(execution.execution_id).digest_now == made.digest


def test_its_people_go_through_a_journey_and_it_stays_parquet(db: Path) -> None:
    made = kept(db, name="it")
    people = made.table("patients")
    longer = run_journey("it", "diabetic-year-one", db=db)
    assert longer.table("patients").select(["person_id", "mrn", "birth_date"]) == people.select(
        ["person_id", "mrn", "birth_date"]
    )
    assert files(db) == [f"{longer.get('cohort_id')}.parquet"]
    other = db.with_name("other.duckdb")
    kept(other, "duckdb", name="it")
    assert run_journey("it", "diabetic-year-one", db=other).digest == longer.digest


def test_clones_outlive_it_and_merge_with_others(db: Path) -> None:
    manager = get_manager(db)
    kept(db, name="one")
    kept(db, "duckdb", name="two", seed=8)
    copy = manager.clone_cohort("one", "copy")
    apart = [manager.merge_cohorts([first, "two"]) for first in ("one", "copy")]
    assert apart[0]["tables"] == apart[1]["tables"]
    both = manager.merge_cohorts(["one", "copy"], name="twice")
    assert both["tables"]["patients"] == 2 * COUNT
    manager.delete_cohort("one")
    assert manager.query("copy", "SELECT count(*) FROM patients").rows == [[COUNT]]
    assert f"{copy['cohort_id']}.parquet" in files(db)


def test_deleting_it_leaves_nothing(db: Path) -> None:
    manager = get_manager(db)
    made = kept(db)
    removed = manager.delete_cohort(made.summary["cohort_id"])
    assert removed["tables"]["patients"] == COUNT
    assert files(db) == []


def test_a_result_that_is_not_kept_goes_with_its_last_user_and_can_be_kept_before(db: Path) -> None:
    result = kept(db, count=20, persist=False)
    folder = result.file
    summary = get_manager(db).persist(result, name="it")
    assert folder.is_dir()
    del result
    for _ in range(50):
        if not folder.exists():
            break
        time.sleep(0.1)
    assert not folder.exists()
    assert files(db) == [f"{summary['cohort_id']}.parquet"]
    assert get_manager(db).query("it", "SELECT count(*) FROM patients").rows == [[20]]


def test_a_cancelled_run_leaves_nothing(db: Path) -> None:
    made: list[int] = []
    with pytest.raises(RunCancelledError):
        kept(db, count=20_000, progress=lambda done, _: made.append(done), cancelled=lambda: bool(made))
    assert files(db) == []
    assert get_manager(db).list_cohorts() == []


def test_a_run_that_cannot_reach_the_catalogue_is_published_later(db: Path) -> None:
    kept(db)
    catalogue = db.read_bytes()

    def break_catalogue(done: int, total: int) -> None:
        if done == total:
            db.write_text("broken " * 1000)

    with pytest.raises(StateError, match="the finished cohort is kept as"):
        kept(db, seed=77, progress=break_catalogue)
    assert len([name for name in files(db) if name.endswith(".unpublished.parquet")]) == 1
    db.write_bytes(catalogue)
    (published,) = get_manager(db).publish_cohorts()
    assert get_manager(db).query(published["cohort_id"], "SELECT count(*) FROM patients").rows == [[COUNT]]
    assert [name.rpartition(".")[2] for name in files(db)] == ["parquet", "parquet"]


def test_people_of_several_shards_are_one_table_in_order(db: Path) -> None:
    count = SHARD_PEOPLE + 10
    plain = {"id": "plain", "clinical": {"baseline": "none"}, "generation": {"storage": "parquet", "seed": 1}}
    made = generate(profile=plain, count=count, persist=True, db=db)
    assert len(list(made.file.glob("patients/*.parquet"))) == 2
    sql = "SELECT person_id FROM patients OFFSET 49995"
    assert [row[0] for row in run_query(made.file, sql).rows] == list(range(SHARD_PEOPLE - 4, count + 1))
    assert made["patients"][count - 1]["person_id"] == count


@pytest.mark.parametrize("name", ["it's, so", "state=TX", "[1] st*r"])
def test_a_workspace_may_lie_anywhere(cohort: Result, tmp_path: Path, name: str) -> None:
    copytree(workspace_of(cohort).parent, tmp_path / name)
    db = tmp_path / name / "workspace.duckdb"
    manager = get_manager(db)
    expected = run_query(cohort.file, "SELECT state, count(*) FROM patients GROUP BY 1 ORDER BY 1").rows
    assert manager.query("it", "SELECT state, count(*) FROM patients GROUP BY 1 ORDER BY 1").rows == expected
    assert manager.clone_cohort("it", "copy")["tables"] == cohort.summary["tables"]
    assert manager.export_cohort("copy", tmp_path / "export")["files"]


def test_a_workspace_may_be_reached_by_a_link(cohort: Result, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(workspace_of(cohort).parent, target_is_directory=True)
    manager = get_manager(tmp_path / "link" / "workspace.duckdb")
    assert manager.query("it", "SELECT count(*) FROM patients").rows == [[COUNT]]


def test_its_folder_can_be_handed_on_and_opened_there(
    cohort: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(copytree(cohort.file, tmp_path / "handed on"))
    with duckdb.connect("cohort.duckdb", read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM patients").fetchone() == (COUNT,)
        first = connection.execute("SELECT name FROM labs LIMIT 1").fetchone()
    assert first == (cohort["labs"][0]["name"],)

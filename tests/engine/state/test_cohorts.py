"""Cohorts are kept whole or not at all, once, under names of their own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from healthsim import generate, get_manager
from healthsim.errors import InvalidInputError, NotFoundError, RunCancelledError, StateError
from healthsim.state.staging import Staging, sweep
from samples import DIABETICS

ENDLESS = """
import sys, time
from healthsim import generate
def progress(done, total):
    print(done, flush=True)
    time.sleep(0.2)
generate(condition="diabetes", count=2_000_000, seed=1, persist=True, db=sys.argv[1], progress=progress)
"""


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "workspace.duckdb"


def kept(db: Path, **changes: Any) -> Any:  # noqa: ANN401 - arguments and result of `generate`
    return generate(**{"profile": DIABETICS, "persist": True, "db": db, **changes})


def files(db: Path) -> list[str]:
    return sorted(path.name for path in db.with_suffix(".cohorts").iterdir())


def test_a_kept_cohort_is_found_again_with_its_rows(db: Path) -> None:
    made = kept(db)
    manager = get_manager(db)
    summary = manager.get_summary(made.get("cohort_id"))
    assert summary["tables"] == made.summary["tables"]
    assert summary["digest"] == made.digest
    answer = manager.query(made.get("name"), "SELECT count(*), count(DISTINCT person_id) FROM patients")
    assert answer.rows == [[2_000, 2_000]]
    assert files(db) == [f"{made.get('cohort_id')}.duckdb"]


def test_the_same_plan_is_kept_once(db: Path) -> None:
    first, second = kept(db), kept(db, name="another name")
    assert not first.existing
    assert second.existing
    assert second.get("cohort_id") == first.get("cohort_id")
    assert len(get_manager(db).list_cohorts()) == 1
    assert [dict(row) for row in second["patients"][:5]] == [dict(row) for row in first["patients"][:5]]


def test_other_seeds_are_other_cohorts_with_names_of_their_own(db: Path) -> None:
    names = {kept(db, seed=seed).get("name") for seed in range(3)}
    assert len(names) == 3
    assert all(name.startswith("diabetics") for name in names)


def test_a_taken_name_is_refused_and_nothing_is_kept(db: Path) -> None:
    kept(db, name="mine")
    with pytest.raises(InvalidInputError, match="belongs to cohort co_"):
        kept(db, name="mine", seed=99)
    assert len(get_manager(db).list_cohorts()) == 1
    assert len(files(db)) == 1


def test_an_unknown_cohort_names_the_nearest(db: Path) -> None:
    kept(db, name="diabetics-of-texas")
    with pytest.raises(NotFoundError, match="did you mean diabetics-of-texas"):
        get_manager(db).get_summary("diabetics-of-texs")


def test_deleting_gives_the_space_back(db: Path) -> None:
    made = kept(db)
    removed = get_manager(db).delete_cohort(made.get("cohort_id"))
    assert removed["tables"]["patients"] == 2_000
    assert files(db) == []
    with pytest.raises(NotFoundError):
        get_manager(db).get_summary(made.get("cohort_id"))


def test_a_cohort_whose_file_is_gone_is_told_and_can_be_made_again(db: Path) -> None:
    made = kept(db)
    made.file.unlink()
    with pytest.raises(StateError, match="is gone"):
        get_manager(db).query(made.get("cohort_id"), "SELECT 1")
    assert kept(db).digest == made.digest
    assert len(get_manager(db).list_cohorts()) == 1


def test_a_cancelled_run_leaves_nothing(db: Path) -> None:
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 3

    with pytest.raises(RunCancelledError):
        kept(db, count=100_000, cancelled=cancelled)
    assert files(db) == []
    assert get_manager(db).list_cohorts() == []


def test_a_run_cancelled_at_its_very_end_leaves_nothing(db: Path) -> None:
    finished: list[int] = []
    with pytest.raises(RunCancelledError):
        kept(db, count=20_000, progress=lambda done, _: finished.append(done), cancelled=lambda: 20_000 in finished)
    assert files(db) == []


def test_a_failed_run_leaves_nothing(db: Path) -> None:
    def fail(*_: int) -> None:
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        kept(db, progress=fail)
    assert files(db) == []


@pytest.mark.skipif(os.name != "posix", reason="sends a signal that only POSIX has")
def test_a_killed_run_leaves_no_cohort_and_the_next_run_sweeps_its_file(db: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-c", ENDLESS, str(db)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"10000\n"
        assert any(name.startswith("staging-") for name in files(db))
        process.send_signal(signal.SIGKILL)
    assert get_manager(db).list_cohorts() == []
    made = kept(db)
    assert files(db) == [f"{made.get('cohort_id')}.duckdb"]


def test_sweeping_spares_the_files_of_the_living(tmp_path: Path) -> None:
    with Staging(tmp_path) as staging:
        staging.path.write_text("in the making")
        assert sweep(tmp_path) == []
        assert staging.path.exists()
    assert list(tmp_path.iterdir()) == []


def test_processes_that_make_the_same_cohort_keep_one(db: Path) -> None:
    program = (
        "import sys, json; from healthsim import generate;"
        "result = generate(condition='diabetes', count=50_000, seed=3, persist=True, db=sys.argv[1]);"
        "print(result.get('cohort_id'), result.digest, result.existing)"
    )
    command = [sys.executable, "-W", "ignore", "-c", program, str(db)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(3)]
    answers = [process.communicate(timeout=120)[0].decode().split() for process in processes]
    assert len({tuple(answer[:2]) for answer in answers}) == 1
    assert sorted(answer[2] for answer in answers) == ["False", "True", "True"]
    assert len(files(db)) == 1


def test_a_run_that_cannot_reach_the_catalogue_keeps_its_file_and_says_where(db: Path) -> None:
    kept(db)

    def break_catalogue(done: int, total: int) -> None:
        if done == total:
            db.write_text("broken " * 1000)

    with pytest.raises(StateError, match="the finished cohort is kept as"):
        kept(db, seed=77, progress=break_catalogue)
    (unpublished,) = [name for name in files(db) if name.endswith("unpublished.duckdb")]
    with duckdb.connect(str(db.with_suffix(".cohorts") / unpublished), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM patients").fetchone() == (2_000,)


def test_each_run_that_is_kept_is_recorded(db: Path) -> None:
    made = kept(db)
    kept(db)
    with get_manager(db).workspace.reading() as connection:
        rows = connection.execute(
            "SELECT cohort_id, seed, count, digest, status FROM state.profile_executions"
        ).fetchall()
    assert rows == [(made.get("cohort_id"), 11, 2_000, made.digest, "completed")]


def test_a_result_that_is_not_kept_goes_with_its_last_user(tmp_path: Path) -> None:
    result = generate(profile=DIABETICS)
    file = result.file
    assert file.exists()
    assert not tmp_path.joinpath("default.duckdb").exists()
    records = result["patients"]
    del result
    assert len(list(records)) == 2_000
    del records
    for _ in range(50):
        if not file.exists():
            break
        time.sleep(0.1)
    assert not file.exists()


def test_a_name_that_a_kept_cohort_does_not_get_is_told(tmp_path: Path) -> None:
    db = tmp_path / "workspace.duckdb"
    generate(profile=DIABETICS, count=20, persist=True, name="first", db=db)
    again = generate(profile=DIABETICS, count=20, persist=True, name="second", db=db)
    assert again.existing
    assert again.summary["notes"][-1] == "kept before as first; the name second was not given to it"

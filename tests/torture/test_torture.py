"""Long trials of what is kept: `make torture` runs them, and tells what it measured."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from healthsim import generate, get_manager
from healthsim.errors import HealthSimError
from torture.ordering import COUNTY, check_whole, victim
from torture.sharing import shared

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(os.name != "posix", reason="forks, signals and mounts are POSIX's"),
]

KILLS = 50
PEOPLE = 200_000
MANY = 1_000_000
SLOWEST = 3.0
"""Seconds that 99 of 100 calls stay under."""

SMALL_DISK = "4m"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a file system that is soon full, where one may be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if mount is None or unmount is None:
        pytest.skip("nothing to mount with")
    mounted = subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a file system may not be mounted here")
    yield folder
    subprocess.run([unmount, str(folder)], check=True)


def test_four_processes_share_a_workspace_without_failure_loss_or_long_waits(tmp_path: Path) -> None:
    found = shared(tmp_path / "workspace.duckdb", processes=4, calls=200)
    print(f"\n{len(found.seconds)} calls: median {found.quantile(0.5):.3f} s, p99 {found.quantile(0.99):.3f} s")  # noqa: T201 - what was measured
    assert found.failures == []
    assert found.quantile(0.99) < SLOWEST


@pytest.mark.parametrize("storage", ["duckdb", "parquet"])
def test_a_run_killed_at_any_moment_leaves_a_whole_workspace(tmp_path: Path, storage: str) -> None:
    db, random = tmp_path / "workspace.duckdb", Random(1)  # noqa: S311 - a repeatable choice of moments
    kept, finished = {}, 0
    with victim() as process:
        asked = {"profile": {**COUNTY, "generation": {"storage": storage}}, "count": PEOPLE}
        started = time.perf_counter()
        assert not process.told(do="generate", db=db, arguments={**asked, "seed": 0}).startswith("unexpected")
        whole = time.perf_counter() - started
        for trial in range(1, KILLS + 1):
            child = process.begin(do="generate", db=db, arguments={**asked, "seed": trial})
            time.sleep(random.uniform(0, 1.1 * whole))
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            finished += process.end()[0] == 0
            left = check_whole(db)
            assert left.items() >= kept.items()
            kept = left
            for cohort in list(kept)[1:]:
                get_manager(db).delete_cohort(cohort)
                del kept[cohort]
    print(f"\n{KILLS} kills within {whole:.2f} s, {finished} of them after the end")  # noqa: T201 - what was measured


@pytest.mark.parametrize("storage", ["duckdb", "parquet"])
def test_a_disk_that_fills_up_is_told_and_nothing_that_was_there_is_lost(small_disk: Path, storage: str) -> None:
    db = small_disk / "workspace.duckdb"
    profile = {**COUNTY, "generation": {"storage": storage}}
    first = generate(profile=profile, count=50, seed=1, persist=True, db=db)
    for count in (1_000, 20_000, 50_000):
        for seed in range(2, 12):
            try:
                generate(profile=profile, count=count, seed=seed, persist=True, db=db)
            except HealthSimError as error:
                print(f"\n{str(error)[:160]}")  # noqa: T201 - what is told
                break
        found = check_whole(db) if not list(db.with_suffix(".cohorts").glob("*unpublished*")) else {}
        assert not found or found[first.summary["cohort_id"]] == first.digest
    filler = small_disk / "filler"
    with suppress(OSError), filler.open("wb") as file:
        while True:
            file.write(bytes(4_096))
            file.flush()
    with pytest.raises(HealthSimError):
        save_many(db)
    filler.unlink()
    get_manager(db).publish_cohorts()
    assert check_whole(db)[first.summary["cohort_id"]] == first.digest


def save_many(db: Path) -> None:
    """Save long profiles until there is no room any more."""
    for number in range(200):
        get_manager(db).profiles.save_profile(f"profile-{number}", {**COUNTY, "description": "x" * 100_000})


@pytest.mark.parametrize("storage", ["duckdb", "parquet"])
def test_keeping_a_million_people_costs_no_second_writing_and_deleting_them_returns_the_space(
    tmp_path: Path, storage: str
) -> None:
    db = tmp_path / "workspace.duckdb"
    started = time.perf_counter()
    made = generate(profile={**COUNTY, "generation": {"storage": storage}}, count=MANY, seed=1)
    generated = time.perf_counter() - started
    manager = get_manager(db)
    started = time.perf_counter()
    summary = manager.persist(made, name="million")
    persisted = time.perf_counter() - started
    size = size_of(made.file)
    print(f"\n{MANY:,} people, {size / 1e6:.0f} MB: generated in {generated:.2f} s, kept in {persisted:.2f} s")  # noqa: T201 - what was measured
    assert persisted < generated / 2
    assert manager.query("million", "SELECT count(*) FROM patients").rows == [[MANY]]
    assert summary["digest"] == made.digest
    del made
    manager.delete_cohort("million")
    assert size_of(tmp_path) < size / 10


def size_of(path: Path) -> int:
    """Give the bytes of a file, or of all files in a folder."""
    return sum(each.stat().st_size for each in (path, *path.rglob("*")) if each.is_file())

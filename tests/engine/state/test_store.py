"""The workspace database: shared between processes, opened shortly, and never somebody else's."""

import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from healthsim.errors import StateError
from healthsim.state.migrations import STEPS
from healthsim.state.plans import reference_of
from healthsim.state.store import Workspace

WRITER = """
import sys
from pathlib import Path
from healthsim.state.store import Workspace
workspace = Workspace(Path(sys.argv[1]))
for index in range(50):
    with workspace.writing() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS state.probe (who VARCHAR, index INTEGER)")
        connection.execute("INSERT INTO state.probe VALUES (?, ?)", [sys.argv[2], index])
    with workspace.reading() as connection:
        connection.execute("SELECT count(*) FROM state.probe").fetchone()
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "folder" / "workspace.duckdb", wait_seconds=1.0)


def test_reading_what_does_not_exist_yet_makes_nothing(workspace: Workspace) -> None:
    with workspace.reading() as connection:
        assert connection.execute("SELECT count(*) FROM state.cohorts").fetchone() == (0,)
    assert not workspace.path.parent.exists()


def test_the_first_writing_makes_the_database_and_records_its_steps(workspace: Workspace) -> None:
    with workspace.writing():
        pass
    with workspace.reading() as connection:
        names = connection.execute("SELECT name FROM state.migrations ORDER BY ALL").fetchall()
    assert names == sorted((name,) for name, _ in STEPS)


def test_two_processes_that_write_and_read_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "workspace.duckdb"
    command = [sys.executable, "-c", WRITER, str(path)]
    writers = [subprocess.Popen([*command, name], stderr=subprocess.PIPE) for name in ("one", "two")]
    for writer in writers:
        _, errors = writer.communicate(timeout=120)
        assert writer.returncode == 0, errors.decode()
    with Workspace(path).reading() as connection:
        rows = connection.execute(
            "SELECT who, count(DISTINCT index) FROM state.probe GROUP BY who ORDER BY who"
        ).fetchall()
    assert rows == [("one", 50), ("two", 50)]


def test_threads_of_one_process_wait_for_each_other(workspace: Workspace) -> None:
    patient = Workspace(workspace.path)

    def write() -> None:
        for _ in range(10):
            with patient.writing() as connection:
                connection.execute("CREATE TABLE IF NOT EXISTS state.probe (one INTEGER)")
                connection.execute("INSERT INTO state.probe VALUES (1)")
            with patient.reading():
                pass

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with patient.reading() as connection:
        assert connection.execute("SELECT count(*) FROM state.probe").fetchone() == (30,)


def test_a_writer_that_does_not_end_is_told_to_the_next(workspace: Workspace) -> None:
    with workspace.writing(), pytest.raises(StateError, match="busy"):
        enter(workspace)


def test_a_foreign_holder_is_named_with_its_process(workspace: Workspace) -> None:
    with workspace.writing():
        pass
    program = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(workspace.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    try:
        with pytest.raises(StateError, match=f"process {holder.pid}"):
            enter(workspace)
    finally:
        holder.communicate(timeout=30)
    enter(workspace)


def test_a_file_that_is_no_database_is_told(workspace: Workspace) -> None:
    workspace.path.parent.mkdir()
    workspace.path.write_text("not a database " * 1000)
    with pytest.raises(StateError, match="not a DuckDB database"):
        enter(workspace)
    assert workspace.path.read_text().startswith("not a database")


def test_a_database_of_another_program_is_left_alone(workspace: Workspace) -> None:
    workspace.path.parent.mkdir()
    with duckdb.connect(str(workspace.path)) as connection:
        connection.execute("CREATE TABLE invoices (amount INTEGER)")
    with pytest.raises(StateError, match="invoices"):
        enter(workspace)
    with duckdb.connect(str(workspace.path)) as connection:
        assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (1,)


def test_a_database_of_a_newer_program_is_left_alone(workspace: Workspace) -> None:
    with workspace.writing() as connection:
        connection.execute("INSERT INTO state.migrations VALUES ('of-tomorrow', now())")
    with pytest.raises(StateError, match="of-tomorrow"):
        enter(workspace)


def test_a_lock_file_that_is_none_is_told(workspace: Workspace) -> None:
    workspace.path.parent.mkdir()
    workspace.path.with_name("workspace.duckdb.lock").write_text("no lock " * 1000)
    with pytest.raises(StateError, match=r"workspace\.duckdb\.lock cannot be used"):
        enter(workspace)


def test_damage_found_while_reading_is_told(workspace: Workspace) -> None:
    with workspace.writing() as connection:
        connection.execute("PRAGMA force_compression = 'uncompressed'")
        connection.execute("CREATE TABLE state.probe AS SELECT 'row ' || range AS name FROM range(100000)")
    workspace.path.write_bytes(workspace.path.read_bytes().replace(b"row 77777", b"now 77777"))
    with pytest.raises(StateError, match=r"workspace\.duckdb cannot be read or written: Corrupt"):
        longest_name(workspace)


def test_a_wrong_statement_is_not_taken_for_damage(workspace: Workspace) -> None:
    with pytest.raises(duckdb.CatalogException), workspace.writing() as connection:
        connection.execute("SELECT * FROM state.nothing")


def test_workspaces_have_cohorts_of_their_own_whatever_their_names(tmp_path: Path) -> None:
    names = ["study.duckdb", "study.2025", "study.2026", "study.db"]
    folders = {Workspace(tmp_path / name).cohorts_directory for name in names}
    assert len(folders) == len(names)
    assert Workspace(tmp_path / "study.cohorts").cohorts_directory != tmp_path / "study.cohorts"
    assert Workspace(tmp_path / "study.duckdb").cohorts_directory == tmp_path / "study.cohorts"


def test_an_error_while_writing_reaches_the_caller_and_lets_go(workspace: Workspace) -> None:
    with pytest.raises(RuntimeError, match="stopped"):
        write_and_stop(workspace)
    enter(workspace)


def enter(workspace: Workspace) -> None:
    with Workspace(workspace.path, wait_seconds=0.5).writing():
        pass


def write_and_stop(workspace: Workspace) -> None:
    with workspace.writing():
        raise RuntimeError("stopped")


def longest_name(workspace: Workspace) -> object:
    with workspace.reading() as connection:
        return connection.execute("SELECT max(length(name)) FROM state.probe").fetchone()


def test_planning_without_a_loaded_network_keeps_no_writer_waiting(workspace: Workspace) -> None:
    enter(workspace)
    with reference_of(workspace) as reference:
        enter(workspace)
        assert reference.nation_figures().population > 0

"""Nothing but a cohort's own shards is in reach of what reads it as Parquet, and shards that are not whole are told."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import duckdb
import pytest

from healthsim import Result, generate, get_manager
from healthsim.errors import QueryError, StateError
from healthsim.sinks.shards import INDEX, read_index
from healthsim.state.query import run_query
from healthsim.state.reading import cohort_connection
from samples import DIABETICS

SQL = "SELECT max(person_id), max(diagnosis_id), max(code), max(onset_date) FROM diagnoses"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Give a cohort with a neighbour, and a file that is nobody's."""
    folder = tmp_path_factory.mktemp("closed")
    (folder / "secret.csv").write_text("a,b\n1,2\n")
    for seed in (1, 2):
        profile = {**DIABETICS, "generation": {"count": 100, "seed": seed, "storage": "parquet"}}
        result = generate(profile=profile, persist=True, name=f"cohort-{seed}", db=folder / "workspace.duckdb")
    return result


@pytest.fixture
def copied(made: Result, tmp_path: Path) -> Path:
    """Give a copy of the cohort's folder that a test may damage."""
    return copytree(made.file, tmp_path / made.file.name)


REACHING = [
    "FROM read_csv('{above}/secret.csv')",
    "FROM read_csv('{own}/../../secret.csv')",
    "FROM read_csv('{own}/patients/../../../secret.csv')",
    "FROM read_csv('file://{above}/secret.csv')",
    "FROM read_text('{own}/link.csv')",
    "FROM read_blob('{own}/linked/secret.csv')",
    "FROM read_text('/etc/passwd')",
    "FROM read_text('secret.csv')",
    "FROM 'secret.csv'",
    "FROM read_parquet('{other}/patients/00000.parquet')",
    "FROM read_parquet('{own}/../*/patients/*.parquet')",
    "FROM read_parquet(['{own}/patients/00000.parquet', '{other}/patients/00000.parquet'])",
    "FROM glob('{above}/*')",
    "FROM glob('{own}/../*')",
    "ATTACH '{other}/cohort.duckdb' AS other",
    "ATTACH '{above}/workspace.duckdb' AS workspace",
    "ATTACH '{own}/new.duckdb' AS new",
    "COPY patients TO '{above}/out.csv'",
    "COPY patients TO '{own}/../out.csv'",
    "COPY patients TO '{own}/linked/out.csv'",
    "EXPORT DATABASE '{above}/out'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "FROM read_csv('https://example.org/a.csv')",
    "CREATE TABLE main.mine (a INTEGER)",
    "DROP VIEW patients",
    "SET enable_external_access = true",
    "SET allowed_directories = ['/']",
    "SET allowed_paths = ['/etc/passwd']",
    "SET file_search_path = '/'",
    "RESET allowed_directories",
    "SET lock_configuration = false",
]


@pytest.mark.parametrize("which", [0, 1])
def test_even_a_statement_nobody_checked_reaches_nothing_else(
    made: Result, monkeypatch: pytest.MonkeyPatch, which: int
) -> None:
    above = made.file.parent.parent
    monkeypatch.chdir(above)
    (other,) = [path for path in made.file.parent.iterdir() if path != made.file and path.suffix == ".parquet"]
    links = {made.file / "link.csv": above / "secret.csv", made.file / "linked": above}
    for link, target in links.items():
        link.symlink_to(target)
    try:
        before = {path for path in above.rglob("*") if path.is_file()}
        with cohort_connection(made.file) as first, cohort_connection(made.file) as second:
            connection = (first, second)[which]
            for sql in REACHING:
                with pytest.raises(duckdb.Error) as caught:
                    connection.execute(sql.format(above=above, own=made.file, other=other))
                assert not isinstance(caught.value, duckdb.ParserException), sql
        assert {path for path in above.rglob("*") if path.is_file()} == before
    finally:
        for link in links:
            link.unlink()


def test_what_a_query_could_say_of_files_is_refused_before_that(made: Result) -> None:
    for sql in ("FROM read_parquet('{own}/patients/00000.parquet')", "SELECT getvariable('healthsim_{variable}')"):
        with pytest.raises(QueryError, match="not available here"):
            run_query(made.file, sql.format(own=made.file, variable=read_index(made.file).variable))


def a_missing_shard(folder: Path) -> None:
    (folder / "diagnoses" / "00000.parquet").unlink()


def a_shard_cut_short(folder: Path) -> None:
    shard = folder / "diagnoses" / "00000.parquet"
    shard.write_bytes(shard.read_bytes()[:-9])


def a_link_in_the_place_of_a_shard(folder: Path) -> None:
    shard = folder / "diagnoses" / "00000.parquet"
    shard.rename(folder.parent / "elsewhere.parquet")
    shard.symlink_to(folder.parent / "elsewhere.parquet")


def a_folder_in_the_place_of_a_shard(folder: Path) -> None:
    a_missing_shard(folder)
    (folder / "diagnoses" / "00000.parquet").mkdir()


def no_index(folder: Path) -> None:
    (folder / INDEX).unlink()


def a_broken_index(folder: Path) -> None:
    (folder / INDEX).write_text("{", encoding="utf-8")


def no_views(folder: Path) -> None:
    (folder / "cohort.duckdb").unlink()


def zeros_at_the_end(folder: Path) -> None:
    shard = folder / "diagnoses" / "00000.parquet"
    content = shard.read_bytes()
    shard.write_bytes(content[:-64] + bytes(64))


def zeros_throughout(folder: Path) -> None:
    shard = folder / "diagnoses" / "00000.parquet"
    content = shard.read_bytes()
    shard.write_bytes(content[:4] + bytes(len(content) // 3) + content[4 + len(content) // 3 :])


@pytest.mark.parametrize(
    "damage",
    [
        a_missing_shard,
        a_shard_cut_short,
        a_link_in_the_place_of_a_shard,
        a_folder_in_the_place_of_a_shard,
        no_index,
        a_broken_index,
        no_views,
        zeros_at_the_end,
        zeros_throughout,
    ],
)
def test_damage_is_told_without_the_path(copied: Path, damage: Callable[[Path], None]) -> None:
    assert run_query(copied, SQL).rows
    damage(copied)
    with pytest.raises(StateError, match=r"damaged") as caught:
        run_query(copied, SQL)
    assert str(copied.parent) not in str(caught.value)
    assert copied.name in str(caught.value)


def test_a_damaged_cohort_is_neither_exported_nor_merged(made: Result, tmp_path: Path) -> None:
    db = tmp_path / "there" / "workspace.duckdb"
    copytree(made.file.parent.parent, db.parent)
    zeros_at_the_end(db.with_suffix(".cohorts") / made.file.name)
    manager = get_manager(db)
    with pytest.raises(StateError, match="is damaged"):
        manager.export_cohort("cohort-2", tmp_path / "export")
    with pytest.raises(StateError, match="cannot be merged"):
        manager.merge_cohorts(["cohort-1", "cohort-2"])
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def test_other_files_in_the_folder_are_not_read(copied: Path) -> None:
    expected = run_query(copied, SQL).rows
    (copied / "diagnoses" / "00001.parquet").write_bytes((copied / "diagnoses" / "00000.parquet").read_bytes())
    assert run_query(copied, "SELECT count(*) FROM diagnoses").rows[0][0] < 500
    assert run_query(copied, SQL).rows == expected

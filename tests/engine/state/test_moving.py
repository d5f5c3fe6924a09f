"""A cohort is exported whole or not at all, and imported only as it was exported."""

import csv
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copy, copytree
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from healthsim import Result, generate, get_manager
from healthsim.errors import InvalidInputError, NotFoundError, StateError
from healthsim.state import StateManager
from healthsim.state.exporting import manifest_checksum
from healthsim.state.manifest import read_manifest

LOCAL: dict[str, Any] = {
    "id": "bristol",
    "generation": {"count": 200, "seed": 5},
    "demographics": {"source": "populationsim", "reference": {"type": "county", "fips": "44001"}},
}


@pytest.fixture(scope="module")
def made() -> Result:
    return generate(profile=LOCAL)


@pytest.fixture
def manager(tmp_path: Path, made: Result) -> StateManager:
    manager = get_manager(tmp_path / "workspace.duckdb")
    manager.persist(made, name="bristol")
    return manager


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory, made: Result) -> Path:
    """Give an export that tests copy."""
    folder = tmp_path_factory.mktemp("exported")
    manager = get_manager(folder / "workspace.duckdb")
    manager.persist(made, name="bristol")
    manager.export_cohort("bristol", folder / "export")
    return folder / "export"


@pytest.fixture
def elsewhere(tmp_path: Path) -> StateManager:
    return get_manager(tmp_path / "elsewhere" / "workspace.duckdb")


def test_what_does_not_fit_into_memory_is_not_laid_into_the_current_folder(
    manager: StateManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid: list[Path] = []
    opened = duckdb.connect

    def watched(*arguments: str, **options: Any) -> duckdb.DuckDBPyConnection:  # noqa: ANN401 - as duckdb's own
        connection = opened(*arguments, **options)
        (where,) = connection.execute("SELECT current_setting('temp_directory')").fetchone() or ("",)
        laid.append(Path(where).absolute())
        return connection

    monkeypatch.setattr(duckdb, "connect", watched)
    folder = tmp_path / "export"
    manager.export_cohort("bristol", folder)
    generate(profile=LOCAL, count=10, persist=True, db=manager.workspace.path)
    assert len(laid) > 2
    assert [path for path in laid if not path.is_relative_to(tmp_path)] == []
    assert not (folder / ".spill").exists()


def tables_of(manager: StateManager, cohort: str) -> dict[str, list[list[Any]]]:
    tables = manager.get_summary(cohort)["tables"]
    return {name: manager.query(cohort, f"FROM {name} ORDER BY ALL", limit=100_000).rows for name in tables}


def refused(manager: StateManager, folder: Path) -> str:
    with pytest.raises(InvalidInputError) as caught:
        manager.import_cohort(folder)
    assert manager.list_cohorts() == []
    assert list(manager.cohorts.directory.glob("*")) == []
    return str(caught.value)


def rewrite(folder: Path, **changes: object) -> None:
    """Change a manifest as somebody would who makes it look whole."""
    file = folder / "manifest.json"
    manifest = {**json.loads(file.read_text(encoding="utf-8")), **changes}
    file.write_text(json.dumps({**manifest, "sha256": manifest_checksum(manifest)}), encoding="utf-8")


def test_a_cohort_with_claims_is_imported_with_what_is_said_of_them(
    manager: StateManager, elsewhere: StateManager, tmp_path: Path
) -> None:
    insured = {**LOCAL, "products": ["patientsim", "membersim"], "journeys": ["hypertension-first-year"]}
    claims = manager.persist(generate(profile=insured, count=20), name="insured")["claims"]
    manager.export_cohort("insured", tmp_path / "export")
    assert elsewhere.import_cohort(tmp_path / "export")["claims"] == claims


def test_an_exported_cohort_is_imported_as_what_it_was(
    manager: StateManager, elsewhere: StateManager, tmp_path: Path
) -> None:
    manager.tag_cohort("bristol", ["study"])
    exported = manager.export_cohort("bristol", tmp_path / "export")
    summary = elsewhere.import_cohort(exported["directory"])
    assert {**summary, "tags": ["study"], "existing": True} == manager.get_summary("bristol")
    assert tables_of(elsewhere, "bristol") == tables_of(manager, "bristol")
    assert elsewhere.list_cohorts(tags=["study"])[0]["name"] == "bristol"
    assert elsewhere.import_cohort(exported["directory"])["existing"]
    assert generate(profile=LOCAL, persist=True, db=elsewhere.workspace.path).existing
    assert elsewhere.profiles.list_executions() == []


def test_an_imported_cohort_gets_the_name_asked_for_or_a_free_one(manager: StateManager, tmp_path: Path) -> None:
    manager.export_cohort("bristol", tmp_path / "export")
    manager.delete_cohort("bristol")
    manager.persist([{"person_id": 1, "gender": "F"}], name="bristol")
    assert manager.import_cohort(tmp_path / "export")["name"].startswith("bristol-")
    manager.delete_cohort(manager.list_cohorts()[0]["cohort_id"])
    assert manager.import_cohort(tmp_path / "export", name="other")["name"] == "other"


def test_an_export_says_what_is_in_it(manager: StateManager, tmp_path: Path) -> None:
    exported = manager.export_cohort("bristol", tmp_path / "export")
    summary = manager.get_summary("bristol")
    assert {file["file"]: file["rows"] for file in exported["files"]} == {
        f"{name}.parquet": rows for name, rows in summary["tables"].items()
    }
    manifest = json.loads((tmp_path / "export" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["spec"] == manager.cohorts.get("bristol").spec
    assert manifest["summary"]["digest"] == summary["digest"]
    assert manifest["summary"]["engine_version"] == summary["engine_version"]
    assert manifest["is_complete"]
    patients = pq.read_table(tmp_path / "export" / "patients.parquet")
    assert patients.num_rows == 200
    assert str(patients.schema.field("gender").type) == "string"


@pytest.mark.parametrize("format_name", ["csv", "jsonl"])
def test_other_formats_hold_the_same_rows(manager: StateManager, tmp_path: Path, format_name: Any) -> None:  # noqa: ANN401 - a literal
    manager.export_cohort("bristol", tmp_path / "export", tables=["patients"], format=format_name)
    file = tmp_path / "export" / f"patients.{format_name}"
    with file.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines)) if format_name == "csv" else [json.loads(line) for line in lines]
    expected = manager.query("bristol", "SELECT patient_id, birth_date FROM patients", limit=1_000).rows
    assert [[row["patient_id"], row["birth_date"]] for row in rows] == expected
    with pytest.raises(InvalidInputError, match="only exports of all tables as Parquet"):
        manager.import_cohort(tmp_path / "export")


def test_without_a_folder_an_export_lies_beside_the_workspace(manager: StateManager) -> None:
    exported = manager.export_cohort("bristol")
    cohort_id = manager.list_cohorts()[0]["cohort_id"]
    assert Path(exported["directory"]) == manager.workspace.path.with_name("workspace.exports") / cohort_id


def test_nothing_is_overwritten(manager: StateManager, tmp_path: Path) -> None:
    manager.export_cohort("bristol", tmp_path / "export")
    before = sorted((path, path.stat().st_mtime_ns) for path in (tmp_path / "export").iterdir())
    with pytest.raises(InvalidInputError, match="something is there already"):
        manager.export_cohort("bristol", tmp_path / "export")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InvalidInputError, match="something is there already"):
        manager.export_cohort("bristol", tmp_path / "file")
    assert sorted((path, path.stat().st_mtime_ns) for path in (tmp_path / "export").iterdir()) == before
    (tmp_path / "empty").mkdir()
    manager.export_cohort("bristol", tmp_path / "empty")


def test_everything_wrong_with_an_export_is_told_at_once(manager: StateManager, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(InvalidInputError) as caught:
        manager.export_cohort("bristol", tmp_path / "taken", tables=["patient", "nothing"], format="parqet")  # type: ignore[arg-type]
    paths = [problem.path for problem in caught.value.problems]
    assert paths == ["$.tables[0]", "$.tables[1]", "$.format", "$.directory"]
    assert "did you mean patients" in str(caught.value)
    assert "did you mean parquet" in str(caught.value)
    with pytest.raises(NotFoundError):
        manager.export_cohort("nobody")


def test_an_export_that_fails_leaves_nothing(manager: StateManager, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StateError, match="cannot be written"):
        manager.export_cohort("bristol", tmp_path / "file" / "export")
    damaged = tmp_path / "damaged"
    damaged.write_bytes(b"damaged " * 5_000)
    damaged.replace(manager.cohorts.get("bristol").path)
    with pytest.raises(StateError, match="missing, busy or damaged"):
        manager.export_cohort("bristol", tmp_path / "export")
    assert not list(tmp_path.glob("*export*"))


@pytest.mark.parametrize("people", ["SELECT 'x' AS person_id, DATE '1950-01-01' AS birth_date", "SELECT 1 AS nothing"])
def test_a_file_that_is_not_the_cohort_is_told(manager: StateManager, tmp_path: Path, people: str) -> None:
    foreign = tmp_path / "foreign.duckdb"
    with duckdb.connect(str(foreign)) as connection:
        connection.execute(f"CREATE TABLE patients AS {people}; CREATE TABLE labs AS SELECT true AS person_id")
    foreign.replace(manager.cohorts.get("bristol").path)
    with pytest.raises(StateError, match="damaged"):
        manager.export_cohort("bristol", tmp_path / "export")
    assert not list(tmp_path.glob("*export*"))
    try:
        manager.score("bristol")
    except StateError as error:
        assert "damaged" in str(error)  # noqa: PT017 - rows that can be scored are


def test_an_export_runs_beside_queries_of_the_same_process(manager: StateManager, tmp_path: Path) -> None:
    def ask(index: int) -> object:
        if index % 4 == 0:
            return manager.export_cohort("bristol", tmp_path / f"export-{index}")["format"]
        return manager.query("bristol", "SELECT count(*) FROM patients").rows[0][0]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(24))) == ["parquet" if index % 4 == 0 else 200 for index in range(24)]


def test_what_is_no_export_is_refused(elsewhere: StateManager, tmp_path: Path) -> None:
    assert "cannot be read" in refused(elsewhere, tmp_path / "nothing")
    (tmp_path / "folder").mkdir()
    assert "cannot be read" in refused(elsewhere, tmp_path / "folder")
    for text in ("{", "[]", "{}", '{"manifest_version": 99}', '{"manifest_version": 1}'):
        (tmp_path / "folder" / "manifest.json").write_text(text)
        assert "manifest" in refused(elsewhere, tmp_path / "folder")
    rewrite(tmp_path / "folder")
    assert "$.summary: this key is needed" in refused(elsewhere, tmp_path / "folder")


@pytest.mark.parametrize("damage", ["changed", "gone", "manifest"])
def test_an_export_that_was_changed_is_refused(
    manager: StateManager, elsewhere: StateManager, tmp_path: Path, damage: str
) -> None:
    folder = tmp_path / "export"
    manager.export_cohort("bristol", folder)
    if damage == "changed":
        (folder / "patients.parquet").write_bytes((folder / "diagnoses.parquet").read_bytes())
    elif damage == "gone":
        (folder / "patients.parquet").unlink()
    else:
        file = folder / "manifest.json"
        file.write_text(file.read_text(encoding="utf-8").replace('"seed": 5', '"seed": 6'), encoding="utf-8")
    told = refused(elsewhere, folder)
    assert ("manifest" if damage == "manifest" else "patients.parquet") in told


def test_a_forged_manifest_reaches_no_file_outside_its_folder(
    manager: StateManager, elsewhere: StateManager, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    manager.export_cohort("bristol", folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    secret = tmp_path / "secret.parquet"
    (folder / "patients.parquet").rename(secret)
    tables = {**manifest["tables"], "patients": {**manifest["tables"]["patients"], "file": "../secret.parquet"}}
    rewrite(folder, tables=tables)
    assert "secret.parquet cannot be read" in refused(elsewhere, folder)


SUMMARIES: list[tuple[str, object]] = [
    *(
        ("cohort_id", value)
        for value in ("../../stranger", "/stranger", "a/b", "co_\0", "co_x\n", 5, None, "co_" + "a" * 300)
    ),
    *(("tables", value) for value in (5, {}, {"patients": -1}, {"patients": 201})),
    *((key, None) for key in ("products", "count", "digest", "demographics", "conditions", "notes", "name")),
    ("as_of", "yesterday"),
    ("demographics", {"age": {"mean": "old"}}),
    ("conditions", [{"code": "E11"}]),
    ("score", {}),
    ("surplus", "\ud800"),
    ("count", float("nan")),
]


@pytest.mark.parametrize(("key", "value"), SUMMARIES, ids=repr)
def test_a_forged_summary_is_seen_through(exported: Path, tmp_path: Path, key: str, value: object) -> None:
    copy(exported / "manifest.json", tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    rewrite(tmp_path, summary={**manifest["summary"], key: value})
    with pytest.raises(InvalidInputError) as caught:
        read_manifest(tmp_path)
    told = str(caught.value)
    assert f"$.summary.{key}" in told or "it is not JSON" in told


def test_a_handle_that_leads_elsewhere_writes_nothing_anywhere(
    exported: Path, elsewhere: StateManager, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    copytree(exported, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    rewrite(folder, summary={**manifest["summary"], "cohort_id": "../../stranger"})
    assert "$.summary.cohort_id" in refused(elsewhere, folder)
    assert not list(tmp_path.rglob("stranger*"))


@pytest.mark.parametrize(
    ("label", "value"),
    [("name", ""), ("name", "a\nb"), ("name", "x" * 300), ("tags", [5]), ("tags", ["a\0"]), ("tags", ["t"] * 100)],
)
def test_names_and_tags_that_nobody_could_give_are_not_imported(
    exported: Path, tmp_path: Path, label: str, value: object
) -> None:
    copy(exported / "manifest.json", tmp_path)
    rewrite(tmp_path, **{label: value})
    with pytest.raises(InvalidInputError, match=rf"\$\.{label}"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    "columns", [{"x": "INTEGER"}, {"person_id": "VARCHAR"}, {"person_id": "BIGINT", "surplus": "INTEGER"}], ids=str
)
def test_columns_that_are_not_those_of_the_table_are_not_imported(
    exported: Path, tmp_path: Path, columns: dict[str, str]
) -> None:
    copy(exported / "manifest.json", tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    rewrite(tmp_path, tables={**manifest["tables"], "patients": {**manifest["tables"]["patients"], "columns": columns}})
    with pytest.raises(InvalidInputError, match=r"\$\.tables\.patients\.columns\."):
        read_manifest(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a file system without named pipes")
@pytest.mark.parametrize("name", ["manifest.json", "patients.parquet"])
def test_what_is_no_file_is_not_waited_for(exported: Path, elsewhere: StateManager, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "export"
    copytree(exported, folder)
    (folder / name).unlink()
    os.mkfifo(folder / name)
    assert "is no file" in refused(elsewhere, folder)


def test_every_kind_of_cohort_is_imported_as_it_was_exported(
    manager: StateManager, elsewhere: StateManager, tmp_path: Path
) -> None:
    manager.persist([{"person_id": 1, "gender": "F"}], name="brought in")
    manager.clone_cohort("bristol", "copy")
    manager.merge_cohorts(["bristol", "copy"], name="merged")
    manager.score("copy")
    for name in ("brought in", "copy", "merged"):
        manager.export_cohort(name, tmp_path / name)
        elsewhere.import_cohort(tmp_path / name)
        assert elsewhere.get_summary(name) == manager.get_summary(name)
        assert tables_of(elsewhere, name) == tables_of(manager, name)


def test_a_manifest_that_contradicts_its_files_is_refused_whole(
    manager: StateManager, elsewhere: StateManager, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    manager.export_cohort("bristol", folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    patients = manifest["tables"]["patients"]
    other = {**patients, "rows": 7, "columns": {"person_id": "BIGINT"}}
    counted = {**manifest["summary"], "tables": {**manifest["summary"]["tables"], "patients": 7}}
    rewrite(folder, tables={**manifest["tables"], "patients": other}, summary=counted)
    told = refused(elsewhere, folder)
    assert "$.tables.patients.columns" in told
    assert "$.tables.patients.rows" in told
    rewrite(folder, tables={**manifest["tables"], "secrets": patients}, spec={"generation": {"count": 0}})
    told = refused(elsewhere, folder)
    assert "$.tables.secrets" in told
    assert "$.spec.generation.count" in told

"""What users bring is checked whole, kept once and found again; a result is kept where it is asked to be."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from healthsim import Result, generate, get_manager
from healthsim.errors import InvalidInputError, StateError
from healthsim.state.catalogue import CohortRecord
from healthsim.state.manager import StateManager
from healthsim.state.staging import Staging
from healthsim.state.store import Workspace
from samples import DIABETICS

WOMAN = {"person_id": 1, "birth_date": date(1970, 2, 3), "gender": "F"}
MAN = {"person_id": 2, "birth_date": date(1980, 4, 5), "gender": "M"}
DIAGNOSIS = {"person_id": 1, "diagnosis_id": 10, "code": "E11.9", "onset_date": date(2020, 1, 1)}


@pytest.fixture
def manager(tmp_path: Path) -> StateManager:
    return get_manager(tmp_path / "workspace.duckdb")


@pytest.fixture(scope="module")
def result() -> Result:
    return generate(profile=DIABETICS, count=300)


def problems_of(manager: StateManager, entities: object, **arguments: Any) -> list[str]:  # noqa: ANN401 - arguments of `persist`
    with pytest.raises(InvalidInputError) as caught:
        manager.persist(entities, **arguments)
    assert manager.list_cohorts() == []
    return [str(problem) for problem in caught.value.problems]


def kept_ids(manager: StateManager) -> list[str]:
    return [cohort["cohort_id"] for cohort in manager.list_cohorts()]


def test_tables_are_kept_and_queried(manager: StateManager) -> None:
    summary = manager.persist({"patients": [WOMAN, MAN], "diagnoses": [DIAGNOSIS]}, context="two people")
    assert summary["name"] == "two people"
    assert summary["tables"] == {"patients": 2, "diagnoses": 1}
    sql = "SELECT gender, code FROM patients JOIN diagnoses USING (person_id)"
    assert manager.query("two people", sql).rows == [["F", "E11.9"]]


def test_a_list_of_records_is_the_table_whose_columns_it_has(manager: StateManager) -> None:
    assert manager.persist([DIAGNOSIS])["tables"] == {"diagnoses": 1}
    assert manager.persist([WOMAN])["tables"] == {"patients": 1}


def test_the_same_rows_are_kept_once_whatever_their_order_and_form(manager: StateManager) -> None:
    first = manager.persist({"patients": [WOMAN, MAN]})
    turned = [dict(reversed(row.items())) for row in (MAN, WOMAN)]
    as_texts = [{**row, "birth_date": row["birth_date"].isoformat()} for row in (WOMAN, MAN)]  # type: ignore[attr-defined]
    for again in (turned, as_texts, pa.Table.from_pylist([MAN, WOMAN])):
        summary = manager.persist({"patients": again}, name="another name")
        assert summary["cohort_id"] == first["cohort_id"]
        assert summary["existing"]
    assert len(kept_ids(manager)) == 1


@pytest.mark.parametrize(
    "other",
    [
        [WOMAN],
        [{**WOMAN, "gender": None}, MAN],
        [{**WOMAN, "given_name": ""}, MAN],
        [{**WOMAN, "given_name": None}, MAN],
        [{**WOMAN, "birth_date": date(1970, 2, 4)}, MAN],
        [{**WOMAN, "person_id": 3}, MAN],
    ],
)
def test_other_rows_are_another_cohort(manager: StateManager, other: list[dict[str, Any]]) -> None:
    first = manager.persist({"patients": [WOMAN, MAN]})
    assert manager.persist({"patients": other})["cohort_id"] != first["cohort_id"]


def test_an_empty_text_is_not_a_missing_one(manager: StateManager) -> None:
    empty = manager.persist([{**WOMAN, "given_name": ""}])
    missing = manager.persist([{**WOMAN, "given_name": None}])
    assert empty["cohort_id"] != missing["cohort_id"]


def test_a_table_without_rows_is_kept_with_its_columns(manager: StateManager) -> None:
    summary = manager.persist({"patients": [WOMAN], "diagnoses": []})
    assert summary["tables"] == {"patients": 1, "diagnoses": 0}
    answer = manager.query(summary["cohort_id"], "SELECT code, onset_date FROM diagnoses")
    assert (answer.columns, answer.types, answer.rows) == (["code", "onset_date"], ["VARCHAR", "DATE"], [])


def test_every_problem_is_told_at_once_with_its_path(manager: StateManager) -> None:
    told = problems_of(
        manager,
        {
            "patients": [WOMAN, {**MAN, "birth_date": "1980-13-01"}, {**MAN, "person_id": "three", "birthdate": 1}],
            "diagnosis": [],
        },
    )
    assert told == [
        "$.patients.birthdate: no such column; did you mean birth_date?",
        "$.patients[2].person_id: not of type BIGINT (received 'three')",
        "$.patients[1].birth_date: not of type DATE (received '1980-13-01'); dates are written as 2025-01-31",
        "$.diagnosis: no such table (received 'diagnosis'); did you mean diagnoses?",
    ]


@pytest.mark.parametrize(
    ("entities", "problem"),
    [
        ([], "$: nothing that can be kept"),
        (None, "$: nothing that can be kept"),
        ("patients", "$: nothing that can be kept"),
        ([{"colour": "red"}], "$: nothing that can be kept"),
        ({"patients": WOMAN}, "$.patients: a table is a list of records"),
        ({"patients": [WOMAN, 3]}, "$.patients[1]: a record is an object (received 3)"),
        ([{**WOMAN, 3: 1}], "$.patients: a column's name is a text (received 3)"),
        ([{**WOMAN, "given_name": "\ud800"}], "$.patients[0].given_name: not of type VARCHAR"),
        ([{**WOMAN, "person_id": 2**70}], "$.patients[0].person_id: not of type BIGINT"),
        ([{**WOMAN, "mrn_number": 5}], "$.patients.mrn_number: no such column"),
        ([WOMAN, {**MAN, "person_id": None}], "$.patients[1].person_id: must not be null"),
        ([{"gender": "F", "birth_date": date(1970, 1, 1)}], "$.patients.person_id: every row needs this key"),
        ([WOMAN, {**MAN, "person_id": 1}], "$.patients: person_id must be unique (received {'person_id': 1})"),
        ({"patients": pa.table([[1], [2]], ["person_id", "person_id"])}, "$.patients: a column is there twice"),
    ],
)
def test_what_cannot_be_kept_is_refused(manager: StateManager, entities: object, problem: str) -> None:
    (told,) = problems_of(manager, entities)
    assert told.startswith(problem)


def test_a_reference_to_nobody_is_named_with_its_row(manager: StateManager) -> None:
    (told,) = problems_of(
        manager,
        {"patients": [WOMAN], "diagnoses": [DIAGNOSIS, {**DIAGNOSIS, "diagnosis_id": 11, "person_id": 7}]},
    )
    assert told == "$.diagnoses[1].person_id: refers to no row of patients (received 7)"


def test_a_reference_that_is_null_refers_to_nobody_on_purpose(manager: StateManager) -> None:
    summary = manager.persist(
        {"patients": [WOMAN], "diagnoses": [DIAGNOSIS, {**DIAGNOSIS, "diagnosis_id": 11, "person_id": None}]}
    )
    assert summary["tables"]["diagnoses"] == 2


def test_problems_without_end_are_counted(manager: StateManager) -> None:
    told = problems_of(manager, [{"person_id": index, "birth_date": "soon"} for index in range(1_050)])
    assert len(told) == 51
    assert told[-1] == "$: 1,000 more problems like these"


def test_a_name_that_is_none_is_refused(manager: StateManager) -> None:
    assert problems_of(manager, [WOMAN], name=5, context=" ") == [
        "$.name: a name is a text that is not blank (received 5)",
        "$.context: a name is a text that is not blank (received ' ')",
    ]


def test_a_result_brought_as_tables_is_kept_with_all_its_rows(manager: StateManager, result: Result) -> None:
    as_arrow = manager.persist({name: result.table(name) for name in result})
    as_records = manager.persist(dict(result))
    assert as_arrow["tables"] == result.summary["tables"]
    assert as_records["cohort_id"] == as_arrow["cohort_id"]


def test_a_result_is_kept_with_its_rows_and_its_run(manager: StateManager, result: Result) -> None:
    summary = manager.persist(result, context="my diabetics")
    assert (summary["cohort_id"], summary["name"]) == (result.get("cohort_id"), "my diabetics")
    assert not summary["existing"]
    assert manager.query("my diabetics", "SELECT count(*) FROM patients").rows == [[300]]
    with manager.workspace.reading() as connection:
        rows = connection.execute("SELECT cohort_id, digest FROM state.profile_executions").fetchall()
    assert rows == [(result.get("cohort_id"), result.digest)]
    assert manager.persist(result)["existing"]


def test_a_result_kept_in_one_workspace_is_kept_in_another_too(manager: StateManager, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.duckdb"
    made = generate(profile=DIABETICS, count=50, persist=True, db=elsewhere)
    assert not manager.persist(made)["existing"]
    get_manager(elsewhere).delete_cohort(made.get("cohort_id"))
    assert manager.query(made.get("cohort_id"), "SELECT count(*) FROM patients").rows == [[50]]


def test_a_taken_name_that_was_chosen_is_refused_and_one_that_was_not_is_made_free(
    manager: StateManager, result: Result
) -> None:
    manager.persist([WOMAN], name="mine")
    with pytest.raises(InvalidInputError, match="belongs to cohort co_"):
        manager.persist(result, name="mine")
    assert manager.persist(result, context="mine")["name"].startswith("mine-")


def test_a_result_whose_file_is_gone_is_told(manager: StateManager, tmp_path: Path) -> None:
    made = generate(profile=DIABETICS, count=50, persist=True, db=tmp_path / "elsewhere.duckdb")
    made.file.unlink()
    with pytest.raises(StateError, match="cannot be copied"):
        manager.persist(made)
    assert list(manager.cohorts.directory.iterdir()) == []


def test_a_cohort_is_not_lost_when_the_catalogue_fails_at_the_very_end(
    manager: StateManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Workspace, "_connected", failing_at_commit(Workspace._connected))  # noqa: SLF001 - a fault at the border to DuckDB
    with pytest.raises(StateError, match="disk is full; the finished cohort is kept as"):
        manager.persist([WOMAN])
    monkeypatch.undo()
    kept, note = sorted(manager.cohorts.directory.iterdir())
    assert kept.name.endswith(".unpublished.duckdb")
    assert note.name == f"{kept.name}.json"
    with duckdb.connect(str(kept), read_only=True) as connection:
        assert connection.execute("SELECT person_id FROM patients").fetchall() == [(1,)]
    assert manager.list_cohorts() == []
    assert not manager.persist([WOMAN])["existing"]


def test_an_interrupted_publishing_leaves_nothing(manager: StateManager, monkeypatch: pytest.MonkeyPatch) -> None:
    with manager.workspace.writing():
        pass
    monkeypatch.setattr(Workspace, "_connected", failing_at_commit(Workspace._connected, KeyboardInterrupt()))  # noqa: SLF001 - as above
    with pytest.raises(KeyboardInterrupt):
        manager.persist([WOMAN])
    monkeypatch.undo()
    assert list(manager.cohorts.directory.iterdir()) == []
    assert manager.list_cohorts() == []


def test_publishing_the_same_cohort_twice_keeps_the_first_file(manager: StateManager) -> None:
    summary = manager.persist([WOMAN])
    file = manager.cohorts.get(summary["cohort_id"]).path
    written = file.stat().st_mtime_ns
    with Staging(manager.cohorts.directory) as staging:
        staging.path.write_text("the loser's")
        record, existing = manager.cohorts.publish(staging, CohortRecord.of(summary, {}), is_named=False)
    assert existing
    assert record.path == file
    assert file.stat().st_mtime_ns == written
    assert list(manager.cohorts.directory.iterdir()) == [file]


def test_a_list_of_less_than_one_cohort_is_refused(manager: StateManager) -> None:
    with pytest.raises(InvalidInputError, match="at least 1"):
        manager.list_cohorts(-1)


class FailingAtCommit:
    """A connection whose commits fail once the catalogue is being written."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, failure: BaseException) -> None:
        self._connection = connection
        self._failure = failure
        self._is_entering = False

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the connection has
        return getattr(self._connection, name)

    def execute(self, sql: str, *values: Any) -> Any:  # noqa: ANN401 - as DuckDB
        self._is_entering = self._is_entering or "INSERT INTO state.cohorts" in sql
        return self._connection.execute(sql, *values)

    def commit(self) -> object:
        if self._is_entering:
            raise self._failure
        return self._connection.commit()


def failing_at_commit(connected: Any, failure: BaseException | None = None) -> Any:  # noqa: ANN401 - a method
    fault = failure or duckdb.IOException("IO Error: the disk is full")

    def failing(workspace: Workspace, *, read_only: bool) -> FailingAtCommit:
        return FailingAtCommit(connected(workspace, read_only=read_only), fault)

    return failing


@pytest.mark.parametrize("amount", [12.5, "12.50", Decimal("12.5")], ids=repr)
def test_amounts_of_money_are_taken_however_they_are_written(manager: StateManager, amount: object) -> None:
    kept = manager.persist({"claims": [{"claim_id": 1, "billed": amount}, {"claim_id": 2, "billed": 3}]})
    assert manager.query(kept["cohort_id"], "SELECT sum(billed) = 15.50 FROM claims").rows == [[True]]


def test_an_amount_with_parts_of_cents_is_refused(manager: StateManager) -> None:
    (problem,) = problems_of(manager, {"claims": [{"claim_id": 1, "billed": 12.505}]})
    assert problem.startswith("$.claims[0].billed")
    assert "whole cents" in problem

"""Cohorts are renamed, tagged, cloned, merged and deleted, and what a process left half done is settled."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from healthsim import Result, generate, get_manager
from healthsim.errors import InvalidInputError, NotFoundError, StateError
from healthsim.state import StateManager
from healthsim.state.settling import settle

LOCAL: dict[str, Any] = {
    "id": "bristol",
    "generation": {"count": 200, "seed": 5},
    "demographics": {"source": "populationsim", "reference": {"type": "county", "fips": "44001"}},
}
WOMAN = {"person_id": 1, "gender": "F", "patient_id": "her own", "mrn": "7"}


@pytest.fixture
def manager(tmp_path: Path) -> StateManager:
    return get_manager(tmp_path / "workspace.duckdb")


@cache
def made(seed: int = 5, count: int = 200, gender: str | None = None) -> Result:
    """Generate a cohort once for all tests that keep it."""
    who = {**LOCAL["demographics"], **({} if gender is None else {"gender": gender})}
    return generate(profile={**LOCAL, "demographics": who}, seed=seed, count=count)


def kept(manager: StateManager, *, name: str | None = None, **asked: Any) -> Result:  # noqa: ANN401 - arguments of `made`
    result = made(**asked)
    summary = manager.persist(result, name=name)
    record = manager.cohorts.get(summary["cohort_id"])
    return Result(record.path, summary, existing=summary["existing"], spec=record.spec)


def files(manager: StateManager) -> list[str]:
    return sorted(path.name for path in manager.cohorts.directory.iterdir())


def rows(manager: StateManager, cohort: str, sql: str) -> list[list[Any]]:
    return manager.query(cohort, sql, limit=100_000).rows


def test_a_cohort_is_renamed_everywhere_unless_the_name_is_taken(manager: StateManager) -> None:
    made = kept(manager, name="before")
    kept(manager, seed=6, name="taken")
    assert manager.rename_cohort("before", "after")["cohort_id"] == made.get("cohort_id")
    assert manager.rename_cohort("after", "after")["name"] == "after"
    assert manager.get_summary("after")["name"] == "after"
    for wrong in ("taken", "", "a\nb", None):
        with pytest.raises(InvalidInputError, match=r"\$\.name"):
            manager.rename_cohort("after", wrong)  # type: ignore[arg-type]
    with pytest.raises(NotFoundError, match="did you mean after"):
        manager.rename_cohort("aftr", "other")
    assert kept(manager).get("name") == "after"


def test_cohorts_are_tagged_and_found_by_tag_name_and_product(manager: StateManager) -> None:
    kept(manager, name="one")
    manager.persist([{"diagnosis_id": 1, "person_id": 1, "code": "E11.9"}], name="two")
    assert manager.tag_cohort("one", ["Study", "study", "old"])["tags"] == ["Study", "old"]
    assert manager.tag_cohort("one", ["new"], remove=["OLD"])["tags"] == ["Study", "new"]
    assert manager.get_summary("one")["tags"] == ["Study", "new"]
    assert [each["name"] for each in manager.list_cohorts(tags=["study", "new"])] == ["one"]
    assert [each["name"] for each in manager.list_cohorts(search="TW")] == ["two"]
    assert len(manager.list_cohorts(product="patientsim")) == 2
    assert manager.list_cohorts(product="membersim") == manager.list_cohorts(tags=["old"]) == []
    assert [each["name"] for each in manager.list_cohorts(1, offset=1)] == ["one"]
    with pytest.raises(InvalidInputError) as caught:
        manager.tag_cohort("one", "text", remove=[""])
    assert [problem.path for problem in caught.value.problems] == ["$.add", "$.remove[0]"]


def test_tags_go_with_their_cohort(manager: StateManager) -> None:
    kept(manager, name="one")
    manager.tag_cohort("one", ["study"])
    manager.delete_cohort("one")
    kept(manager, name="one")
    assert manager.list_cohorts()[0]["tags"] == []


def test_a_clone_has_the_rows_of_its_original_and_outlives_it_without_taking_space(manager: StateManager) -> None:
    made = kept(manager, name="original")
    clone = manager.clone_cohort("original", "copy")
    assert clone["cohort_id"] != made.get("cohort_id")
    assert clone["digest"] == made.digest
    assert len({path.stat().st_ino for path in manager.cohorts.directory.iterdir()}) == 1
    manager.delete_cohort("original")
    assert rows(manager, "copy", "SELECT count(*) FROM patients") == [[200]]
    assert manager.cohorts.get("copy").spec == made.spec
    assert len(manager.profiles.list_executions()) == 1
    with pytest.raises(InvalidInputError, match="belongs to cohort"):
        manager.clone_cohort("copy", "copy")
    assert len(files(manager)) == 1


def test_the_people_of_merged_cohorts_stay_different_people(manager: StateManager) -> None:
    for seed, name in ((1, "one"), (2, "two"), (3, "three")):
        kept(manager, seed=seed, name=name)
    summary = manager.merge_cohorts(["one", "two", "three"], name="all")
    assert summary["count"] == summary["tables"]["patients"] == 600
    tables = [table for table in summary["tables"] if not table.endswith("_used")]
    keys = {"patients": "person_id", "diagnoses": "diagnosis_id", "encounters": "encounter_id"}
    for table in set(tables) & keys.keys():
        ((total, distinct),) = rows(manager, "all", f"SELECT count(*), count(DISTINCT {keys[table]}) FROM {table}")  # noqa: S608 - ours
        assert total == distinct
        assert total == sum(manager.get_summary(name)["tables"][table] for name in ("one", "two", "three"))
    own = "SELECT count(*) FROM diagnoses WHERE diagnosis_id // 65536 <> person_id"
    assert rows(manager, "all", own) == [[0]]
    assert rows(manager, "all", "SELECT count(*) FROM encounters WHERE encounter_id // 65536 <> person_id") == [[0]]
    orphans = "SELECT count(*) FROM diagnoses ANTI JOIN patients USING (person_id)"
    assert rows(manager, "all", orphans) == [[0]]
    assert rows(
        manager, "all", "SELECT count(*) FROM encounters e ANTI JOIN providers_used p ON npi = provider_npi"
    ) == [[0]]


def test_merged_rows_are_those_of_the_parts_but_for_their_identifiers(manager: StateManager) -> None:
    for seed, name in ((1, "one"), (2, "two")):
        kept(manager, seed=seed, name=name)
    manager.merge_cohorts(["one", "two"], name="both")
    sql = "SELECT given_name, birth_date, address_line, mrn, patient_id FROM patients ORDER BY person_id"
    merged, first, second = (rows(manager, name, sql) for name in ("both", "one", "two"))
    assert [row[:4] for row in merged] == [row[:4] for row in first + second]
    assert [row[4] for row in merged] == [f"P{number:010d}" for number in range(1, 401)]
    sql = "SELECT code, onset_date FROM diagnoses JOIN patients USING (person_id) ORDER BY person_id, rank"
    assert rows(manager, "both", sql) == rows(manager, "one", sql) + rows(manager, "two", sql)
    providers = [set(map(tuple, rows(manager, name, "FROM providers_used"))) for name in ("both", "one", "two")]
    assert providers[0] == providers[1] | providers[2]


def test_medical_record_numbers_of_merged_cohorts_are_unique(manager: StateManager) -> None:
    people = [{**WOMAN, "mrn": f"{number:04d}", "person_id": number} for number in range(1, 4)]
    manager.persist({"patients": people}, name="one")
    manager.persist({"patients": [{**each, "gender": "M"} for each in people]}, name="two")
    manager.merge_cohorts(["one", "two"], name="both")
    sql = "SELECT person_id, mrn, patient_id FROM patients ORDER BY person_id"
    assert rows(manager, "both", sql) == [
        *([1, "0001", "her own"], [2, "0002", "her own"], [3, "0003", "her own"]),
        *([4, "0000", "her own"], [5, "0004", "her own"], [6, "0005", "her own"]),
    ]


def test_identifiers_that_are_not_of_the_usual_form_are_kept_apart_too(manager: StateManager) -> None:
    for name, number in (("one", 10**12), ("two", 5)):
        encounter = {"person_id": 1, "encounter_id": number, "class_code": "AMB"}
        diagnosis = {"person_id": 1, "diagnosis_id": 5, "encounter_id": number, "code": "I10"}
        manager.persist({"patients": [WOMAN], "encounters": [encounter], "diagnoses": [diagnosis]}, name=name)
    manager.merge_cohorts(["one", "two"], name="both")
    sql = "SELECT person_id, encounter_id FROM diagnoses JOIN encounters USING (person_id, encounter_id) ORDER BY 1"
    assert rows(manager, "both", sql) == [[1, 10**12], [2, 10**12 + 1]]


def test_the_same_cohorts_are_merged_once_and_in_another_order_anew(manager: StateManager) -> None:
    kept(manager, seed=1, name="one")
    kept(manager, seed=2, name="two")
    first = manager.merge_cohorts(["one", "two"])
    again = manager.merge_cohorts(["one", "two"], name="again")
    assert (again["cohort_id"], again["existing"]) == (first["cohort_id"], True)
    assert manager.merge_cohorts(["two", "one"])["cohort_id"] != first["cohort_id"]


def test_a_merged_summary_weighs_its_parts(manager: StateManager) -> None:
    kept(manager, gender="female", count=300, name="women")
    kept(manager, gender="male", count=100, name="men")
    summary = manager.merge_cohorts(["women", "men"], name="people")
    assert summary["demographics"]["gender"] == {"F": 0.75, "M": 0.25}
    sql = "SELECT min(a), max(a) FROM (SELECT date_diff('year', birth_date, DATE '2025-01-01') AS a FROM patients)"
    ((low, high),) = rows(manager, "people", sql)
    age = summary["demographics"]["age"]
    assert abs(age["min"] - low) <= 1
    assert abs(age["max"] - high) <= 1
    assert sum(age["bands"].values()) == pytest.approx(1, abs=0.001)
    assert "merged from" in summary["notes"][0]


def test_what_cannot_be_merged_is_told_at_once_and_nothing_is_kept(manager: StateManager) -> None:
    kept(manager, name="one")
    for wrong, paths in (
        (["one", "nobody", "one"], ["$.cohort_ids[1]", "$.cohort_ids[2]"]),
        (["one"], ["$.cohort_ids"]),
        ("one", ["$.cohort_ids"]),
    ):
        with pytest.raises(InvalidInputError) as caught:
            manager.merge_cohorts(wrong)
        assert [problem.path for problem in caught.value.problems] == paths
    assert len(files(manager)) == len(manager.list_cohorts()) == 1


def test_cohorts_that_know_the_world_differently_are_not_merged(manager: StateManager) -> None:
    for name in ("one", "two"):
        manager.persist({"patients": [{**WOMAN, "mrn": name}], "providers_used": [{"npi": 1, "name": name}]}, name=name)
    with pytest.raises(InvalidInputError, match="different reference data"):
        manager.merge_cohorts(["one", "two"])
    assert len(files(manager)) == len(manager.list_cohorts()) == 2


def out_of_reach(manager: StateManager, monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:  # noqa: ANN401 - as above
    """Generate a cohort while the catalogue cannot be reached."""

    def failing(*_: object) -> None:
        raise StateError("the catalogue is out of reach")

    with monkeypatch.context() as broken:
        broken.setattr("healthsim.state.cohorts.settle", failing)
        with pytest.raises(StateError, match="healthsim cohorts publish"):
            kept(manager, **changes)


def test_a_cohort_that_could_not_reach_the_catalogue_is_published_later_as_if_it_had(
    manager: StateManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(manager, seed=1)
    out_of_reach(manager, monkeypatch, name="late")
    assert any(name.endswith(".unpublished.duckdb") for name in files(manager))
    assert len(manager.list_cohorts()) == 1
    (answer,) = manager.publish_cohorts()
    assert (answer["name"], answer["existing"]) == ("late", False)
    again = kept(manager)
    assert again.existing
    assert manager.query("late", "SELECT count(*) FROM patients").rows == [[200]]
    assert manager.profiles.list_executions()[0].digest == again.digest
    assert files(manager) == sorted(f"{each['cohort_id']}.duckdb" for each in manager.list_cohorts())
    assert manager.publish_cohorts() == []


def test_what_was_made_again_meanwhile_is_not_published_twice(
    manager: StateManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    out_of_reach(manager, monkeypatch)
    made = kept(manager)
    (answer,) = manager.publish_cohorts()
    assert (answer["cohort_id"], answer["existing"]) == (made.get("cohort_id"), True)
    assert files(manager) == [f"{made.get('cohort_id')}.duckdb"]


@pytest.mark.parametrize("damage", ["file", "rows", "note", "lost note"])
def test_a_finished_cohort_that_is_not_whole_any_more_stays_where_it_is(
    manager: StateManager, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    out_of_reach(manager, monkeypatch)
    (file,) = manager.cohorts.directory.glob("*.unpublished.duckdb")
    note = file.with_name(f"{file.name}.json")
    copied = file.with_name("copied")
    copied.write_bytes(file.read_bytes())
    copied.replace(file)  # by itself now: it had the name of a result, too
    if damage == "file":
        file.write_bytes(b"damaged " * 5_000)
    elif damage == "rows":
        with duckdb.connect(str(file)) as connection:
            connection.execute("DELETE FROM stored.patients WHERE person_id = 7")
    elif damage == "note":
        note.write_text("[]")
    else:
        note.unlink()
    (answer,) = manager.publish_cohorts()
    assert file.name in answer["problem"] or note.name in answer["problem"]
    assert file.exists()
    assert manager.list_cohorts() == []


def test_a_publishing_that_died_half_way_is_undone_and_one_that_was_done_stays(manager: StateManager) -> None:
    made = kept(manager)
    directory = manager.cohorts.directory
    orphan = directory / "co_orphan.duckdb"
    orphan.write_text("moved to its place, never entered")
    for file in (orphan, made.file):
        file.with_name(f"{file.name}.unsettled").touch()
    again = get_manager(manager.workspace.path)
    assert files(again) == [made.file.name]
    assert len(again.list_cohorts()) == 1


def test_a_deletion_that_died_half_way_is_finished(manager: StateManager) -> None:
    made = kept(manager)
    manager.tag_cohort(made.get("cohort_id"), ["study"])
    made.file.with_name(f"{made.file.name}.unsettled").touch()
    made.file.unlink()
    assert get_manager(manager.workspace.path).list_cohorts() == []
    assert files(manager) == []


def test_files_without_a_mark_are_never_settled(manager: StateManager) -> None:
    kept(manager)
    stranger = manager.cohorts.directory / "co_stranger.duckdb"
    stranger.write_text("of another catalogue")
    with manager.workspace.writing() as connection:
        assert settle(connection, manager.cohorts.directory) == []
    kept(manager, seed=99)
    assert stranger.exists()


def test_a_cohort_whose_folder_is_gone_can_be_deleted(manager: StateManager) -> None:
    made = kept(manager)
    made.file.unlink()
    manager.cohorts.directory.rmdir()
    assert manager.delete_cohort(made.get("cohort_id"))["name"] == made.get("name")
    assert manager.list_cohorts() == []


def test_the_note_of_an_unpublished_cohort_is_what_would_have_been_entered(
    manager: StateManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    out_of_reach(manager, monkeypatch)
    (note,) = manager.cohorts.directory.glob("*.json")
    entered = json.loads(note.read_text(encoding="utf-8"))
    made = kept(manager)
    assert entered["summary"]["digest"] == made.digest
    assert entered["spec"] == made.spec

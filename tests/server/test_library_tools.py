"""The tools that save, list, give, export, execute again and delete."""

import json
from pathlib import Path
from typing import Any

import pytest

from healthsim import get_manager
from healthsim_mcp.replies import HARD_CAP
from healthsim_mcp.sizes import compact, estimated_tokens
from server.calling import Caller, connected, text_of

CONCISE = 500
COUNTY = {"reference": {"type": "county", "fips": "44001"}}
PROFILE: dict[str, Any] = {"id": "bristol", "generation": {"count": 20, "seed": 1}, "demographics": COUNTY}
OTHER: dict[str, Any] = {**PROFILE, "generation": {"count": 30, "seed": 1}}
VISIT = {"id": "visit", "event_type": "encounter", "timing": {"type": "fixed", "day": 1}}
JOURNEY: dict[str, Any] = {"id": "visits", "duration_days": 9, "events": [VISIT]}
KINDS = ["profiles", "journeys", "cohorts", "executions", "skills", "schemas"]


@pytest.fixture(scope="module")
def cohort(shared_caller: Caller) -> dict[str, Any]:
    shared_caller.answer("save_profile", name="bristol", profile=PROFILE, tags=["island"])
    shared_caller.answer("save_journey", name="visits", journey=JOURNEY)
    return shared_caller.answer("generate_cohort", profile_name="bristol", name="kept")


def test_a_profile_is_saved_once_and_another_one_is_its_next_version(caller: Caller) -> None:
    saved = caller.answer("save_profile", name="bristol", profile=PROFILE, description="few", tags=["island"])
    assert saved == {"id": 1, "name": "bristol", "version": 1, "products": ["patientsim"]}
    assert caller.answer("save_profile", name="bristol", profile=PROFILE) == saved
    assert caller.answer("save_profile", name="bristol", profile=OTHER)["version"] == 2
    assert caller.answer("get_item", kind="profiles", name="bristol")["profile"] == OTHER
    first = caller.answer("get_item", kind="profiles", name="1", version=1)
    assert (first["profile"], first["description"], first["tags"]) == (PROFILE, "«few»", ["island"])


def test_what_could_not_be_generated_is_not_saved_and_everything_wrong_is_told(caller: Caller) -> None:
    profile = {"generation": {"count": 0}, "clinical": {"primary_condition": "diabetis"}}
    refusal = caller.refusal("save_profile", name="7", profile=profile)
    assert all(path in refusal for path in ("$.name", "$.profile.generation.count", "$.profile.clinical"))
    assert "did you mean" in refusal
    assert caller.answer("list_library", kind="profiles")["items"] == []


def test_a_journey_is_saved_like_a_profile(caller: Caller) -> None:
    saved = caller.answer("save_journey", name="visits", journey=JOURNEY, tags=["short"])
    assert saved == {"id": 1, "name": "visits", "version": 1, "products": ["patientsim"]}
    longer = {**JOURNEY, "duration_days": 99}
    assert caller.answer("save_journey", name="visits", journey=json.dumps(longer))["version"] == 2
    assert caller.answer("get_item", kind="journeys", name="visits", version=1)["journey"] == JOURNEY
    (item,) = caller.answer("list_library", kind="journeys", tags=["short"])["items"]
    assert item["version"] == 2
    refusal = caller.refusal(
        "save_journey", name="wrong", journey={**JOURNEY, "events": [{**VISIT, "event_type": "vist"}]}
    )
    assert refusal.startswith("$.journey.events[0].event_type")


def test_a_number_is_no_name_even_where_a_profile_has_it(caller: Caller) -> None:
    caller.answer("save_profile", name="bristol", profile=PROFILE)
    assert "$.name" in caller.refusal("save_profile", name="1", profile=OTHER)


def test_a_saved_profile_is_generated_explained_and_recorded(shared_caller: Caller, cohort: dict[str, Any]) -> None:
    explained = shared_caller.answer("explain_profile", profile_name="bristol")
    assert explained["cohort_id"] == cohort["cohort_id"]
    (execution,) = shared_caller.answer("list_library", kind="executions")["items"]
    assert (execution["cohort_id"], execution["profile_id"]) == (cohort["cohort_id"], 1)
    item = shared_caller.answer("get_item", kind="executions", name=str(execution["execution_id"]))
    assert item["profile"]["generation"] == {"count": 20, "seed": 1}
    assert item["digest"] == cohort["digest"]
    assert "did you mean bristol" in shared_caller.refusal("generate_cohort", profile_name="bristl")
    assert "$.profile_name" in shared_caller.refusal("generate_cohort", profile_name="bristol", profile=PROFILE)


@pytest.mark.usefixtures("cohort")
@pytest.mark.parametrize("kind", KINDS)
def test_everything_that_is_listed_can_be_got_and_is_short(shared_caller: Caller, kind: str) -> None:
    listed = shared_caller.answer("list_library", kind=kind)
    assert estimated_tokens(compact(listed)) <= CONCISE
    assert listed["items"]
    for item in listed["items"]:
        name = str(item.get("name") or item.get("execution_id"))
        assert len(text_of(shared_caller.call("get_item", kind=kind, name=name))) <= HARD_CAP


def test_pages_of_a_list_follow_each_other_without_gap(shared_caller: Caller) -> None:
    whole = shared_caller.answer("list_library", kind="schemas", limit=200)
    assert "next_cursor" not in whole
    names: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = shared_caller.answer("list_library", kind="schemas", limit=4, **cursor)
        names += [item["name"] for item in page["items"]]
        if "next_cursor" not in page:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert names == [item["name"] for item in whole["items"]]


@pytest.mark.usefixtures("cohort")
def test_lists_are_searched_and_what_cannot_be_searched_by_is_told(shared_caller: Caller) -> None:
    def found(**arguments: object) -> list[str]:
        return [item["name"] for item in shared_caller.answer("list_library", **arguments)["items"]]

    assert found(kind="profiles", tags=["island"], search="bris", product="patientsim") == ["bristol"]
    assert found(kind="cohorts", search="kep") == ["kept"]
    assert found(kind="cohorts", product="membersim") == []
    assert found(kind="skills", search="diabetes") == ["diabetes-management"]
    refusal = shared_caller.refusal("list_library", kind="executions", tags=["x"], search="y")
    assert "$.tags" in refusal
    assert "$.search" in refusal


@pytest.mark.usefixtures("cohort")
def test_what_is_not_there_names_the_nearest(shared_caller: Caller) -> None:
    assert "did you mean bristol" in shared_caller.refusal("get_item", kind="profiles", name="bristl")
    assert "$.name" in shared_caller.refusal("get_item", kind="executions", name="99")
    assert "did you mean kept" in shared_caller.refusal("get_item", kind="cohorts", name="kep")
    assert "did you mean profile" in shared_caller.refusal("get_item", kind="schemas", name="profil")
    assert "$.version" in shared_caller.refusal("get_item", kind="skills", name="copd", version=2)


def test_a_profile_too_long_for_a_reply_is_given_in_part_with_what_is_left_out(caller: Caller, workspace: Path) -> None:
    get_manager(workspace).profiles.save_profile("long", {**PROFILE, "description": "x" * 50_000})
    item = caller.answer("get_item", kind="profiles", name="long")
    assert item["generation"] == PROFILE["generation"]
    assert "healthsim profiles show" in item["left_out"]["hint"]
    assert len(compact(item)) <= HARD_CAP


def test_an_execution_is_executed_again_to_the_same_digest(shared_caller: Caller, cohort: dict[str, Any]) -> None:
    again = shared_caller.answer("rerun_execution", execution_id=1)
    assert (again["equal"], again["digest_now"], again["changes"]) == (True, cohort["digest"], [])
    assert "did you mean 1" in shared_caller.refusal("rerun_execution", execution_id=7)


def test_a_large_execution_goes_on_in_a_run_or_on_a_read_only_server_is_left_to_the_command(
    caller: Caller, workspace: Path
) -> None:
    profiles = get_manager(workspace).profiles
    number = profiles.record_execution(profiles.save_profile("it", PROFILE), count=50_000_000)
    run = caller.answer("rerun_execution", execution_id=number)
    assert (run["state"], run["total"]) == ("running", 50_000_000)
    assert caller.answer("get_run", run_id=run["run_id"], cancel=True)["state"] == "cancelled"
    with connected(workspace, is_read_only=True) as reader:
        assert "healthsim profiles rerun" in reader.refusal("rerun_execution", execution_id=number)


@pytest.mark.usefixtures("cohort")
def test_a_cohort_is_exported_into_a_new_folder_alone(shared_caller: Caller) -> None:
    exported = shared_caller.answer("export_cohort", cohort_id="kept", directory="export", tables=["patients"])
    folder = Path(exported["directory"])
    assert folder.parent.name == "workspace.exports"
    (file,) = exported["files"]
    assert (file["file"], file["rows"], len(file["sha256"])) == ("patients.parquet", 20, 64)
    assert (folder / "patients.parquet").stat().st_size == file["bytes"]
    assert "nothing is overwritten" in shared_caller.refusal("export_cohort", cohort_id="kept", directory="export")
    assert "did you mean patients" in shared_caller.refusal("export_cohort", cohort_id="kept", tables=["patient"])


def test_an_export_of_all_tables_is_answered_shortly(shared_caller: Caller, cohort: dict[str, Any]) -> None:
    exported = shared_caller.answer("export_cohort", cohort_id=cohort["cohort_id"], directory="all")
    assert estimated_tokens(compact(exported)) <= CONCISE
    left_out = exported.get("left_out", {}).get("files", 0)
    assert len(exported["files"]) + left_out == len(cohort["tables"])


def test_a_deleted_cohort_is_gone_and_what_was_removed_is_told(caller: Caller) -> None:
    made = caller.answer("generate_cohort", profile=PROFILE)
    removed = caller.answer("delete_cohort", cohort_id=made["cohort_id"])["deleted"]
    assert (removed["cohort_id"], removed["tables"]["patients"]) == (made["cohort_id"], 20)
    assert "no such cohort" in caller.refusal("delete_cohort", cohort_id=made["cohort_id"])
    assert caller.answer("rerun_execution", execution_id=1)["equal"]


def test_journeys_of_the_package_are_listed_after_the_saved_and_can_be_read(caller: Caller) -> None:
    caller.answer("save_journey", name="visits", journey=JOURNEY)
    items = caller.answer("list_library", kind="journeys", limit=100)["items"]
    names = [item["name"] for item in items]
    assert names[0] == "visits"
    assert {"diabetic-year-one", "preventive-adult"} <= set(names[1:])
    page = caller.answer("list_library", kind="journeys", limit=2)
    rest = caller.answer("list_library", kind="journeys", limit=100, cursor=page["next_cursor"])
    assert [*page["items"], *rest["items"]] == items
    found = caller.answer("list_library", kind="journeys", search="diabet")["items"]
    assert {name for name in names if "diabet" in name} <= {item["name"] for item in found} < set(names)
    journey = caller.answer("get_item", kind="journeys", name="preventive-adult")["journey"]
    assert journey["id"] == "preventive-adult"
    assert "preventive-adult" in caller.refusal("get_item", kind="journeys", name="preventive-adlt")

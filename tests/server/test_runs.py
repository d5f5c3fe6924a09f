"""Work too long for a call: handed to a run, followed, taken back."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from healthsim import generate, get_manager
from healthsim_mcp.runs import MOST_KEPT, Run, Runs
from healthsim_mcp.tools import generation, journeys, running
from server.calling import Caller
from server.test_stdio import SERVER, left_in, started, wait_for_staging

SMALL = {"condition": "diabetes", "count": 300, "seed": 1, "name": "later"}
HUGE = {"condition": "diabetes", "count": 10_000_000, "seed": 1}
PATIENCE = 60


@pytest.fixture(autouse=True)
def _everything_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "LONGEST_CALL", -1.0)
    monkeypatch.setattr(generation, "FEW", 0)
    monkeypatch.setattr(journeys, "FEW", 0)


def ended(caller: Caller, run_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        told = caller.answer("get_run", run_id=run_id)
        if told["state"] != "running":
            return told
    raise AssertionError("the run did not end")


def test_a_run_makes_the_cohort_that_the_call_would_have_made_and_stays_done(caller: Caller, workspace: Path) -> None:
    run = caller.answer("generate_cohort", **SMALL)
    assert run["state"] == "running"
    told = ended(caller, run["run_id"])
    assert (told["state"], told["count"], told["existing"]) == ("done", 300, False)
    assert told["digest"] == generate(condition="diabetes", count=300, seed=1).digest
    assert [cohort["name"] for cohort in get_manager(workspace).list_cohorts()] == ["later"]
    assert caller.answer("get_run", run_id=run["run_id"], cancel=True) == told


def test_the_same_call_again_is_the_same_run_even_without_a_seed(caller: Caller) -> None:
    unseeded = {"condition": "diabetes", "count": 10_000_000}
    first, again = (caller.answer("generate_cohort", **unseeded)["run_id"] for _ in range(2))
    assert first == again
    other = caller.answer("generate_cohort", **{**unseeded, "count": 9_000_000})["run_id"]
    assert other != first
    for run_id in (first, other):
        assert caller.answer("get_run", run_id=run_id, cancel=True)["state"] == "cancelled"


def test_a_cohort_that_was_deleted_since_is_made_again(caller: Caller) -> None:
    run = caller.answer("generate_cohort", **SMALL)
    made = ended(caller, run["run_id"])
    assert caller.answer("generate_cohort", **SMALL) == made
    caller.answer("delete_cohort", cohort_id="later")
    again = caller.answer("generate_cohort", **SMALL)
    assert (again["run_id"] == run["run_id"], again["state"]) == (False, "running")
    assert ended(caller, again["run_id"])["digest"] == made["digest"]


def test_a_journey_and_an_execution_go_on_in_runs_too(caller: Caller) -> None:
    cohort = ended(caller, caller.answer("generate_cohort", **SMALL)["run_id"])
    walk = {"cohort_id": cohort["cohort_id"], "journey": "diabetic-year-one"}
    run = caller.answer("run_journey", **walk)
    assert (run["state"], run["total"]) == ("running", 300)
    walked = ended(caller, run["run_id"])
    assert walked["rows_added"]["encounters"] > 300
    assert caller.answer("run_journey", **walk) == walked
    executions = caller.answer("list_library", kind="executions")["items"]
    again = caller.answer("rerun_execution", execution_id=executions[0]["execution_id"])
    told = ended(caller, again["run_id"])
    assert (told["equal"], told["digest_now"]) == (True, walked["digest"])


def test_a_journey_taken_back_leaves_the_cohort_as_it_was(caller: Caller, workspace: Path) -> None:
    cohort = generate(condition="diabetes", count=100_000, seed=1, persist=True, name="walkers", db=workspace).summary
    run_id = caller.answer("run_journey", cohort_id="walkers", journey="diabetic-year-one")["run_id"]
    wait_for_staging(workspace)
    assert caller.answer("get_run", run_id=run_id, cancel=True)["state"] == "cancelled"
    assert left_in(workspace) == [f"{cohort['cohort_id']}.duckdb"]
    assert caller.answer("get_cohort_summary", cohort_id="walkers")["digest"] == cohort["digest"]


def test_a_run_under_way_tells_how_far_it_is_and_taken_back_it_leaves_nothing(
    caller: Caller, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_WAIT", 0.2)
    run_id = caller.answer("generate_cohort", **HUGE)["run_id"]
    deadline = time.monotonic() + PATIENCE
    while "seconds_left" not in (told := caller.answer("get_run", run_id=run_id)):
        assert time.monotonic() < deadline, told
    assert 0 < told["done"] < told["total"] == HUGE["count"]
    assert caller.answer("get_run", run_id=run_id, cancel=True)["state"] == "cancelled"
    assert left_in(workspace) == []
    assert get_manager(workspace).list_cohorts() == []
    again = caller.answer("generate_cohort", **HUGE)["run_id"]
    assert again != run_id
    caller.answer("get_run", run_id=again, cancel=True)


def test_bad_input_is_told_at_once_and_starts_nothing(caller: Caller) -> None:
    assert "did you mean" in caller.refusal("generate_cohort", condition="diabetis", count=300)
    assert "run_none" in caller.refusal("get_run", run_id="run_none")


def test_a_run_that_fails_tells_why(caller: Caller, workspace: Path) -> None:
    workspace.parent.joinpath("workspace.cohorts").write_text("in the way", encoding="utf-8")
    told = ended(caller, caller.answer("generate_cohort", **SMALL)["run_id"])
    assert told["state"] == "failed"
    assert told["problems"]
    assert "Traceback" not in json.dumps(told)


def test_a_run_ends_with_its_server(workspace: Path) -> None:
    with started([*SERVER, "--db", str(workspace)]) as wire:
        call = {"name": "generate_cohort", "arguments": HUGE}
        answer = wire.ask("tools/call", call, identifier=7)["result"]["structuredContent"]
        assert answer["state"] == "running"
        wait_for_staging(workspace)
        wire.process.kill()
        wire.process.wait()
    deadline = time.monotonic() + PATIENCE
    while left_in(workspace):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert get_manager(workspace).list_cohorts() == []


def test_of_ended_runs_only_the_latest_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("healthsim_mcp.runs._worker", lambda: None)
    monkeypatch.setattr("healthsim_mcp.runs._follow", lambda run, _work: run.ended.set())
    runs = Runs()
    kept: list[Run] = []
    for seed in range(MOST_KEPT + 5):
        kept.append(runs.start("generate_cohort", {"seed": seed}, None, 1, is_there=bool))
        kept[-1].ended.wait(PATIENCE)
    assert runs.get(kept[-1].run_id) is kept[-1]
    with pytest.raises(Exception, match="run of this server"):
        runs.get(kept[0].run_id)

"""What was executed is recorded by the engine itself, found again, and executed again to the same rows."""

from pathlib import Path
from typing import Any

import pytest

from healthsim import Result, generate, get_manager
from healthsim.errors import InvalidInputError, NotFoundError, RunCancelledError
from healthsim.generation import ProfileExecutor
from healthsim.state import StateManager

LOCAL: dict[str, Any] = {
    "id": "bristol",
    "generation": {"count": 200, "seed": 5},
    "demographics": {"reference": {"type": "county", "fips": "44001"}},
    "clinical": {"baseline": "none"},
}
WITH_PREVALENCES = {**LOCAL, "demographics": {**LOCAL["demographics"], "source": "populationsim"}}
PLACES = """StateAbbr,StateDesc,CountyName,CountyFIPS,TotalPopulation,DIABETES_CrudePrev,DIABETES_Crude95CI
RI,Rhode Island,Bristol,44001,50818,33.3,"( 8.5,  9.3)"
"""


@pytest.fixture
def manager(tmp_path: Path) -> StateManager:
    return get_manager(tmp_path / "workspace.duckdb")


def kept(manager: StateManager, **changes: Any) -> Result:  # noqa: ANN401 - arguments of `generate`
    return generate(**{"profile": LOCAL, "persist": True, "db": manager.workspace.path, **changes})


def test_every_run_that_is_kept_is_recorded_with_all_that_it_depends_on(manager: StateManager) -> None:
    made = kept(manager, count=30)
    (execution,) = manager.profiles.list_executions()
    assert execution.cohort_id == made.get("cohort_id")
    assert (execution.seed, execution.count, execution.digest) == (5, 30, made.digest)
    assert execution.tables == made.summary["tables"]
    assert execution.engine_version == made.summary["engine_version"]
    assert execution.reference_version == made.summary["reference_version"]
    assert (execution.status, execution.recorded_by, execution.profile_id) == ("completed", "engine", None)
    assert execution.duration_ms == made.duration_ms > 0
    assert execution.spec["generation"] == {"count": 30, "seed": 5}


def test_a_result_that_is_kept_later_is_recorded_with_the_time_it_took(manager: StateManager) -> None:
    made = generate(profile=LOCAL)
    assert manager.profiles.list_executions() == []
    manager.persist(made)
    manager.persist(made)
    (execution,) = manager.profiles.list_executions()
    assert execution.duration_ms == made.duration_ms > 0


def test_what_nobody_generated_is_no_execution(manager: StateManager) -> None:
    manager.persist([{"person_id": 1, "gender": "F"}])
    assert manager.profiles.list_executions() == []


def test_the_spec_of_an_execution_makes_the_same_rows_again(manager: StateManager) -> None:
    drawn = {**LOCAL, "generation": {"count": 20}}
    made = kept(manager, profile=drawn)
    spec = manager.profiles.get_execution_spec(1)
    assert ProfileExecutor().execute(spec).digest == made.digest
    again = manager.rerun_execution(1)
    assert (again.is_equal, again.digest_now, again.changes) == (True, made.digest, ())
    assert len(manager.list_cohorts()) == len(manager.profiles.list_executions()) == 1


def test_an_execution_outlives_its_profile_and_its_cohort(manager: StateManager) -> None:
    number = manager.profiles.save_profile("bristol", LOCAL)
    made = kept(manager)
    execution = manager.profiles.record_execution(number, made.get("cohort_id"))
    manager.profiles.update_profile(number, {**LOCAL, "generation": {"count": 7, "seed": 5}})
    assert manager.profiles.get_execution_spec(execution)["generation"]["count"] == 200
    manager.profiles.delete_profile(number)
    manager.delete_cohort(made.get("cohort_id"))
    assert manager.rerun_execution(execution).digest_now == made.digest


def test_reference_data_that_changed_explains_another_digest(manager: StateManager, tmp_path: Path) -> None:
    made = kept(manager, profile=WITH_PREVALENCES)
    file = tmp_path / "PLACES_2022_release.csv"
    file.write_text(PLACES, encoding="utf-8")
    manager.load_reference([file])
    again = manager.rerun_execution(1)
    assert again.is_equal is False
    assert again.digest_now != made.digest == again.digest_then
    assert [change.partition(":")[0] for change in again.changes] == ["the reference data changed"]


def test_a_version_that_changed_explains_another_digest(manager: StateManager) -> None:
    made = kept(manager)
    with manager.workspace.writing() as connection:
        connection.execute(
            "UPDATE state.profile_executions SET digest = 'other', engine_version = '0.0.1', reference_version = 'a-b'"
        )
    told = " ".join(manager.rerun_execution(1).changes)
    assert all(text in told for text in ("HealthSim was 0.0.1", "reference data changed", "the skills changed"))
    with manager.workspace.writing() as connection:
        connection.execute(
            "UPDATE state.profile_executions SET engine_version = ?, reference_version = ?",
            [made.summary["engine_version"], made.summary["reference_version"]],
        )
    assert "nothing that is recorded has changed" in " ".join(manager.rerun_execution(1).changes)


def test_what_cannot_be_executed_any_more_says_why(manager: StateManager) -> None:
    kept(manager)
    with manager.workspace.writing() as connection:
        connection.execute(
            """UPDATE state.profile_executions SET spec = '{"clinical": {"primary_condition": "gone"}}'"""
        )
    again = manager.rerun_execution(1)
    assert (again.is_equal, again.digest_now) == (False, None)
    assert "gone" in again.changes[0]


def test_executing_again_can_be_cancelled(manager: StateManager) -> None:
    kept(manager)
    with pytest.raises(RunCancelledError):
        manager.rerun_execution(1, cancelled=lambda: True)


def test_what_a_caller_tells_is_recorded_as_told(manager: StateManager) -> None:
    number = manager.profiles.save_profile("bristol", LOCAL)
    execution = manager.profiles.record_execution(
        number, cohort_id="co_elsewhere", seed=42, count=10, duration_ms=1500, status="failed"
    )
    recorded = manager.profiles.get_execution(execution)
    assert (recorded.profile_id, recorded.profile_version, recorded.cohort_id) == (number, 1, "co_elsewhere")
    assert (recorded.seed, recorded.count, recorded.duration_ms) == (42, 10, 1500)
    assert (recorded.status, recorded.recorded_by, recorded.digest) == ("failed", "caller", None)
    assert recorded.spec["generation"] == {"count": 10, "seed": 42}
    again = manager.rerun_execution(execution)
    assert again.is_equal is None
    assert again.digest_now == generate(profile=LOCAL, seed=42, count=10).digest
    assert "no digest was recorded" in again.changes[0]


def test_a_profile_without_a_seed_is_recorded_without_one(manager: StateManager) -> None:
    manager.profiles.save_profile("drawn", {**LOCAL, "generation": {"count": 3}})
    execution = manager.profiles.record_execution("drawn")
    assert manager.profiles.get_execution(execution).seed is None
    assert any("no seed was recorded" in change for change in manager.rerun_execution(execution).changes)


def test_a_run_the_engine_recorded_is_told_its_profile_and_not_recorded_twice(manager: StateManager) -> None:
    number = manager.profiles.save_profile("bristol", LOCAL)
    made = kept(manager)
    first = manager.profiles.record_execution(number, made.get("cohort_id"), seed=5, count=200)
    assert manager.profiles.record_execution(number, made.get("cohort_id")) == first
    (execution,) = manager.profiles.list_executions("bristol")
    assert (execution.execution_id, execution.recorded_by) == (first, "engine")
    assert execution.digest == made.digest


def test_a_run_of_two_equal_profiles_is_recorded_for_both(manager: StateManager) -> None:
    numbers = [manager.profiles.save_profile(name, LOCAL) for name in ("one", "two")]
    made = kept(manager)
    recorded = [manager.profiles.record_execution(number, made.get("cohort_id")) for number in numbers]
    assert len(set(recorded)) == 2
    assert [manager.profiles.record_execution(number, made.get("cohort_id")) for number in numbers] == recorded
    executions = [manager.profiles.get_execution(execution) for execution in recorded]
    assert [execution.profile_id for execution in executions] == numbers
    assert {execution.digest for execution in executions} == {made.digest}
    assert {str(execution.spec) for execution in executions} == {str(executions[0].spec)}


def test_what_contradicts_the_record_or_its_bounds_is_refused_whole(manager: StateManager) -> None:
    number = manager.profiles.save_profile("bristol", LOCAL)
    made = kept(manager)
    with pytest.raises(InvalidInputError) as caught:
        manager.profiles.record_execution(number, made.get("cohort_id"), seed=6, count=7)
    assert [problem.path for problem in caught.value.problems] == ["$.seed", "$.count"]
    with pytest.raises(InvalidInputError) as caught:
        manager.profiles.record_execution(number, seed=-1, count=0, duration_ms=True, status="complete")
    assert [problem.path for problem in caught.value.problems] == ["$.seed", "$.count", "$.duration_ms", "$.status"]
    assert "did you mean completed" in str(caught.value)
    assert [execution.profile_id for execution in manager.profiles.list_executions()] == [None]


def test_an_unknown_execution_names_the_nearest_by_number(manager: StateManager) -> None:
    with pytest.raises(NotFoundError, match=r"no such execution \(received '123'\)$"):
        manager.profiles.get_execution_spec(123)
    kept(manager)
    for unknown in (123, "123", 2**80, -5, "first", "\ud800", None):
        with pytest.raises(NotFoundError, match="did you mean 1"):
            manager.profiles.get_execution_spec(unknown)  # type: ignore[arg-type]
    assert manager.profiles.get_execution("1").execution_id == 1  # type: ignore[arg-type]


def test_executions_are_listed_by_profile_and_cohort_the_newest_first(manager: StateManager) -> None:
    number = manager.profiles.save_profile("bristol", LOCAL)
    manager.profiles.save_profile("other", {**LOCAL, "generation": {"count": 3}})
    made = [kept(manager, seed=seed, count=10).get("cohort_id") for seed in (1, 2)]
    manager.profiles.record_execution(number, made[0])
    listed = manager.profiles.list_executions
    assert [execution.cohort_id for execution in listed()] == made[::-1]
    assert [execution.cohort_id for execution in listed("bristol")] == made[:1]
    assert listed("other") == []
    assert [execution.cohort_id for execution in listed(cohort_id=made[1])] == made[1:]
    assert len(listed(limit=1)) == len(listed(limit=5, offset=1)) == 1
    with pytest.raises(NotFoundError):
        listed("nobody")

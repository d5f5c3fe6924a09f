"""The user's guide is a contract: its blocks run as they are written. Skipped where the guide is not there."""

from datetime import date
from typing import Any

import pytest

from guide.blocks import block, run
from healthsim.errors import NotFoundError
from healthsim.generation import JourneyDefinition, JourneyEngine, ProfileExecutor
from healthsim.generation.person import Person
from healthsim.reference import analytes
from healthsim.state import Result, get_manager

METABOLIC = (
    *("sodium", "potassium", "chloride", "bicarbonate", "bun", "creatinine", "glucose", "calcium"),
    *("albumin", "total_protein", "alkaline_phosphatase", "alt", "ast", "bilirubin"),
)
"""The analytes of a comprehensive metabolic panel."""

LIPIDS = ("total_cholesterol", "hdl", "triglycerides", "ldl")
COMPUTED = ("anion_gap", "egfr", "estimated_average_glucose")
"""What laboratories tell with these, computed from them."""


def value(text: str) -> Any:  # noqa: ANN401 - whatever the guide writes
    return eval(compile(text, "guide.md", "eval"))  # noqa: S307 - the guide's own value


def test_simple_generation_runs_as_written(guide: str, capsys: pytest.CaptureFixture[str]) -> None:
    result = run(block(guide, "Simple Generation"))["result"]
    assert capsys.readouterr().out == "Generated 10 patients\n"
    assert isinstance(result, Result)
    assert len({row["person_id"] for row in result["diagnoses"] if row["code"].startswith("E11")}) == 10


def test_profile_based_generation_runs_as_written(guide: str) -> None:
    result = run(block(guide, "Profile-Based Generation"))["result"]
    assert len(result["patients"]) == 100
    assert result.seed == 42
    assert result.summary["demographics"]["age"]["min"] >= 65
    assert result.summary["conditions"][0]["reached"] == 1.0


def test_the_structure_is_a_profile(guide: str) -> None:
    result = ProfileExecutor().execute(value(block(guide, "Structure")))
    assert len(result["patients"]) == 100
    assert result.seed == 42


def test_the_demographics_section_is_one(guide: str) -> None:
    section = value(f"{{{block(guide, 'Demographics Section')}}}")
    summary = ProfileExecutor().execute({"profile": section}, count=2_000, seed=1).summary["demographics"]
    assert 18 <= summary["age"]["min"] <= summary["age"]["max"] <= 95
    assert summary["age"]["mean"] == pytest.approx(65, abs=1)
    assert summary["gender"]["F"] == pytest.approx(0.52, abs=0.03)


def test_the_clinical_section_is_one(guide: str) -> None:
    section = value(f"{{{block(guide, 'Clinical Section')}}}")
    result = ProfileExecutor().execute({"profile": section}, count=4_000, seed=1)
    reached = {condition["code"]: condition["reached"] for condition in result.summary["conditions"]}
    assert reached["E11"] == 1.0
    assert reached["I10"] == pytest.approx(0.7, abs=0.03)
    assert reached["E78"] == pytest.approx(0.5, abs=0.03)


def test_profiles_are_saved_executed_listed_and_executed_again_as_written(guide: str) -> None:
    reference = block(guide, "Reference Data Integration")
    names: dict[str, Any] = {"ProfileExecutor": ProfileExecutor}
    exec(compile(reference[reference.index("spec = ") : reference.index("hybrid = ")], "guide.md", "exec"), names)  # noqa: S102 - the guide's own code
    for heading in ("Saving Profiles", "Loading and Executing", "Listing and Searching"):
        exec(compile(block(guide, heading), "guide.md", "exec"), names)  # noqa: S102 - as above
    assert len(names["result"]["patients"]) == 100
    assert [profile.name for profile in names["profiles"]] == ["harris-diabetic-v1"]
    manager = names["manager"]
    (first,) = manager.profiles.list_executions("harris-diabetic-v1")
    assert (first.seed, first.count, first.duration_ms) == (42, 100, 1500)
    with manager.workspace.writing() as connection:
        connection.execute("UPDATE state.profile_executions SET execution_id = 123")
    exec(compile(block(guide, "Re-execution with Seed"), "guide.md", "exec"), names)  # noqa: S102 - as above
    assert names["result"].seed == 42
    assert names["result"].digest == manager.rerun_execution(123).digest_now
    with pytest.raises(NotFoundError, match="no such execution"):
        manager.profiles.get_execution_spec(execution_id=124)


def test_entities_are_persisted_and_summarised_as_written(guide: str) -> None:
    line = next(line for line in guide.splitlines() if "result = manager.persist(" in line).strip()
    entities = ProfileExecutor().execute(value(block(guide, "Structure")))
    names: dict[str, Any] = {"manager": get_manager(), "entities": entities}
    exec(compile(line, "guide.md", "exec"), names)  # noqa: S102 - as above
    assert names["manager"].get_summary(names["result"]["cohort_id"])["digest"] == entities.digest
    assert "patients" not in names["result"]


def test_an_event_finds_its_skill_as_written(guide: str) -> None:
    journey = run(block(guide, "Automatic Resolution"))["journey"]
    person = Person(birth_date=date(1955, 3, 15), gender="M")
    (event,) = JourneyEngine().execute(journey, person, start_date=date(2024, 1, 1), seed=1)
    (encounter,) = event["records"]["encounters"]
    assert encounter["class_code"] == "AMB"
    assert encounter["reason_code"].startswith("E11")


def test_an_event_of_a_skills_entry_is_as_written(guide: str) -> None:
    written = f"from healthsim.generation import EventDefinition\nevent = {block(guide, 'Explicit Skill Reference')}"
    journey = JourneyDefinition(id="explicit", events=[run(written)["event"]])
    person = Person(birth_date=date(1955, 3, 15), gender="M")
    (event,) = JourneyEngine().execute(journey, person, start_date=date(2024, 1, 1), seed=1)
    assert "4548-4" in {row["loinc"] for row in event["records"]["labs"]}


def test_the_journey_engine_runs_as_written(guide: str) -> None:
    events = run(block(guide, "Journey Engine"))["events"]
    assert [(event["date"] - date(2024, 1, 1)).days for event in events if event["event_id"] == "quarterly-visit"] == [
        0,
        90,
        180,
        270,
        360,
    ]
    (labs,) = (event for event in events if event["event_id"] == "annual-labs")
    assert labs["date"] == date(2024, 1, 31)
    rows = {row["loinc"]: row for row in labs["records"]["labs"]}
    asked = {analytes()[analyte].loinc for analyte in (*METABOLIC, *LIPIDS, "hba1c")}
    assert set(rows) == asked | {analytes()[analyte].loinc for analyte in COMPUTED}
    assert len(METABOLIC) == 14
    assert all(row["unit"] for row in rows.values())
    assert all(row["abnormal_flag"] for row in rows.values() if row["reference_high"] is not None)


def test_the_orchestrator_runs_as_written(guide: str) -> None:
    written = block(guide, "Profile-Based Generation") + block(guide, "Orchestrator")
    result = run(written)["result"]
    assert len(result["patients"]) == 100
    assert {row["code"] for row in result["diagnoses"]} >= {"E11.9"}
    assert len(result["diagnoses"]) >= len(result["patients"])
    for table in ("encounters", "medications", "labs"):
        assert len(result[table]) > len(result["patients"])

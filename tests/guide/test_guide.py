"""The user's guide is a contract: its blocks run as they are written. Skipped where the guide is not there."""

import re
from typing import Any

import duckdb
import pytest

from healthsim.generation import ProfileExecutor
from healthsim.state import Result


def block(guide: str, heading: str) -> str:
    """Give the first Python block under a heading."""
    match = re.search(rf"^#+ (?:\d+\. )?{re.escape(heading)}\n.*?```python\n(.*?)```", guide, re.MULTILINE | re.DOTALL)
    assert match is not None, heading
    return match[1]


def run(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(text, "guide.md", "exec"), names)  # noqa: S102 - the guide's own code
    return names


def test_providers_and_hospitals_are_found_as_written(guide: str) -> None:
    conn = duckdb.connect()
    names: dict[str, Any] = {"conn": conn}
    exec(compile(block(guide, "NetworkSim (Providers/Facilities)"), "guide.md", "exec"), names)  # noqa: S102 - the guide's own code
    assert len(names["providers"]) == 20
    assert {provider.city for provider in names["providers"]} == {"Houston"}
    assert all(facility.beds >= 200 for facility in names["hospitals"])
    conn.close()


def test_figures_of_places_are_looked_up_as_written(guide: str, capsys: pytest.CaptureFixture[str]) -> None:
    with duckdb.connect() as conn:
        names: dict[str, Any] = {"conn": conn}
        exec(compile(block(guide, "PopulationSim (Demographics)"), "guide.md", "exec"), names)  # noqa: S102 - the guide's own code
    assert capsys.readouterr().out == "Diabetes rate: 12.6%\nObesity rate: 37.9%\n65+ population: 11.0%\n"
    assert names["state_profile"].name == "Texas"


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

"""The commands that save profiles and tell what was executed."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.cli.running import Command

COUNTY = {"reference": {"type": "county", "fips": "44001"}}
PROFILE: dict[str, Any] = {"id": "bristol", "generation": {"count": 20, "seed": 1}, "demographics": COUNTY}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "profile.json"
    path.write_text(json.dumps(PROFILE), encoding="utf-8")
    return path


def test_a_profile_is_saved_listed_shown_updated_compared_and_deleted(
    healthsim: Command, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = healthsim("profiles", "save", "bristol", str(file), "--tag", "island", "--description", "few", "--json")
    assert (saved.document["id"], saved.document["version"], saved.document["tags"]) == (1, 1, ["island"])
    assert [each["name"] for each in healthsim("profiles", "list", "--tag", "island", "--json").document] == ["bristol"]
    assert healthsim("profiles", "list", "--search", "nothing", "--json").document == []
    assert healthsim("profiles", "show", "bristol").document == PROFILE
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps({**PROFILE, "generation": {"count": 30, "seed": 1}})))
    assert healthsim("profiles", "update", "1", "-", "--json").document["version"] == 2
    assert healthsim("profiles", "update", "1", "--name", "renamed", "--json").document["tags"] == ["island"]
    assert healthsim("profiles", "show", "renamed", "--version", "1").document == PROFILE
    assert len(healthsim("profiles", "versions", "renamed", "--json").document) == 2
    (change,) = healthsim("profiles", "diff", "renamed", "--json").document
    assert change == {"path": "$.generation.count", "change": "changed", "before": 20, "after": 30}
    assert "$.generation.count" in healthsim("profiles", "diff", "renamed", "1", "2").out
    assert "renamed" in healthsim("profiles", "list").out
    assert healthsim("profiles", "delete", "renamed", "--json").document["name"] == "renamed"
    assert healthsim("profiles", "list", "--json").document == []


def test_a_saved_profile_is_generated_recorded_and_executed_again(healthsim: Command, file: Path) -> None:
    healthsim("profiles", "save", "bristol", str(file))
    made = healthsim("generate", "--profile", "bristol", "--json").document
    (execution,) = healthsim("profiles", "executions", "bristol", "--json").document
    assert (execution["cohort_id"], execution["digest"]) == (made["cohort_id"], made["digest"])
    assert made["cohort_id"] in healthsim("profiles", "executions").out
    again = healthsim("profiles", "rerun", str(execution["execution_id"]), "--json").document
    assert (again["is_equal"], again["digest_now"]) == (True, made["digest"])
    assert healthsim("profiles", "rerun", "1").out.startswith("the same rows")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("profiles", "show", "bristl"), "did you mean bristol"),
        (("profiles", "rerun", "7"), "no such execution"),
        (("profiles", "save", "7", "profile.json"), "$.name"),
        (("profiles", "save", "it", "no-such-file.json"), "no-such-file.json"),
        (("generate", "--profile", "bristl"), "did you mean bristol"),
        (("generate", "profile.json", "--profile", "bristol"), "$.profile_name"),
        (("generate", "--profile", "bristol", "--condition", "diabetes"), "$.condition"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_bad_input_ends_with_2_and_is_told(healthsim: Command, file: Path, words: tuple[str, ...], told: str) -> None:
    healthsim("profiles", "save", "bristol", str(file))
    ran = healthsim(*(str(file) if word == "profile.json" else word for word in words))
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err

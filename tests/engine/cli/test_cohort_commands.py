"""The commands that keep cohorts in order."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.cli.running import Command

PROFILE: dict[str, Any] = {
    "id": "bristol",
    "generation": {"count": 20, "seed": 1},
    "demographics": {"reference": {"type": "county", "fips": "44001"}},
}


@pytest.fixture
def kept(healthsim: Command, tmp_path: Path) -> dict[str, Any]:
    file = tmp_path / "profile.json"
    file.write_text(json.dumps(PROFILE), encoding="utf-8")
    document: dict[str, Any] = healthsim("generate", str(file), "--name", "one", "--json").document
    healthsim("generate", str(file), "--seed", "2", "--name", "two")
    return document


def test_cohorts_are_renamed_tagged_found_cloned_merged_and_deleted(healthsim: Command, kept: dict[str, Any]) -> None:
    assert healthsim("cohorts", "rename", "one", "first", "--json").document["cohort_id"] == kept["cohort_id"]
    assert healthsim("cohorts", "tag", "first", "a", "b", "--json").document["tags"] == ["a", "b"]
    assert "tags b" in healthsim("cohorts", "tag", "first", "--remove", "a").out
    (found,) = healthsim("cohorts", "list", "--tag", "b", "--search", "fir", "--json").document
    assert found["name"] == "first"
    assert "first" in healthsim("cohorts", "list").out
    clone = healthsim("cohorts", "clone", "first", "copy", "--json").document
    assert clone["digest"] == kept["digest"]
    merged = healthsim("cohorts", "merge", "first", "two", "--name", "both", "--json").document
    assert merged["tables"]["patients"] == 40
    assert healthsim("cohorts", "delete", "both").out == f"deleted {merged['cohort_id']} (both)\n"


def test_a_cohort_is_exported_and_imported(healthsim: Command, kept: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "export"
    exported = healthsim("cohorts", "export", "one", str(folder), "--json").document
    assert exported["directory"] == str(folder)
    healthsim("cohorts", "delete", "one")
    imported = healthsim("cohorts", "import", str(folder), "--name", "back", "--json").document
    assert (imported["cohort_id"], imported["name"]) == (kept["cohort_id"], "back")
    shown = healthsim("cohorts", "export", "back", str(tmp_path / "csv"), "--format", "csv", "--table", "patients").out
    assert shown.splitlines()[0] == str(tmp_path / "csv")
    assert "patients.csv" in shown


def test_what_waits_to_be_published_is_published_and_what_cannot_be_is_a_failure(
    healthsim: Command, kept: dict[str, Any]
) -> None:
    assert healthsim("cohorts", "publish").out == "there is nothing to publish\n"
    folder = healthsim.workspace.with_suffix(".cohorts")
    note = {"summary": {**kept, "cohort_id": "co_late", "name": "late"}, "spec": {}, "duration_ms": None}
    (folder / "co_late.unpublished.duckdb").write_bytes((folder / f"{kept['cohort_id']}.duckdb").read_bytes())
    (folder / "co_late.unpublished.duckdb.json").write_text(json.dumps(note), encoding="utf-8")
    assert healthsim("cohorts", "publish").out == "published co_late (late)\n"
    (folder / "co_lost.unpublished.duckdb").write_text("no cohort")
    ran = healthsim("cohorts", "publish")
    assert ran.code == 1
    assert "co_lost.unpublished.duckdb" in ran.err
    assert "problem" in json.loads(healthsim("cohorts", "publish", "--json").out)[0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("cohorts", "rename", "one", "two"), "belongs to cohort"),
        (("cohorts", "clone", "on", "three"), "did you mean one"),
        (("cohorts", "merge", "one"), "two cohorts at least"),
        (("cohorts", "tag", "one", " "), "$.add[0]"),
        (("cohorts", "export", "one", "folder", "--table", "patient"), "did you mean patients"),
        (("cohorts", "import", "no-such-folder"), "no-such-folder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
@pytest.mark.usefixtures("kept")
def test_bad_input_ends_with_2_and_is_told(healthsim: Command, words: tuple[str, ...], told: str) -> None:
    ran = healthsim(*words)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err

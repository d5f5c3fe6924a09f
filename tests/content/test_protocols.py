"""The protocols of the package: sound, sourced, and answering to their names."""

import json
from pathlib import Path

import pytest

from healthsim.content import content_directory
from healthsim.planning.trial.criteria import criteria_problems
from healthsim.planning.trial.library import protocol_library
from healthsim.reference import analytes
from healthsim.skills import skill_library
from healthsim.spec import Protocol, protocol_problems

PATHS = sorted(content_directory("protocols").glob("*.json"))


def sourced(part: object) -> list[str]:
    """Give every source in a part of a protocol."""
    if isinstance(part, dict):
        own = [part["source"]] if "source" in part else []
        return own + [found for value in part.values() for found in sourced(value)]
    return [found for each in part for found in sourced(each)] if isinstance(part, list) else []


def test_there_are_three_protocols_at_least() -> None:
    assert {"t2dm-phase-3", "hf-outcomes", "nsclc-response"} <= set(protocol_library().protocols)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_protocol_is_sound_and_named_as_its_file(path: Path) -> None:
    protocol = Protocol.model_validate(json.loads(path.read_text(encoding="utf-8"))["protocol"])
    assert protocol.id == path.stem
    assert list(protocol_problems(protocol, "$")) == []
    problems = criteria_problems(protocol, [], skill_library(), "$")
    assert [problem.path for problem in problems] == ["$.indication.code"]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_figure_of_a_protocol_has_a_source(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))["protocol"]
    sources = sourced(document)
    figures = (
        *("effects", "outcomes", "adverse_events"),
        *("screening", "dosing", "discontinuation", "conduct", "accrual", "response"),
    )
    parts = [part for key in figures for part in _each(document.get(key, []))]
    assert len(sources) == len(parts)
    assert [source for source in sources if len(source) < 7] == []


def _each(part: object) -> list[object]:
    return part if isinstance(part, list) else [part]


def test_effects_are_on_what_is_measured_and_not_computed() -> None:
    for protocol in protocol_library().protocols.values():
        assert [effect.analyte for effect in protocol.effects if analytes()[effect.analyte].computed_from] == []


@pytest.mark.parametrize(
    ("name", "protocol"),
    [("T2DM_Phase 3", "t2dm-phase-3"), ("heart failure", "hf-outcomes"), ("NSCLC", "nsclc-response")],
)
def test_a_protocol_answers_to_its_names(name: str, protocol: str) -> None:
    assert protocol_library().find(name).id == protocol

"""What skills say of bodies: analytes, stages and codes that there are, and shares that sum to one."""

import json
from pathlib import Path
from typing import Any

import pytest

from healthsim.content import content_directory
from healthsim.reference import analytes, scored_analytes
from healthsim.skills import Condition, skill_library

FILES = sorted(content_directory("skills").glob("*/skill.json"))
MODELS = [model for model in skill_library().conditions if model.aspects]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_no_key_is_written_twice(path: Path) -> None:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs), [name for name, _ in pairs]
        return dict(pairs)

    json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=once)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_what_is_monitored_is_in_the_catalogue_under_the_same_code_and_unit(path: Path) -> None:
    for condition in json.loads(path.read_text(encoding="utf-8"))["conditions"]:
        for kind in ("labs", "vitals"):
            for name, measured in condition.get("monitoring", {}).get(kind, {}).items():
                known = analytes()[name]
                assert (known.loinc, known.unit) == (measured["loinc"], measured["unit"]), name


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_states_speak_of_analytes_stages_and_codes_that_there_are(model: Condition) -> None:
    stages = {stage.id for stage in model.stages}
    for aspect in model.aspects:
        for state in (*aspect.absent, *aspect.present):
            assert set(state.bounds) <= set(analytes())
            assert set(state.shifts) <= set(scored_analytes())
            assert aspect.keyed_by == "code" or set(state.of) <= stages
            assert all(low < below for low, below in state.bounds.values())


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_shares_of_states_sum_to_one_at_every_age_for_every_stage_and_code(model: Condition) -> None:
    for aspect in model.aspects:
        assert sum(state.share for state in aspect.absent) == pytest.approx(1, abs=1e-9)
        for key in {key for state in aspect.present for key in state.of} or {""}:
            of_key = [state.share for state in aspect.present if not state.of or key in state.of]
            assert sum(of_key) == pytest.approx(1, abs=1e-9), (aspect.id, key)

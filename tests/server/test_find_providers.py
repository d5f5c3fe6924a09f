"""The tool that finds providers and hospitals."""

from pathlib import Path

import pytest

from engine.reference.network.network_twins import NPIS, provider, write_nppes
from healthsim import get_manager
from healthsim_mcp.sizes import CONCISE_TOKENS, compact, estimated_tokens
from server.calling import Caller


@pytest.mark.parametrize("kind", ["provider", "facility"])
def test_a_reply_is_short_and_says_where_its_rows_are_from(shared_caller: Caller, kind: str) -> None:
    answer = shared_caller.answer("find_providers", kind=kind, state="TX")
    assert estimated_tokens(compact(answer)) <= CONCISE_TOKENS
    assert "synthetic" in answer["source"]
    assert answer["truncated"] is True
    assert len(answer["rows"]) >= 10
    assert all(len(row) == len(answer["columns"]) for row in answer["rows"])


def test_as_many_rows_come_as_are_asked_for(shared_caller: Caller) -> None:
    arguments = {"state": "TX", "city": "HOUSTON", "specialty": "cardiologist"}
    answer = shared_caller.answer("find_providers", **arguments, limit=50)
    assert len(answer["rows"]) == 50
    assert {row[2] for row in answer["rows"]} == {"Cardiology"}
    assert shared_caller.answer("find_providers", **arguments, limit=1)["rows"] == answer["rows"][:1]


def test_hospitals_are_found_by_their_beds_the_largest_first(shared_caller: Caller) -> None:
    answer = shared_caller.answer("find_providers", kind="facility", state="TX", min_beds=200, facility_type="hospital")
    beds = [row[answer["columns"].index("beds")] for row in answer["rows"]]
    assert beds == sorted(beds, reverse=True)
    assert beds[-1] >= 200


def test_loaded_providers_answer_whole(caller: Caller, workspace: Path, tmp_path: Path) -> None:
    get_manager(workspace).load_reference([write_nppes(tmp_path / "npidata_2026.csv", [provider(NPIS[0])])])
    assert caller.answer("find_providers", state="TX") == {
        "source": "NPPES 2026 (loaded)",
        "columns": ["npi", "name", "specialty", "city", "zip"],
        "rows": [[NPIS[0], "ADA TESTER", "Cardiology", "HOUSTON", "77030"]],
        "truncated": False,
    }


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"state": "Texs"}, "Texas"),
        ({"state": "TX", "specialty": "cardiolgy"}, "cardiology"),
        ({"state": "TX", "city": "Huston"}, "Houston"),
        ({"state": "TX", "kind": "facility", "facility_type": "hospitl"}, "hospital"),
        ({"state": "TX", "kind": "facility", "specialty": "cardiology"}, "says nothing of a facility"),
        ({"state": "TX", "min_beds": 5}, "says nothing of a provider"),
        ({"city": "Houston"}, "this argument is needed"),
        ({"state": "TX", "limit": 1_000}, "at most 200"),
    ],
)
def test_what_cannot_be_is_told(shared_caller: Caller, arguments: dict[str, object], told: str) -> None:
    assert told in shared_caller.refusal("find_providers", **arguments)

"""The protocol's Inspector as a client: every tool called with success, over both transports, in both eras."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from conformance.node import environment, program
from conformance.serving import served
from healthsim_mcp.server import healthsim_server
from healthsim_mcp.tools import TOOLS

pytestmark = pytest.mark.outside

INSPECTOR = ("@modelcontextprotocol/inspector", "2.12.0", "mcp-inspector")
LONGEST = 120
PROFILE = {"generation": {"count": 30, "seed": 5}, "clinical": {"primary_condition": {"code": "E11"}}}
JOURNEY = {"id": "check", "events": [{"id": "visit", "event_type": "encounter"}]}
LONG = {"condition": "diabetes", "count": 10_000_000, "seed": 1}
CALLS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("lookup_county", {"name": "Harris", "state": "TX"}),
    ("find_providers", {"state": "TX", "specialty": "endocrinology", "limit": 3}),
    ("lookup_skill", {"condition": "diabetes"}),
    ("explain_profile", {"profile": PROFILE}),
    ("save_profile", {"name": "diabetics", "profile": PROFILE}),
    ("save_journey", {"name": "check", "journey": JOURNEY}),
    ("generate_cohort", {"profile_name": "diabetics", "name": "people"}),
    ("run_journey", {"cohort_id": "people", "journey": "check"}),
    ("get_cohort_summary", {"cohort_id": "people"}),
    ("query_cohort", {"cohort_id": "people", "sql": "SELECT gender, count(*) FROM patients GROUP BY gender"}),
    ("list_library", {"kind": "executions"}),
    ("get_item", {"kind": "profiles", "name": "diabetics"}),
    ("rerun_execution", {"execution_id": 1}),
    ("export_cohort", {"cohort_id": "people"}),
    ("delete_cohort", {"cohort_id": "people"}),
)
"""A call of each tool but `get_run`, in an order in which all succeed."""


def inspect(target: list[str], method: str, era: str, *options: str) -> subprocess.CompletedProcess[str]:
    asked = ["--method", method, "--protocol-era", era, "--format", "json", *options]
    command = [*program(*INSPECTOR), "--cli", *asked, *target]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST, env=environment())


def call(target: list[str], era: str, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    named = ("--tool-name", tool, "--tool-args-json", json.dumps(arguments))
    ended = inspect(target, "tools/call", era, *named)
    assert ended.returncode == 0, ended.stderr
    result: dict[str, Any] = json.loads(ended.stdout)["result"]
    assert not result.get("isError"), result
    answer: dict[str, Any] = result["structuredContent"]
    return answer


def started_by(workspace: Path) -> list[str]:
    """Give the target that the Inspector starts itself."""
    server = shutil.which("healthsim-mcp", path=str(Path(sys.executable).parent))
    assert server is not None
    return ["-e", f"HEALTHSIM_DB={workspace}", server]


def test_the_calls_are_of_all_tools() -> None:
    assert sorted([*(tool for tool, _ in CALLS), "get_run"]) == sorted(tool.name for tool in TOOLS)


@pytest.mark.parametrize("era", ["legacy", "modern"])
def test_the_definitions_are_portable_and_every_tool_answers_over_standard_input_and_output(
    workspace: Path, era: str
) -> None:
    target = started_by(workspace)
    listed = inspect(target, "tools/list", era, "--strict")
    assert listed.returncode == 0, listed.stderr
    assert len(json.loads(listed.stdout)["result"]["tools"]) == len(TOOLS)
    for tool, arguments in CALLS:
        call(target, era, tool, arguments)


@pytest.mark.parametrize("era", ["legacy", "modern"])
def test_the_definitions_are_portable_and_every_tool_answers_over_http(workspace: Path, era: str) -> None:
    with served(workspace, healthsim_server) as address:
        target = [address]
        assert inspect(target, "tools/list", era, "--strict").returncode == 0
        for tool, arguments in CALLS:
            call(target, era, tool, arguments)
        run_id = call(target, era, "generate_cohort", LONG)["run_id"]
        assert call(target, era, "get_run", {"run_id": run_id, "cancel": True})["state"] == "cancelled"


def test_500_lookups_ten_at_a_time_are_answered_without_an_error(workspace: Path) -> None:
    named = ("--tool-name", "lookup_county", "--tool-args-json", '{"fips": "48201"}')
    load = ("--load", "--load-requests", "500", "--load-concurrency", "10")
    ended = inspect(started_by(workspace), "tools/call", "modern", *named, *load)
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)["result"]
    assert (told["ok"], told["toolErrors"], told["errors"]) == (500, 0, 0)

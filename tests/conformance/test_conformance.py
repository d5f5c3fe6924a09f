"""The protocol's own conformance suite, over HTTP: on the shipped server, and on it with the suite's fixtures."""

import subprocess
from pathlib import Path

import pytest

from conformance.fixtures import conformance_server
from conformance.node import environment, program
from conformance.serving import served
from healthsim_mcp.server import healthsim_server

pytestmark = [pytest.mark.outside, pytest.mark.filterwarnings("ignore::mcp.shared.exceptions.MCPDeprecationWarning")]

SUITE = ("@modelcontextprotocol/conformance", "0.2.0-alpha.12", "conformance")
NEITHER_NEEDS_FIXTURES = (
    *("completion-complete", "tools-list", "server-sse-multiple-streams", "resources-list", "prompts-list"),
    "dns-rebinding-protection",
)
SCENARIOS = {
    "2025-11-25": (*NEITHER_NEEDS_FIXTURES, "server-initialize", "ping"),
    "2026-07-28": (*NEITHER_NEEDS_FIXTURES, "sep-2164-resource-not-found", "caching"),
}
LONGEST = 300


def run(address: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [*program(*SUITE), "server", "--url", address, *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST, env=environment())


@pytest.mark.parametrize("revision", SCENARIOS)
def test_the_server_with_the_fixtures_meets_all_that_a_revision_requires(workspace: Path, revision: str) -> None:
    with served(workspace, conformance_server) as address:
        ended = run(address, "--requirements", revision)
    assert ended.returncode == 0, ended.stdout[-4_000:]


@pytest.mark.parametrize(
    ("revision", "scenario"), [(revision, each) for revision, several in SCENARIOS.items() for each in several]
)
def test_the_shipped_server_passes_what_needs_no_fixtures(workspace: Path, revision: str, scenario: str) -> None:
    with served(workspace, healthsim_server) as address:
        ended = run(address, "--spec-version", revision, "--scenario", scenario)
    assert ended.returncode == 0, ended.stdout[-4_000:]

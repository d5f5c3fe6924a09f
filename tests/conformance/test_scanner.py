"""An outside scanner of MCP servers, with its own rules and without the network, finds nothing."""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from healthsim_mcp.tools import TOOLS

pytestmark = pytest.mark.outside

PACKAGE = "cisco-ai-mcp-scanner==4.8.7"
PLACE = Path(sys.prefix) / "scanner"
LONGEST = 300


def scanner() -> Path:
    """Give the scanner; install it into an environment of its own where it is not there."""
    program = PLACE / "bin" / "mcp-scanner"
    if not program.exists():
        venv.create(PLACE, with_pip=True, clear=True)
        subprocess.run([PLACE / "bin" / "pip", "install", "--quiet", PACKAGE], check=True)
    return program


def test_the_scanner_finds_nothing_in_the_tools(workspace: Path) -> None:
    server = ["--stdio-command", sys.executable, "--stdio-arg=-m", "--stdio-arg=healthsim_mcp"]
    command = [scanner(), "--analyzers", "yara", "--format", "raw", *server, f"--stdio-arg=--db={workspace}"]
    scanned = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        timeout=LONGEST,
        env={**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True"},
    )
    found = json.loads(scanned.stdout[scanned.stdout.index("{") :])["scan_results"]
    assert sorted(each["tool_name"] for each in found) == sorted(tool.name for tool in TOOLS)
    assert [each for each in found if not each["is_safe"]] == []

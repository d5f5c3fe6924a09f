"""The bundle for desktop clients, judged by the program that its format comes with."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.node import environment, program

pytestmark = pytest.mark.outside

ROOT = Path(__file__).parents[2]


def test_the_manifest_of_the_bundle_is_valid(tmp_path: Path) -> None:
    written = "import json; from write_bundle import manifest; print(json.dumps(manifest()))"
    manifest = subprocess.run(
        [sys.executable, "-c", written], cwd=ROOT / "tools", capture_output=True, text=True, check=True
    ).stdout
    file = tmp_path / "manifest.json"
    file.write_text(json.dumps(json.loads(manifest)), encoding="utf-8")
    command = [*program("@anthropic-ai/mcpb", "2.1.2", "mcpb"), "validate", str(file)]
    judged = subprocess.run(command, capture_output=True, text=True, check=False, env=environment())
    assert judged.returncode == 0, judged.stdout + judged.stderr

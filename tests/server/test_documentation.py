"""What the documentation says of the server is so."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from healthsim.version import ENGINE_VERSION
from healthsim_mcp.__main__ import main
from healthsim_mcp.prompts import STORIES
from healthsim_mcp.resources import KINDS
from healthsim_mcp.tools import TOOLS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "server.md").read_text(encoding="utf-8")
SNIPPETS = [json.loads(text) for text in re.findall(r"```json\n(\{.*?\})\n```", README, re.DOTALL)]
HELLO: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}


def test_every_tool_is_documented_with_whether_it_writes() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| (yes|no) \|$", PAGE, re.MULTILINE))
    assert rows == {tool.name: "no" if tool.is_read_only else "yes" for tool in TOOLS}


def test_every_resource_and_prompt_is_documented() -> None:
    assert [kind.template for kind in KINDS if kind.template not in PAGE] == []
    assert [story.name for story in STORIES if f"`{story.name}`" not in PAGE] == []


def test_every_option_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    options = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out)) - {"--help"}
    assert [option for option in sorted(options) if f"`{option}" not in PAGE] == []


def test_the_configuration_in_the_readme_starts_a_server(workspace: Path) -> None:
    (server,) = (each["mcpServers"]["healthsim"] for each in SNIPPETS if "mcpServers" in each)
    program = shutil.which(server["command"], path=str(Path(sys.executable).parent))
    assert program is not None
    answered = subprocess.run(
        [program, *server.get("args", [])],
        input=json.dumps(HELLO) + "\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={**os.environ, "HEALTHSIM_DB": str(workspace)},
    )
    assert json.loads(answered.stdout.splitlines()[0])["result"]["serverInfo"]["name"] == "healthsim"


def test_the_registry_entry_is_of_this_version_and_starts_the_server() -> None:
    entry = json.loads((ROOT / "server.json").read_text(encoding="utf-8"))
    (package,) = entry["packages"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert entry["version"] == package["version"] == ENGINE_VERSION
    assert len(entry["description"]) <= 100
    assert package["identifier"] in project["scripts"]
    assert [argument["value"] for argument in package["packageArguments"]] == ["serve"]
    assert f"<!-- mcp-name: {entry['name']} -->" in README


def test_the_bundle_holds_the_server_and_names_every_tool() -> None:
    spec = importlib.util.spec_from_file_location("write_bundle", ROOT / "tools" / "write_bundle.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    manifest = script.manifest()
    assert [tool["name"] for tool in manifest["tools"]] == [tool.name for tool in TOOLS]
    files = {path.relative_to(ROOT).as_posix() for path in script.bundled()}
    assert files >= {manifest["server"]["entry_point"], "pyproject.toml", "schemas/profile.schema.json", "NOTICE"}
    assert not any("__pycache__" in file for file in files)

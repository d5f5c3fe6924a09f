"""What the documentation says of the server is so."""

import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from zipfile import ZipFile

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


def started_by_the_readme() -> list[Any]:
    """Give what every client of the README is told to start."""
    servers = [each["healthsim"] for text in SNIPPETS for key, each in text.items() if key in {"mcpServers", "servers"}]
    (line,) = re.findall(r"^claude mcp add healthsim -- (.+)$", README, re.MULTILINE)
    program, *arguments = shlex.split(line)
    commands = [*servers, {"command": program, "args": arguments}]
    return [pytest.param(command, id=str(number)) for number, command in enumerate(commands)]


def answer_to_hello(command: list[str], **environment: str) -> dict[str, Any]:
    """Start a server, greet it, and give what it says."""
    answered = subprocess.run(
        command,
        input=json.dumps(HELLO) + "\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={**os.environ, **environment},
    )
    told: dict[str, Any] = json.loads(answered.stdout.splitlines()[0])
    return told


def test_the_readme_has_a_configuration_for_each_client() -> None:
    assert len(started_by_the_readme()) == 3
    for client in ("Claude Desktop", "Claude Code", "Cursor", "VS Code"):
        assert client in README


@pytest.mark.parametrize("server", started_by_the_readme())
def test_the_configuration_in_the_readme_starts_a_server(workspace: Path, server: dict[str, Any]) -> None:
    program = shutil.which(server["command"], path=str(Path(sys.executable).parent))
    assert program is not None
    told = answer_to_hello([program, *server.get("args", [])], HEALTHSIM_DB=str(workspace))
    assert told["result"]["serverInfo"]["name"] == "healthsim"


def test_the_readme_names_every_tool() -> None:
    assert [tool.name for tool in TOOLS if f"`{tool.name}`" not in README] == []


def test_the_registry_entry_is_of_this_version_and_starts_the_server() -> None:
    entry = json.loads((ROOT / "server.json").read_text(encoding="utf-8"))
    (package,) = entry["packages"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert entry["version"] == package["version"] == ENGINE_VERSION
    assert len(entry["description"]) <= 100
    assert package["identifier"] in project["scripts"]
    assert [argument["value"] for argument in package["packageArguments"]] == ["serve"]
    assert f"<!-- mcp-name: {entry['name']} -->" in README


def writer() -> Any:  # noqa: ANN401 - a script
    """Load the script that writes the bundle."""
    spec = importlib.util.spec_from_file_location("write_bundle", ROOT / "tools" / "write_bundle.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


def test_the_bundle_names_every_tool_and_is_the_same_file_each_time(tmp_path: Path) -> None:
    script = writer()
    assert [tool["name"] for tool in script.manifest()["tools"]] == [tool.name for tool in TOOLS]
    for name in ("one", "two"):
        script.write(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_bundle_holds_all_that_the_server_needs(tmp_path: Path, workspace: Path) -> None:
    script, home = writer(), tmp_path / "unpacked"
    script.write(tmp_path / "bundle")
    with ZipFile(tmp_path / "bundle") as bundle:
        assert not any("__pycache__" in name for name in bundle.namelist())
        bundle.extractall(home)
    assert (home / script.manifest()["server"]["entry_point"]).exists()
    made = (
        "from healthsim import generate; import healthsim; print(healthsim.__file__);"
        "products = ['patientsim', 'membersim', 'rxmembersim', 'trialsim'];"
        "generate(condition='diabetes', count=5, seed=1, product=products, journey='diabetic-year-one')"
    )
    own = {"PYTHONPATH": os.pathsep.join([str(home / "engine"), str(home / "server")])}
    ran = subprocess.run(
        [sys.executable, "-c", made], capture_output=True, text=True, timeout=120, check=True, env={**os.environ, **own}
    )
    assert Path(ran.stdout.strip()).is_relative_to(home)
    told = answer_to_hello([sys.executable, "-m", "healthsim_mcp", "--db", str(workspace)], **own)
    assert told["result"]["serverInfo"]["version"] == ENGINE_VERSION

"""Write `dist/healthsim.mcpb`: the server as one file that desktop clients install.

It holds the sources and a manifest; the client's own `uv` sets up Python and the packages. Times and order are fixed,
so that the same sources give the same file.
"""

import json
import tomllib
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from healthsim.version import ENGINE_VERSION
from healthsim_mcp.tools import TOOLS
from healthsim_mcp.validation import tool_schema

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "dist" / "healthsim.mcpb"
FILES = ("pyproject.toml", "README.md", "LICENSE", "NOTICE")
_TIME = (1980, 1, 1, 0, 0, 0)


def manifest() -> dict[str, Any]:
    """Describe the bundle, by the format's version 0.4."""
    project = _pyproject()["project"]
    start = ["run", "--directory", "${__dirname}", "healthsim-mcp", "--db", "${user_config.workspace}/healthsim.duckdb"]
    return {
        "manifest_version": "0.4",
        "name": project["name"],
        "display_name": "HealthSim",
        "version": ENGINE_VERSION,
        "description": project["description"],
        "author": {"name": "HealthSim"},
        "license": project["license"],
        "keywords": project["keywords"],
        "server": {
            "type": "uv",
            "entry_point": "server/healthsim_mcp/__main__.py",
            "mcp_config": {"command": "uv", "args": start},
        },
        "tools": [{"name": tool.name, "description": tool_schema(tool.name)["title"]} for tool in TOOLS],
        "prompts_generated": True,
        "compatibility": {
            "platforms": ["darwin", "win32", "linux"],
            "runtimes": {"python": project["requires-python"]},
        },
        "user_config": {
            "workspace": {
                "type": "directory",
                "title": "Workspace",
                "description": "Folder that keeps your cohorts.",
                "required": True,
                "default": "${HOME}/healthsim",
            }
        },
    }


def bundled() -> list[Path]:
    """List the files that go with it: those of the wheel, and what says how it is built."""
    folders = _pyproject()["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    found = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    kept = [path for path in found if "__pycache__" not in path.parts and path.suffix != ".pyc"]
    return sorted([*kept, *(ROOT / name for name in FILES)])


def _pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def write(target: Path) -> None:
    """Write the bundle to a file."""
    target.parent.mkdir(exist_ok=True)
    with ZipFile(target, "w", ZIP_DEFLATED) as bundle:
        bundle.writestr(ZipInfo("manifest.json", _TIME), json.dumps(manifest(), indent=2))
        for path in bundled():
            entry = ZipInfo(path.relative_to(ROOT).as_posix(), _TIME)
            entry.compress_type = ZIP_DEFLATED
            bundle.writestr(entry, path.read_bytes())


def main() -> None:
    """Write the bundle."""
    write(TARGET)
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

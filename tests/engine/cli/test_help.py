"""What the command says of itself."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
import typer
from typer.core import TyperGroup

from engine.cli.running import Command
from healthsim.cli.main import app

HEAVY = ("numpy", "pyarrow", "duckdb", "scipy", "pydantic", "jsonschema", "mcp")
COMMANDS = {
    *("generate", "explain", "query", "summary", "cohorts list", "cohorts delete", "county", "serve", "demo", "bench"),
    *("reference fetch", "reference load", "reference status", "skills show", "skills validate", "score", "journey"),
    *("providers", "facilities", "counties"),
    *(f"profiles {verb}" for verb in ("save", "update", "list", "show", "versions", "diff", "delete")),
    *("profiles executions", "profiles rerun"),
    *(f"cohorts {verb}" for verb in ("rename", "tag", "clone", "merge", "publish", "export", "import")),
}


def walk(group: TyperGroup, prefix: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from walk(command, (*prefix, name))
        else:
            yield (*prefix, name)


def every_command() -> list[tuple[str, ...]]:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return sorted(walk(group))


def test_the_commands_are_the_ones_promised() -> None:
    assert {" ".join(words) for words in every_command()} == COMMANDS


@pytest.mark.parametrize("words", every_command(), ids=" ".join)
def test_a_command_explains_itself_with_an_example(healthsim: Command, words: tuple[str, ...]) -> None:
    shown = healthsim(*words, "--help")
    assert shown.code == 0
    assert f"Example: healthsim {' '.join(words)}" in " ".join(shown.out.split())


@pytest.mark.parametrize("words", every_command(), ids=" ".join)
def test_every_option_is_explained(words: tuple[str, ...]) -> None:
    command = typer.main.get_command(app)
    for word in words:
        assert isinstance(command, TyperGroup)
        command = command.commands[word]
    assert [option.name for option in command.params if not getattr(option, "help", None)] == []


@pytest.mark.parametrize("words", [(), ("cohorts",), ("profiles",), ("reference",)], ids=" ".join)
def test_a_group_explains_itself(healthsim: Command, words: tuple[str, ...]) -> None:
    shown = healthsim(*words, "--help")
    assert shown.code == 0
    assert "Example: healthsim" in shown.out


def test_help_comes_without_loading_the_engine() -> None:
    program = "import sys; sys.argv = ['healthsim', '--help']; from healthsim.cli.main import main; main()"
    command = [sys.executable, "-X", "importtime", "-c", program]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    imported = {line.rsplit("|", 1)[-1].strip() for line in shown.stderr.splitlines() if "import time:" in line}
    assert "healthsim.cli.main" in imported
    assert [name for name in HEAVY if name in imported] == []

"""The command, in a workspace that lasts as long as the test."""

from pathlib import Path

import pytest

from engine.cli.running import Command


@pytest.fixture
def healthsim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(tmp_path / "workspace.duckdb", monkeypatch, capsys)

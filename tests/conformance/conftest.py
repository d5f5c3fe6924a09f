"""A workspace for the server that is tried from outside."""

from pathlib import Path

import pytest


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "workspace.duckdb"

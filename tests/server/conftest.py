"""A client of the server, connected in memory, and a workspace for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.calling import Caller, connected


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "workspace.duckdb"


@pytest.fixture
def caller(workspace: Path) -> Iterator[Caller]:
    with connected(workspace) as ready:
        yield ready


@pytest.fixture(scope="module")
def shared_caller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    """Give a client for tests that leave nothing the others would notice."""
    with connected(tmp_path_factory.mktemp("shared") / "workspace.duckdb") as ready:
        yield ready

"""A client of the server, connected in memory, and a workspace for it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client
from mcp.types import CallToolResult, TextContent, Tool

from healthsim_mcp.server import healthsim_server
from healthsim_mcp.settings import Settings


@dataclass(frozen=True)
class Caller:
    """Calls tools from a test that is a plain function."""

    client: Client
    portal: BlockingPortal

    def tools(self) -> dict[str, Tool]:
        return {tool.name: tool for tool in self.portal.call(self.client.list_tools).tools}

    def call(self, tool: str, /, **arguments: Any) -> CallToolResult:
        return self.portal.call(self.client.call_tool, tool, arguments)

    def answer(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        """Call, and give the answer, which the text and the structure must tell alike."""
        result = self.call(tool, **arguments)
        assert not result.is_error, text_of(result)
        told: dict[str, Any] = json.loads(text_of(result))
        assert told == result.structured_content
        return told

    def refusal(self, tool: str, /, **arguments: Any) -> str:
        """Call with what cannot be, and give what is said of it."""
        result = self.call(tool, **arguments)
        assert result.is_error, text_of(result)
        return text_of(result)


def text_of(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


@contextmanager
def connected(workspace: Path) -> Iterator[Caller]:
    client = Client(healthsim_server(Settings(db=str(workspace))))
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(client):
        yield Caller(client, portal)


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

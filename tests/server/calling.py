"""A client of the server that tests call as a plain function."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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

    def call(self, tool: str, /, **arguments: object) -> CallToolResult:
        return self.portal.call(self.client.call_tool, tool, arguments)

    def answer(self, tool: str, /, **arguments: object) -> dict[str, Any]:
        """Call, and give the answer, which the text and the structure must tell alike."""
        result = self.call(tool, **arguments)
        assert not result.is_error, text_of(result)
        told: dict[str, Any] = json.loads(text_of(result))
        assert told == result.structured_content
        return told

    def refusal(self, tool: str, /, **arguments: object) -> str:
        """Call with what cannot be, and give what is said of it."""
        result = self.call(tool, **arguments)
        assert result.is_error, text_of(result)
        return text_of(result)


def text_of(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


@contextmanager
def connected(workspace: Path, *, is_read_only: bool = False) -> Iterator[Caller]:
    client = Client(healthsim_server(Settings(db=str(workspace), is_read_only=is_read_only)))
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(client):
        yield Caller(client, portal)

"""Serving over HTTP: who is answered, and who is not."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from httpx2 import AsyncClient, ConnectError
from httpx2 import Client as HttpClient
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from healthsim.errors import InvalidInputError
from healthsim_mcp.http import http_app
from healthsim_mcp.settings import HttpSettings, Settings
from server.test_stdio import left_in, wait_for_staging

SERVER = [sys.executable, "-m", "healthsim_mcp", "--http"]
TOKEN = "0123456789abcdef" * 2
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
HEADERS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
PATIENCE = 60


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def serving(workspace: Path, *options: str) -> Iterator[str]:
    port = free_port()
    command = [*SERVER, "--db", str(workspace), "--port", str(port), *options]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_until_open(port, process)
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)


def wait_until_open(port: int, process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the server did not open its port")


def status_of(address: str, **headers: str) -> int:
    with HttpClient() as http:
        try:
            return http.post(address, json=PING, headers={**HEADERS, **headers}).status_code
        except ConnectError:
            return 0


async def story(address: str, mode: Any, token: str | None) -> tuple[int, Any]:  # noqa: ANN401 - a literal of the client
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        AsyncClient(headers=headers, timeout=PATIENCE) as http,
        Client(streamable_http_client(address, http_client=http), mode=mode) as client,
    ):
        tools = (await client.list_tools()).tools
        made = await client.call_tool("generate_cohort", {"condition": "copd", "count": 20, "seed": 1})
        return len(tools), made.structured_content


def test_clients_of_both_eras_generate_over_http(workspace: Path) -> None:
    with serving(workspace) as address:
        answers = [anyio.run(story, address, mode, None) for mode in ("auto", "legacy")]
    (tools, made), (_, again) = answers
    assert tools > 4
    assert (made["count"], made["existing"], again["existing"]) == (20, False, True)
    assert made["digest"] == again["digest"]


def test_a_terminated_server_takes_back_the_call_that_is_at_work(workspace: Path) -> None:
    long = {"name": "generate_cohort", "arguments": {"condition": "diabetes", "count": 400_000, "seed": 1}}
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    with serving(workspace) as address, HttpClient(headers=HEADERS, timeout=PATIENCE) as http:
        greeted = http.post(address, json={**PING, "method": "initialize", "params": hello})
        session = {"Mcp-Session-Id": greeted.headers["mcp-session-id"]}
        call = {**PING, "id": 2, "method": "tools/call", "params": long}
        with http.stream("POST", address, json=call, headers=session):
            wait_for_staging(workspace)
    assert left_in(workspace) == []


def test_pages_of_other_sites_and_other_names_of_this_machine_are_refused(workspace: Path) -> None:
    with serving(workspace) as address:
        assert status_of(address, Origin="https://evil.example") == 403
        assert status_of(address, Host="evil.example") == 421


def test_a_token_is_needed_where_one_is_set_and_only_that_one_opens(workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n", encoding="utf-8")
    with serving(workspace, "--token-file", str(file)) as address:
        assert status_of(address) == 401
        assert status_of(address, Authorization=f"Bearer {TOKEN[:-1]}x") == 401
        assert anyio.run(story, address, "auto", TOKEN)[1]["count"] == 20


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::"])  # noqa: S104 - refused
def test_an_address_that_others_reach_is_refused_without_a_token_and_names(host: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        http_app(Settings(), HttpSettings(host=host))
    assert [problem.path for problem in refused.value.problems] == ["--token-file", "--allowed-host"]


@pytest.mark.parametrize("content", ["", "short", "has a space in it, so it is none", "ü" * 40, "x" * 5000])
def test_a_file_without_a_usable_token_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "token"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInputError, match="token"):
        http_app(Settings(), HttpSettings(token_file=str(file)))
    with pytest.raises(InvalidInputError, match="cannot be read"):
        http_app(Settings(), HttpSettings(token_file=str(tmp_path / "none")))


@pytest.mark.parametrize("options", [["--port", "99999"], ["--host", "0.0.0.0"]])  # noqa: S104 - refused
def test_the_program_says_what_is_wrong_and_ends(options: list[str]) -> None:
    ended = subprocess.run([*SERVER, *options], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert ended.returncode == 2
    assert options[0] in ended.stderr or "--token-file" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_http_options_without_http_are_an_error() -> None:
    ended = subprocess.run(
        [*SERVER[:-1], "--port", "8000"], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert ended.returncode == 2
    assert "--http" in ended.stderr

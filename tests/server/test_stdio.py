"""The program itself, over standard input and output, as hosts start it."""

import json
import os
import signal
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
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.shared.exceptions import MCPError
from mcp.types import INVALID_PARAMS

from healthsim_mcp.tools import TOOLS

SERVER = [sys.executable, "-m", "healthsim_mcp"]
COMMAND = [sys.executable, "-c", "from healthsim.cli.main import main; main()", "serve"]
HEAVY = ("numpy", "pyarrow", "duckdb", "scipy", "healthsim.api", "healthsim.state", "healthsim.reference")
HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
LONG = {"name": "generate_cohort", "arguments": {"condition": "diabetes", "count": 400_000, "seed": 1}}
PATIENCE = 60


class Wire:
    """A running server and the lines it is spoken to in."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def send(self, method: str, params: dict[str, Any] | None = None, identifier: int | None = None) -> None:
        message = {"jsonrpc": "2.0", "method": method, "params": params or {}}
        if identifier is not None:
            message["id"] = identifier
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def ask(self, method: str, params: dict[str, Any] | None = None, *, identifier: int) -> dict[str, Any]:
        self.send(method, params, identifier)
        assert self.process.stdout is not None
        for line in self.process.stdout:
            message: dict[str, Any] = json.loads(line)
            if message.get("id") == identifier:
                return message
        raise AssertionError(f"no answer to {method}")

    def hang_up(self) -> str:
        """Close the server's input, wait for its end, and give what it wrote to stderr."""
        _, errors = self.process.communicate(timeout=PATIENCE)
        return errors


@contextmanager
def started(command: list[str]) -> Iterator[Wire]:
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, encoding="utf-8") as process:
        wire = Wire(process)
        try:
            wire.ask("initialize", HELLO, identifier=0)
            wire.send("notifications/initialized")
            yield wire
        finally:
            process.kill()


def wait_for_staging(workspace: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not [name for name in left_in(workspace) if name.endswith((".duckdb", ".parquet"))]:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def left_in(workspace: Path) -> list[str]:
    return [path.name for path in workspace.with_suffix(".cohorts").glob("*")]


def test_the_tools_are_listed_before_the_engine_is_loaded(workspace: Path) -> None:
    with started([sys.executable, "-X", "importtime", *SERVER[1:], "--db", str(workspace)]) as wire:
        listed = wire.ask("tools/list", identifier=1)["result"]["tools"]
        imported = {line.rsplit("|", 1)[-1].strip() for line in wire.hang_up().splitlines() if "import time:" in line}
    assert len(listed) == len(TOOLS)
    assert "healthsim_mcp.server" in imported
    assert [name for name in HEAVY if name in imported] == []


@pytest.mark.parametrize(
    ("command", "mode"),
    [(SERVER, "auto"), (SERVER, "legacy"), (COMMAND, "auto")],
    ids=["healthsim-mcp", "healthsim-mcp of the older era", "healthsim serve"],
)
def test_a_client_of_either_era_lists_generates_summarises_and_queries(
    workspace: Path, command: list[str], mode: str
) -> None:
    server = StdioServerParameters(
        command=command[0], args=[*command[1:], "--db", str(workspace)], env=dict(os.environ)
    )

    async def use() -> tuple[Any, Any, Any]:
        async with Client(server, mode=mode) as client:
            assert len((await client.list_tools()).tools) == len(TOOLS)
            asked = {"condition": "diabetes", "count": 50, "seed": 1}
            generated = await client.call_tool("generate_cohort", asked)
            cohort = {"cohort_id": generated.structured_content["cohort_id"]}
            summary = await client.call_tool("get_cohort_summary", cohort)
            rows = await client.call_tool("query_cohort", {**cohort, "sql": "SELECT count(*) FROM patients"})
            with pytest.raises(MCPError) as unknown:
                await client.call_tool("frobnicate", {})
            assert unknown.value.code == INVALID_PARAMS
            return generated.structured_content, summary.structured_content, rows.structured_content

    generated, summary, answer = anyio.run(use)
    assert summary.pop("score")["rules_broken"] == 0
    assert summary == {**generated, "existing": True}
    assert answer["rows"] == [[50]]


def test_a_cancelled_call_leaves_nothing_and_the_server_goes_on(workspace: Path) -> None:
    with started([*SERVER, "--db", str(workspace)]) as wire:
        wire.send("tools/call", LONG, 7)
        wait_for_staging(workspace)
        wire.send("notifications/cancelled", {"requestId": 7})
        arguments = {"cohort_id": "co_none"}
        after = wire.ask("tools/call", {"name": "get_cohort_summary", "arguments": arguments}, identifier=8)
        wire.hang_up()
    assert after["result"]["isError"]
    assert left_in(workspace) == []


def test_a_client_that_hangs_up_leaves_nothing(workspace: Path) -> None:
    with started([*SERVER, "--db", str(workspace)]) as wire:
        wire.send("tools/call", LONG, 7)
        wait_for_staging(workspace)
        errors = wire.hang_up()
        assert wire.process.returncode == 0
    assert errors == ""
    assert left_in(workspace) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize("is_at_work", [False, True], ids=["idle", "at work"])
def test_a_terminated_server_ends_soon_and_leaves_nothing(workspace: Path, *, is_at_work: bool) -> None:
    with started([*SERVER, "--db", str(workspace)]) as wire:
        if is_at_work:
            wire.send("tools/call", LONG, 7)
            wait_for_staging(workspace)
        wire.process.terminate()
        assert wire.process.wait(timeout=PATIENCE) == 128 + signal.SIGTERM
        assert wire.process.stderr is not None
        assert wire.process.stderr.read() == ""
    assert left_in(workspace) == []


@pytest.mark.skipif(sys.platform == "win32", reason="parents are not told of")
def test_a_server_whose_parent_dies_ends_though_its_input_stays_open(workspace: Path) -> None:
    child = f"subprocess.Popen({[*SERVER, '--db', str(workspace)]!r}, stdout=sys.stdin.fileno())"
    parent = f"import subprocess, sys, time; print({child}.pid, flush=True); time.sleep(600)"
    stays_open, hears = socket.socketpair()
    with (
        stays_open,
        hears,
        subprocess.Popen([sys.executable, "-c", parent], stdin=hears, stdout=subprocess.PIPE, text=True) as process,
    ):
        assert process.stdout is not None
        server = int(process.stdout.readline())
        hello = {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": HELLO}
        stays_open.sendall(json.dumps(hello).encode() + b"\n")
        assert b"serverInfo" in stays_open.recv(65_536)
        assert is_alive(server)
        process.kill()
        process.wait()
        deadline = time.monotonic() + PATIENCE
        while is_alive(server):
            assert time.monotonic() < deadline
            time.sleep(0.05)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    return not state.exists() or state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"


def test_a_killed_server_leaves_only_what_the_next_one_sweeps(workspace: Path) -> None:
    with started([*SERVER, "--db", str(workspace)]) as wire:
        wire.send("tools/call", LONG, 7)
        wait_for_staging(workspace)
        wire.process.kill()
        wire.process.wait()
    with started([*SERVER, "--db", str(workspace)]) as wire:
        small = {"name": "generate_cohort", "arguments": {"condition": "diabetes", "count": 5, "seed": 1}}
        answer = wire.ask("tools/call", small, identifier=1)["result"]["structuredContent"]
        wire.hang_up()
    assert left_in(workspace) == [f"{answer['cohort_id']}.duckdb"]

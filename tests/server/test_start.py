"""How soon the server answers, against an empty one of the same library in the same run."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from server.test_stdio import HELLO, SERVER

EMPTY = [sys.executable, "-c", "from mcp.server import MCPServer; MCPServer('empty').run()"]
TIMES = 5
MOST = 1.25


def seconds_to_list(command: list[str]) -> float:
    """Give the processor's seconds from a server's start to its list of tools."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        for identifier, method, asked in ((0, "initialize", HELLO), (1, "tools/list", {})):
            message = {"jsonrpc": "2.0", "id": identifier, "method": method, "params": asked}
            server.stdin.write(json.dumps(message) + "\n")
            server.stdin.flush()
            while json.loads(server.stdout.readline()).get("id") != identifier:
                pass
        server.kill()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.torture
def test_the_tools_are_listed_nearly_as_soon_as_those_of_an_empty_server(workspace: Path) -> None:
    ours, empty = [*SERVER, "--db", str(workspace)], EMPTY
    pairs = [(seconds_to_list(ours), seconds_to_list(empty)) for _ in range(TIMES)]
    assert min(pair[0] for pair in pairs) <= MOST * min(pair[1] for pair in pairs)

"""Serving over HTTP in a thread, for programs that come from outside."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import uvicorn
from mcp.server.lowlevel import Server

from healthsim_mcp.http import http_app
from healthsim_mcp.settings import LOOPBACK, HttpSettings, Settings

PATIENCE = 60


@contextmanager
def served(workspace: Path, build: Callable[[Settings], Server[Any]]) -> Iterator[str]:
    """Serve what `build` gives, and give the address."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port = probe.getsockname()[1]
    app = http_app(Settings(db=str(workspace)), HttpSettings(port=port), build=build)
    server = uvicorn.Server(uvicorn.Config(app, host=LOOPBACK, port=port, log_level="error"))
    thread = Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + PATIENCE
    while not server.started:
        assert thread.is_alive()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    try:
        yield f"http://{LOOPBACK}:{port}/mcp"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)

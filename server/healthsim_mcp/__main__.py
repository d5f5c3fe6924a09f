"""The `healthsim-mcp` program: serves on standard input and output, or over HTTP."""

import argparse
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import anyio
from mcp.server.stdio import stdio_server

from healthsim.errors import InvalidInputError
from healthsim_mcp.ending import Ending
from healthsim_mcp.logs import start_logs
from healthsim_mcp.server import healthsim_server
from healthsim_mcp.settings import LOOPBACK, PORT, HttpSettings, Settings

_BAD_INPUT = 2
_INTERRUPTED = 130
_LEVELS = ("info", "warning", "error")
_OFF = "HTTP options need --http"


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until the client hangs up, or the program is interrupted or terminated."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    given = {
        key: value
        for key in ("host", "port", "token_file", "allowed_hosts")
        if (value := getattr(asked, key)) is not None
    }
    if given and not asked.http:
        parser.error(_OFF)
    settings = Settings(db=asked.db, is_read_only=asked.read_only, exports=asked.exports)
    start_logs(asked.log_level)
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        if asked.http:
            _serve_http(settings, HttpSettings(**{**given, "allowed_hosts": tuple(given.get("allowed_hosts", ()))}))
        else:
            anyio.run(_serve, settings)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="healthsim-mcp",
        description="HealthSim's Model Context Protocol server: on standard input and output, or over HTTP.",
    )
    add = parser.add_argument
    add("--db", help="workspace database; default $HEALTHSIM_DB, else one in the user's data directory")
    add("--read-only", action="store_true", help="leave out the tools that change something")
    add("--exports", help="folder below which cohorts are exported; default one beside the workspace database")
    add("--log-level", choices=_LEVELS, default="warning", help="what is told on stderr; info tells of every call")
    add("--http", action="store_true", help="serve streamable HTTP at /mcp instead")
    add("--host", help=f"address to listen at; default {LOOPBACK}, this machine only")
    add("--port", type=int, help=f"port to listen at; default {PORT}")
    add("--token-file", help="file with the bearer token that clients must present")
    add(
        *("--allowed-host",),
        dest="allowed_hosts",
        action="append",
        metavar="NAME",
        help="name by which clients may call the server; may be repeated",
    )
    return parser


def _interrupted(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _serve_http(settings: Settings, http: HttpSettings) -> None:
    from healthsim_mcp.http import serve_http  # noqa: PLC0415 - keeps the start on standard input light

    try:
        serve_http(settings, http)
    except InvalidInputError as error:
        sys.stderr.write(f"healthsim-mcp: {error}\n")
        sys.exit(_BAD_INPUT)


async def _serve(settings: Settings) -> None:
    server, ending = healthsim_server(settings), Ending()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ending.watch, tasks.cancel_scope)
        async with stdio_server() as (read, write):
            try:
                await server.run(read, write, server.create_initialization_options())
            finally:
                if ending.status is not None:
                    ending.end()
        tasks.cancel_scope.cancel()


if __name__ == "__main__":
    main()

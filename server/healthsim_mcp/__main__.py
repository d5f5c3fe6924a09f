"""The `healthsim-mcp` program: serves on standard input and output."""

import argparse
import logging
import sys
from collections.abc import Sequence

import anyio
from mcp.server.stdio import stdio_server

from healthsim_mcp.server import healthsim_server
from healthsim_mcp.settings import NAME, Settings


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until the client hangs up."""
    parser = argparse.ArgumentParser(
        prog="healthsim-mcp", description="HealthSim's Model Context Protocol server (stdio)."
    )
    parser.add_argument("--db", help="workspace database; default $HEALTHSIM_DB, else one in the user's data directory")
    settings = Settings(db=parser.parse_args(arguments).db)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format=f"{NAME} %(levelname)s %(message)s")
    try:
        anyio.run(_serve, settings)
    except KeyboardInterrupt:
        sys.exit(130)


async def _serve(settings: Settings) -> None:
    server = healthsim_server(settings)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


if __name__ == "__main__":
    main()

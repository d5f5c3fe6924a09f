"""The command that serves."""

import runpy
import sys

import typer


def serve_command(context: typer.Context) -> None:
    """Serve the Model Context Protocol on standard input and output, as `healthsim-mcp` does.

    Example: healthsim serve --db healthsim.duckdb
    """
    sys.argv = ["healthsim-mcp", *context.args]
    runpy.run_module("healthsim_mcp", run_name="__main__", alter_sys=True)

"""What the server writes of its doings: structured, and nothing that looks like a person's."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from healthsim_mcp.errors import reply_of
from healthsim_mcp.logs import OURS, JsonLines
from server.test_stdio import SERVER, started

PERSONAL = "Alma Quist, born 1950-01-02"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Give what loggers of ours and of libraries write."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    loggers = [logging.getLogger(OURS), logging.getLogger("of.a.library")]
    for logger in loggers:
        logger.addHandler(handler)
    yield stream
    for logger in loggers:
        logger.removeHandler(handler)


def events(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_error_is_told_by_its_kind_and_places_without_its_message(lines: io.StringIO) -> None:
    def fail() -> None:
        raise ValueError(PERSONAL)

    try:
        fail()
    except ValueError as error:
        reply_of(error, "query_cohort")
    (event,) = events(lines)
    assert (event["level"], event["tool"], event["error"]) == ("error", "query_cohort", "builtins.ValueError")
    assert event["at"][-1].endswith(" fail")
    assert PERSONAL not in lines.getvalue()


@pytest.mark.parametrize(("message", "filled"), [("no such %s", (PERSONAL,)), (f"no such {PERSONAL}", ())])
def test_of_a_librarys_message_only_what_was_written_before_is_told(
    lines: io.StringIO, message: str, filled: tuple[str, ...]
) -> None:
    logging.getLogger("of.a.library").error(message, *filled)
    (event,) = events(lines)
    assert event["logger"] == "of.a.library"
    assert PERSONAL not in lines.getvalue()


def test_calls_are_told_of_where_that_is_asked_for_and_not_what_was_asked(workspace: Path) -> None:
    with started([*SERVER, "--db", str(workspace), "--log-level", "info"]) as wire:
        asked = {"name": "lookup_county", "arguments": {"name": PERSONAL, "state": "TX"}}
        wire.ask("tools/call", asked, identifier=1)
        told = wire.hang_up()
    (event,) = [json.loads(line) for line in told.splitlines()]
    assert (event["event"], event["tool"], event["outcome"]) == ("call", "lookup_county", "refused")
    assert event["seconds"] > 0
    assert "Quist" not in told


def test_a_run_that_breaks_down_tells_its_log_and_not_what_it_was_about(workspace: Path) -> None:
    work = {"tool": "generate_cohort", "arguments": {"unheard_of": PERSONAL}, "db": str(workspace)}
    ended = subprocess.run(
        [sys.executable, "-m", "healthsim_mcp.worker"],
        input=json.dumps(work) + "\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert json.loads(ended.stderr)["error"] == "builtins.TypeError"
    assert PERSONAL not in ended.stderr + ended.stdout

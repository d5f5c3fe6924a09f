"""What the server writes of its own doings: a line of JSON an event, to stderr, without anything a caller said.

Arguments, replies and messages of errors may hold what looks like a person's data: they are left out. What is told of
an error is its kind and the places in the source it went through.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb
from typing import Any

OURS = "healthsim_mcp"
_MOST_PLACES = 12
_FIELDS = ("tool", "seconds", "outcome", "characters")
"""What events of ours tell besides."""


def start_logs(level: str = "warning") -> None:
    """Write what is at least as grave as a level to stderr; of libraries warnings and errors alone."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    wanted = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(level=max(wanted, logging.WARNING), handlers=[handler], force=True)
    logging.getLogger(OURS).setLevel(wanted)


class JsonLines(logging.Formatter):
    """Writes events as lines of JSON; of those of libraries the fixed part of the message alone."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one event."""
        event: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage() if record.name == OURS else _fixed(record),
        }
        event |= {field: getattr(record, field) for field in _FIELDS if hasattr(record, field)}
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            event["error"] = f"{kind.__module__}.{kind.__qualname__}"
            event["at"] = [f"{_short(at.filename)}:{at.lineno} {at.name}" for at in extract_tb(trace)[-_MOST_PLACES:]]
        return json.dumps(event, separators=(",", ":"))


def _fixed(record: logging.LogRecord) -> str:
    """Give a library's message without what is filled in; where that cannot be told apart, the place it is from."""
    return str(record.msg) if record.args else f"{record.module}.{record.funcName}:{record.lineno}"


def _short(file: str) -> str:
    return "/".join(Path(file).parts[-2:])

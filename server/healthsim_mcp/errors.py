"""Errors as replies: what the caller can mend is told, what is ours is logged."""

import logging

from mcp.types import CallToolResult

from healthsim.errors import HealthSimError
from healthsim_mcp.logs import OURS
from healthsim_mcp.problems import problems_of
from healthsim_mcp.replies import refused

_LOGGER = logging.getLogger(OURS)


def reply_of(error: Exception, tool: str) -> CallToolResult:
    """Turn an error into a reply; one that nobody raised on purpose is told of, and logged."""
    if isinstance(error, HealthSimError):
        return refused(problems_of(error))
    _LOGGER.error("a tool failed", exc_info=error, extra={"tool": tool})
    return refused([f"internal error in {tool}; the server's log has the details"])

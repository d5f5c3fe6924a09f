"""Errors as replies: what the caller can mend is told, what is ours is logged."""

import logging

from mcp.types import CallToolResult

from healthsim.errors import HealthSimError
from healthsim_mcp.problems import problems_of
from healthsim_mcp.replies import refused

_LOGGER = logging.getLogger("healthsim_mcp")


def reply_of(error: Exception, tool: str) -> CallToolResult:
    """Turn an error into a reply; one that nobody raised on purpose is told of, and logged."""
    if isinstance(error, HealthSimError):
        return refused(problems_of(error))
    _LOGGER.error("%s failed", tool, exc_info=error)
    return refused([f"internal error in {tool}; the server's log has the details"])

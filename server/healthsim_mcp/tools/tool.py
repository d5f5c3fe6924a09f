"""What a tool is: a name, a function and what it does to the world; its schema lies in `schemas/tools`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from healthsim_mcp.call import Call

Handler = Callable[[Mapping[str, Any], Call], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool.

    Attributes:
        name: Its name.
        handler: What answers; a plain function that may take its time.
        is_read_only: Whether it changes nothing.
        is_idempotent: Whether calling it again with the same arguments changes nothing more.
        is_destructive: Whether it removes what was kept.
    """

    name: str
    handler: Handler
    is_read_only: bool = True
    is_idempotent: bool = True
    is_destructive: bool = False

"""What a tool is told about the call it answers."""

from dataclasses import dataclass, field
from threading import Event

from healthsim_mcp.runs import Runs
from healthsim_mcp.settings import Settings


@dataclass(slots=True)
class Call:
    """One call of a tool.

    Attributes:
        settings: Of the server.
        runs: Work of this server that goes on beside calls.
        done: People made so far.
        total: People asked for; 0 before that is known.
        stopped: Set when the caller took the call back.
    """

    settings: Settings
    runs: Runs
    done: int = 0
    total: int = 0
    stopped: Event = field(default_factory=Event)

    def progress(self, done: int, total: int) -> None:
        """Note how far the work is."""
        self.done, self.total = done, total

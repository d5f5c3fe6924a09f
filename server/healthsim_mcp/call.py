"""What a tool is told about the call it answers."""

from dataclasses import dataclass, field
from threading import Event
from time import monotonic

from healthsim_mcp.repeats import Repeats
from healthsim_mcp.runs import Runs
from healthsim_mcp.settings import Settings


@dataclass(slots=True)
class Call:
    """One call of a tool.

    Attributes:
        settings: Of the server.
        runs: Work of this server that goes on beside calls.
        repeats: Calls of this server that may be asked again.
        done: People made so far.
        total: People asked for; 0 before that is known.
        stopped: Set when the caller took the call back.
        answered: Set when the caller was given the answer.
        began: When the work began, by the monotonic clock.
    """

    settings: Settings
    runs: Runs
    repeats: Repeats = field(default_factory=Repeats)
    done: int = 0
    total: int = 0
    stopped: Event = field(default_factory=Event)
    answered: Event = field(default_factory=Event)
    began: float = field(default_factory=monotonic)

    def progress(self, done: int, total: int) -> None:
        """Note how far the work is."""
        self.done, self.total = done, total

    def standing(self) -> str:
        """Tell in a few words how far the work is, how fast it goes and how long it may still take."""
        if not self.done:
            return "planning"
        if self.done >= self.total:
            return "keeping"
        rate = self.done / max(monotonic() - self.began, 1e-6)
        left = (self.total - self.done) / rate
        return f"{self.done:,} of {self.total:,} people, {rate:,.0f} a second, about {left:,.0f} s left"

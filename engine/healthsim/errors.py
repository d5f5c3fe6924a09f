"""The errors of HealthSim, in one tree.

HealthSimError
├── InvalidInputError         what was asked cannot be: every problem at once, each with its path
│   ├── InvalidProfileError   a profile
│   ├── InvalidJourneyError   a journey
│   ├── InvalidSkillError     a skill of the user's
│   ├── NotFoundError         a name that nothing answers to, with the nearest that something does
│   ├── ReferenceFileError    an official file that cannot be read as one
│   └── QueryError            a statement that may not or cannot run over a cohort
├── DownloadError             an official file that cannot be fetched: what was tried, and what to do instead
├── StateError                the workspace or a cohort's file is busy, damaged or not ours
└── RunCancelledError         the caller took the request back; nothing was kept
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

_RECEIVED_LIMIT = 80
_MOST_SPACES = 4


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, what, what was received and what would be right.

    Attributes:
        path: JSON path of the value, `$` for the whole.
        message: What is wrong, a sentence without its full stop.
        received: The value as it came, rendered short; None where nothing came.
        hint: What would be right, such as the nearest valid name; None where nothing fits.
    """

    path: str
    message: str
    received: str | None = None
    hint: str | None = None

    def __str__(self) -> str:
        """Render as one line."""
        received = f" (received {self.received})" if self.received is not None else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{self.path}: {self.message}{received}{hint}"


class HealthSimError(Exception):
    """Whatever HealthSim raises on purpose."""


class InvalidInputError(HealthSimError):
    """What was asked cannot be; nothing was written.

    Attributes:
        problems: Every problem found, in the order of the input.
    """

    subject = "request"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self._rendered())

    def _rendered(self) -> str:
        count = len(self.problems)
        noun = "problem" if count == 1 else "problems"
        lines = "".join(f"\n  {problem}" for problem in self.problems)
        return f"{count} {noun} in the {self.subject}:{lines}"


class InvalidProfileError(InvalidInputError):
    """A profile that does not hold together."""

    subject = "profile"


class InvalidJourneyError(InvalidInputError):
    """A journey that does not hold together."""

    subject = "journey"


class InvalidSkillError(InvalidInputError):
    """Skills of the user's that are not sound, or contradict others; none of them is used."""

    subject = "skills"


class NotFoundError(InvalidInputError):
    """A name that nothing answers to.

    Attributes:
        kind: What was looked for, such as `county`.
        name: The name received.
        nearest: Valid names that resemble it, best first.
    """

    def __init__(
        self, kind: str, name: str, valid: Iterable[str] = (), *, path: str = "$", nearest: Sequence[str] | None = None
    ) -> None:
        self.kind = kind
        self.name = name
        self.nearest = nearest_names(name, valid) if nearest is None else tuple(nearest)
        super().__init__([Problem(path, f"no such {kind}", rendered(name), did_you_mean(self.nearest))])


class ReferenceFileError(InvalidInputError):
    """An official file that cannot be read as one; nothing of it was loaded."""

    subject = "reference file"


class QueryError(InvalidInputError):
    """A statement that may not, or cannot, run over a cohort."""

    subject = "query"


class DownloadError(HealthSimError):
    """An official file that cannot be fetched.

    Attributes:
        address: Where it was looked for.
        reason: What went wrong.
        remedy: What to do instead.
        is_missing: Whether the server was there but has no such file.
    """

    def __init__(self, address: str, reason: str, remedy: str, *, is_missing: bool = False) -> None:
        self.address = address
        self.reason = reason
        self.remedy = remedy
        self.is_missing = is_missing
        super().__init__(f"{address} cannot be fetched: {reason}; {remedy}")


class StateError(HealthSimError):
    """The workspace database or a cohort's file is busy, damaged or not ours."""


class RunCancelledError(HealthSimError):
    """The caller took the request back; nothing was kept."""


def nearest_names(name: str, valid: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """Give the valid names that most resemble `name`, best first."""
    by_folded = {candidate.casefold(): candidate for candidate in valid}
    close = get_close_matches(name.casefold(), list(by_folded), n=limit, cutoff=0.6)
    return tuple(by_folded[folded] for folded in close)


def did_you_mean(names: Sequence[str]) -> str | None:
    """Phrase a hint from the nearest names, None when there are none."""
    return f"did you mean {' or '.join(map(_quoted, names))}?" if names else None


def _quoted(name: str) -> str:
    """Put a name that reads like a sentence into quotes, cut: readers must see where a user's text ends."""
    return rendered(name) if name.count(" ") > _MOST_SPACES or len(name) > _RECEIVED_LIMIT else name


def rendered(value: object) -> str:
    """Render a received value short enough for a message; one that cannot be written, by its kind."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        return f"a {type(value).__name__} too long or too deep to be shown"
    return text if len(text) <= _RECEIVED_LIMIT else f"{text[: _RECEIVED_LIMIT - 1]}…"

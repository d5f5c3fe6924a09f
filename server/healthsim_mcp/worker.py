"""The program that makes a large cohort beside the server: told what on its input, telling how far on its output.

It goes on while a client waits or not, and ends without a cohort when its input closes: when the run is cancelled, or
the server is gone.
"""

import json
import sys
from collections.abc import Mapping
from threading import Event, Thread
from time import monotonic
from typing import Any

from healthsim import generate
from healthsim.errors import HealthSimError
from healthsim_mcp.problems import problems_of
from healthsim_mcp.sizes import compact

_REPORT_SECONDS = 0.5


def main() -> None:
    """Do the work that the first line of the input describes: `{"db": ..., "arguments": {...}}`."""
    work = json.loads(sys.stdin.readline())
    stopped = Event()
    Thread(target=_watch, args=(stopped,), daemon=True).start()
    reporter = _Reporter()
    try:
        result = generate(
            **work["arguments"], persist=True, db=work["db"], progress=reporter.report, cancelled=stopped.is_set
        )
    except HealthSimError as error:
        _tell({"problems": list(problems_of(error))})
    else:
        _tell({"summary": result.summary})


def _watch(stopped: Event) -> None:
    sys.stdin.read()
    stopped.set()


class _Reporter:
    """Tells how far the work is, not more often than anybody asks."""

    def __init__(self) -> None:
        self._told = 0.0

    def report(self, done: int, total: int) -> None:
        if monotonic() - self._told >= _REPORT_SECONDS:
            self._told = monotonic()
            _tell({"done": done, "total": total})


def _tell(message: Mapping[str, Any]) -> None:
    sys.stdout.write(compact(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

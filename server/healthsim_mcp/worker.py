"""The program that does long work beside the server: told what on its input, telling how far on its output.

It goes on while a client waits or not, and ends with nothing kept when its input closes: when the run is taken back,
or the server is gone.
"""

import json
import logging
import sys
from collections.abc import Mapping
from threading import Event, Thread
from typing import Any

from healthsim.errors import HealthSimError
from healthsim_mcp.call import Call
from healthsim_mcp.logs import OURS, start_logs
from healthsim_mcp.problems import problems_of
from healthsim_mcp.runs import Runs
from healthsim_mcp.settings import Settings
from healthsim_mcp.sizes import compact
from healthsim_mcp.tools.generation import generate_now
from healthsim_mcp.tools.journeys import run_journey_now
from healthsim_mcp.tools.keeping import rerun_now
from healthsim_mcp.tools.tool import Handler

_WORK: Mapping[str, Handler] = {
    "generate_cohort": generate_now,
    "run_journey": run_journey_now,
    "rerun_execution": rerun_now,
}
"""What does the work of a tool, however long it takes."""

_REPORT_SECONDS = 0.5


def main() -> None:
    """Do the work that the first line of the input describes: `{"tool": ..., "arguments": {...}, "db": ...}`."""
    start_logs()
    work = json.loads(sys.stdin.readline())
    call, ended = Call(Settings(db=work["db"]), Runs()), Event()
    Thread(target=_watch, args=(call.stopped,), daemon=True).start()
    reporter = Thread(target=_report, args=(call, ended), daemon=True)
    reporter.start()
    try:
        outcome: Mapping[str, Any] = {"answer": _WORK[work["tool"]](work["arguments"], call)}
    except HealthSimError as error:
        outcome = {"problems": list(problems_of(error))}
    except Exception:  # told to the log without its message
        logging.getLogger(OURS).exception("a run failed", extra={"tool": work["tool"]})
        sys.exit(1)
    ended.set()
    reporter.join()
    _tell(outcome)


def _watch(stopped: Event) -> None:
    sys.stdin.read()
    stopped.set()


def _report(call: Call, ended: Event) -> None:
    """Tell how far the work is, not more often than anybody asks."""
    while not ended.wait(_REPORT_SECONDS):
        if call.total:
            _tell({"done": call.done, "total": call.total})


def _tell(message: Mapping[str, Any]) -> None:
    sys.stdout.write(compact(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

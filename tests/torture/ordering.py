"""Giving orders to a process that may die of them, and looking at what it leaves."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from healthsim import get_manager

PROGRAM = Path(__file__).with_name("victim.py")

COUNTY: dict[str, Any] = {
    "id": "bristol",
    "demographics": {"reference": {"type": "county", "fips": "44001"}},
    "clinical": {"baseline": "none"},
}
"""A profile that is planned soon."""


@dataclass(frozen=True)
class Victim:
    """A process that carries out orders in children of its own."""

    process: subprocess.Popen[str]

    def begin(self, **order: Any) -> int:  # noqa: ANN401 - whatever JSON holds
        """Give an order, and tell which process carries it out."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order, default=str) + "\n")
        self.process.stdin.flush()
        return int(self._answer()["pid"])

    def end(self) -> tuple[int, str]:
        """Wait for the order's end; give how it ended and what was said."""
        answer = self._answer()
        return int(answer["status"]), str(answer["said"])

    def told(self, **order: Any) -> str:  # noqa: ANN401 - as above
        """Give an order that is carried out to its end, and what was said."""
        self.begin(**order)
        status, said = self.end()
        assert status == 0
        return said

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the program that gives the orders has died itself"
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def victim() -> Iterator[Victim]:
    command = [sys.executable, "-W", "ignore", str(PROGRAM)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        ready = Victim(process)
        ready._answer()  # noqa: SLF001 - its first answer, before any order
        yield ready
        assert process.stdin is not None
        process.stdin.close()


def check_whole(db: Path) -> dict[str, str]:
    """See that a workspace opens, and holds whole cohorts and nothing else; give their digests by handle."""
    manager = get_manager(db)
    digests, present = {}, []
    for cohort in manager.list_cohorts():
        summary = manager.get_summary(cohort["cohort_id"])
        for table, rows in summary["tables"].items():
            assert manager.query(cohort["cohort_id"], f"SELECT count(*) FROM {table}").rows == [[rows]]  # noqa: S608 - ours
        digests[cohort["cohort_id"]] = summary["digest"]
        made = manager.cohorts.get(cohort["cohort_id"])
        present.append(made.path.name)
        executions = manager.profiles.list_executions(cohort_id=made.cohort_id)
        assert [execution.digest for execution in executions] == ([summary["digest"]] if made.spec else [])
    folder = manager.cohorts.directory
    left = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    assert left == sorted(present)
    return digests

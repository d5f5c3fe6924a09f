"""Several processes that use one workspace at the same time, and what is left of it."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from healthsim import get_manager
from torture.mixed import PEOPLE, SHARED_SEEDS
from torture.ordering import check_whole

PROGRAM = Path(__file__).with_name("mixed.py")
PATIENCE = 1_800


@dataclass(frozen=True)
class Shared:
    """What came of it.

    Attributes:
        seconds: Of all calls, the fastest first.
        failures: What failed.
    """

    seconds: list[float]
    failures: list[str]

    def quantile(self, share: float) -> float:
        return self.seconds[min(int(share * len(self.seconds)), len(self.seconds) - 1)]


def shared(db: Path, *, processes: int, calls: int) -> Shared:
    """Let processes use a workspace, and see that nothing was lost and nothing is there twice."""
    command = [sys.executable, "-W", "ignore", str(PROGRAM), str(db)]
    running = [
        subprocess.Popen([*command, str(number), str(calls)], stdout=subprocess.PIPE, text=True)
        for number in range(1, processes + 1)
    ]
    answers = [json.loads(process.communicate(timeout=PATIENCE)[0]) for process in running]
    cohorts = {cohort: rows for answer in answers for cohort, rows in answer["cohorts"].items()}
    profiles = {name: version for answer in answers for name, version in answer["profiles"].items()}
    found = check_whole(db)
    assert cohorts.keys() <= found.keys()
    assert len(found) <= len(cohorts) + SHARED_SEEDS
    manager = get_manager(db)
    for cohort in found:
        rows = manager.query(cohort, "SELECT count(DISTINCT person_id) FROM patients").rows[0][0]
        assert rows == cohorts.get(cohort, PEOPLE)
    assert {each.name: each.version for each in manager.profiles.list_profiles(limit=10_000)} == profiles
    for name, version in profiles.items():
        assert [each.version for each in manager.profiles.versions(name)] == list(range(1, version + 1))
    return Shared(
        sorted(second for answer in answers for second in answer["seconds"]),
        [failure for answer in answers for failure in answer["failures"]],
    )

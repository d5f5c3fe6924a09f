"""One of several processes that use a workspace at the same time: mostly reading, sometimes writing.

Called with the workspace, its own number, and how many calls it makes. Prints a JSON object: the seconds of each call,
what failed, and what it has kept and not deleted.
"""

import json
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

from healthsim import explain, generate, get_manager

READS, UPDATES = 0.8, 0.5
PEOPLE = 30
SHARED_SEEDS = 5
"""Seeds that every process makes a cohort of: the same plan by several processes is one cohort."""

COUNTY: dict[str, Any] = {"id": "bristol", "demographics": {"reference": {"type": "county", "fips": "44001"}}}


class Worker:
    """What one process does, and what it expects to find.

    Args:
        db: The workspace.
        number: Which process it is.
    """

    def __init__(self, db: Path, number: int) -> None:
        self.db = db
        self.number = number
        self.random = Random(number)  # noqa: S311 - a repeatable choice of calls
        self.cohorts: dict[str, int] = {}
        self.profiles: dict[str, int] = {}
        self.made = 0

    def call(self) -> str:
        """Do one thing, and tell which."""
        reading = (self.listing, self.query, self.summarise, self.load, self.executions)
        writing = (self.generate, self.generate_shared, self.persist, self.save, self.tag, self.delete)
        chosen = self.random.choice(reading if self.random.random() < READS else writing)
        chosen()
        return chosen.__name__

    def listing(self) -> None:
        listed = get_manager(self.db).list_cohorts(1_000)
        assert self.cohorts.keys() <= {cohort["cohort_id"] for cohort in listed}

    def query(self) -> None:
        for cohort_id, rows in self._some():
            assert get_manager(self.db).query(cohort_id, "SELECT count(*) FROM patients").rows == [[rows]]

    def summarise(self) -> None:
        for cohort_id, rows in self._some():
            assert get_manager(self.db).get_summary(cohort_id)["tables"]["patients"] == rows

    def load(self) -> None:
        for name, version in list(self.profiles.items())[-1:]:
            assert get_manager(self.db).profiles.load_profile(name).version == version

    def executions(self) -> None:
        listed = get_manager(self.db).profiles.list_executions(limit=1_000)
        assert len({execution.execution_id for execution in listed}) == len(listed)

    def generate(self) -> None:
        self.made += 1
        made = generate(profile=COUNTY, count=PEOPLE, seed=self._own(), persist=True, db=self.db)
        assert not made.existing
        self.cohorts[made.summary["cohort_id"]] = PEOPLE

    def generate_shared(self) -> None:
        generate(profile=COUNTY, count=PEOPLE, seed=self.random.randrange(SHARED_SEEDS), persist=True, db=self.db)

    def persist(self) -> None:
        self.made += 1
        people = [{"person_id": self._own(), "gender": "F"}]
        self.cohorts[get_manager(self.db).persist(people)["cohort_id"]] = 1

    def save(self) -> None:
        profiles = get_manager(self.db).profiles
        if self.profiles and self.random.random() < UPDATES:
            name = self.random.choice(list(self.profiles))
            document = {**COUNTY, "description": f"version {self.profiles[name] + 1}"}
            self.profiles[name] = profiles.update_profile(name, document).version
        else:
            name = f"profile-{self.number}-{len(self.profiles)}"
            profiles.save_profile(name, COUNTY)
            self.profiles[name] = 1

    def tag(self) -> None:
        for cohort_id, _ in self._some():
            get_manager(self.db).tag_cohort(cohort_id, [f"of-{self.number}"])

    def delete(self) -> None:
        for cohort_id, _ in self._some():
            get_manager(self.db).delete_cohort(cohort_id)
            del self.cohorts[cohort_id]

    def _own(self) -> int:
        """Give a number that no other process has, and that this one has not had."""
        return self.number * 100_000 + self.made

    def _some(self) -> list[tuple[str, int]]:
        return [self.random.choice(list(self.cohorts.items()))] if self.cohorts else []


def main(db: Path, number: int, calls: int) -> None:
    explain(COUNTY)  # what is read once a process is not what is measured
    worker = Worker(db, number)
    worker.generate()  # so that there is something to read
    worker.save()
    seconds, failures = [], []
    for _ in range(calls):
        started = time.perf_counter()
        try:
            worker.call()
        except Exception as error:  # noqa: BLE001 - every failure is counted
            failures.append(f"{type(error).__name__}: {error}")
        seconds.append(time.perf_counter() - started)
    print(  # noqa: T201 - its answer
        json.dumps({"seconds": seconds, "failures": failures, "cohorts": worker.cohorts, "profiles": worker.profiles})
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

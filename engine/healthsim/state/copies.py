"""Cohorts that are there in another form already: cloned, or finished and not yet in the catalogue."""

import secrets
from base64 import b32encode
from typing import Any

from healthsim.errors import HealthSimError
from healthsim.state.catalogue import CohortRecord
from healthsim.state.cohorts import Cohorts
from healthsim.state.staging import Leftover, staged_copy
from healthsim.state.unpublished import read_unpublished, unpublished_files

_HANDLE_BYTES = 10


def clone(cohorts: Cohorts, cohort: str, name: str) -> CohortRecord:
    """Keep a cohort a second time, under a name and a handle of its own.

    Raises:
        NotFoundError: There is no such cohort.
        InvalidInputError: The name belongs to another.
    """
    original = cohorts.get(cohort)
    handle = b32encode(secrets.token_bytes(_HANDLE_BYTES)).decode().lower()
    note = f"a copy of {original.cohort_id} ({original.name})"
    summary = {
        **original.summary,
        "cohort_id": f"co_{handle}",
        "name": name,
        "notes": [*original.summary["notes"], note],
    }
    with staged_copy(cohorts.directory, original.path) as staging:
        record, _ = cohorts.publish(staging, CohortRecord.of(summary, original.spec), is_named=True)
    return record


def publish_leftovers(cohorts: Cohorts) -> list[dict[str, Any]]:
    """Enter finished cohorts into the catalogue, and tell of each what became of it."""
    answers = []
    for file in unpublished_files(cohorts.directory):
        answer: dict[str, Any] = {"file": file.name}
        try:
            unpublished = read_unpublished(file)
            record, existing = cohorts.publish(
                Leftover(file),
                CohortRecord.of(unpublished.summary, unpublished.spec),
                is_named=False,
                duration_ms=unpublished.duration_ms,
            )
        except HealthSimError as error:
            answers.append({**answer, "problem": str(error)})
            continue
        unpublished.discard()
        answers.append({**answer, "cohort_id": record.cohort_id, "name": record.name, "existing": existing})
    return answers

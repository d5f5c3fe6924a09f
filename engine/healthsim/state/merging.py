"""Cohorts merged into one: people of different cohorts stay different people, whatever their identifiers were."""

from base64 import b32encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

import duckdb

from healthsim.errors import InvalidInputError, NotFoundError, Problem, StateError, rendered
from healthsim.sinks.connecting import connected
from healthsim.state.catalogue import CohortRecord
from healthsim.state.cohorts import Cohorts
from healthsim.state.merged_rows import PERSON, Part, columns_of, merged_tables
from healthsim.state.merged_summary import merged_summary
from healthsim.state.reading import attach_cohort
from healthsim.state.staging import Staging

_HANDLE_BYTES = 10


def merge(cohorts: Cohorts, wanted: Sequence[str], name: str | None) -> tuple[CohortRecord, bool]:
    """Keep the rows of several cohorts as one.

    Identifiers of a cohort are moved by the greatest `person_id` of those before it, and identifiers that belong to a
    person by that times 65,536, so that they still tell whose they are; further where that would not keep them apart.

    Args:
        cohorts: The cohorts of the workspace.
        wanted: Handles or names, in the order of the rows.
        name: The new cohort's name; None for one made of the first's.

    Returns:
        The new cohort, and whether it was there already: the same ones in the same order are merged once.

    Raises:
        NotFoundError: There is no such cohort.
        InvalidInputError: They are less than two, or contradict each other; lists every problem.
    """
    records = _records(cohorts, wanted)
    digest = blake2b("\n".join(_content(record) for record in records).encode(), digest_size=16).digest()
    handle = b32encode(blake2b(digest, digest_size=_HANDLE_BYTES).digest()).decode().lower()
    present = cohorts.find(f"co_{handle}")
    if present is not None:
        return present, True
    with Staging(cohorts.directory) as staging:
        with _attached(staging.path, records) as (connection, parts):
            rows = merged_tables(connection, parts)
        summary = merged_summary([part.record for part in parts], rows, [part.moved.get(PERSON, 0) for part in parts])
        summary |= {"cohort_id": f"co_{handle}", "digest": digest.hex(), "name": name or f"{records[0].name}-merged"}
        return cohorts.publish(staging, CohortRecord.of(summary, {}), is_named=name is not None)


def _content(record: CohortRecord) -> str:
    return f"{record.summary['digest']} {record.summary['tables']}"


def _records(cohorts: Cohorts, wanted: Sequence[str]) -> list[CohortRecord]:
    if not isinstance(wanted, Sequence) or isinstance(wanted, str | bytes):
        raise InvalidInputError([Problem("$.cohort_ids", "cohorts are a list of handles or names", rendered(wanted))])
    found, problems = dict[str, CohortRecord](), list[Problem]()
    for index, cohort in enumerate(wanted):
        path = f"$.cohort_ids[{index}]"
        try:
            record = cohorts.get(cohort, path=path)
        except NotFoundError as error:
            problems += error.problems
            continue
        if record.cohort_id in found:
            problems.append(Problem(path, "a cohort is merged once", rendered(cohort), "leave it out"))
        found[record.cohort_id] = record
    minimum = 2
    if len(wanted) < minimum:
        problems.append(Problem("$.cohort_ids", "merging needs two cohorts at least", rendered(list(wanted))))
    if problems:
        raise InvalidInputError(problems)
    return list(found.values())


@contextmanager
def _attached(path: Path, records: Sequence[CohortRecord]) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[Part]]]:
    """Open a new file with the cohorts beside it, read-only.

    Raises:
        StateError: A file cannot be opened, read or written.
    """
    try:
        with connected(path) as connection:
            parts = []
            for index, record in enumerate(records):
                alias = f"part_{index}"
                attach_cohort(connection, alias, record.path)
                parts.append(Part(alias, record, columns_of(connection, alias), {}))
            yield connection, parts
    except duckdb.Error as error:
        raise StateError(f"the cohorts cannot be merged: {str(error).splitlines()[0]}") from error

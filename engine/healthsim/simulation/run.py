"""The run: block after block of people, from draws to columns to the sink."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from healthsim.errors import RunCancelledError
from healthsim.planning.journey_explain import rows_each
from healthsim.planning.plan import Plan
from healthsim.simulation.background_rows import background_tables
from healthsim.simulation.block import Block, block_of
from healthsim.simulation.chart import Chart
from healthsim.simulation.diagnoses import diagnoses
from healthsim.simulation.digest import CohortDigest
from healthsim.simulation.encounters import encounters
from healthsim.simulation.events import event_tables
from healthsim.simulation.measurements import labs, vitals
from healthsim.simulation.medication_rows import medications
from healthsim.simulation.patients import patients
from healthsim.simulation.products import product_tables, standing_tables
from healthsim.simulation.tally import Tally
from healthsim.simulation.trial.enrolment import Enrolment
from healthsim.simulation.used import UsedCare
from healthsim.summary import Counts
from healthsim.tables import Batch

BLOCK = 10_000
"""People a block: what fits the processor's cache. The rows do not depend on it."""

_BLOCK_ROWS = 2_000_000
"""Rows of journeys and of background care a block, about and at most."""

TABLES: tuple[tuple[str, Callable[[Plan, Block], Batch]], ...] = (
    ("patients", patients),
    ("diagnoses", diagnoses),
    ("encounters", encounters),
    ("labs", labs),
    ("vitals", vitals),
    ("medications", medications),
)
"""The tables of PatientSim, in the order they are made, each by a function from a plan and a block to rows."""

_OF_VISITS = {"encounters", "labs", "vitals", "medications"}
"""Tables of everybody's latest visit."""

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


class Receiver(Protocol):
    """Takes rows."""

    def write(self, batch: Batch) -> None:
        """Take the rows of a batch."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run made.

    Attributes:
        rows: By table.
        digest: Of the rows, 32 hexadecimal digits.
        counts: For the summary.
    """

    rows: dict[str, int]
    digest: str
    counts: Counts


def run(
    plan: Plan,
    receiver: Receiver,
    *,
    block_size: int = BLOCK,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Outcome:
    """Draw all people of a plan.

    Args:
        plan: What is to be drawn.
        receiver: Where the rows go.
        block_size: People a block; has no effect on the rows.
        progress: Called after each block with the people drawn and the people asked for.
        cancelled: Asked before each block, and before each table of it is written.

    Raises:
        RunCancelledError: `cancelled` said so.
    """
    digest, tally = CohortDigest(plan.dictionaries), Tally(plan)
    written = plan.tables
    used = UsedCare(plan.care) if plan.care else None
    enrolment = Enrolment(plan, plan.others.trial) if plan.others.trial else None
    tables = [table for name, table in TABLES if name in plan.dictionaries and (plan.visits or name not in _OF_VISITS)]
    size = min(block_size, _most_people(plan))
    for first in range(0, plan.count, size):
        stop_if(cancelled)
        block = block_of(plan, first, min(size, plan.count - first))
        if enrolment is not None:
            block = enrolment.enrolled(block)
        tally.add(block)
        made = (table(plan, block) for table in tables)
        chart = Chart()
        for batch in chain(made, background_tables(plan, block), event_tables(plan, block)):
            stop_if(cancelled)
            chart.add(batch)
            if batch.table in written:
                digest.add(batch)
                receiver.write(batch)
        for batch in product_tables(plan, block, chart):
            stop_if(cancelled)
            tally.add_rows(batch)
            digest.add(batch)
            receiver.write(batch)
        if used is not None and block.care is not None:
            used.add(block.care)
        if progress is not None:
            progress(first + block.people.count, plan.count)
    for batch in chain(used.batches() if used is not None else (), standing_tables(plan)):
        digest.add(batch)
        receiver.write(batch)
    return Outcome(dict(digest.rows), digest.hexadecimal(), tally.counts())


def _most_people(plan: Plan) -> int:
    """Give how many people a block may have, so that long journeys and the care of a lifetime fit into memory."""
    rows = 0.0
    if plan.timeline is not None:
        events = plan.timeline.events
        rows += sum(rows_each(events[column.event].details) for column in plan.timeline.columns)
    if plan.utilization is not None and plan.utilization.testing is not None:
        rows += plan.utilization.testing.expected_labs + plan.utilization.testing.expected_vitals
    return max(int(_BLOCK_ROWS / max(rows, 1.0)), 1)


def stop_if(cancelled: Cancelled | None) -> None:
    """Raise when the caller took the request back."""
    if cancelled is not None and cancelled():
        raise RunCancelledError("the run was cancelled; nothing was kept")

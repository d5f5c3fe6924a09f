"""The run: block after block of people, from draws to columns to the sink."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from healthsim.errors import RunCancelledError
from healthsim.planning.plan import Plan
from healthsim.simulation.background_rows import background_tables
from healthsim.simulation.block import Block, block_of
from healthsim.simulation.block_size import BLOCK, people_a_block
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
        block_size: People a block, at most; has no effect on the rows.
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
    size = people_a_block(plan, block_size)
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


def stop_if(cancelled: Cancelled | None) -> None:
    """Raise when the caller took the request back."""
    if cancelled is not None and cancelled():
        raise RunCancelledError("the run was cancelled; nothing was kept")

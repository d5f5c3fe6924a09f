"""The tables that events of journeys leave rows in, each by a function from what has happened to rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from healthsim.planning.event_details import Transfer
from healthsim.planning.plan import Ints, Plan
from healthsim.simulation.block import Block
from healthsim.simulation.events.care_plans import care_plans
from healthsim.simulation.events.diagnoses import diagnoses
from healthsim.simulation.events.encounters import encounters
from healthsim.simulation.events.happened import Happened, happened_of
from healthsim.simulation.events.measurements import labs, vitals
from healthsim.simulation.events.medications import medications
from healthsim.simulation.events.orders import immunizations, procedures, referrals
from healthsim.simulation.events.transfers import transfers
from healthsim.tables import Batch, Columns

Table = Callable[[Plan, Block, Happened], tuple[Ints, Columns]]
"""Gives the places of the occurrences that rows are of, one a row, and the rows' columns."""

TABLES: tuple[tuple[str, Table], ...] = (
    ("encounters", encounters),
    ("diagnoses", diagnoses),
    ("labs", labs),
    ("vitals", vitals),
    ("medications", medications),
    ("procedures", procedures),
    ("immunizations", immunizations),
    ("referrals", referrals),
    ("care_plans", care_plans),
)


@dataclass(frozen=True, slots=True)
class EventRows:
    """Rows that events leave in a table.

    Attributes:
        batch: The rows.
        occurrence: Place of the occurrence that each row is of, shape `(rows,)`.
    """

    batch: Batch
    occurrence: Ints


def event_rows(plan: Plan, block: Block, happened: Happened) -> Iterator[EventRows]:
    """Give the rows of all tables that events of the plan leave rows in."""
    tables = {event.type.table for event in happened.plan.events}
    for name, table in TABLES:
        if name in tables:
            places, columns = table(plan, block, happened)
            yield EventRows(Batch(name, len(places), columns), places)
    if any(isinstance(event.details, Transfer) for event in happened.plan.events):
        places, columns = transfers(plan, block, happened)
        yield EventRows(Batch("encounters", len(places), columns), places)


def event_tables(plan: Plan, block: Block) -> Iterator[Batch]:
    """Give the rows of what happens to the people of a block; none without journeys."""
    if plan.timeline is not None:
        yield from (rows.batch for rows in event_rows(plan, block, happened_of(plan, block)))

"""The events of a block as records, each with the rows that it leaves."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import numpy as np

from healthsim.planning.journey_plan import PlannedEvent
from healthsim.planning.plan import Plan
from healthsim.simulation.block import Block
from healthsim.simulation.events.happened import happened_of
from healthsim.simulation.events.tables import event_rows
from healthsim.simulation.timeline import NOT_SET_OFF, STATUSES
from healthsim.tables import Batch, arrow_batch, table_definition

Record = dict[str, Any]

_EPOCH = date(1970, 1, 1)


def records_of(plan: Plan, block: Block, *, include_skipped: bool = False) -> list[Record]:
    """Give the events of a block's people, person after person in order of time.

    Args:
        plan: A plan with journeys.
        block: The people.
        include_skipped: Whether to give also the times that an event might have happened and did not.
    """
    happened = happened_of(plan, block)
    rows: defaultdict[int, defaultdict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for part in event_rows(plan, block, happened):
        for place, row in zip(part.occurrence.tolist(), _rows(plan, part.batch), strict=True):
            rows[place][part.batch.table].append(row)
    events = happened.event(np.arange(len(happened.person))).tolist()
    records = [
        _record(happened.plan.events[event], _date(day), STATUSES[0], {**rows[place]})
        for place, (event, day) in enumerate(zip(events, happened.day.tolist(), strict=True))
    ]
    return [*records, *_skipped(plan, block)] if include_skipped else records


def _skipped(plan: Plan, block: Block) -> list[Record]:
    if plan.timeline is None or block.timeline is None:
        return []
    start, status = plan.timeline.start, block.timeline.status
    skipped = []
    for person, index in zip(*(places.tolist() for places in np.nonzero(status.T)), strict=True):
        event = plan.timeline.events[plan.timeline.columns[index].event]
        code = int(status[index, person])
        day = None if code == NOT_SET_OFF else start + timedelta(days=int(block.timeline.days[index, person]))
        skipped.append(_record(event, day, STATUSES[code], {}))
    return skipped


def _record(event: PlannedEvent, day: date | None, status: str, records: dict[str, list[Record]]) -> Record:
    return {
        "event_id": event.id,
        "event_type": event.type.name,
        "name": event.name,
        "date": day,
        "product": event.type.product,
        "status": status,
        "parameters": dict(event.parameters),
        "records": records,
    }


def _rows(plan: Plan, batch: Batch) -> list[Record]:
    """Give the rows of a batch as users see them."""
    stored = arrow_batch(batch, plan.dictionaries[batch.table]).to_pylist()
    columns = table_definition(batch.table).visible
    return [
        {
            column.name: row[column.name]
            if column.lookup is None
            else plan.titles[column.lookup[0]].get(row[column.lookup[1]], row[column.lookup[1]])
            for column in columns
        }
        for row in stored
    ]


def _date(day: int) -> date:
    return _EPOCH + timedelta(days=day)

"""Events of other products as marks on people's timelines: who, when, and which event."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.plan import Ints, Plan
from healthsim.simulation.block import Block
from healthsim.simulation.events.happened import FIRST_NUMBER


@dataclass(frozen=True, slots=True)
class Marks:
    """Occurrences of events of one type, person after person in order of time; shape `(occurrences,)` each.

    Attributes:
        person: Place of the person in the block.
        day: Date, days since 1970-01-01.
        number: Number of the occurrence among the person's rows of journeys; stable.
        column: Place of the column in the plan of the timeline.
        event: Place of the event in the plan of the timeline, whose `parameters` say more.
    """

    person: Ints
    day: Ints
    number: Ints
    column: Ints
    event: Ints


def marks_of(plan: Plan, block: Block, event_type: str) -> Marks:
    """Give the occurrences of events of a type; none without journeys.

    Args:
        plan: The plan.
        block: The people.
        event_type: Name of the type.
    """
    timeline = plan.timeline
    if timeline is None or block.timeline is None:
        none = np.zeros(0, np.int64)
        return Marks(none, none, none, none, none)
    events = np.array([column.event for column in timeline.columns], np.int64)
    ordinals = np.array([column.ordinal for column in timeline.columns], np.int64)
    wanted = np.array([timeline.events[event].type.name == event_type for event in events.tolist()], np.bool_)
    places = np.flatnonzero(wanted[block.timeline.column])
    column = block.timeline.column[places]
    return Marks(
        block.timeline.person[places],
        block.timeline.day[places],
        ordinals[column] + FIRST_NUMBER,
        column,
        events[column],
    )

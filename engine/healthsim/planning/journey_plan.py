"""A journey, planned: every time that an event may happen is a column, whose days a block of people fills in.

What makes a column's day is its origin; what may hold it back are the events it needs, its conditions and chance.
Nothing here depends on the people drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.event_details import Details
from healthsim.planning.spreads import Spread
from healthsim.spec import Comparison, EventType, Predicate


@dataclass(frozen=True, slots=True)
class OnDay:
    """On a day of the journey.

    Attributes:
        day: The day.
    """

    day: int


@dataclass(frozen=True, slots=True)
class After:
    """Some days after other columns, all of which must happen; after the last of several.

    Attributes:
        columns: The columns.
        days: Days after; negative for before.
    """

    columns: tuple[int, ...]
    days: int


@dataclass(frozen=True, slots=True)
class OnBirthday:
    """On the birthday of an age.

    Attributes:
        years: The age, completed years.
        days: Days after it.
    """

    years: int
    days: int


@dataclass(frozen=True, slots=True)
class AfterResult:
    """Some days after results that are so.

    Attributes:
        columns: The column of the results.
        days: Days after.
        predicate: What must hold of the results.
    """

    columns: tuple[int, ...]
    days: int
    predicate: Comparison


Origin = OnDay | After | AfterResult | OnBirthday


@dataclass(frozen=True, slots=True)
class Setting:
    """How one event sets another off.

    Attributes:
        column: Column of the event that does.
        stream: Name of the draws of it.
        probability: How likely.
        conditions: What must hold on the day of that event.
        choice: Place among its choices, of which one is taken; None for a trigger.
    """

    column: int
    stream: str
    probability: float
    conditions: tuple[Predicate, ...]
    choice: int | None


@dataclass(frozen=True, slots=True)
class Column:
    """One time that an event may happen.

    Attributes:
        event: Index of the event.
        slot: Which time, a stable number; draws are addressed by it.
        stream: Name of its draws.
        ordinal: Number of it among all columns, by the ids of journeys and events; ids of rows are made of it.
        origin: What makes its day.
        spread: Days added that belong to the timing; None for none.
        jitter: Days added that never lead out of the journey; None for none.
        first: First possible day.
        last: Last possible day.
        nominal: Day without anything that varies, 0 for birthdays: tells which columns come before which.
        setting: How it is set off; None where it has a timing.
        needs: For each event that must have happened by then, its columns.
    """

    event: int
    slot: int
    stream: str
    ordinal: int
    origin: Origin
    spread: Spread | None
    jitter: Spread | None
    first: int
    last: int
    nominal: int
    setting: Setting | None
    needs: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class PlannedChoice:
    """One of an event's ways on.

    Attributes:
        weight: How likely beside the others.
        conditions: What must hold on the day.
    """

    weight: float
    conditions: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """An event of a journey.

    Attributes:
        journey: Id of the journey.
        id: Id within the journey.
        name: For people.
        type: What happens.
        condition: Slot of the condition it is for, in the plan of conditions; None for none.
        conditions: What must hold on the day.
        probability: How likely, each time.
        choices: Ways on, of which one is taken.
        looked_at: Ids of the events that its conditions, triggers and choices look at.
        measured: Analytes and vital signs whose results these look at.
        needs_bodies: Whether results, stages or drugs are looked at, or rows depend on them.
        weekend: Where Saturdays and Sundays move: 1 to Monday, -1 to Friday, 0 nowhere.
        last_day: Last day of its journey.
        columns: Its columns, by slot.
        parameters: Of its type.
        details: What its rows are made of.
    """

    journey: str
    id: str
    name: str | None
    type: EventType
    condition: int | None
    conditions: tuple[Predicate, ...]
    probability: float
    choices: tuple[PlannedChoice, ...]
    looked_at: frozenset[str]
    measured: frozenset[str]
    needs_bodies: bool
    weekend: int
    last_day: int
    columns: tuple[int, ...]
    parameters: Mapping[str, Any]
    details: Details


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the evaluation: a column is filled in or, after it, its choice is made.

    Attributes:
        column: The column.
        is_choice: Whether it is the choice.
    """

    column: int
    is_choice: bool


@dataclass(frozen=True, slots=True)
class NewOnset:
    """A condition that begins with a journey.

    Attributes:
        slot: Of the condition.
        column: Of the event that finds it.
        day: On which it begins in everybody who has it and is born by then, days since 1970-01-01.
    """

    slot: int
    column: int
    day: int


@dataclass(frozen=True, slots=True)
class TimelinePlan:
    """Journeys, planned.

    Attributes:
        start: The first day of all journeys.
        events: All events.
        columns: All columns.
        ranks: Order of the columns among those of one day, shape `(columns,)`.
        steps: The order of evaluation: whatever a step looks at comes before it.
        new_onsets: Conditions that begin with the journeys.
        sources: Guidelines and papers behind the journeys.
    """

    start: date
    events: tuple[PlannedEvent, ...]
    columns: tuple[Column, ...]
    ranks: NDArray[np.int64]
    steps: tuple[Step, ...]
    new_onsets: tuple[NewOnset, ...]
    sources: tuple[str, ...]

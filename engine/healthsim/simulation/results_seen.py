"""Results that columns of a timeline look at, before and while it is filled in."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.event_details import Labs, Vitals
from healthsim.planning.journey_plan import AfterResult, TimelinePlan
from healthsim.planning.journey_steps import seen_before
from healthsim.planning.plan import Floats, Ints
from healthsim.reference import analytes
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.readings import reading
from healthsim.simulation.situation import Standing
from healthsim.spec import evaluate

_EPOCH = date(1970, 1, 1)


class Columns(Protocol):
    """Days and statuses of columns, shape `(columns, people)`."""

    days: NDArray[np.int32]
    status: NDArray[np.int8]


class ResultsSeen:
    """Results of laboratory orders and vital signs, as their tables will have them.

    Args:
        plan: The journeys, planned.
        known: What is known of the people.
        columns: The columns, as far as they are filled in.
    """

    def __init__(self, plan: TimelinePlan, known: Standing, columns: Columns) -> None:
        self._plan = plan
        self._known = known
        self._columns = columns
        self._read: dict[tuple[int, str], Floats] = {}
        self._changed: dict[int, Mapping[str, Floats]] = {}

    def is_so(self, origin: AfterResult) -> Booleans:
        """Tell of whom a column's results are as an event waits for, shape `(people,)`."""
        analyte = origin.predicate.attribute.partition(".")[2]
        (column,) = origin.columns
        if not self._has(column, analyte):
            return np.zeros(self._known.people.count, np.bool_)
        return evaluate(origin.predicate, {origin.predicate.attribute: self._of(column, analyte)})

    def latest(self, names: Iterable[str], index: int, day: NDArray[np.int32]) -> Mapping[str, Floats]:
        """Give the latest results and vital signs that a column sees on a day; the person's level before the first."""
        return {analyte: self._latest(analyte, index, day) for analyte in sorted(names)}

    def _latest(self, analyte: str, index: int, day: NDArray[np.int32]) -> Floats:
        if self._known.body is None:
            raise ValueError("a plan without bodies has no results")
        levels = self._known.body.levels if self._known.regimen is None else self._known.regimen.levels
        value = levels[analyte].copy()
        when = np.full(len(value), np.iinfo(np.int32).min, np.int32)
        for column in seen_before(index, self._plan.columns, self._plan.events):
            if self._has(column, analyte):
                days = self._columns.days[column]
                is_later = (self._columns.status[column] == 0) & (days <= day) & (days >= when)
                value = np.where(is_later, self._of(column, analyte), value)
                when = np.where(is_later, days, when)
        return value

    def _has(self, column: int, analyte: str) -> bool:
        details = self._plan.events[self._plan.columns[column].event].details
        if isinstance(details, Vitals):
            return analytes()[analyte].kind == "vital" and (details.signs is None or analyte in details.signs)
        return isinstance(details, Labs) and analyte in details.analytes

    def _of(self, column: int, analyte: str) -> Floats:
        """Give everybody's result of a column."""
        plan, body, regimen = self._known.body_plan, self._known.body, self._known.regimen
        if plan is None or body is None:
            raise ValueError("a plan without bodies has no results")
        if (column, analyte) not in self._read:
            day: Ints = self._columns.days[column] + np.int64(self._start)
            if column not in self._changed:
                nominal = self._plan.columns[column].nominal
                self._changed[column] = {} if regimen is None else regimen.changed(day, nominal)
            self._read[column, analyte] = reading(plan, self._known.people, body, day, analyte, self._changed[column])
        return self._read[column, analyte]

    @cached_property
    def _start(self) -> int:
        return (self._plan.start - _EPOCH).days

"""What happens to the people of a block, and when: the columns of a timeline, filled in step by step."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.event_details import Death, Diagnosis, Medication
from healthsim.planning.journey_plan import After, AfterResult, Column, OnBirthday, OnDay, PlannedEvent, TimelinePlan
from healthsim.planning.plan import Ints
from healthsim.planning.spreads import Spread
from healthsim.simulation.birthdays import birthdays
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.ordering import in_order
from healthsim.simulation.regimen import NO_DRUG, Order
from healthsim.simulation.results_seen import ResultsSeen
from healthsim.simulation.situation import Situation, Standing, all_hold
from healthsim.simulation.weekends import off_weekends
from healthsim.tables import MISSING

SmallInts = NDArray[np.int8]
Days = NDArray[np.int32]

STATUSES = (
    "completed",
    "not set off",
    "outside the journey",
    "without the condition",
    "needed event missing",
    "conditions not met",
    "no drug suits",
    "by chance",
    "after the end",
)
"""What may become of a time that an event may happen; the first is that it happens."""

NOT_SET_OFF, _OUTSIDE, _WITHOUT, _NEEDED, _CONDITIONS, _NO_DRUG, _CHANCE, _ENDED = range(1, len(STATUSES))

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Timeline:
    """What happens to the people of a block.

    Attributes:
        person: Place of the person in the block, of each occurrence, shape `(occurrences,)`; ascending.
        column: Column of the plan; in order of time within a person.
        day: Date, days since 1970-01-01.
        days: Day of the journey of every column, whether it happens or not, shape `(columns, people)`.
        status: What became of it, by its place in `STATUSES`, of the same shape.
        drugs: Of columns that order drugs, place of the drug in the plan, shape `(people,)` each; -1 for none.
    """

    person: Ints
    column: Ints
    day: Ints
    days: Days
    status: SmallInts
    drugs: Mapping[int, Ints]

    def deaths(self, plan: TimelinePlan) -> Ints | None:
        """Give everybody's date of death, shape `(people,)`, missing for the living; None if nobody can die."""
        kills = np.array([isinstance(plan.events[column.event].details, Death) for column in plan.columns], np.bool_)
        if not kills.any():
            return None
        died = np.full(self.days.shape[1], MISSING, np.int64)
        places = np.flatnonzero(kills[self.column])
        died[self.person[places]] = self.day[places]
        return died

    def until(self, plan: TimelinePlan, died: Ints) -> "Timeline":
        """Give what happens until people die of something else.

        Args:
            plan: The journeys, planned.
            died: Day of each person's death, days since 1970-01-01, shape `(people,)`; missing for none.
        """
        last = np.where(died == MISSING, np.iinfo(np.int64).max, died)
        if not (died != MISSING).any():
            return self
        kept = self.day <= last[self.person]
        status = self.status.copy()
        status[(status == 0) & (self.days + np.int64((plan.start - _EPOCH).days) > last)] = _ENDED
        return replace(self, person=self.person[kept], column=self.column[kept], day=self.day[kept], status=status)


def timeline_of(plan: TimelinePlan, known: Standing) -> Timeline:
    """Fill in the columns of a timeline.

    Args:
        plan: The journeys, planned.
        known: What is known of the people of a block.
    """
    filled = _Filling(plan, known)
    for step in plan.steps:
        if step.is_choice:
            filled.choose(step.column)
        else:
            filled.fill(step.column)
    filled.end_timelines()
    person, column, day = in_order(plan.ranks, filled.days, filled.status == 0)
    start = (plan.start - _EPOCH).days
    return Timeline(person, column, day + start, filled.days, filled.status, filled.drugs)


class _Filling:
    """The columns while they are filled in.

    Args:
        plan: The journeys, planned.
        known: What is known of the people.
    """

    def __init__(self, plan: TimelinePlan, known: Standing) -> None:
        self._plan = plan
        self._known = known
        self._start = (plan.start - _EPOCH).days
        self._chosen: dict[int, Ints] = {}
        self._results = ResultsSeen(plan, known, self)
        self.drugs: dict[int, Ints] = {}
        self.days: Days = np.zeros((len(plan.columns), known.people.count), np.int32)
        self.status: SmallInts = np.full((len(plan.columns), known.people.count), NOT_SET_OFF, np.int8)

    def fill(self, index: int) -> None:
        """Tell on which day a column is, and what becomes of it."""
        column = self._plan.columns[index]
        event = self._plan.events[column.event]
        day, is_set_off = self._origin(column)
        is_inside = self._place(day, column, event)
        status = np.where(is_set_off, np.where(is_inside, 0, _OUTSIDE), NOT_SET_OFF).astype(np.int8)
        self.days[index] = day
        if event.condition is not None:
            has_it: Booleans = self._known.onset[:, event.condition] <= day.astype(np.int64) + self._start
            _hold_back(status, has_it, _WITHOUT)
        if column.needs:
            met = np.logical_and.reduce([self._had(needed, day) for needed in column.needs])
            _hold_back(status, met, _NEEDED)
        if event.conditions:
            situation = self._situation(event, index, day)
            _hold_back(status, all_hold(event.conditions, situation, len(day)), _CONDITIONS)
        if event.probability < 1:
            uniform = self._known.people.draws.event_uniform(f"{column.stream}:probability", column.slot)
            _hold_back(status, uniform < event.probability, _CHANCE)
        self.status[index] = status
        if isinstance(event.details, Medication):
            self._prescribe(index, column, event.details)
        elif isinstance(event.details, Diagnosis) and event.details.is_of_pregnancy:
            self._end_drugs(index, column, event.details)

    def _prescribe(self, index: int, column: Column, wanted: Medication) -> None:
        """Order a drug that suits those of whom the event happens, or stop drugs that they take."""
        regimen = self._known.regimen
        if regimen is None:
            raise ValueError("a plan without drugs orders none")
        day, status = self.days[index] + np.int64(self._start), self.status[index]
        if wanted.stops:
            stopped, _ = regimen.ended_by(wanted)
            takes: Booleans = np.logical_or.reduce(regimen.taken(day)[:, stopped], axis=1)
            _hold_back(status, takes, _NO_DRUG)
            regimen.add(Order(column.nominal, day, np.where(status == 0, 0, NO_DRUG), stopped))
            return
        uniform = self._known.people.draws.event_uniform(f"{column.stream}:drug", column.slot)
        entry = regimen.chosen(wanted, day, uniform)
        _hold_back(status, entry != NO_DRUG, _NO_DRUG)
        self.drugs[index] = np.where(status == 0, entry, NO_DRUG)
        regimen.add(Order(column.nominal, day, self.drugs[index], ()))

    def _end_drugs(self, index: int, column: Column, diagnosis: Diagnosis) -> None:
        """Let those who are pregnant take nothing any more that pregnancy forbids."""
        regimen = self._known.regimen
        if regimen is None:
            return
        ended, days = regimen.ended_by(diagnosis)
        day, is_so = self.days[index] + np.int64(self._start), self.status[index] == 0
        regimen.become_pregnant(day, is_so)
        regimen.add(Order(column.nominal, day + days, np.where(is_so, 0, NO_DRUG), ended))

    def choose(self, index: int) -> None:
        """Choose one of the ways on from a column, among those whose conditions hold; -1 where none does."""
        column = self._plan.columns[index]
        event = self._plan.events[column.event]
        people = self._known.people
        situation = self._situation(event, index, self.days[index])
        weights = np.stack(
            [choice.weight * all_hold(choice.conditions, situation, people.count) for choice in event.choices]
        )
        reached = np.cumsum(weights, axis=0)
        at = people.draws.event_uniform(f"{column.stream}:choice", column.slot) * reached[-1]
        self._chosen[index] = np.where(reached[-1] > 0, (reached <= at).sum(axis=0), -1)

    def end_timelines(self) -> None:
        """Let nothing happen after what ends a person's timeline, nor what hangs on that."""
        if not any(event.type.ends_timeline for event in self._plan.events):
            return
        end = np.full(self._known.people.count, np.iinfo(np.int32).max, np.int64)
        for event in self._plan.events:
            if event.type.ends_timeline:
                for column in event.columns:
                    np.minimum(end, self.days[column], out=end, where=self.status[column] == 0)
        for step in self._plan.steps:
            _hold_back(self.status[step.column], self.days[step.column] <= end, _ENDED)
            _hold_back(self.status[step.column], self._is_there(self._plan.columns[step.column]), NOT_SET_OFF)

    def _origin(self, column: Column) -> tuple[Days, Booleans]:
        """Give the day that a column's origin makes, and of whom it makes one."""
        everybody = np.ones(self._known.people.count, np.bool_)
        origin = column.origin
        match origin:
            case OnDay():
                return np.full(len(everybody), origin.day, np.int32), everybody
            case After() | AfterResult():
                day = np.maximum.reduce([self.days[before] for before in origin.columns]) + np.int32(origin.days)
                is_set_off = self._is_there(column) & self._is_set(column)
                if isinstance(origin, AfterResult):
                    is_set_off &= self._results.is_so(origin)
                return day, is_set_off
            case OnBirthday():
                birthday = birthdays(self._known.people.birth_day, origin.years) - self._start + origin.days
                return birthday.astype(np.int32), everybody
            case _:
                assert_never(origin)

    def _is_there(self, column: Column) -> Booleans:
        """Tell of whom everything has happened that a column comes after."""
        if not isinstance(column.origin, After | AfterResult):
            return np.ones(self._known.people.count, np.bool_)
        there: Booleans = np.logical_and.reduce([self.status[before] == 0 for before in column.origin.columns])
        return there

    def _is_set(self, column: Column) -> Booleans:
        """Tell whom the event that sets a column off does set it off for."""
        setting = column.setting
        everybody = np.ones(self._known.people.count, np.bool_)
        if setting is None:
            return everybody
        if setting.choice is not None:
            taken: Booleans = self._chosen[setting.column] == setting.choice
            return taken
        if setting.conditions:
            source = self._plan.events[self._plan.columns[setting.column].event]
            situation = self._situation(source, len(self._plan.columns), self.days[setting.column], setting.column)
            everybody &= all_hold(setting.conditions, situation, len(everybody))
        if setting.probability < 1:
            uniform = self._known.people.draws.event_uniform(f"{setting.stream}:set_off", column.slot)
            everybody &= uniform < setting.probability
        return everybody

    def _place(self, day: Days, column: Column, event: PlannedEvent) -> Booleans:
        """Move days by what they vary, in place; tell where they lie within the journey and after birth."""
        if column.spread is not None:
            day += self._drawn(column, column.spread, "window")
        is_inside: Booleans = (day >= 0) & (day <= event.last_day)
        if column.jitter is not None:
            day += self._drawn(column, column.jitter, "jitter")
            np.clip(day, 0, event.last_day, out=day)
        if event.weekend:
            day += off_weekends(day.astype(np.int64) + self._start, event.weekend).astype(np.int32)
            is_inside &= (day >= 0) & (day <= event.last_day)
        is_inside &= day + self._start >= self._known.people.birth_day
        return is_inside

    def _drawn(self, column: Column, spread: Spread, decision: str) -> Days:
        uniform = self._known.people.draws.event_uniform(f"{column.stream}:{decision}", column.slot)
        return spread.table.draw(uniform) + np.int32(spread.low)

    def _had(self, columns: tuple[int, ...], day: Days) -> Booleans:
        """Tell who has had one of the columns by a day."""
        had = np.zeros(len(day), np.bool_)
        for column in columns:
            had |= (self.status[column] == 0) & (self.days[column] <= day)
        return had

    def _situation(self, event: PlannedEvent, before: int, day: Days, column: int | None = None) -> Situation:
        """Give how things stand on a day; of the event itself, its columns before one count.

        Args:
            event: The event that looks.
            before: The column of it before which others count.
            day: The day of the journey.
            column: The column that looks; `before` if None.
        """
        happened = {
            other.id: self._had(tuple(column for column in other.columns if other is not event or column < before), day)
            for other in self._plan.events
            if other.journey == event.journey and other.id in event.looked_at
        }
        results = self._results.latest(event.measured, before if column is None else column, day)
        return Situation(self._known, day.astype(np.int64) + self._start, happened, results)


def _hold_back(status: SmallInts, goes_on: Booleans, reason: int) -> None:
    """Give a reason to those that would happen and do not go on, in place."""
    status[(status == 0) & ~goes_on] = reason

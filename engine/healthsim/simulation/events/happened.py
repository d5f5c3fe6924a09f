"""What has happened to the people of a block, with its times, and the encounter that each event belongs to."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from healthsim.planning.event_details import Details, Discharge, Encounter, Transfer
from healthsim.planning.journey_anchors import anchor_of, is_stay
from healthsim.planning.journey_plan import After, TimelinePlan
from healthsim.planning.plan import Ints, Plan
from healthsim.planning.stays import SHORTEST_ED, emergency_minutes, stay_nights
from healthsim.planning.visits import SHORTEST, visit_minutes
from healthsim.randomness import Draws, Floats, UInts, stream_hash
from healthsim.simulation.block import Block
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.timeline import Timeline
from healthsim.simulation.visits import DAY, MINUTE, OPENING_MINUTE, SLOT_MINUTES, SLOTS
from healthsim.tables import MISSING

FIRST_NUMBER = 1_024
"""Number of the first row that an event leaves among a person's of its table; below are those without a journey."""

_EPOCH = date(1970, 1, 1)
_DAY_MINUTES = 24 * 60
_DISCHARGED_FROM, _DISCHARGE_HOURS = 10, 6
"""People leave a hospital from 10:00 to 15:59."""


@dataclass(frozen=True, slots=True)
class Happened:
    """What has happened, in order of time person after person; every array has the shape `(occurrences,)`.

    Attributes:
        plan: The plan of the timeline.
        draws: The draws of the people, a row an occurrence.
        person: Place of the person in the block.
        column: Column of the plan.
        day: Date, days since 1970-01-01.
        number: Number of the event's row among the person's.
        row_id: Identifier of the event's row.
        encounter: Place among the occurrences of the encounter it belongs to, itself for an encounter: the latest one
            that the person has had; -1 for none.
        start: When it begins, microseconds since 1970-01-01.
        end: When it ends.
    """

    plan: TimelinePlan
    draws: Draws
    person: Ints
    column: Ints
    day: Ints
    number: Ints
    row_id: Ints
    encounter: Ints
    start: Ints
    end: Ints

    def of(self, kind: type[Details]) -> Ints:
        """Give the places of the occurrences whose rows are made of such details."""
        wanted = np.array([isinstance(self.plan.events[each.event].details, kind) for each in self.plan.columns])
        places: Ints = np.flatnonzero(wanted[self.column])
        return places

    def event(self, places: Ints) -> Ints:
        """Give the events of some occurrences."""
        events = np.array([column.event for column in self.plan.columns], np.int64)
        return events[self.column[places]]

    def encounter_id(self, places: Ints, missing: int) -> Ints:
        """Give the encounters that some occurrences belong to; `missing` for none."""
        encounter = self.encounter[places]
        return np.where(encounter >= 0, self.row_id[encounter], missing)


def happened_of(plan: Plan, block: Block) -> Happened:
    """Describe what happens to the people of a block.

    Raises:
        ValueError: The plan has no journeys.
    """
    if plan.timeline is None or block.timeline is None:
        raise ValueError("nothing happens in a plan without journeys")
    timeline, journeys = block.timeline, plan.timeline
    draws = block.people.draws.rows(timeline.person)
    number = np.array([column.ordinal for column in journeys.columns], np.int64)[timeline.column] + FIRST_NUMBER
    is_encounter = _is_encounter(journeys)[timeline.column]
    encounter = _encounters(timeline, is_encounter)
    start = _starts(journeys, timeline, draws, is_encounter)
    encounters = np.flatnonzero(is_encounter)
    until = start.copy()
    until[encounters] = _ends(journeys, timeline, draws, encounters, start[encounters])
    end = _until_next(timeline, encounters, start, until)
    within = (encounter >= 0) & ~is_encounter & (timeline.day[encounter] == timeline.day)
    start = np.where(within, start[encounter], start)
    return Happened(
        plan=journeys,
        draws=draws,
        person=timeline.person,
        column=timeline.column,
        day=timeline.day,
        number=number,
        row_id=(block.people.ids[timeline.person] << SLOT_BITS) + number,
        encounter=encounter,
        start=start,
        end=np.where(is_encounter, end, start),
    )


def _is_encounter(plan: TimelinePlan) -> Booleans:
    return np.array([isinstance(plan.events[column.event].details, Encounter) for column in plan.columns])


def _encounters(timeline: Timeline, is_encounter: Booleans) -> Ints:
    """Give the place of the latest encounter of the same person, itself included; -1 for none."""
    places = np.where(is_encounter, np.arange(len(is_encounter)), -1)
    if not len(places):
        return places
    latest = np.maximum.accumulate(places)
    return np.where(timeline.person[latest] == timeline.person, latest, -1)


def _uniform(plan: TimelinePlan, column: Ints, draws: Draws, decision: str) -> Floats:
    """Draw a uniform for each occurrence, by its column, from a stream of its event's own."""
    streams: UInts = np.array(
        [stream_hash(draws.seed, f"{column.stream}:{decision}") for column in plan.columns], np.uint64
    )
    slots = np.array([column.slot for column in plan.columns], np.int64)
    return draws.event_uniform(streams[column], slots[column])


def _starts(plan: TimelinePlan, timeline: Timeline, draws: Draws, is_encounter: Booleans) -> Ints:
    """Give when occurrences begin: those of one person and day share the opening hours in their order.

    Emergencies are at any hour, unless another encounter of that day goes before or follows.
    """
    count = len(timeline.person)
    uniform = _uniform(plan, timeline.column, draws, "time")
    key = timeline.person * (2**32) + timeline.day * 2 + is_encounter
    order = np.argsort(key, kind="stable")
    is_first = np.append(True, key[order][1:] != key[order][:-1])[:count]
    group = np.cumsum(is_first) - 1
    first = np.flatnonzero(is_first)
    sizes = np.diff(np.append(first, count))
    turn, among = np.empty(count, np.int64), np.empty(count, np.int64)
    turn[order] = np.arange(count) - first[group] if count else group
    among[order] = sizes[group] if count else group
    slot = ((turn + uniform) / np.maximum(among, 1) * SLOTS).astype(np.int64)
    minute = OPENING_MINUTE + slot * SLOT_MINUTES
    anytime = (uniform * _DAY_MINUTES).astype(np.int64)
    is_urgent = np.array([_class(plan.events[column.event].details) == "EMER" for column in plan.columns])
    is_anytime = is_urgent[timeline.column] & (among == 1)
    start: Ints = timeline.day * DAY + np.where(is_anytime, anytime, minute) * MINUTE
    return start


def _ends(plan: TimelinePlan, timeline: Timeline, draws: Draws, places: Ints, start: Ints) -> Ints:
    """Give when encounters end: after some minutes, or on the day that a stay ends.

    Args:
        plan: The plan of the timeline.
        timeline: What happens.
        draws: The draws of the people, a row an occurrence.
        places: The encounters among the occurrences.
        start: When each encounter begins.
    """
    column = timeline.column[places]
    uniform = _uniform(plan, column, draws.rows(places), "length")
    details = [plan.events[each.event].details for each in plan.columns]
    fixed = np.array([(isinstance(each, Encounter) and each.minutes) or 0 for each in details])[column]
    nights = np.array(
        [-1 if not isinstance(each, Encounter) or each.nights is None else each.nights for each in details]
    )[column]
    is_urgent, is_stay = (np.array([_class(each) == name for each in details])[column] for name in ("EMER", "IMP"))
    minutes = SHORTEST + visit_minutes().draw(uniform).astype(np.int64)
    urgent, stays = np.flatnonzero(is_urgent), np.flatnonzero(is_stay)
    minutes[urgent] = SHORTEST_ED + emergency_minutes().draw(uniform[urgent])
    minutes = np.where(fixed > 0, fixed, minutes)
    last = _last_days(plan, timeline)[places]
    end: Ints = start + minutes * MINUTE
    drawn = stay_nights().draw(uniform[stays])
    first_day = timeline.day[places[stays]]
    longest = np.maximum(first_day + drawn, _moved_days(plan, timeline, places[stays]) + 1)
    usually = np.where(nights[stays] >= 0, first_day + nights[stays], longest)
    leaves = np.minimum(_discharge_days(plan, timeline, places[stays], usually), last[stays])
    hour = _DISCHARGED_FROM * 60 + (uniform[stays] * _DISCHARGE_HOURS * 60).astype(np.int64)
    end[stays] = np.maximum(leaves * DAY + hour * MINUTE, start[stays] + 60 * MINUTE)
    return np.minimum(end, last * DAY + DAY - MINUTE)


def _last_days(plan: TimelinePlan, timeline: Timeline) -> Ints:
    """Give the day on which the person of each occurrence dies, or the last one of its journey, if that is earlier."""
    start = (plan.start - _EPOCH).days
    last = np.array([plan.events[column.event].last_day for column in plan.columns], np.int64)[timeline.column] + start
    died = timeline.deaths(plan)
    if died is not None:
        dies = died[timeline.person]
        last = np.where(dies == MISSING, last, np.minimum(last, dies))
    return last


def _until_next(timeline: Timeline, places: Ints, start: Ints, end: Ints) -> Ints:
    """Let no encounter, by its place, last beyond the beginning of the person's next one of that day."""
    now, following = places[:-1], places[1:]
    same = (timeline.person[now] == timeline.person[following]) & (timeline.day[now] == timeline.day[following])
    is_later = same & (start[following] > start[now])
    trimmed = end.copy()
    trimmed[now] = np.where(is_later, np.minimum(end[now], start[following]), end[now])
    return trimmed


def _class(details: Details) -> str:
    return details.class_code if isinstance(details, Encounter) else ""


def _discharge_days(plan: TimelinePlan, timeline: Timeline, stays: Ints, otherwise: Ints) -> Ints:
    """Give the day each stay, by its place, ends: that of its discharge, where there is one that happens."""
    days = otherwise.copy()
    for index, column in enumerate(plan.columns):
        if isinstance(plan.events[column.event].details, Discharge) and isinstance(column.origin, After):
            at, day = _days_within(timeline, stays, index, column.origin.columns[0])
            days[at] = day
    return days


def _moved_days(plan: TimelinePlan, timeline: Timeline, stays: Ints) -> Ints:
    """Give the last day on which people are transferred during each stay, by its place; its first day for none."""
    days = timeline.day[stays]
    for index, column in enumerate(plan.columns):
        if isinstance(plan.events[column.event].details, Transfer):
            at, day = _days_within(timeline, stays, index, anchor_of(plan, index, is_stay))
            days[at] = np.maximum(days[at], day)
    return days


def _days_within(timeline: Timeline, stays: Ints, index: int, stay: int) -> tuple[Ints, Ints]:
    """Give the stays, by their place among `stays`, in which a column happens that counts from theirs, and its day."""
    at = np.flatnonzero(timeline.column[stays] == stay)
    person = timeline.person[stays[at]]
    at, person = at[timeline.status[index, person] == 0], person[timeline.status[index, person] == 0]
    first_day = timeline.day[stays[at]] - timeline.days[stay, person]
    return at, first_day + timeline.days[index, person]

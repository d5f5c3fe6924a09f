"""The visits of a trial: when subjects were due, and when they came."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.plan import Floats, Ints
from healthsim.planning.trial.texts import DEVIATIONS, EPOCHS, VISIT_STATUSES, endings
from healthsim.planning.trial.trial_plan import TrialPlan
from healthsim.randomness import Draws
from healthsim.simulation.block import Block
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.trial.enrolled import NOT_RANDOMISED, Enrolled
from healthsim.tables import MISSING, Batch

SCREENING, BASELINE = 0, 1
"""Places of the first two visits of a schedule."""

_GONE = ("LOST TO FOLLOW-UP", "DEATH")
"""Ends after which nobody comes for a last visit."""


@dataclass(frozen=True, slots=True)
class TrialVisits:
    """Visits that subjects were due for, person after person in their order; every array has the shape `(visits,)`.

    Attributes:
        screened: Place among the screened.
        place: Place of the visit in the schedule.
        planned: Planned day, days since 1970-01-01; missing for an early end.
        day: Day of the visit; missing where it was missed.
        is_late: Whether it was after its window.
    """

    screened: Ints
    place: Ints
    planned: Ints
    day: Ints
    is_late: Booleans

    @property
    def is_attended(self) -> Booleans:
        """Tell which visits took place."""
        attended: Booleans = self.day != MISSING
        return attended


def visits_of(trial: TrialPlan, block: Block, enrolled: Enrolled) -> TrialVisits:
    """Draw the visits of a block."""
    screened, course, schedule = enrolled.screened, enrolled.course, trial.schedule
    everybody = np.arange(len(screened.person))
    parts = [_visit(everybody, SCREENING, screened.consent_day, screened.consent_day)]
    parts.append(_visit(course.screened, BASELINE, course.day, course.day))
    draws = block.people.draws.rows(course.person)
    ends = endings(trial)
    is_early = course.ending != ends.index("COMPLETED")
    early = len(schedule.names) - 1
    for place in range(BASELINE + 1, early):
        offset, is_late = _offsets(trial, draws, place)
        is_missed = draws.event_uniform("trial:missed", place) < trial.protocol.conduct.missed
        rows = np.flatnonzero(~is_early | (np.where(is_missed, schedule.day[place], offset) < course.end))
        day = np.where(is_missed, MISSING, course.day + offset)[rows]
        planned = (course.day + schedule.day[place])[rows]
        parts.append(_visit(course.screened[rows], place, planned, day, (is_late & ~is_missed)[rows]))
    comes = np.flatnonzero(is_early & ~np.isin(course.ending, [ends.index(each) for each in _GONE if each in ends]))
    last = (course.day + course.end)[comes]
    parts.append(_visit(course.screened[comes], early, np.full(len(comes), MISSING), last))
    return _joined(parts)


def _offsets(trial: TrialPlan, draws: Draws, place: int) -> tuple[Ints, Booleans]:
    """Give the days from randomisation to a visit, and which are after its window."""
    schedule = trial.schedule
    before, after, latest = (int(each[place]) for each in (schedule.before, schedule.after, schedule.latest))
    uniform: Floats = draws.event_uniform("trial:visit_day", place)
    inside = (uniform * (before + after + 1)).astype(np.int64) - before
    outside = after + 1 + (uniform * max(latest, 1)).astype(np.int64)
    is_late = (draws.event_uniform("trial:visit_late", place) < trial.protocol.conduct.outside) & (latest > 0)
    return schedule.day[place] + np.where(is_late, outside, inside), is_late


def _visit(screened: Ints, place: int, planned: Ints, day: Ints, is_late: Booleans | None = None) -> TrialVisits:
    late = np.zeros(len(screened), np.bool_) if is_late is None else is_late
    return TrialVisits(screened, np.full(len(screened), place), planned, day, late)


def _joined(parts: list[TrialVisits]) -> TrialVisits:
    """Put visits into the order of people, then of the schedule."""
    screened = np.concatenate([part.screened for part in parts])
    place = np.concatenate([part.place for part in parts])
    order = np.lexsort((place, screened))
    planned, day = (np.concatenate([getattr(part, name) for part in parts])[order] for name in ("planned", "day"))
    is_late = np.concatenate([part.is_late for part in parts])[order]
    return TrialVisits(screened[order], place[order], planned, day, is_late)


def visit_rows(trial: TrialPlan, block: Block, enrolled: Enrolled, visits: TrialVisits) -> Batch:
    """Describe visits."""
    screened, schedule = enrolled.screened, trial.schedule
    ids = block.people.ids[screened.person[visits.screened]]
    first_day = np.where(screened.arm == NOT_RANDOMISED, MISSING, screened.decision_day)[visits.screened]
    is_scheduled = (visits.planned != MISSING) & (visits.place > SCREENING)
    deviation = np.where(visits.is_late, DEVIATIONS.index("OUT OF WINDOW"), -1)
    deviation = np.where(visits.is_attended, deviation, DEVIATIONS.index("MISSED VISIT"))
    columns = {
        "person_id": ids,
        "visit_id": (ids << SLOT_BITS) + visits.place,
        "studyid": np.zeros(len(ids), np.int8),
        "siteid": screened.site[visits.screened],
        "visitnum": visits.place + 1,
        "visit": visits.place,
        "epoch": np.where(visits.place == SCREENING, EPOCHS.index("SCREENING"), EPOCHS.index("TREATMENT")),
        "visitdy": study_days(visits.planned, first_day),
        "planned_date": visits.planned,
        "svstdtc": visits.day,
        "svstdy": study_days(visits.day, first_day),
        "window_first": np.where(is_scheduled, visits.planned - schedule.before[visits.place], MISSING),
        "window_last": np.where(is_scheduled, visits.planned + schedule.after[visits.place], MISSING),
        "status": np.where(visits.is_attended, VISIT_STATUSES.index("COMPLETED"), VISIT_STATUSES.index("MISSED")),
        "deviation": deviation,
    }
    return Batch("trial_visits", len(ids), columns)


def study_days(day: Ints, first_day: Ints) -> Ints:
    """Count days from randomisation, which is day 1; the day before it is day -1; missing where either is."""
    since = day - first_day
    counted: Ints = np.where((day == MISSING) | (first_day == MISSING), MISSING, np.where(since >= 0, since + 1, since))
    return counted

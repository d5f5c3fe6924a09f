"""What subjects took of the study drugs: spans between visits, or single doses."""

import numpy as np

from healthsim.planning.plan import Floats, Ints, Plan
from healthsim.planning.trial.trial_plan import TrialPlan
from healthsim.randomness import normal_from_uniform
from healthsim.simulation.block import Block
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.trial.enrolled import Enrolled
from healthsim.simulation.trial.marked import in_trial
from healthsim.simulation.trial.visits import SCREENING, TrialVisits
from healthsim.tables import Batch

_SPREAD = 0.04
"""Standard deviation of the compliance between subjects (assumed)."""


def exposure_rows(plan: Plan, trial: TrialPlan, block: Block, enrolled: Enrolled, visits: TrialVisits) -> Batch:
    """Describe what subjects took: as the protocol says, or where journeys give the drugs, as these do."""
    if "dosing" in trial.events.types:
        return _given(plan, trial, block, enrolled)
    every = trial.protocol.dosing.every_days
    subject, number, begin, end = _spans(trial, enrolled, visits) if every == 1 else _doses(trial, enrolled)
    course = enrolled.course
    person = course.person[subject]
    draws = block.people.draws.rows(person)
    due = (end - begin) // every + 1
    own = trial.protocol.dosing.compliance + _SPREAD * normal_from_uniform(draws.uniform("trial:compliance"))
    taken = np.minimum(
        (due * np.clip(own, 0.0, 1.0) + draws.event_uniform("trial:doses", number)).astype(np.int64), due
    )
    dose = np.array([each.dose for each in trial.protocol.arms], np.float64)[course.arm[subject]]
    return _rows(block, enrolled, subject, number, (begin, end), dose, (due, taken), frequency=0)


def _given(plan: Plan, trial: TrialPlan, block: Block, enrolled: Enrolled) -> Batch:
    """Describe the doses that journeys give to subjects while they are treated, each taken."""
    course = enrolled.course
    marked = in_trial(plan, block, course, "dosing")
    kept = np.flatnonzero(marked.begin < trial.protocol.treatment_days)
    subject, begin, event = marked.subject[kept], marked.begin[kept], marked.marks.event[kept]
    planned = np.array([each.dose for each in trial.protocol.arms], np.float64)[course.arm[subject]]
    asked = trial.events.dose[event]
    dose = np.where(np.isnan(asked) | (planned == 0), planned, asked)
    once = np.ones(len(kept), np.int64)
    return _rows(block, enrolled, subject, marked.marks.number[kept], (begin, begin), dose, (once, once), frequency=1)


def _rows(
    block: Block,
    enrolled: Enrolled,
    subject: Ints,
    number: Ints,
    days: tuple[Ints, Ints],
    dose: Floats,
    doses: tuple[Ints, Ints],
    *,
    frequency: int,
) -> Batch:
    """Describe exposures.

    Args:
        block: The people.
        enrolled: Who takes part.
        subject: Place of each subject in the course.
        number: Number of each exposure among the person's.
        days: First and last day of each, since randomisation.
        dose: At a time.
        doses: How many were due, and taken.
        frequency: Place of its term.
    """
    course = enrolled.course
    ids, arm = block.people.ids[course.person[subject]], course.arm[subject]
    columns = {
        "person_id": ids,
        "exposure_id": (ids << SLOT_BITS) + number,
        "studyid": np.zeros(len(ids), np.int8),
        "siteid": enrolled.screened.site[course.screened[subject]],
        "extrt": arm,
        "exdose": dose,
        "exdosu": arm,
        "exdosfrm": np.zeros(len(ids), np.int8),
        "exdosfrq": np.full(len(ids), frequency, np.int8),
        "exroute": np.zeros(len(ids), np.int8),
        "exstdtc": course.day[subject] + days[0],
        "exendtc": course.day[subject] + days[1],
        "doses_planned": doses[0],
        "doses_taken": doses[1],
    }
    return Batch("exposures", len(ids), columns)


def _spans(trial: TrialPlan, enrolled: Enrolled, visits: TrialVisits) -> tuple[Ints, Ints, Ints, Ints]:
    """Give the spans from each visit to the day before the next one, the last one to the end of treatment."""
    course = enrolled.course
    subject_of = np.full(len(enrolled.screened.person), -1)
    subject_of[course.screened] = np.arange(len(course.person))
    rows = np.flatnonzero(visits.is_attended & (visits.place > SCREENING))
    subject = subject_of[visits.screened[rows]]
    begin = visits.day[rows] - course.day[subject]
    is_last = np.append(subject[1:] != subject[:-1], True)[: len(subject)]
    following = np.append(begin[1:] - 1, 0)[: len(subject)]
    last_day = np.minimum(course.end, trial.protocol.treatment_days - 1)[subject]
    end = np.where(is_last, last_day, np.minimum(following, last_day))
    kept = np.flatnonzero(end >= begin)
    return subject[kept], visits.place[rows][kept], begin[kept], end[kept]


def _doses(trial: TrialPlan, enrolled: Enrolled) -> tuple[Ints, Ints, Ints, Ints]:
    """Give the doses due until the end of treatment, each a span of one day."""
    course = enrolled.course
    every, longest = trial.protocol.dosing.every_days, trial.protocol.treatment_days
    number = np.arange(-(-longest // every))
    due = number * every < np.maximum(course.end, 1)[:, np.newaxis]
    subject, dose = np.nonzero(due)
    return subject, dose, dose * every, dose * every

"""Endpoints that journeys measure, on their own days beside the visits."""

import numpy as np

from healthsim.planning.plan import Ints, Plan
from healthsim.planning.trial.texts import DOMAINS
from healthsim.planning.trial.trial_plan import TrialPlan
from healthsim.reference import analytes
from healthsim.simulation.block import Block
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.events.happened import FIRST_NUMBER
from healthsim.simulation.occasions import ROWS_BITS
from healthsim.simulation.trial.enrolled import Enrolled
from healthsim.simulation.trial.marked import in_trial
from healthsim.simulation.trial.readings import changed_levels, readings
from healthsim.simulation.trial.visits import study_days
from healthsim.tables import MISSING, Batch

_FIRST_SLOT = 256
"""Place of the first such event among those that number results: before it are visits, and tumours from 512 on."""


def efficacy_rows(plan: Plan, trial: TrialPlan, block: Block, enrolled: Enrolled) -> Batch:
    """Report what journeys measure of subjects while they are in the trial, with the change from baseline."""
    course = enrolled.course
    marked = in_trial(plan, block, course, "efficacy_measure")
    test = trial.events.test[marked.marks.event]
    value = _measured(plan, trial, block, enrolled, marked.subject, marked.begin)[np.arange(len(test)), test]
    base = _measured(plan, trial, block, enrolled, marked.subject, np.zeros_like(marked.begin))[
        np.arange(len(test)), test
    ]
    # What cannot be computed, such as LDL under high triglycerides, is not reported.
    rows = np.flatnonzero((value != MISSING) & (base != MISSING))
    subject, test, value, base = marked.subject[rows], test[rows], value[rows], base[rows]
    scale = np.array([10.0 ** analytes()[name].decimals for name in trial.tests])[test]
    ids = block.people.ids[course.person[subject]]
    first_day = course.day[subject]
    day = first_day + marked.begin[rows]
    slot = _FIRST_SLOT + _turns(plan, marked.marks.number[rows])
    columns = {
        "person_id": ids,
        "measurement_id": (ids << SLOT_BITS) + (slot << ROWS_BITS) + test,
        "visit_id": np.full(len(ids), MISSING),
        "studyid": np.zeros(len(ids), np.int8),
        "siteid": enrolled.screened.site[course.screened[subject]],
        "domain": np.where(test < trial.labs, DOMAINS.index("LB"), DOMAINS.index("VS")),
        "testcd": test,
        "value": value / scale,
        "result": np.full(len(ids), -1),
        "is_baseline": np.zeros(len(ids), np.bool_),
        "base": base / scale,
        "chg": (value - base) / scale,
        "measured_date": day,
        "dy": study_days(day, first_day),
    }
    return Batch("trial_measurements", len(ids), columns)


def _measured(
    plan: Plan, trial: TrialPlan, block: Block, enrolled: Enrolled, subject: Ints, since: Ints
) -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
    """Give every test of subjects some days after randomisation, shape `(rows, tests)`; missing where there is none."""
    course = enrolled.course
    person = course.person[subject]
    changed = changed_levels(trial, block, person, course.arm[subject], since)
    units = readings(plan, trial, block, person, course.day[subject] + since, changed)
    table = np.stack([units[name] for name in trial.tests], axis=1)
    if "ldl" in trial.tests:
        column = trial.tests.index("ldl")
        table[:, column] = np.where(table[:, column] > 0, table[:, column], MISSING)
    found: np.ndarray[tuple[int, int], np.dtype[np.int64]] = table
    return found


def _turns(plan: Plan, number: Ints) -> Ints:
    """Number events among the columns of their type, by the numbers of their rows."""
    if plan.timeline is None:
        return number
    events = plan.timeline.events
    kinds = [column.ordinal for column in plan.timeline.columns if events[column.event].type.name == "efficacy_measure"]
    turns: Ints = np.searchsorted(np.sort(np.array(kinds, np.int64)), number - FIRST_NUMBER)
    return turns

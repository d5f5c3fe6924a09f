"""What is measured of subjects: laboratory tests and vital signs at visits, with their changes from baseline."""

import numpy as np

from healthsim.planning.plan import Ints, Plan
from healthsim.planning.trial.texts import DOMAINS
from healthsim.planning.trial.trial_plan import TrialPlan
from healthsim.reference import analytes
from healthsim.simulation.block import Block
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.occasions import ROWS_BITS
from healthsim.simulation.trial.enrolled import NOT_RANDOMISED, Enrolled
from healthsim.simulation.trial.readings import changed_levels, readings
from healthsim.simulation.trial.visits import BASELINE, SCREENING, TrialVisits, study_days
from healthsim.tables import MISSING, Batch


def measured_rows(plan: Plan, trial: TrialPlan, block: Block, enrolled: Enrolled, visits: TrialVisits) -> Batch:
    """Report what is measured at the visits of a block."""
    screened = enrolled.screened
    attended = np.flatnonzero(visits.is_attended)
    who, place, day = visits.screened[attended], visits.place[attended], visits.day[attended]
    first_day = np.where(screened.arm == NOT_RANDOMISED, MISSING, screened.decision_day)[who]
    since = np.where((first_day == MISSING) | (place == SCREENING), 0, day - first_day)
    person, arm = screened.person[who], np.maximum(screened.arm[who], 0)
    units = readings(plan, trial, block, person, day, changed_levels(trial, block, person, arm, np.maximum(since, 0)))
    table = np.stack([units[test] for test in trial.tests], axis=1)
    occasion, test = np.nonzero(_reported(trial, table, place))
    base = _baselines(table, who, place, len(screened.person))[who[occasion], test]
    scale = np.array([10.0 ** analytes()[name].decimals for name in trial.tests])[test]
    value = table[occasion, test]
    is_after = (place[occasion] > BASELINE) & (base != MISSING)
    ids = block.people.ids[person[occasion]]
    visit = (ids << SLOT_BITS) + place[occasion]
    columns = {
        "person_id": ids,
        "measurement_id": (ids << SLOT_BITS) + (place[occasion] << ROWS_BITS) + test,
        "visit_id": visit,
        "studyid": np.zeros(len(ids), np.int8),
        "siteid": screened.site[who[occasion]],
        "domain": np.where(test < trial.labs, DOMAINS.index("LB"), DOMAINS.index("VS")),
        "testcd": test,
        "value": value / scale,
        "result": np.full(len(ids), -1),
        "is_baseline": place[occasion] == BASELINE,
        "base": np.where(is_after | (place[occasion] == BASELINE), base / scale, np.nan),
        "chg": np.where(is_after, (value - base) / scale, np.nan),
        "measured_date": day[occasion],
        "dy": study_days(day[occasion], first_day[occasion]),
    }
    return Batch("trial_measurements", len(ids), columns)


def _reported(trial: TrialPlan, table: Ints, place: Ints) -> "np.ndarray[tuple[int, int], np.dtype[np.bool_]]":
    """Tell what is reported: at screening everything, later the tests of the protocol; no LDL that none computes."""
    reported = trial.at_visits | (place == SCREENING)[:, np.newaxis]
    if "ldl" in trial.tests:
        column = trial.tests.index("ldl")
        reported[:, column] &= table[:, column] > 0
    found: np.ndarray[tuple[int, int], np.dtype[np.bool_]] = reported
    return found


def _baselines(table: Ints, who: Ints, place: Ints, screened: int) -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
    """Give the result at the visit of randomisation, shape `(screened, tests)`; missing where there was none."""
    base = np.full((screened, table.shape[1]), MISSING, np.int64)
    is_baseline = place == BASELINE
    base[who[is_baseline]] = table[is_baseline]
    return base

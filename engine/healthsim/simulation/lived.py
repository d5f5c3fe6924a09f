"""What becomes of people's latest visit and drugs by what journeys do: death comes before some, stops end others."""

from dataclasses import replace
from datetime import date

import numpy as np

from healthsim.planning.journey_plan import TimelinePlan
from healthsim.planning.medication_plan import MedicationPlan
from healthsim.planning.plan import Ints
from healthsim.simulation.medications import Medications
from healthsim.simulation.regimen import Regimen
from healthsim.simulation.timeline import Timeline
from healthsim.simulation.visits import Visits
from healthsim.tables import MISSING

_EPOCH = date(1970, 1, 1)
_FAR = np.iinfo(np.int64).max


def visits_lived(visits: Visits, died: Ints | None) -> Visits:
    """Leave out the visits of people who died before.

    Args:
        visits: The visits.
        died: Everybody's date of death, shape `(people,)`, missing for the living; None if nobody can die.
    """
    if died is None:
        return visits
    end = np.where(died == MISSING, _FAR, died)
    return visits.only(visits.day <= end[visits.person])


def drugs_lived(
    drugs: MedicationPlan, plan: TimelinePlan, timeline: Timeline, regimen: Regimen, visits: Visits
) -> Medications:
    """Leave out drugs begun after death or after a journey stopped them; end those that one stops, or pregnancy.

    Args:
        drugs: All drugs.
        plan: The journeys, planned.
        timeline: What happens to the people.
        regimen: What they take.
        visits: Their latest visits.
    """
    taken = regimen.before
    died = timeline.deaths(plan)
    last = np.full(len(taken.person), _FAR) if died is None else np.where(died == MISSING, _FAR, died)[taken.person]
    end = np.where(taken.end_day == MISSING, _FAR, taken.end_day)
    for index, column in enumerate(plan.columns):
        entries, days = regimen.ended_by(plan.events[column.event].details)
        if entries:
            day = timeline.days[index].astype(np.int64) + (plan.start - _EPOCH).days + days
            stopped = np.where(timeline.status[index] == 0, day, _FAR)[taken.person]
            is_of = np.isin(taken.entry, entries)
            end = np.where(is_of, np.minimum(end, stopped), end)
    # What is begun at the latest visit is not renewed after it; what was begun before has been.
    seen = np.full(timeline.days.shape[1], _FAR)
    seen[visits.person] = visits.day
    covered = taken.start_day + (drugs.days_supply * (drugs.refills + 1))[taken.entry] - 1
    is_first = (taken.start_day == seen[taken.person]) & (end != _FAR)
    end = np.where(is_first, np.minimum(end, covered), end)
    ended = replace(taken, end_day=np.where(end == _FAR, MISSING, end))
    return ended.only((taken.start_day <= last) & (taken.start_day <= end))

"""A trial, planned: from its protocol to what subjects are drawn from."""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from healthsim.planning.journey_plan import TimelinePlan
from healthsim.planning.measurements import with_parts
from healthsim.planning.medication_plan import MedicationPlan
from healthsim.planning.naming import NamedCondition
from healthsim.planning.natural import ADULT
from healthsim.planning.plan import AddressPlan, PeoplePlan
from healthsim.planning.trial.course import planned_course
from healthsim.planning.trial.criteria import planned_eligibility
from healthsim.planning.trial.journeys import trial_events
from healthsim.planning.trial.randomisation import randomisation_lists
from healthsim.planning.trial.sites import planned_sites
from healthsim.planning.trial.texts import endings
from healthsim.planning.trial.trial_plan import SchedulePlan, TrialPlan
from healthsim.reference import analytes
from healthsim.skills import SkillLibrary
from healthsim.spec import Protocol, Trial

_EPOCH = date(1970, 1, 1)
_LATEST = 7
"""Days after its window that a late visit is, at most."""

SCREENING, BASELINE, EARLY = "Screening", "Baseline", "Early termination"


def planned_trial(
    trial: Trial,
    seed: int,
    where: tuple[PeoplePlan, AddressPlan],
    named: Sequence[NamedCondition],
    codes: Sequence[str],
    library: SkillLibrary,
    medications: MedicationPlan | None,
    timeline: TimelinePlan | None,
) -> TrialPlan:
    """Plan a trial.

    Args:
        trial: The trial, in full.
        seed: The run's seed.
        where: Who the people are and where they live.
        named: Their conditions, by slot.
        codes: The plan's codes.
        library: The skills.
        medications: The drugs they may take.
        timeline: Their journeys; None for none.

    Raises:
        ValueError: The trial is not in full.
    """
    protocol = trial.protocol
    if not isinstance(protocol, Protocol) or trial.enrollment is None or trial.start is None:
        raise ValueError("a trial is planned in full")
    eligibility = planned_eligibility(protocol, named, codes, library, medications)
    labs, vitals = _tests(protocol, eligibility.labs)
    return TrialPlan(
        protocol=protocol,
        start_day=(trial.start - _EPOCH).days,
        enrollment=trial.enrollment,
        screened=trial.screened,
        candidates=int(np.ceil(trial.enrollment / protocol.accrual.eligible)),
        sites=planned_sites(seed, trial.sites, *where),
        eligibility=eligibility,
        arms=randomisation_lists(seed, protocol.arms, len(eligibility.strata), trial.enrollment),
        schedule=_schedule(protocol),
        course=planned_course(protocol),
        tests=(*labs, *vitals),
        labs=len(labs),
        events=trial_events(timeline, protocol, endings(protocol), (*labs, *vitals)),
        at_visits=np.isin([*labs, *vitals], list(with_parts(protocol.tests))),
    )


def trial_sources(protocol: Protocol) -> Iterator[str]:
    """Give where the figures of a protocol are from, each once."""
    parts = (
        *protocol.effects,
        *protocol.outcomes,
        *((protocol.response,) if protocol.response else ()),
        *protocol.adverse_events,
        protocol.discontinuation,
        protocol.dosing,
    )
    yield from dict.fromkeys(part.source for part in parts)


def _tests(protocol: Protocol, compared: Sequence[str]) -> tuple[list[str], list[str]]:
    """Give the laboratory tests and vital signs that are measured of adults, what they are computed from included."""
    wanted = with_parts((*protocol.tests, *compared)) | {"height"}
    known = [each for each in analytes().values() if each.id in wanted and each.last_age >= ADULT]
    return [each.id for each in known if each.kind == "lab"], [each.id for each in known if each.kind == "vital"]


def _schedule(protocol: Protocol) -> SchedulePlan:
    visits = protocol.visits
    day = np.array([visit.day - 1 for visit in visits], np.int64)
    before = np.array([visit.before for visit in visits], np.int64)
    after = np.array([visit.after for visit in visits], np.int64)
    free = np.append((day - before)[1:] - (day + after)[:-1] - 1, _LATEST)
    none = np.zeros(2, np.int64)
    return SchedulePlan(
        names=(SCREENING, BASELINE, *(visit.name for visit in visits), EARLY),
        day=np.concatenate([none, day, [protocol.treatment_days]]),
        before=np.concatenate([none, before, [0]]),
        after=np.concatenate([none, after, [0]]),
        latest=np.concatenate([none, np.clip(free, 0, _LATEST), [0]]),
    )

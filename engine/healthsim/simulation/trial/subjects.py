"""The tables of a trial itself, its sites, its subjects and their dispositions."""

import numpy as np

from healthsim.planning.plan import Ints
from healthsim.planning.trial.texts import COMPLETED, CONSENTED, FAILED, RANDOMISED, STATUSES, endings
from healthsim.planning.trial.trial_plan import TrialPlan
from healthsim.simulation.birthdays import completed_years
from healthsim.simulation.block import Block
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.trial.enrolled import NOT_RANDOMISED, Enrolled
from healthsim.simulation.trial.visits import TrialVisits
from healthsim.tables import MISSING, Batch, Column

_PHASES = {"I": "PHASE I TRIAL", "II": "PHASE II TRIAL", "III": "PHASE III TRIAL", "IV": "PHASE IV TRIAL"}


def trial_rows(trial: TrialPlan) -> Batch:
    """Describe the trial."""
    protocol = trial.protocol
    texts = {
        "studyid": protocol.code,
        "protocol": protocol.id,
        "title": protocol.title,
        "phase": _PHASES[protocol.phase],
        "indication": protocol.indication.name,
        "arms": "; ".join(f"{arm.name} ({arm.ratio})" for arm in protocol.arms),
        "stratification": "; ".join(f"{each.yes} | {each.no}" for each in protocol.stratification),
        "primary_endpoint": protocol.endpoints[0].name,
    }
    columns: dict[str, Column] = {name: np.array([text], np.object_) for name, text in texts.items()}
    columns["planned_enrollment"] = np.array([trial.enrollment])
    columns["treatment_days"] = np.array([protocol.treatment_days])
    columns["first_day"] = np.array([trial.start_day])
    return Batch("trials", 1, columns)


def site_rows(trial: TrialPlan) -> Batch:
    """Describe the sites."""
    sites = trial.sites
    count = len(sites.ids)
    texts = {
        "studyid": (trial.protocol.code,) * count,
        "siteid": sites.ids,
        "name": sites.names,
        "city": sites.cities,
        "state": sites.states,
        "country": ("USA",) * count,
        "investigator": sites.investigators,
    }
    return Batch("sites", count, {name: np.array(values, np.object_) for name, values in texts.items()})


def subject_rows(trial: TrialPlan, block: Block, enrolled: Enrolled, visits: TrialVisits) -> Batch:
    """Describe the people who were screened."""
    screened, course = enrolled.screened, enrolled.course
    count = len(screened.person)
    status = np.full(count, STATUSES.index("SCREEN FAILURE"))
    is_completed = course.ending == endings(trial).index(COMPLETED)
    status[course.screened] = np.where(is_completed, STATUSES.index("COMPLETED"), STATUSES.index("DISCONTINUED"))
    is_in = screened.arm != NOT_RANDOMISED
    died = np.full(count, MISSING, np.int64)
    died[course.screened[course.is_dead]] = (course.day + course.end)[course.is_dead]
    people = block.people
    columns: dict[str, Column] = {
        "person_id": people.ids[screened.person],
        "studyid": np.zeros(count, np.int8),
        "siteid": screened.site,
        "rficdtc": screened.consent_day,
        "rfstdtc": np.where(is_in, screened.decision_day, MISSING),
        "rfendtc": last_days(enrolled, visits),
        "status": status,
        "screen_failure_reason": screened.reason,
        "stratum": np.where(is_in, screened.stratum, -1),
        "randomization_number": screened.number,
        "armcd": screened.arm,
        "arm": screened.arm,
        "age": completed_years(people.birth_day[screened.person], screened.consent_day),
        "sex": people.sex[screened.person],
        "dthdtc": died,
    }
    return Batch("subjects", count, columns)


def last_days(enrolled: Enrolled, visits: TrialVisits) -> Ints:
    """Give the last day in the trial of each of the screened, their last visit included; missing for failures."""
    screened, course = enrolled.screened, enrolled.course
    last = np.full(len(screened.person), MISSING, np.int64)
    last[course.screened] = course.day + course.end
    attended = visits.is_attended & (last[visits.screened] != MISSING)
    np.maximum.at(last, visits.screened[attended], visits.day[attended])
    return last


def disposition_rows(trial: TrialPlan, block: Block, enrolled: Enrolled, visits: TrialVisits) -> Batch:
    """Describe consent, randomisation, and why and when subjects' part in the trial ended."""
    screened, course = enrolled.screened, enrolled.course
    texts = endings(trial)
    everybody = np.arange(len(screened.person))
    failed = np.flatnonzero(screened.arm == NOT_RANDOMISED)
    last = last_days(enrolled, visits)[course.screened]
    consented, randomised, failure = (np.int64(texts.index(each)) for each in (CONSENTED, RANDOMISED, FAILED))
    # Screened, number, category, epoch, term, text of it, day.
    parts = (
        (everybody, 0, 0, 0, consented, consented, screened.consent_day),
        (failed, 1, 1, 0, failure, len(texts) + screened.reason[failed], screened.decision_day[failed]),
        (course.screened, 2, 0, 0, randomised, randomised, course.day),
        (course.screened, 3, 1, 1, course.ending, course.ending, last),
    )
    place = np.concatenate([part[0] for part in parts])
    values: list[Ints] = [
        np.concatenate([np.broadcast_to(np.asarray(part[index]), len(part[0])) for part in parts])
        for index in range(1, 7)
    ]
    order = np.lexsort((values[0], place))
    number, category, epoch, term, text, day = (column[order] for column in values)
    ids = block.people.ids[screened.person[place[order]]]
    columns: dict[str, Column] = {
        "person_id": ids,
        "disposition_id": (ids << SLOT_BITS) + number,
        "studyid": np.zeros(len(ids), np.int8),
        "siteid": screened.site[place[order]],
        "dscat": category,
        "epoch": epoch,
        "dsdecod": term,
        "dsterm": text,
        "dsstdtc": day,
    }
    return Batch("dispositions", len(ids), columns)

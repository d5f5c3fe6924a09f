"""Rows of endpoints that are not measured at visits: tumours, responses, times to events."""

from collections.abc import Iterator

import numpy as np

from healthsim.planning.plan import Floats, Ints
from healthsim.planning.trial.texts import (
    BEST_RESPONSE,
    DOMAINS,
    OVERALL_RESPONSE,
    RESULTS,
    SUM_OF_DIAMETERS,
    codes_of_tests,
)
from healthsim.planning.trial.trial_plan import TrialPlan
from healthsim.simulation.block import Block
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.occasions import ROWS_BITS
from healthsim.simulation.trial.enrolled import NEVER, Enrolled
from healthsim.simulation.trial.tumours import Assessments, assessments_of, best_responses
from healthsim.simulation.trial.visits import study_days
from healthsim.spec.protocol import EventEndpoint
from healthsim.tables import MISSING, Batch

_FIRST_SLOT = 512
"""Place of the first assessment of tumours among those that number results; before it are visits."""

_OVERALL_SLOT = 1_023
"""Place of what is counted over the whole trial."""


def endpoint_rows(trial: TrialPlan, block: Block, enrolled: Enrolled) -> Iterator[Batch]:
    """Describe the endpoints of a block that visits do not measure."""
    assessments = assessments_of(trial, block, enrolled.course)
    if assessments is not None:
        yield from _tumour_rows(trial, block, enrolled, assessments)
    for place, endpoint in enumerate(trial.protocol.endpoints, 1):
        if isinstance(endpoint, EventEndpoint):
            yield _time_rows(trial, block, enrolled, place, endpoint)


def _tumour_rows(trial: TrialPlan, block: Block, enrolled: Enrolled, found: Assessments) -> Iterator[Batch]:
    course = enrolled.course
    day, slot = course.day[found.subject] + found.day, _FIRST_SLOT + found.number
    later = found.number > 0
    change = np.where(later, (found.size - found.base).astype(np.float64), np.nan)
    yield _rows(
        trial, block, enrolled, (SUM_OF_DIAMETERS, "TR"), found.subject, slot, day,
        value=found.size.astype(np.float64), base=found.base.astype(np.float64), change=change, is_baseline=~later,
    )  # fmt: skip
    rows = np.flatnonzero(later)
    yield _rows(
        trial, block, enrolled, (OVERALL_RESPONSE, "RS"), found.subject[rows], slot[rows], day[rows],
        result=found.response[rows],
    )  # fmt: skip
    everybody = np.arange(len(course.person))
    slots = np.full(len(everybody), _OVERALL_SLOT)
    best = best_responses(course, found)
    yield _rows(trial, block, enrolled, (BEST_RESPONSE, "RS"), everybody, slots, course.day + course.end, result=best)


def _time_rows(trial: TrialPlan, block: Block, enrolled: Enrolled, place: int, endpoint: EventEndpoint) -> Batch:
    """Describe the time to the first of some outcomes, or to the end of a subject's part in the trial."""
    course = enrolled.course
    counted = np.array([each.id in endpoint.outcomes for each in trial.protocol.outcomes], np.bool_)
    first = course.outcomes[counted].min(axis=0, initial=NEVER)
    until = np.minimum(first, course.end)
    everybody = np.arange(len(course.person))
    return _rows(
        trial, block, enrolled, (f"TTE{place}", "TT"), everybody, np.full(len(everybody), _OVERALL_SLOT),
        course.day + until,
        value=(until + 1).astype(np.float64),
        result=np.where(first == NEVER, RESULTS.index("CENSORED"), RESULTS.index("EVENT")),
    )  # fmt: skip


def _rows(  # noqa: PLR0913 - what a row of any of them is made of
    trial: TrialPlan,
    block: Block,
    enrolled: Enrolled,
    test: tuple[str, str],
    subject: Ints,
    slot: Ints,
    day: Ints,
    *,
    value: Floats | None = None,
    base: Floats | None = None,
    change: Floats | None = None,
    result: Ints | None = None,
    is_baseline: "np.ndarray[tuple[int], np.dtype[np.bool_]] | None" = None,
) -> Batch:
    """Give rows of one test; what is None is missing throughout."""
    course = enrolled.course
    ids = block.people.ids[course.person[subject]]
    code = codes_of_tests(trial).index(test[0])
    none = np.full(len(ids), np.nan)
    columns = {
        "person_id": ids,
        "measurement_id": (ids << SLOT_BITS) + (slot << ROWS_BITS) + code,
        "visit_id": np.full(len(ids), MISSING, np.int64),
        "studyid": np.zeros(len(ids), np.int8),
        "siteid": enrolled.screened.site[course.screened[subject]],
        "domain": np.full(len(ids), DOMAINS.index(test[1])),
        "testcd": np.full(len(ids), code),
        "value": none if value is None else value,
        "result": np.full(len(ids), -1) if result is None else result,
        "is_baseline": np.zeros(len(ids), np.bool_) if is_baseline is None else is_baseline,
        "base": none if base is None else base,
        "chg": none if change is None else change,
        "measured_date": day,
        "dy": study_days(day, course.day[subject]),
    }
    return Batch("trial_measurements", len(ids), columns)

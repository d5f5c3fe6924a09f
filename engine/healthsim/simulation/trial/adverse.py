"""Adverse events: what happens to subjects while they are treated, at the rates of their arms."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from healthsim.planning.plan import Ints, Plan
from healthsim.planning.trial.texts import ACTIONS, AE_OUTCOMES, RELATIONS, SEVERITIES, endings
from healthsim.planning.trial.trial_plan import TrialPlan
from healthsim.randomness import Draws
from healthsim.simulation.block import Block
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.trial.course import waits
from healthsim.simulation.trial.enrolled import NEVER, Course, Enrolled
from healthsim.simulation.trial.marked import in_trial
from healthsim.simulation.trial.visits import study_days
from healthsim.tables import MISSING, Batch

_MILD, _MODERATE, _SEVERE = range(len(SEVERITIES))
_LEADING_SLOT = 200
"""Number of the event that a subject leaves for, among the person's; others are numbered by their term."""

_LEADS = 5
"""Days before the end on which that event begins, at most."""

_SEVERE_SHARE, _SERIOUS_SHARE = 0.4, 0.25
"""Shares of the events that subjects leave for which are severe, the others being moderate, and serious (assumed)."""


@dataclass(frozen=True, slots=True)
class _Events:
    """Events of one term; arrays have the shape `(events,)`, days count from randomisation.

    Attributes:
        subject: Place in the course.
        number: Number of the event among the person's.
        term: Place of the term.
        begin: First day.
        end: Last day; `NEVER` where it had not ended by the end of the trial.
        severity: Place in `SEVERITIES`.
        serious: 1 for the serious.
        related: 1 for those held to be caused by the drug.
        action: Place in `ACTIONS`.
        outcome: Place in `AE_OUTCOMES`.
    """

    subject: Ints
    number: int | Ints
    term: Ints
    begin: Ints
    end: Ints
    severity: Ints
    serious: Ints
    related: Ints
    action: Ints
    outcome: Ints


def adverse_rows(plan: Plan, trial: TrialPlan, block: Block, enrolled: Enrolled) -> Batch:
    """Describe the adverse events of a block, with the outcomes of the trial among them."""
    course = enrolled.course
    parts = [*_common(trial, block, course), *_outcomes(trial, course), _leading(trial, block, course)]
    parts += [_unforeseen(trial, course), _of_journeys(plan, trial, block, course)]
    subject = np.concatenate([part.subject for part in parts])
    number = np.concatenate([np.broadcast_to(part.number, len(part.subject)) for part in parts])
    order = np.lexsort((number, subject))
    subject = subject[order]

    def column(name: str) -> Ints:
        values: Ints = np.concatenate([getattr(part, name) for part in parts])[order]
        return values

    ids = block.people.ids[course.person[subject]]
    begin, end, first = column("begin"), column("end"), course.day[subject]
    columns = {
        "person_id": ids,
        "ae_id": (ids << SLOT_BITS) + number[order],
        "studyid": np.zeros(len(ids), np.int8),
        "siteid": enrolled.screened.site[course.screened[subject]],
        "aedecod": column("term"),
        "aebodsys": column("term"),
        "aesev": column("severity"),
        "aeser": column("serious"),
        "aerel": column("related"),
        "aeacn": column("action"),
        "aeout": column("outcome"),
        "aestdtc": first + begin,
        "aestdy": study_days(first + begin, first),
        "aeendtc": np.where(end >= NEVER, MISSING, first + end),
    }
    return Batch("adverse_events", len(ids), columns)


def _common(trial: TrialPlan, block: Block, course: Course) -> Iterator[_Events]:
    """Give the events that the protocol foresees."""
    for place, event in enumerate(trial.protocol.adverse_events):
        draws = block.people.draws.rows(course.person)
        wait = 1 + waits(trial, draws.uniform(f"trial:event:{event.term}"), trial.course.adverse[place, course.arm])
        rows = np.flatnonzero(wait < course.end)
        draws = draws.rows(rows)
        severity = _severities(draws, event.term, event.moderate, event.severe)
        end = _ends(trial, draws, event.term, event.days, wait[rows], course.end[rows])
        yield _Events(
            subject=rows,
            number=place,
            term=np.full(len(rows), place),
            begin=wait[rows],
            end=end,
            severity=severity,
            serious=(draws.uniform(f"trial:serious:{event.term}") < event.serious).astype(np.int64),
            related=(draws.uniform(f"trial:related:{event.term}") < event.related).astype(np.int64),
            action=np.full(len(rows), ACTIONS.index("DOSE NOT CHANGED")),
            outcome=(end >= NEVER).astype(np.int64),
        )


def _severities(draws: Draws, term: str, moderate: float, severe: float) -> Ints:
    uniform = draws.uniform(f"trial:severity:{term}")
    found: Ints = np.where(uniform < severe, _SEVERE, np.where(uniform < severe + moderate, _MODERATE, _MILD))
    return found


def _ends(trial: TrialPlan, draws: Draws, term: str, days: int, begin: Ints, last: Ints) -> Ints:
    """Give the last day of events; `NEVER` where that is after the trial."""
    lasting = (trial.course.waits.at(draws.uniform(f"trial:lasting:{term}")) * days).astype(np.int64)
    end: Ints = np.where(begin + lasting <= last, begin + lasting, NEVER)
    return end


def _outcomes(trial: TrialPlan, course: Course) -> Iterator[_Events]:
    """Give the outcomes of the trial, which are serious adverse events; of deaths, the one that came first."""
    first = len(trial.protocol.adverse_events)
    for place, outcome in enumerate(trial.protocol.outcomes):
        day = course.outcomes[place]
        is_so = (day != NEVER) & (~outcome.is_fatal | (course.is_dead & (day == course.end)))
        if outcome.is_fatal:
            earlier = [each for each in range(place) if trial.protocol.outcomes[each].is_fatal]
            for other in earlier:
                is_so &= course.outcomes[other] != day
        rows = np.flatnonzero(is_so)
        ending = AE_OUTCOMES.index("FATAL" if outcome.is_fatal else "RECOVERED/RESOLVED")
        end = np.minimum(day[rows] + (0 if outcome.is_fatal else _STAY), course.end[rows])
        yield _serious(rows, first + place, first + place, day[rows], end, ending)


_STAY = 7
"""Days that an outcome which is not fatal takes (assumed)."""


def _serious(rows: Ints, number: int, term: int, begin: Ints, end: Ints, outcome: int) -> _Events:
    """Give serious events that nobody holds to be caused by the drug."""
    whole = np.ones(len(rows), np.int64)
    return _Events(
        subject=rows,
        number=number,
        term=term * whole,
        begin=begin,
        end=end,
        severity=_SEVERE * whole,
        serious=whole,
        related=RELATIONS.index("NOT RELATED") * whole,
        action=ACTIONS.index("NOT APPLICABLE" if outcome == AE_OUTCOMES.index("FATAL") else "DOSE NOT CHANGED") * whole,
        outcome=outcome * whole,
    )


def _leading(trial: TrialPlan, block: Block, course: Course) -> _Events:
    """Give the events for which subjects leave."""
    texts = endings(trial.protocol)
    leaves = course.ending == (texts.index("ADVERSE EVENT") if "ADVERSE EVENT" in texts else -1)
    rows = np.flatnonzero(leaves & (len(trial.protocol.adverse_events) > 0))
    draws = block.people.draws.rows(course.person[rows])
    severe = (draws.uniform("trial:leading:severity") < _SEVERE_SHARE).astype(np.int64)
    before = draws.integer("trial:leading:before", 0, _LEADS)
    whole = np.ones(len(rows), np.int64)
    return _Events(
        subject=rows,
        number=_LEADING_SLOT,
        term=trial.course.leading.draw(draws.uniform("trial:leading:term"), course.arm[rows]).astype(np.int64),
        begin=np.maximum(course.end[rows] - before, 0),
        end=np.full(len(rows), NEVER),
        severity=_MODERATE + severe,
        serious=(draws.uniform("trial:leading:serious") < _SERIOUS_SHARE).astype(np.int64),
        related=RELATIONS.index("RELATED") * whole,
        action=ACTIONS.index("DRUG WITHDRAWN") * whole,
        outcome=AE_OUTCOMES.index("NOT RECOVERED/NOT RESOLVED") * whole,
    )


def _unforeseen(trial: TrialPlan, course: Course) -> _Events:
    """Give the deaths that came from elsewhere than the trial's outcomes."""
    foreseen = np.zeros(len(course.person), np.bool_)
    for place, outcome in enumerate(trial.protocol.outcomes):
        if outcome.is_fatal:
            foreseen |= course.outcomes[place] == course.end
    rows = np.flatnonzero(course.is_dead & ~foreseen)
    term = len(trial.protocol.adverse_events) + len(trial.protocol.outcomes)
    return _serious(rows, term, term, course.end[rows], course.end[rows], AE_OUTCOMES.index("FATAL"))


def _of_journeys(plan: Plan, trial: TrialPlan, block: Block, course: Course) -> _Events:
    """Give the events that journeys let happen to subjects while they are in the trial."""
    marked = in_trial(plan, block, course, "adverse_event")
    subject, event = marked.subject, marked.marks.event
    whole = np.ones(len(subject), np.int64)
    first_term = len(trial.protocol.adverse_events) + len(trial.protocol.outcomes) + 1
    return _Events(
        subject=subject,
        number=marked.marks.number,
        term=first_term + trial.events.term[event],
        begin=marked.begin,
        end=np.full(len(subject), NEVER),
        severity=trial.events.severity[event],
        serious=trial.events.serious[event],
        related=RELATIONS.index("NOT RELATED") * whole,
        action=ACTIONS.index("DOSE NOT CHANGED") * whole,
        outcome=AE_OUTCOMES.index("NOT RECOVERED/NOT RESOLVED") * whole,
    )

"""Screening and randomisation: candidates come in order, and are assigned arms from the lists of their strata.

An arm is the next one of the stratum's list, so that it depends on how many were randomised before. These counts go
from block to block, in the order of the people: the first of many people are assigned as they are alone.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from healthsim.planning.plan import Floats, Ints, Plan
from healthsim.planning.trial.trial_plan import TrialPlan
from healthsim.reference import analytes
from healthsim.simulation.block import Block
from healthsim.simulation.trial.candidates import Candidates, with_disease
from healthsim.simulation.trial.course import course_of
from healthsim.simulation.trial.enrolled import NOT_RANDOMISED, Enrolled, Screened
from healthsim.simulation.trial.readings import readings
from healthsim.spec import evaluate
from healthsim.spec.trial import SLOWEST_ACCRUAL
from healthsim.tables import MISSING

_EPOCH_WEEKDAY = 3
"""1970-01-01 was a Thursday; Mondays are 0."""

_SATURDAY, _DAYS_OF_WEEK = 5, 7


class Enrolment:
    """Enrols the people of a run, block after block.

    Args:
        plan: The run's plan.
        trial: The trial's.
    """

    def __init__(self, plan: Plan, trial: TrialPlan) -> None:
        self._plan = plan
        self._trial = trial
        self._candidates = 0
        self._enrolled = 0
        self._of_stratum = np.zeros(len(trial.eligibility.strata), np.int64)

    def enrolled(self, block: Block) -> Block:
        """Give a block with those of its people who take part; whoever dies in the trial has no journeys after that."""
        screened = self._screened(block)
        course = course_of(self._trial, block, self._deaths(block), screened)
        trial = Enrolled(screened, course)
        timeline = block.timeline
        if timeline is not None and self._plan.timeline is not None:
            timeline = timeline.until(self._plan.timeline, trial.deaths(block.people.count))
        return replace(block, trial=trial, timeline=timeline)

    def _deaths(self, block: Block) -> Ints:
        """Give the day of each person's death in a journey, shape `(people,)`; missing for none."""
        died = block.timeline.deaths(self._plan.timeline) if block.timeline and self._plan.timeline else None
        return np.full(block.people.count, MISSING, np.int64) if died is None else died

    def _screened(self, block: Block) -> Screened:
        """Screen the candidates of a block, and randomise those who are eligible, until enrolment is complete."""
        trial = self._trial
        person = np.flatnonzero(
            with_disease(trial, block) & (block.people.draws.uniform("trial:screened") < trial.screened)
        )
        rank = self._candidates + np.arange(len(person))
        self._candidates += len(person)
        is_open = rank < (SLOWEST_ACCRUAL * trial.candidates if self._enrolled < trial.enrollment else 0)
        decision = self._decision_days(rank)
        died = self._deaths(block)[person]
        kept = is_open & ((died == MISSING) | (died > decision))
        person, decision = person[kept], decision[kept]
        screening = trial.protocol.screening
        lag = block.people.draws.rows(person).integer("trial:lag", screening.least_days, screening.most_days)
        consent = np.maximum(decision - lag, trial.start_day)
        seen = Candidates(self._plan, trial, block, person, consent, self._results(block, person, consent))
        reason, stratum = self._judged(seen)
        return self._randomised(
            Screened(
                person,
                trial.sites.of_zip[block.people.zip_code[person]],
                consent,
                decision,
                reason,
                stratum,
                stratum,
                stratum,
            )
        )

    def _decision_days(self, rank: Ints) -> Ints:
        """Give the day on which candidates are randomised or not, by their rank: never earlier for a later one."""
        trial = self._trial
        day = (
            trial.start_day
            + trial.protocol.screening.most_days
            + rank * trial.protocol.accrual.days // trial.candidates
        )
        weekday = (day + _EPOCH_WEEKDAY) % _DAYS_OF_WEEK
        monday: Ints = np.where(weekday >= _SATURDAY, day + _DAYS_OF_WEEK - weekday, day)
        return monday

    def _results(self, block: Block, person: Ints, day: Ints) -> Mapping[str, Floats]:
        units = readings(self._plan, self._trial, block, person, day, {})
        return {name: values / 10.0 ** analytes()[name].decimals for name, values in units.items()}

    def _judged(self, seen: Candidates) -> tuple[Ints, Ints]:
        """Give the first criterion that each candidate does not meet, -1 for none, and the stratum."""
        protocol = self._trial.protocol
        reason = np.full(len(seen.person), -1, np.int64)
        met = [evaluate(each.rule, seen) for each in protocol.inclusion]
        met += [~evaluate(each.rule, seen) for each in protocol.exclusion]
        met.append(seen.block.people.draws.rows(seen.person).uniform("trial:consent") >= protocol.screening.withdrawn)
        for place, holds in enumerate(met):
            reason[(reason < 0) & ~holds] = place
        stratum = np.zeros(len(seen.person), np.int64)
        for bit, factor in enumerate(protocol.stratification):
            stratum += evaluate(factor.rule, seen).astype(np.int64) << bit
        return reason, stratum

    def _randomised(self, screened: Screened) -> Screened:
        """Assign arms until enough are randomised; whoever comes after that is not screened."""
        eligible = screened.reason < 0
        number = self._enrolled + np.cumsum(eligible)
        before = number - eligible
        kept = before < self._trial.enrollment
        rows = np.flatnonzero(eligible & kept)
        position = self._of_stratum[screened.stratum[rows]] + _ranks(screened.stratum[rows])
        arm = np.full(len(eligible), NOT_RANDOMISED, np.int64)
        arm[rows] = self._trial.arms[screened.stratum[rows], position]
        self._of_stratum += np.bincount(screened.stratum[rows], minlength=len(self._of_stratum))
        self._enrolled += len(rows)
        return Screened(
            screened.person[kept],
            screened.site[kept],
            screened.consent_day[kept],
            screened.decision_day[kept],
            screened.reason[kept],
            screened.stratum[kept],
            arm[kept],
            np.where(eligible, number, MISSING)[kept],
        )


def _ranks(groups: Ints) -> Ints:
    """Count for each row the rows before it of the same group, shape `(rows,)`."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    ranks = np.empty(len(groups), np.int64)
    ranks[order] = np.arange(len(groups)) - np.searchsorted(ordered, ordered)
    return ranks

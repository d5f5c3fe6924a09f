"""The tables of TrialSim, from the people of a block who take part."""

from collections.abc import Iterator, Mapping

import numpy as np

from healthsim.planning.plan import Ints, Plan
from healthsim.planning.trial.texts import places_of_texts
from healthsim.planning.trial.trial_plan import TrialPlan
from healthsim.simulation.block import Block
from healthsim.simulation.chart import Chart
from healthsim.simulation.trial.adverse import adverse_rows
from healthsim.simulation.trial.efficacy import efficacy_rows
from healthsim.simulation.trial.endpoints import endpoint_rows
from healthsim.simulation.trial.enrolled import Enrolled
from healthsim.simulation.trial.exposures import exposure_rows
from healthsim.simulation.trial.measured import measured_rows
from healthsim.simulation.trial.subjects import disposition_rows, site_rows, subject_rows, trial_rows
from healthsim.simulation.trial.visits import visit_rows, visits_of
from healthsim.tables import Batch


def trial_tables(plan: Plan, block: Block, chart: Chart) -> Iterator[Batch]:
    """Give the rows of a trial; none where the profile asks for none."""
    del chart
    trial, enrolled = plan.others.trial, block.trial
    if trial is None or enrolled is None:
        return
    places = places_of_texts(trial)
    for batch in _batches(plan, trial, block, enrolled):
        yield _with_places(batch, places)


def trial_standing(trial: TrialPlan) -> Iterator[Batch]:
    """Give the rows of the trial itself and of its sites."""
    yield trial_rows(trial)
    yield site_rows(trial)


def _batches(plan: Plan, trial: TrialPlan, block: Block, enrolled: Enrolled) -> Iterator[Batch]:
    """Give the rows, with codes that count arms, terms and the like as the plan does."""
    visits = visits_of(plan, trial, block, enrolled)
    yield subject_rows(trial, block, enrolled, visits)
    yield visit_rows(trial, block, enrolled, visits)
    yield adverse_rows(plan, trial, block, enrolled)
    yield exposure_rows(plan, trial, block, enrolled, visits)
    yield measured_rows(plan, trial, block, enrolled, visits)
    if "efficacy_measure" in trial.events.types:
        yield efficacy_rows(plan, trial, block, enrolled)
    yield from endpoint_rows(trial, block, enrolled)
    yield disposition_rows(trial, block, enrolled, visits)


def _with_places(batch: Batch, places: Mapping[tuple[str, str], Ints]) -> Batch:
    """Give a batch with the codes of the texts themselves, where several of what they name share one."""
    changed = {
        name: np.append(places[batch.table, name], -1)[values]
        for name, values in batch.columns.items()
        if values is not None and (batch.table, name) in places
    }
    return Batch(batch.table, batch.rows, {**batch.columns, **changed})

"""Counts kept while people are drawn, for the summary; whole numbers, so that no order of blocks changes them."""

import numpy as np

from healthsim.planning.natural import ADULT
from healthsim.planning.plan import AGE_SEX_CELLS, ETHNICITIES, RACES, SEXES, Among, Ints, Plan
from healthsim.simulation.block import Block
from healthsim.simulation.payer.claim_counts import ClaimCounts
from healthsim.summary import Counts, Subjects
from healthsim.tables import MISSING, Batch

_GROUPS: tuple[Among, ...] = ("all", "primary", "adults")


class Tally:
    """Counts people, their conditions, their claims, and the subjects of a trial.

    Args:
        plan: The run's plan.
    """

    def __init__(self, plan: Plan) -> None:
        slots = len(plan.conditions.conditions)
        self._has_primary = plan.conditions.has_primary
        self._age_sex: Ints = np.zeros(AGE_SEX_CELLS, np.int64)
        self._race: Ints = np.zeros(len(RACES), np.int64)
        self._ethnicity: Ints = np.zeros(len(ETHNICITIES), np.int64)
        self._claims = ClaimCounts()
        self._screened, self._randomised = 0, 0
        self._has_trial = plan.others.trial is not None
        self._held: dict[Among, Ints] = {group: np.zeros(slots, np.int64) for group in _GROUPS}

    def add(self, block: Block) -> None:
        """Count the people of a block."""
        people = block.people
        self._age_sex += np.bincount(people.age_sex, minlength=AGE_SEX_CELLS)
        self._race += np.bincount(people.race, minlength=len(RACES))
        self._ethnicity += np.bincount(people.ethnicity, minlength=len(ETHNICITIES))
        group = (people.age >= ADULT).astype(np.int64)
        if self._has_primary:
            group += 2 * block.held[:, 0]
        cells = np.bincount(block.cases.slot * 4 + group[block.cases.person], minlength=4 * len(self._held["all"]))
        by_group = cells.reshape(-1, 2, 2)
        self._held["all"] += by_group.sum(axis=(1, 2))
        self._held["adults"] += by_group[:, :, 1].sum(axis=1)
        self._held["primary"] += by_group[:, 1].sum(axis=1)

    def add_rows(self, batch: Batch) -> None:
        """Count the rows of a table of a product."""
        self._claims.add(batch)
        if batch.table == "subjects" and batch.rows:
            started = batch.columns["rfstdtc"]
            self._screened += batch.rows
            self._randomised += 0 if started is None else int((started != MISSING).sum())

    def counts(self) -> Counts:
        """Give the counts."""
        ages = self._age_sex.reshape(-1, len(SEXES))
        primary = int(self._held["all"][0]) if self._has_primary else 0
        return Counts(
            people=int(ages.sum()),
            age=ages.sum(axis=1),
            sex=ages.sum(axis=0),
            race=self._race,
            ethnicity=self._ethnicity,
            groups={"all": int(ages.sum()), "primary": primary, "adults": int(ages[ADULT:].sum())},
            held=self._held,
            claims=self._claims.counted(),
            subjects=Subjects(self._screened, self._randomised) if self._has_trial else None,
        )

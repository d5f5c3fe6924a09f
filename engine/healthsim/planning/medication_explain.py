"""How many drugs people are expected to take, by shares alone."""

import numpy as np

from healthsim.planning.medication_plan import PlannedDrug, PlannedGroup, PlannedTreatment
from healthsim.planning.plan import AGE_SEX_CELLS, SEXES, Floats, Ints, Plan
from healthsim.spec import AllOf, attributes_of
from healthsim.spec.predicates import evaluate

_POINTS = 64
"""Points between 0 and 1 at which a table of codes is read."""


def drugs_per_person(plan: Plan) -> float:
    """Estimate the drugs of a person: one of a group, whatever for, as if conditions were independent.

    Drugs for some codes of a condition, such as methotrexate for rheumatoid arthritis, are those of people with these.
    Whatever else makes a drug suit or not counts as holding.
    """
    if plan.medications is None:
        return 0.0
    without = np.ones(len(plan.medications.groups))
    for treatment in plan.medications.treatments:
        treated = float(plan.conditions.expected_shares[treatment.slot]) * treatment.treated_share
        codes, weights = _codes(plan, treatment)
        for group in treatment.groups:
            without[group.index] *= 1 - treated * group.share * _indicated(group, codes, weights)
    return float((1 - without).sum())


def _codes(plan: Plan, treatment: PlannedTreatment) -> tuple[Ints, Floats]:
    """Give the codes of a condition with their weights, by the ages and sexes of the people, shape `(readings,)`."""
    conditions, expected = plan.conditions, plan.people.expected
    cells = np.repeat(np.arange(AGE_SEX_CELLS), _POINTS)
    points = np.tile((np.arange(_POINTS) + 0.5) / _POINTS, AGE_SEX_CELLS)
    row = conditions.code_row[treatment.slot] * AGE_SEX_CELLS
    codes: Ints = conditions.code_index[treatment.slot, conditions.code_shares.draw(points, row + cells)]
    weights: Floats = expected["age"][cells // len(SEXES)] * expected["gender"][cells % len(SEXES)]
    return codes, weights / weights.sum()


def _indicated(group: PlannedGroup, codes: Ints, weights: Floats) -> float:
    suits = np.logical_or.reduce([_suits(drug, codes) for drug in group.drugs])
    return float(weights @ suits)


def _suits(drug: PlannedDrug, codes: Ints) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    """Tell for which codes a drug may suit: what asks of nothing but the code must hold."""
    suits = np.ones(len(codes), np.bool_)
    parts = drug.suits.predicate.all if drug.suits is not None and isinstance(drug.suits.predicate, AllOf) else ()
    for part in parts:
        if attributes_of(part) == {"code"}:
            suits &= evaluate(part, {"code": codes})
    return suits

"""What conditions make of bodies: their stages, the states people are in, and between which values these keep them."""

from collections.abc import Sequence

import numpy as np

from healthsim.planning.body_plan import CELLS_OF_AGE_SEX, AspectPlan, Bounds, StagePlan
from healthsim.planning.levels import score_at
from healthsim.planning.limits import NO_BOUNDS, limits_of
from healthsim.planning.significance import rounded
from healthsim.randomness import CategoryTable, Floats, Ints
from healthsim.reference import SEXES, STRATA
from healthsim.skills import Aspect, Condition, State

_ANY = "any"


def planned_stages(condition: Condition, slot: int, codes: Sequence[str]) -> StagePlan:
    """Plan the stages of a condition that has some: a code decides among those that it says, all where it says none."""
    says = np.array([[code in (*stage.codes, *stage.also) for stage in condition.stages] for code in codes])
    shares = np.array([stage.share for stage in condition.stages])
    weights = np.where(says.any(axis=1, keepdims=True), says * np.maximum(shares, _LEAST_SHARE), shares)
    ids = tuple(stage.id for stage in condition.stages)
    return StagePlan(condition.id, slot, ids, CategoryTable.from_weights(rounded(weights)))


_LEAST_SHARE = 1e-9
"""Of a stage that only its own codes say."""


def planned_aspect(condition: Condition, aspect: Aspect, slot: int, codes: Sequence[str]) -> AspectPlan:
    """Plan what a condition governs.

    Args:
        condition: The condition.
        aspect: The part of physiology.
        slot: The condition's slot, -1 where the profile does not have it.
        codes: Codes of the plan.
    """
    keys = _keys(condition, aspect)
    states = (*aspect.absent, *aspect.present)
    shifted = sorted({analyte for state in states for analyte in state.shifts})
    bounded = sorted({analyte for state in states for analyte in state.bounds})
    return AspectPlan(
        id=f"{condition.id}.{aspect.id}",
        condition=condition.id,
        slot=slot,
        keyed_by=aspect.keyed_by,
        key_of_code=_key_of_code(keys, codes),
        choice=_choice(aspect, keys),
        states=tuple(state.id for state in states),
        shifts={analyte: np.array([state.shifts.get(analyte, 0.0) for state in states]) for analyte in shifted},
        bounds={_drawn(analyte): _bounds(analyte, states) for analyte in bounded},
        plain={analyte: _plain(analyte, states) for analyte in bounded},
    )


def _keys(condition: Condition, aspect: Aspect) -> tuple[str, ...]:
    """Name what decides on the states of people with the condition."""
    if aspect.keyed_by == "stage":
        return tuple(stage.id for stage in condition.stages)
    if aspect.keyed_by == "code":
        return (*dict.fromkeys(code for state in aspect.present for code in state.of), _ANY)
    return (_ANY,)


def _key_of_code(keys: Sequence[str], codes: Sequence[str]) -> Ints:
    """Give the key of each code; the last, of no code in particular, for those that none is about."""
    return np.array([keys.index(code) if code in keys else len(keys) - 1 for code in codes], dtype=np.int64)


def _choice(aspect: Aspect, keys: Sequence[str]) -> CategoryTable:
    absent, present = len(aspect.absent), len(aspect.present)
    weights = np.zeros((1 + len(keys), CELLS_OF_AGE_SEX, absent + present))
    weights[0, :, :absent] = _by_cell(aspect.absent)
    for index, key in enumerate(keys):
        of_key = [key == _ANY or not state.of or key in state.of for state in aspect.present]
        weights[1 + index, :, absent:] = _by_cell(aspect.present) * of_key
    return CategoryTable.from_weights(rounded(weights.reshape(-1, absent + present)))


def _by_cell(states: Sequence[State]) -> Floats:
    return np.repeat(np.stack([state.share for state in states], axis=1), len(SEXES), axis=0)


def _drawn(analyte: str) -> str:
    """Name the analyte whose score is drawn for one that is bounded: filtration is bounded through creatinine."""
    return "creatinine" if analyte == "egfr" else analyte


def _bounds(analyte: str, states: Sequence[State]) -> Bounds:
    pairs = [limits_of(analyte, *state.bounds.get(analyte, NO_BOUNDS)) for state in states]
    low, high = (np.array([pair[side] for pair in pairs]) for side in (0, 1))
    drawn = _drawn(analyte)
    scores = [
        np.array([score_at(drawn, limits, stratum) for stratum in range(len(STRATA)) for limits in sides])
        for sides in (low, high)
    ]
    return Bounds(rounded(low.ravel()), rounded(high.ravel()), rounded(scores[0].ravel()), rounded(scores[1].ravel()))


def _plain(analyte: str, states: Sequence[State]) -> Floats:
    """Give the bounds of an analyte as they stand in the skill, shape `(2, states)`."""
    return np.array([state.bounds.get(analyte, NO_BOUNDS) for state in states]).T

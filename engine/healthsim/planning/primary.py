"""Who has the primary condition: the people asked for, weighted so that the asked prevalence holds among them."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from healthsim.planning.cooccurrence import SMALLEST, shift_for
from healthsim.planning.demographics import JointShares
from healthsim.planning.plan import Floats


@dataclass(frozen=True, slots=True)
class PrimaryShares:
    """People with and without the primary condition.

    Attributes:
        people: Shares of all people, shape `(rows, 111, 2, 7, 2)`, summing to 1.
        having: Share of each cell with the condition, of the same shape.
    """

    people: Floats
    having: Floats


def with_primary(joint: JointShares, natural: Floats, asked: float | None) -> PrimaryShares:
    """Weight the people asked for so that a share `asked` has the primary condition.

    What the profile fixes, such as the ages, stays as asked among all people; within people alike in it, those with
    the condition are distributed as such people are in life: the diabetics of a county are older than its people. So
    this is a case-control sample of the asked population.

    Args:
        joint: The people asked for.
        natural: Share who have the condition in life, by row, age and sex, shape `(rows, 111, 2)`.
        asked: Share who shall have it; None for as many as in life.
    """
    share = np.clip(natural, SMALLEST, 1 - SMALLEST)[:, :, :, np.newaxis, np.newaxis]
    if asked is None:
        return PrimaryShares(joint.shares, np.broadcast_to(share, joint.shares.shape))
    free = tuple(axis for axis in range(joint.shares.ndim) if axis not in joint.asked)
    having, lacking = joint.shares * share, joint.shares * (1 - share)
    having_by_key, lacking_by_key = having.sum(axis=free, keepdims=True), lacking.sum(axis=free, keepdims=True)
    people_by_key = having_by_key + lacking_by_key
    with np.errstate(invalid="ignore", divide="ignore"):
        natural_by_key = np.where(people_by_key > 0, having_by_key / people_by_key, SMALLEST)
        asked_by_key = _share_by_key(people_by_key, natural_by_key, asked)
        cases = np.where(having_by_key > 0, having / having_by_key, 0.0) * people_by_key * asked_by_key
        others = np.where(lacking_by_key > 0, lacking / lacking_by_key, 0.0) * people_by_key * (1 - asked_by_key)
        people = cases + others
        share_having = np.where(people > 0, cases / people, 0.0)
    return PrimaryShares(people / people.sum(), share_having)


def _share_by_key(people: Floats, natural: Floats, asked: float) -> Floats:
    """Shift the natural share of people alike in what is fixed, so that the asked share holds over all of them."""
    if asked in {0.0, 1.0}:
        return np.full(natural.shape, asked)
    logits = logit(np.clip(natural, SMALLEST, 1 - SMALLEST))
    shift = shift_for(asked, lambda delta: float((people * expit(logits + delta)).sum() / people.sum()))
    shares: Floats = expit(logits + shift)
    return shares

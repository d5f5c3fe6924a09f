"""How many chronic conditions the nation's people have at once, by age and sex."""

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr
from scipy.stats import norm, qmc

from healthsim.planning.cooccurrence import thresholds
from healthsim.planning.naming import NamedCondition
from healthsim.planning.natural import natural_prevalence
from healthsim.planning.plan import AGE_SEX_CELLS, ConditionsPlan, Floats
from healthsim.reference import Reference

MOST_CONDITIONS = 4
"""More conditions than these count as these."""

_LOG2_NODES = 8
_NATION = "00"


def natural_counts(prevalence: Floats, conditions: ConditionsPlan) -> Floats:
    """Give the shares of people with 0, 1 ... `MOST_CONDITIONS` conditions, shape `(222, MOST_CONDITIONS + 1)`.

    Given the latent factors conditions are independent, so the number of them is a sum of independent indicators; that
    is averaged over the factors by a rule of 256 points (Sobol 1967).

    Args:
        prevalence: Of each condition, shape `(slots, 222)`; 0 for those that do not count.
        conditions: Their plan.
    """
    factors = _points(len(conditions.factors))
    counts = np.zeros((len(factors), AGE_SEX_CELLS, MOST_CONDITIONS + 1))
    counts[:, :, 0] = 1.0
    for slot in np.flatnonzero(prevalence.any(axis=1)):
        loadings = conditions.loadings[slot]
        own = np.sqrt(1.0 - (loadings**2).sum())
        held = ndtr(((factors @ loadings)[:, np.newaxis] - thresholds(prevalence[slot])) / own)[:, :, np.newaxis]
        more = counts * held
        counts -= more
        counts[:, :, 1:] += more[:, :, :-1]
        counts[:, :, -1] += more[:, :, -1]
    shares: Floats = counts.mean(axis=0)
    return shares


def natural_shares(named: Sequence[NamedCondition], *, is_local: bool) -> Floats:
    """Give how common conditions are in the nation, shape `(slots, 222)`; 0 for those that no skill knows."""
    nation = Reference().places([_NATION])
    shares = np.zeros((len(named), AGE_SEX_CELLS))
    for slot, condition in enumerate(named):
        if condition.model is not None:
            natural = natural_prevalence(condition.model, nation, is_local=is_local)
            shares[slot] = natural[0].ravel() * condition.part
    return shares


def _points(factors: int) -> Floats:
    """Give points of independent standard normal factors, each as likely, shape `(256, factors)`."""
    if factors == 0:
        return np.zeros((1, 0))
    count = 2**_LOG2_NODES
    even = qmc.Sobol(factors, scramble=False).random_base2(_LOG2_NODES) + 0.5 / count
    points: Floats = norm.ppf(even)
    return points

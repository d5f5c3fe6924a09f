"""Which conditions people have, drawn jointly by a Gaussian copula over latent factors."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.plan import ConditionsPlan, Floats, Plan
from healthsim.randomness import normal_from_uniform
from healthsim.simulation.people import People, primary_status

Booleans = NDArray[np.bool_]

_BELOW_ONE = 1.0 - 2.0**-53


@dataclass(frozen=True, slots=True)
class Latent:
    """What lies behind the conditions and attributes of people.

    Attributes:
        has_primary: Who has the primary condition, shape `(people,)`; None where the profile has none.
        factors: Standard normal factors, in the plan's order, each of shape `(people,)`.
    """

    has_primary: Booleans | None
    factors: list[Floats]


def latent_of(plan: Plan, people: People) -> Latent:
    """Draw who has the primary condition, and the factors.

    The status of the primary condition comes first: its liability is drawn from the normal distribution beyond the
    threshold, or before it, and the factors are then drawn given that liability, by adding to unconditional ones what
    the liability says more of them (Matheron's rule; Hoffman and Ribak 1991).
    """
    wanted = plan.conditions
    factors = [factor_of(people, name) for name in wanted.factors]
    if not wanted.has_primary:
        return Latent(None, factors)
    has_primary = primary_status(plan, people)
    return Latent(has_primary, _given_primary(wanted, people, has_primary, factors))


def factor_of(people: People, name: str) -> Floats:
    """Draw a latent factor, standard normal, shape `(people,)`."""
    return people.draws.normal(f"factor:{name}")


def conditions_held(plan: Plan, people: People, latent: Latent) -> Booleans:
    """Tell which conditions people have, shape `(people, slots)`.

    A condition's liability is a sum of standard normal factors, by its loadings, and a part of its own; whoever's
    exceeds the threshold has it.
    """
    wanted = plan.conditions
    held = np.zeros((people.count, len(wanted.conditions)), dtype=np.bool_)
    thresholds: Floats = wanted.thresholds
    first, has_primary = 0, latent.has_primary
    if has_primary is not None:
        held[:, 0] = has_primary
        first = 1
    own = np.sqrt(1.0 - (wanted.loadings**2).sum(axis=1))
    for slot in range(first, len(wanted.conditions)):
        liability = people.draws.normal(f"liability:{wanted.conditions[slot].id}") * own[slot]
        for factor, loading in zip(latent.factors, wanted.loadings[slot].tolist(), strict=True):
            if loading:
                liability += factor * loading
        threshold = thresholds[slot][people.place_cell]
        if has_primary is not None:
            threshold = np.where(has_primary, wanted.thresholds_with_primary[slot][people.place_cell], threshold)
        np.greater(liability, threshold, out=held[:, slot])
    return held


def _given_primary(
    wanted: ConditionsPlan, people: People, has_primary: Booleans, factors: list[Floats]
) -> list[Floats]:
    """Draw the factors again, given the status of the primary condition."""
    loadings = wanted.loadings[0].tolist()
    if not any(loadings):
        return factors
    name = wanted.conditions[0].id
    natural = wanted.primary_natural[people.place_cell]
    uniform = people.draws.uniform(f"primary_liability:{name}")
    exceeding = np.where(has_primary, uniform * natural, natural + uniform * (1.0 - natural))
    liability = -normal_from_uniform(np.minimum(exceeding, _BELOW_ONE))
    unconditional = people.draws.normal(f"liability:{name}") * np.sqrt(1.0 - sum(loading**2 for loading in loadings))
    for factor, loading in zip(factors, loadings, strict=True):
        unconditional += factor * loading
    more = liability - unconditional
    return [factor + loading * more for factor, loading in zip(factors, loadings, strict=True)]

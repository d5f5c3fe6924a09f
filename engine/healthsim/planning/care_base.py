"""How much care people without a chronic condition have, so that the nation has the published rates in every year."""

from collections.abc import Sequence

import numpy as np

from healthsim.planning.course import begun_shares
from healthsim.planning.morbidity import MOST_CONDITIONS, natural_counts
from healthsim.planning.naming import NamedCondition
from healthsim.planning.plan import AGES, SEXES, ConditionsPlan, Floats
from healthsim.planning.utilization_plan import Booleans
from healthsim.reference import CareKind

_NODES = (0, 4, 10, 20, 40, 70, AGES - 1)
"""Years back for which base rates are computed; those between are interpolated."""


def natural_before(natural: Floats, named: Sequence[NamedCondition], years: int) -> tuple[tuple[int, Floats], ...]:
    """Give how common conditions had been among people who have them as often as the nation at `as_of`.

    People do not recover, and some fell ill of late: those who are told of were healthier in the years before than
    others of the same age are now.

    Args:
        natural: How common the conditions are in the nation, shape `(slots, 222)`.
        named: The conditions.
        years: The longest time back.

    Returns:
        Years back, ascending from 0, each with how common conditions were at each age and sex then, shape
            `(slots, 222)`.
    """
    wanted = _NODES[: next(place for place, node in enumerate(_NODES) if node >= min(years, _NODES[-1])) + 1]
    ages = natural.reshape(len(natural), AGES, len(SEXES))
    found = []
    for back in wanted:
        later = np.minimum(np.arange(AGES) + back, AGES - 1)
        had = ages[:, later] * begun_shares(named, back).reshape(ages.shape)
        found.append((back, had.reshape(natural.shape)))
    return tuple(found)


def base_rates(
    kind: CareKind, counted: Booleans, before: Sequence[tuple[int, Floats]], conditions: ConditionsPlan
) -> Floats:
    """Give the rates of people without conditions that count, by years back and cell of age and sex.

    Args:
        kind: The kind of care.
        counted: Which conditions multiply it, shape `(slots,)`.
        before: How common the conditions were, by years back.
        conditions: Their plan.

    Returns:
        Times a person-year, shape `(years, 222)`.
    """
    ratios = np.array([kind.ratio**number for number in range(MOST_CONDITIONS + 1)])
    nodes = [back for back, _ in before]
    if not counted.any():
        nodes, before = nodes[:1], before[:1]
    rates = np.stack(
        [
            kind.rates.ravel() / (natural_counts(shares * counted[:, np.newaxis], conditions) @ ratios)
            for _, shares in before
        ]
    )
    years = np.arange(nodes[-1] + 1)
    return np.stack([np.interp(years, nodes, cell) for cell in rates.T], axis=1)

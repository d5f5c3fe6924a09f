"""The joint distribution of county, age, sex, race and ethnicity that a profile asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

import numpy as np

from healthsim.planning.ages import Simple, age_shares
from healthsim.planning.joint import joint_of_places
from healthsim.planning.plan import AGES, ETHNICITIES, RACES, SEXES, Floats
from healthsim.reference import Places, hispanic_races
from healthsim.spec import (
    Categorical,
    Conditional,
    Constant,
    Demographics,
    Explicit,
    Population,
    attributes_of,
    evaluate,
)

ATTRIBUTES = ("age", "gender", "race", "ethnicity")
"""The attributes, in the order of their axes; the rows of the reference data are the axis before them."""

CATEGORIES: Mapping[str, tuple[str, ...]] = {"gender": SEXES, "race": RACES, "ethnicity": ETHNICITIES}

_SHAPE = (AGES, len(SEXES), len(RACES), len(ETHNICITIES))


@dataclass(frozen=True, slots=True)
class JointShares:
    """Shares of people.

    Attributes:
        shares: By row, age, sex, race and ethnicity, shape `(rows, 111, 2, 7, 2)`, summing to 1.
        asked: Axes whose distribution the profile fixes; the others follow the reference population.
    """

    shares: Floats
    asked: tuple[int, ...]


def joint_shares(demographics: Demographics, places: Places) -> JointShares:
    """Combine what was asked with the reference population, which holds wherever nothing was asked.

    Attributes that were asked for are independent of each other unless one is conditional on the other; all others
    are distributed as in the reference population among people with the same values of those asked for.

    Args:
        demographics: What was asked.
        places: Figures of the rows.
    """
    reference = _reference_shares(places)
    wanted = {name: getattr(demographics, name) for name in ATTRIBUTES if getattr(demographics, name) is not None}
    age = wanted.get("age")
    if isinstance(age, Population):
        reference = _restricted(reference, age)
        del wanted["age"]
    axes = tuple(index + 1 for index, name in enumerate(ATTRIBUTES) if name in wanted)
    if not axes:
        return JointShares(reference, ())
    asked = np.ones(_SHAPE)
    for name in _in_order(wanted):
        asked = asked * _share_by_cell(name, wanted[name], reference)
    others = tuple(axis for axis in range(reference.ndim) if axis not in axes)
    known = reference.sum(axis=others, keepdims=True)
    if (known <= 0).any():
        # A value that nobody of the reference population has spreads over the other attributes as everybody does.
        reference = np.where(known > 0, reference, reference.sum(axis=axes, keepdims=True))
        known = reference.sum(axis=others, keepdims=True)
    joint = asked * reference / known
    return JointShares(joint / joint.sum(), axes)


def _reference_shares(places: Places) -> Floats:
    """Give the reference population; race among Hispanics is the nation's at every age."""
    people = places.population / places.population.sum()
    groups = joint_of_places(places) * people[:, np.newaxis, np.newaxis, np.newaxis]
    joint = np.zeros((*groups.shape[:-1], len(RACES), len(ETHNICITIES)))
    joint[..., ETHNICITIES.index("not_hispanic")] = groups[..., : len(RACES)]
    joint[..., ETHNICITIES.index("hispanic")] = groups[..., len(RACES) :] * hispanic_races()[: len(RACES)]
    joint /= joint.sum()
    return joint


def _restricted(reference: Floats, age: Population) -> Floats:
    years = np.arange(AGES)
    low = 0 if age.min is None else age.min
    high = AGES - 1 if age.max is None else age.max
    kept = reference * ((low <= years) & (years <= high))[:, np.newaxis, np.newaxis, np.newaxis]
    kept /= kept.sum()
    return kept


def _in_order(wanted: Mapping[str, Any]) -> Sequence[str]:
    """Order the attributes so that each comes after those it is conditional on."""
    graph = {name: _parents(distribution) & wanted.keys() for name, distribution in wanted.items()}
    return tuple(TopologicalSorter(graph).static_order())


def _parents(distribution: object) -> frozenset[str]:
    if not isinstance(distribution, Conditional):
        return frozenset()
    named = (attributes_of(rule.when) | _parents(rule.then) for rule in distribution.rules)
    return frozenset().union(*named, _parents(distribution.otherwise))


def _share_by_cell(name: str, distribution: Any, reference: Floats) -> Floats:  # noqa: ANN401 - any distribution
    """Give the share of each cell's own value of the attribute among people alike in what it is conditional on."""
    axis = ATTRIBUTES.index(name)
    if isinstance(distribution, Conditional):
        shares = _share_by_cell(name, distribution.otherwise, reference)
        for rule in reversed(distribution.rules):
            holds = evaluate(rule.when, _cell_attributes()).reshape(_SHAPE)
            shares = np.where(holds, _share_by_cell(name, rule.then, reference), shares)
        return shares
    by_value = _age_shares(distribution, reference) if name == "age" else _category_shares(name, distribution)
    shape = [1] * len(_SHAPE)
    shape[axis] = len(by_value)
    return np.broadcast_to(by_value.reshape(shape), _SHAPE)


def _age_shares(distribution: Simple | Population, reference: Floats) -> Floats:
    if isinstance(distribution, Population):
        ages: Floats = _restricted(reference, distribution).sum(axis=(0, 2, 3, 4))
        return ages
    return age_shares(distribution, reference.sum(axis=(0, 2, 3, 4)))


def _category_shares(name: str, distribution: Constant | Categorical | Explicit | Any) -> Floats:  # noqa: ANN401 - closed by the spec
    categories = CATEGORIES[name]
    if isinstance(distribution, Constant):
        weights = {str(distribution.value): 1.0}
    elif isinstance(distribution, Categorical):
        weights = dict(distribution.weights)
    else:
        weights = {}
        given = getattr(distribution, "weights", None) or [1.0] * len(distribution.values)
        for value, weight in zip(distribution.values, given, strict=True):
            weights[str(value)] = weights.get(str(value), 0.0) + weight
    shares = np.array([weights.get(category, 0.0) for category in categories])
    total: Floats = shares.sum()
    return shares / total


@cache
def _cell_attributes() -> Mapping[str, np.ndarray[Any, Any]]:
    """Give the attributes of every cell, in the order of the axes, flat."""
    ages, sexes, races, ethnicities = np.indices(_SHAPE).reshape(len(_SHAPE), -1)
    return {
        "age": ages,
        "gender": np.array(SEXES)[sexes],
        "race": np.array(RACES)[races],
        "ethnicity": np.array(ETHNICITIES)[ethnicities],
    }

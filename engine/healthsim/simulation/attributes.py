"""What else the people of a block are: whether they smoke, and who pays for their care."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.attributes_plan import AttributesPlan
from healthsim.planning.natural import ADULT
from healthsim.planning.plan import Floats
from healthsim.simulation.conditions import factor_of
from healthsim.simulation.people import People, SmallInts

_NOT_ASKED = -1
"""Code of a child's smoking status: the figures are those of adults."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """What else people are; every array has the shape `(people,)`.

    Attributes:
        smoking: Index of the status in `SMOKING_STATUSES`, -1 for children.
        payer: Index in `PAYERS`.
    """

    smoking: NDArray[np.int8]
    payer: SmallInts


def attributes_of(plan: AttributesPlan, people: People, factors: Mapping[str, Floats]) -> Attributes:
    """Draw the attributes of the people of a block.

    Args:
        plan: How common they are.
        people: Who the people are.
        factors: Their latent factors behind the conditions, by name.
    """
    row = people.row * np.int32(plan.bands) + plan.band[people.age].astype(np.int32)
    return Attributes(_smoking(plan, people, factors), plan.payers.draw(people.draws.uniform("insurance"), row))


def _smoking(plan: AttributesPlan, people: People, factors: Mapping[str, Floats]) -> NDArray[np.int8]:
    """Draw who smokes and who has smoked, along one liability that shares factors with conditions.

    A factor that no condition of the plan has is drawn all the same, so that one more condition changes nobody.
    """
    liability = people.draws.normal("smoking") * plan.own
    for name, loading in plan.loadings.items():
        liability += (factors[name] if name in factors else factor_of(people, name)) * loading
    cell = people.place_cell
    status: NDArray[np.int8] = (liability > plan.ever_smoked[cell]).astype(np.int8) + (liability > plan.smokes[cell])
    status[people.age < ADULT] = _NOT_ASKED
    return status

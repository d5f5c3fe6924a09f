"""What is known of a block of people: who they are and what they have."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.plan import Plan
from healthsim.simulation.conditions import conditions_held
from healthsim.simulation.people import People, people_of_block


@dataclass(frozen=True, slots=True)
class Block:
    """A contiguous range of people.

    Attributes:
        people: Who they are.
        held: Which conditions they have, shape `(people, slots)`.
    """

    people: People
    held: NDArray[np.bool_]


def block_of(plan: Plan, first: int, count: int) -> Block:
    """Draw a block: first who the people are, then what they have."""
    people = people_of_block(plan, first, count)
    return Block(people, conditions_held(plan, people))

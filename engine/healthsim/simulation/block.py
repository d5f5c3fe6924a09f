"""What is known of a block of people: who they are and what they have."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.plan import Ints, Plan
from healthsim.simulation.conditions import conditions_held
from healthsim.simulation.people import People, people_of_block


@dataclass(frozen=True, slots=True)
class Block:
    """A contiguous range of people.

    Attributes:
        people: Who they are.
        held: Which conditions they have, shape `(people, slots)`.
        case_person: Person of each case, that is of each condition of a person, shape `(cases,)`; persons in order.
        case_slot: Condition of each case, shape `(cases,)`; in order within a person.
    """

    people: People
    held: NDArray[np.bool_]
    case_person: Ints
    case_slot: Ints


def block_of(plan: Plan, first: int, count: int) -> Block:
    """Draw a block: first who the people are, then what they have."""
    people = people_of_block(plan, first, count)
    held = conditions_held(plan, people)
    return Block(people, held, *np.nonzero(held))

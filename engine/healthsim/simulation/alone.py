"""A person on their own: a block of one, whose date of birth is known."""

from dataclasses import replace

from healthsim.planning.plan import Ints, Plan
from healthsim.simulation.block import Block, block_for
from healthsim.simulation.people import people_of_block


def block_of_one(plan: Plan, index: int, birth_day: Ints) -> Block:
    """Draw a person as they are drawn in a cohort, but for the date of birth.

    Args:
        plan: The plan, of people of the person's age.
        index: Index of the person.
        birth_day: Date of birth, days since 1970-01-01, shape `(1,)`.
    """
    people = people_of_block(plan, index, 1)
    as_of = people.birth_day + people.days_lived
    return block_for(plan, replace(people, birth_day=birth_day, days_lived=as_of - birth_day))

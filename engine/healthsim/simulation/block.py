"""What is known of a block of people: who they are, what they have and take, who cares for them, their visits."""

from dataclasses import dataclass

from healthsim.planning.plan import Plan
from healthsim.simulation.care import Care, care_of
from healthsim.simulation.cases import Cases, cases_of
from healthsim.simulation.conditions import Booleans, conditions_held
from healthsim.simulation.medications import Medications, medications_taken
from healthsim.simulation.people import People, people_of_block
from healthsim.simulation.traits import traits_of
from healthsim.simulation.visits import Visits, latest_visits


@dataclass(frozen=True, slots=True)
class Block:
    """A contiguous range of people.

    Attributes:
        people: Who they are.
        held: Which conditions they have, shape `(people, slots)`.
        cases: Their conditions, one by one.
        care: Who cares for them; None where nobody is assigned.
        visits: Their visits; None where the profile asks for none.
        medications: The drugs they take at their latest visit; None where the profile asks for no visits.
    """

    people: People
    held: Booleans
    cases: Cases
    care: Care | None
    visits: Visits | None
    medications: Medications | None


def block_of(plan: Plan, first: int, count: int) -> Block:
    """Draw a block: who the people are, what they have, who cares for them, when they were seen and what they take."""
    people = people_of_block(plan, first, count)
    held = conditions_held(plan, people)
    cases = cases_of(plan, people, held)
    has_primary = held[:, 0] if plan.conditions.has_primary and plan.visits else None
    care = care_of(plan.care, people, has_primary) if plan.care else None
    visits = latest_visits(plan.visits, people, cases) if plan.visits else None
    medications = None
    if plan.medications is not None and visits is not None:
        traits = traits_of(plan.medications, people, held, cases, visits.day)
        medications = medications_taken(plan.medications, people, cases, visits.day, traits)
    return Block(people, held, cases, care, visits, medications)

"""What is known of a block of people: who they are, what they have, who cares for them and when they were last seen."""

from dataclasses import dataclass

from healthsim.planning.plan import Plan
from healthsim.simulation.attributes import Attributes, attributes_of
from healthsim.simulation.care import Care, care_of
from healthsim.simulation.cases import Cases, cases_of
from healthsim.simulation.conditions import Booleans, conditions_held, latent_of
from healthsim.simulation.people import People, people_of_block
from healthsim.simulation.visits import Visits, latest_visits


@dataclass(frozen=True, slots=True)
class Block:
    """A contiguous range of people.

    Attributes:
        people: Who they are.
        attributes: What else they are.
        held: Which conditions they have, shape `(people, slots)`.
        cases: Their conditions, one by one.
        care: Who cares for them; None where nobody is assigned.
        visits: Their visits; None where the profile asks for none.
    """

    people: People
    attributes: Attributes
    held: Booleans
    cases: Cases
    care: Care | None
    visits: Visits | None


def block_of(plan: Plan, first: int, count: int) -> Block:
    """Draw a block: who the people are, then what they have, who cares for them, and when they were seen."""
    people = people_of_block(plan, first, count)
    latent = latent_of(plan, people)
    held = conditions_held(plan, people, latent)
    attributes = attributes_of(plan.attributes, people, dict(zip(plan.conditions.factors, latent.factors, strict=True)))
    cases = cases_of(plan, people, held)
    has_primary = held[:, 0] if plan.conditions.has_primary and plan.visits else None
    care = care_of(plan.care, people, has_primary) if plan.care else None
    visits = latest_visits(plan.visits, people, cases) if plan.visits else None
    return Block(people, attributes, held, cases, care, visits)

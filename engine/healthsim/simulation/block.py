"""What is known of a block of people: who they are, what they have and take, their care, and what happens to them."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.journey_plan import TimelinePlan
from healthsim.planning.plan import Ints, Plan
from healthsim.simulation.attributes import Attributes, attributes_of
from healthsim.simulation.background_care import Background, background_of
from healthsim.simulation.body import Body, body_of
from healthsim.simulation.care import Care, care_of
from healthsim.simulation.cases import Cases, begun_with_journeys, cases_of
from healthsim.simulation.conditions import Booleans, conditions_held, latent_of
from healthsim.simulation.lived import drugs_lived, visits_lived
from healthsim.simulation.medications import Medications
from healthsim.simulation.people import People, people_of_block
from healthsim.simulation.regimen import Regimen
from healthsim.simulation.situation import Standing
from healthsim.simulation.timeline import Timeline, timeline_of
from healthsim.simulation.treated import drugs_before, drugs_taken
from healthsim.simulation.trial.enrolled import Enrolled
from healthsim.simulation.visits import Visits, earliest_days, latest_visits
from healthsim.tables import MISSING


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
        background: The care they have anyway; None where the profile does not ask for it.
        timeline: What happens to them; None without journeys.
        regimen: What they take because of journeys; None where these order nothing.
        body: Their bodies; None where the profile asks for no visits.
        medications: The drugs they take at their latest visit; None where the profile asks for no visits.
        trial: Those of them who take part in a trial; None without one, and until they are enrolled.
    """

    people: People
    attributes: Attributes
    held: Booleans
    cases: Cases
    care: Care | None
    visits: Visits | None
    background: Background | None
    timeline: Timeline | None
    regimen: Regimen | None
    body: Body | None
    medications: Medications | None
    trial: Enrolled | None = None

    def deaths(self, plan: TimelinePlan | None) -> Ints | None:
        """Give everybody's date of death, in journeys and in a trial, shape `(people,)`; None if nobody can die."""
        in_journeys = self.timeline.deaths(plan) if plan is not None and self.timeline is not None else None
        if self.trial is None:
            return in_journeys
        in_trial = self.trial.deaths(self.people.count)
        return in_trial if in_journeys is None else np.where(in_trial == MISSING, in_journeys, in_trial)


def block_of(plan: Plan, first: int, count: int) -> Block:
    """Draw a block: who the people are, then all else that is known of them."""
    return block_for(plan, people_of_block(plan, first, count))


def block_for(plan: Plan, people: People) -> Block:
    """Draw what people have and take, who cares for them, when they were seen, and what happens to them."""
    latent = latent_of(plan, people)
    held = conditions_held(plan, people, latent)
    attributes = attributes_of(plan.attributes, people, dict(zip(plan.conditions.factors, latent.factors, strict=True)))
    natural = cases_of(plan, people, held)
    cases = begun_with_journeys(plan, people, held, natural)
    care = care_of(plan.care, people, _sees_specialist(plan, held)) if plan.care else None
    visits = latest_visits(plan.visits, people, cases) if plan.visits else None
    background = None
    if plan.utilization:
        earliest = earliest_days(plan.visits, people, cases) if plan.visits else None
        background = background_of(plan.utilization, people, attributes.payer.astype(np.int64), cases, visits, earliest)
        visits = background.visits
    body = body_of(plan.body, people, held, cases) if plan.body else None
    taken, regimen = None, None
    if plan.medications and body:
        if plan.timeline is None:
            taken = drugs_taken(plan.medications, people, held, cases, body, visits)
        else:
            before = drugs_before(plan.medications, plan.timeline, (people, held, natural, body), visits)
            regimen = Regimen(plan.medications, people, held, cases, body, before)
    known = Standing(people, plan.conditions, cases.onsets(people.count, held.shape[1]), plan.body, body, regimen)
    timeline = timeline_of(plan.timeline, known) if plan.timeline else None
    if visits is not None and timeline is not None and plan.timeline is not None:
        if plan.medications and regimen is not None:
            taken = drugs_lived(plan.medications, plan.timeline, timeline, regimen, visits)
        visits = visits_lived(visits, timeline.deaths(plan.timeline))
    medications = taken if visits is not None else None
    return Block(people, attributes, held, cases, care, visits, background, timeline, regimen, body, medications)


def _sees_specialist(plan: Plan, held: Booleans) -> Booleans | None:
    """Tell who sees the specialist asked for: those with the primary condition, or everybody where there is none."""
    if plan.visits is None and plan.timeline is None:
        return None
    return held[:, 0] if plan.conditions.has_primary else np.ones(len(held), bool)

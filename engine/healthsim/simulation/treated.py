"""What people take before journeys: as people of surveys do, or without what is only found or decided in a journey."""

from dataclasses import replace

import numpy as np

from healthsim.planning.journey_drugs import drugs_governed, drugs_of_new
from healthsim.planning.journey_plan import TimelinePlan
from healthsim.planning.medication_plan import MedicationPlan
from healthsim.planning.suitability import CONDITION
from healthsim.simulation.body import Body
from healthsim.simulation.cases import Cases
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.medications import Medications, medications_taken
from healthsim.simulation.people import People
from healthsim.simulation.regimen import Before
from healthsim.simulation.traits import Traits, traits_of
from healthsim.simulation.visits import Visits
from healthsim.tables import MISSING


def drugs_taken(
    plan: MedicationPlan, people: People, held: Booleans, cases: Cases, body: Body, visits: Visits | None
) -> Medications:
    """Give the drugs that people take at their latest visit; at `as_of` where the profile asks for none."""
    day = people.birth_day + people.days_lived if visits is None else visits.day
    return medications_taken(plan, people, cases, day, traits_of(plan, people, held, cases, body, day))


def drugs_before(
    plan: MedicationPlan,
    timeline: TimelinePlan,
    known: tuple[People, Booleans, Cases, Body],
    visits: Visits | None,
) -> Before:
    """Give what people take before journeys, and what people of surveys take beside it.

    Args:
        plan: The drugs.
        timeline: The journeys, planned.
        known: The people, which conditions they have, their cases as they are without journeys, and their bodies.
        visits: Their latest visits; None where the profile asks for none, so that nothing is known of before.
    """
    people, held, cases, body = known
    seen = None if timeline.new_onsets else visits
    taken = drugs_taken(plan, people, held, cases, body, seen)
    surveyed = taken.ongoing(people.count, len(plan.drugs))
    if visits is None:
        return Before(taken, surveyed & drugs_governed(plan, timeline), is_kept=False)
    if not timeline.new_onsets:
        return Before(taken, np.zeros_like(surveyed), is_kept=True)
    there = np.ones_like(held)
    for new in timeline.new_onsets:
        there[:, new.slot] = people.birth_day > new.day
    earlier = cases.only(there[cases.person, cases.slot])
    own = drugs_taken(plan, people, held & there, earlier, body, visits)
    traits = traits_of(plan, people, held, cases, body, people.birth_day + people.days_lived)
    lasting = _until_found(plan, timeline, own, traits)
    groups = _groups(plan, lasting.ongoing(people.count, len(plan.drugs)))
    return Before(lasting, surveyed & drugs_of_new(plan, timeline) & ~groups, is_kept=True)


def _until_found(plan: MedicationPlan, timeline: TimelinePlan, taken: Medications, traits: Traits) -> Medications:
    """End what a condition forbids on the day before a journey finds it: an antirheumatic where the heart fails."""
    end, is_begun = taken.end_day.copy(), np.ones(len(taken.person), np.bool_)
    ids = {slot: condition for condition, slot in plan.slots.items()}
    for new in timeline.new_onsets:
        asked = f"{CONDITION}{ids[new.slot]}"
        for planned in plan.drugs:
            if planned.suits is None or asked not in planned.suits.columns:
                continue
            rows = np.flatnonzero(taken.entry == planned.entry)
            rows = rows[~traits.hold(planned.suits, taken.person[rows], taken.code[rows])]
            end[rows] = np.where(end[rows] == MISSING, new.day - 1, np.minimum(end[rows], new.day - 1))
            is_begun[rows] &= taken.start_day[rows] < new.day
    return replace(taken, end_day=end).only(is_begun)


def _groups(plan: MedicationPlan, takes: Booleans) -> Booleans:
    """Tell of which drugs people take one of the same group, shape `(people, drugs)`."""
    group = np.array([plan.groups.index(each.drug.group) for each in plan.drugs], np.int64)
    of_group = np.zeros((len(takes), len(plan.groups)), np.bool_)
    for entry, index in enumerate(group.tolist()):
        of_group[:, index] |= takes[:, entry]
    covered: Booleans = of_group[:, group]
    return covered

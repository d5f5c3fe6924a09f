"""The encounters of a chart that members' insurance is billed for."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.plan import Ints, Plan
from healthsim.randomness import Draws, Floats
from healthsim.simulation.birthdays import completed_years
from healthsim.simulation.block import Block
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.chart import Chart
from healthsim.simulation.payer.membership import OPEN, Membership
from healthsim.simulation.visits import DAY

_LAG_DAYS = 60
"""Days after the end of coverage in which providers still bill the insurance they know of."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Encounters, person after person in order of time; every array has the shape `(encounters,)`.

    Attributes:
        draws: The draws of their people.
        person: Place of the person in the block.
        encounter_id: Identifier.
        number: Number of the encounter among the person's.
        kind: Index of the class in the plan's texts.
        type: Index of the type.
        reason: Index of the reason; 0 where nothing says why.
        day: First day, days since 1970-01-01.
        last_day: Last day.
        age: Completed years of the person.
        provider: NPI of the provider; `MISSING` for none.
        facility: Hospital; `MISSING` for none.
        state: State of the person.
    """

    draws: Draws
    person: Ints
    encounter_id: Ints
    number: Ints
    kind: Ints
    type: Ints
    reason: Ints
    day: Ints
    last_day: Ints
    age: Ints
    provider: Ints
    facility: Ints
    state: Ints

    def uniform(self, name: str, rows: Ints) -> Floats:
        """Draw a uniform for some encounters."""
        return self.draws.rows(rows).event_uniform(f"billing:{name}", self.number[rows])

    def places(self, encounter_id: Ints) -> Ints:
        """Give the places of encounters by their identifiers; -1 for those that are not among them."""
        if not len(self.encounter_id):
            return np.full(len(encounter_id), -1)
        order = np.argsort(self.encounter_id, kind="stable")
        known = self.encounter_id[order]
        at = np.minimum(np.searchsorted(known, encounter_id), len(known) - 1)
        return np.where(known[at] == encounter_id, order[at], -1)


def seen_by_providers(plan: Plan, block: Block, chart: Chart, membership: Membership) -> Seen:
    """Find the encounters of members from their first day of coverage to some weeks after the last one."""
    columns = {
        name: chart.column("encounters", name)
        for name in (
            "person_id",
            "encounter_id",
            "class_code",
            "type",
            "reason_code",
            "start_time",
            "end_time",
            "provider_npi",
            "facility_id",
        )
    }
    people = block.people
    person = columns["person_id"] - people.first - 1
    day = columns["start_time"] // DAY
    first, last = _covered(membership, people.count)
    kept = np.flatnonzero((day >= first[person]) & (day <= last[person]))
    order = kept[np.lexsort((columns["encounter_id"][kept], columns["start_time"][kept], person[kept]))]
    person, day = person[order], day[order]
    identifier = columns["encounter_id"][order]
    states = plan.people.county_state[people.county[person]]
    return Seen(
        draws=people.draws.rows(person),
        person=person,
        encounter_id=identifier,
        number=identifier & ((1 << SLOT_BITS) - 1),
        kind=columns["class_code"][order].astype(np.int64),
        type=columns["type"][order].astype(np.int64),
        reason=np.maximum(columns["reason_code"][order].astype(np.int64), 0),
        day=day,
        last_day=np.maximum(columns["end_time"][order] // DAY, day),
        age=completed_years(people.birth_day[person], day),
        provider=columns["provider_npi"][order],
        facility=columns["facility_id"][order],
        state=states,
    )


def _covered(membership: Membership, people: int) -> tuple[Ints, Ints]:
    """Give everybody's first day of coverage and the last day that is billed; none for those never covered."""
    first = np.full(people, np.iinfo(np.int64).max)
    last = np.full(people, np.iinfo(np.int64).min)
    first[membership.person[::-1]] = membership.start_day[::-1]
    last[membership.person] = np.minimum(membership.end_day, OPEN) + _LAG_DAYS
    return first, last

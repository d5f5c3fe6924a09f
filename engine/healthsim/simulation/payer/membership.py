"""Who is covered by what, and when."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.plan import Ints
from healthsim.simulation.payer.household import Household

OPEN = 2**40
"""Last day of a span that goes on."""


@dataclass(frozen=True, slots=True)
class Membership:
    """Spans of coverage, person after person in order of time; none of a person's overlap.

    Attributes:
        person: Place of the person in the block, shape `(spans,)`.
        plan: Place of the insurance plan in the plan of coverage, of the same shape.
        start_day: First day covered, days since 1970-01-01.
        end_day: Last day covered; `OPEN` where it goes on.
        member_id: Identifier of everybody as a member, shape `(people,)`; `MISSING` for those never covered.
        relationship: To the subscriber, as index of `RELATIONSHIPS`, shape `(people,)`.
        household_size: People covered together with them, themselves included, shape `(people,)`.
        household: Those of them who are no patients of the cohort.
    """

    person: Ints
    plan: Ints
    start_day: Ints
    end_day: Ints
    member_id: Ints
    relationship: Ints
    household_size: Ints
    household: Household

    def span_at(self, person: Ints, day: Ints) -> Ints:
        """Give the span that covers people on days, as place among the spans, shape `(rows,)`; -1 for none."""
        if not len(self.person):
            return np.full(len(person), -1)
        keys = self.person * (2**33) + self.start_day + 2**32
        place = np.searchsorted(keys, person * (2**33) + day + 2**32, side="right") - 1
        at = np.maximum(place, 0)
        covers = (place >= 0) & (self.person[at] == person) & (self.end_day[at] >= day)
        return np.where(covers, place, -1)

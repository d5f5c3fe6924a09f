"""Who cares for the people of a block: their primary-care provider, their specialist, their hospital."""

from dataclasses import dataclass
from typing import assert_never

import numpy as np

from healthsim.planning.care_plan import HOSPITALS, Assignment, CarePlan, Near
from healthsim.planning.natural import ADULT
from healthsim.planning.plan import Floats, Ints
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.people import People
from healthsim.tables import MISSING

NOBODY = -1
"""Row of a provider or a hospital where there is none."""


@dataclass(frozen=True, slots=True)
class Care:
    """Who cares for people; rows of the plan's directories, `NOBODY` where there is none, shape `(people,)`.

    Attributes:
        primary: Primary-care provider.
        seen: Provider of the latest visit: of the specialty asked for, for those who see it.
        hospital: Hospital.
    """

    primary: Ints
    seen: Ints
    hospital: Ints


def care_of(care: CarePlan, people: People, sees_specialist: Booleans | None) -> Care:
    """Assign the people of a block.

    Args:
        care: The plan.
        people: They.
        sees_specialist: Who sees the specialty asked for, shape `(people,)`; None where nobody is seen at all.
    """
    adults = _assigned(care.adults, care.assignment, people, "primary_care:adult")
    children = _assigned(care.children, care.assignment, people, "primary_care:child")
    is_adult = people.age >= ADULT
    primary = np.where(is_adult, adults, np.where(children == NOBODY, adults, children))
    seen = primary
    if care.requested is not None and sees_specialist is not None:
        found = _assigned(care.requested, care.assignment, people, "requested_specialty")
        seen = np.where(sees_specialist & (found != NOBODY), found, primary)
    return Care(primary, seen, _hospital(care, people))


def npis(care: CarePlan, rows: Ints) -> Ints:
    """Give the NPIs of providers by their rows; missing for nobody."""
    return _or_missing(care.npi, rows)


def hospital_ids(care: CarePlan, rows: Ints) -> Ints:
    """Give the identifiers of hospitals by their rows; missing for none."""
    return _or_missing(care.facility_id, rows)


def _or_missing(identifiers: Ints, rows: Ints) -> Ints:
    return np.where(rows == NOBODY, MISSING, np.append(identifiers, MISSING)[rows])


def _assigned(near: Near, assignment: Assignment, people: People, stream: str) -> Ints:
    """Find everybody's provider in the list of their ZIP code."""
    count = near.count[people.zip_code]
    if not near.members.size:
        return np.full(people.count, NOBODY, np.int64)
    place = _place(near, assignment, people, stream, np.maximum(count, 1))
    row = near.members[np.minimum(near.first[people.zip_code] + place, len(near.members) - 1)]
    return np.where(count > 0, row, NOBODY)


def _place(near: Near, assignment: Assignment, people: People, stream: str, count: Ints) -> Ints:
    """Give the place in a list of `count` providers, by the way of assignment."""
    match assignment:
        case "nearest" | "random":
            return people.draws.integer(stream, 0, count - 1)
        case "round_robin":
            return (people.ids - 1) % count
        case "panel":
            # A ZIP code's people share the part of the list that lies across their part of the area, so that every
            # provider of it expects equally many.
            across: Floats = near.start[people.zip_code] + people.draws.uniform(stream) * near.width[people.zip_code]
            return np.minimum((across * count).astype(np.int64), count - 1)
        case _:
            assert_never(assignment)


def _hospital(care: CarePlan, people: People) -> Ints:
    if not care.hospital_of.size:
        return np.full(people.count, NOBODY, np.int64)
    choice = care.hospitals.draw(people.draws.uniform("hospital"), people.zip_code)
    rows: Ints = care.hospital_of[people.zip_code * HOSPITALS + choice]
    return rows

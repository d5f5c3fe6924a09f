"""The relatives under the policies of members, who are no patients of the cohort themselves."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.payer.coverage_plan import MOST_RELATIVES, RELATIONSHIPS, HouseholdPlan
from healthsim.planning.plan import SEXES, Ints
from healthsim.simulation.birthdays import birthdays
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.people import People

SUFFIXES = 100
"""Numbers of members: the person's times this, plus 1 for the subscriber, 2 for the spouse, 3 and more for children."""

SELF, SPOUSE, CHILD = range(len(RELATIONSHIPS))

_ADULT = 18
_CHILD_UNTIL = 26
_FEMALE, _MALE = SEXES.index("F"), SEXES.index("M")


@dataclass(frozen=True, slots=True)
class Household:
    """Relatives of members, by member and then from the subscriber to the youngest number; shape `(relatives,)` each.

    Attributes:
        person: Place of the member in the block.
        slot: Place among the member's relatives.
        number: Identifier of the relative as a member.
        relationship: To the subscriber, as index of `RELATIONSHIPS`.
        birth_day: Date of birth, days since 1970-01-01.
        sex: Place in `SEXES`.
    """

    person: Ints
    slot: Ints
    number: Ints
    relationship: Ints
    birth_day: Ints
    sex: Ints


def household_of(
    plan: HouseholdPlan, people: People, as_of: int, relationship: Ints, size: Ints, is_member: Booleans
) -> Household:
    """Draw the relatives of the members of a block.

    Args:
        plan: Who is on policies, and how old.
        people: The people.
        as_of: The date at which relationships hold, days since 1970-01-01.
        relationship: Of everybody to their subscriber, shape `(people,)`.
        size: People covered together with everybody, themselves included, shape `(people,)`.
        is_member: Who is a member at all, shape `(people,)`.
    """
    has_spouse = _has_spouse(plan, people, relationship, size)
    kinds = np.full((people.count, MOST_RELATIVES), -1, np.int64)
    others = np.where(is_member, size - 1, 0)
    kinds[:, 0] = np.where(relationship != SELF, SELF, np.where(has_spouse, SPOUSE, CHILD))
    kinds[:, 1] = np.where((relationship == CHILD) & has_spouse, SPOUSE, CHILD)
    kinds[:, 2:] = CHILD
    person, slot = np.nonzero(np.arange(MOST_RELATIVES) < others[:, np.newaxis])
    kind = kinds[person, slot]
    return Household(
        person=person,
        slot=slot,
        number=people.ids[person] * SUFFIXES + 1 + _suffixes(person, kind, relationship),
        relationship=kind,
        birth_day=_birth_days(plan, people, as_of, relationship, (person, slot, kind)),
        sex=_sexes(plan, people, relationship, (person, slot, kind)),
    )


def _has_spouse(plan: HouseholdPlan, people: People, relationship: Ints, size: Ints) -> Booleans:
    """Tell whose household has a spouse among the relatives; a spouse's own has the subscriber instead."""
    room = np.where(relationship == SELF, size - 1, np.where(relationship == CHILD, size - 2, 0))
    share = np.where(room > 1, plan.couples[1], plan.couples[0])
    has_spouse: Booleans = (room > 0) & (people.draws.uniform("coverage:couple") < share)
    return has_spouse


def _suffixes(person: Ints, kind: Ints, relationship: Ints) -> Ints:
    """Give the numbers of relatives less 1; children are counted, the member first if one."""
    is_child = kind == CHILD
    before = np.cumsum(is_child) - is_child
    first = np.searchsorted(person, person)
    rank = before - before[first] if len(person) else before
    own = (relationship[person] == CHILD).astype(np.int64)
    return np.where(is_child, CHILD + rank + own, kind)


def _birth_days(
    plan: HouseholdPlan, people: People, as_of: int, relationship: Ints, relatives: tuple[Ints, Ints, Ints]
) -> Ints:
    """Draw dates of birth: of couples near each other, of children under 26 and after their parents were grown up."""
    person, slot, kind = relatives
    draws = people.draws.rows(person)
    own, theirs = people.birth_day[person], relationship[person]
    uniform = draws.event_uniform("coverage:relative:birth", slot)
    apart = ((2 * uniform - 1) * plan.couple_days).astype(np.int64)
    parent = _parents_birth(plan, people, relationship)[person]
    of_couple = np.where(theirs == CHILD, parent, own) + apart
    grown_up = birthdays(np.array([as_of]), -_ADULT)[0]
    adult = np.minimum(np.where((theirs == CHILD) & (kind == SELF), parent, of_couple), grown_up)
    elder = np.where(theirs == CHILD, parent, own)
    earliest = np.maximum(birthdays(elder, plan.parent_age[0]), birthdays(np.array([as_of]), -_CHILD_UNTIL)[0] + 1)
    latest = np.minimum(np.maximum(birthdays(elder, plan.parent_age[1]), earliest), as_of)
    child = earliest + (uniform * (np.maximum(latest - earliest, 0) + 1)).astype(np.int64)
    born: Ints = np.where(kind == CHILD, np.minimum(child, as_of), adult)
    return born


def _parents_birth(plan: HouseholdPlan, people: People, relationship: Ints) -> Ints:
    """Draw when the parents of children were born, shape `(people,)`; any day for others."""
    least, most = plan.parent_age
    age = least + people.draws.uniform("coverage:parent") * (most - least)
    before = np.where(relationship == CHILD, (age * plan.year_days).astype(np.int64), 0)
    born: Ints = people.birth_day - before
    return born


def _sexes(plan: HouseholdPlan, people: People, relationship: Ints, relatives: tuple[Ints, Ints, Ints]) -> Ints:
    """Draw sexes; those of couples mostly differ."""
    person, slot, kind = relatives
    draws = people.draws.rows(person)
    uniform = draws.event_uniform("coverage:relative:sex", slot)
    at_random = np.where(uniform < plan.male_births, _MALE, _FEMALE)
    holder = np.where(people.draws.uniform("coverage:parent:sex") < plan.male_births, _MALE, _FEMALE)
    partner = np.where(relationship == CHILD, holder, people.sex)[person]
    partnered = np.where(uniform < plan.same_sex, partner, len(SEXES) - 1 - partner)
    adult = np.where((relationship[person] == CHILD) & (kind == SELF), holder[person], partnered)
    return np.where(kind == CHILD, at_random, adult)

"""Where vaccines are given and screenings done: at the next visit to an office, if there is one soon, or elsewhere."""

from dataclasses import dataclass, replace

import numpy as np

from healthsim.planning.natural import ADULT
from healthsim.planning.plan import Ints
from healthsim.planning.prevention_plan import PreventionPlan
from healthsim.planning.utilization_plan import BIRTH, OFFICE, UtilizationPlan
from healthsim.simulation.background import Occurrences
from healthsim.simulation.block import Block
from healthsim.simulation.prevention import Services, services_due
from healthsim.simulation.visits import DAY, on_weekdays

_DAY_BITS = 18
_EARLIEST = 1 << (_DAY_BITS - 1)
"""Days before 1970-01-01 that keys leave room for, and as many after it."""

_NOWHERE = -1
_VACCINE_VISITS = 0.3
"""Share of adults' examinations with a vaccine that are told as visits for it (assumed): Z23 is about a fifth as
frequent as examinations in NAMCS."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Services and where they were done; arrays have the shape `(services,)`.

    Attributes:
        services: The services, on the days they were done.
        at: Place of the visit among the occurrences of background care; -1 for none of these.
        is_latest: Whether it was the latest visit.
    """

    services: Services
    at: Ints
    is_latest: "np.ndarray[tuple[int], np.dtype[np.bool_]]"


def placed_services(wanted: UtilizationPlan, prevention: PreventionPlan, block: Block) -> Placed:
    """Give the vaccines and screenings of the people of a block, each at a visit or elsewhere."""
    if block.background is None:
        raise ValueError("a plan without background care places nothing")
    due = services_due(prevention, block.people, block.attributes, wanted.first_day, wanted.last_day)
    offices = _offices(wanted, block, block.background.occurrences)
    found, at = offices.next_from(due.person, due.day)
    waits = np.array([each.days_to_visit for each in prevention.programmes])[due.programme]
    is_at = found & (offices.day[at] - due.day <= waits)
    visit = np.where(is_at, offices.at[at], _NOWHERE)
    day = np.where(is_at, offices.day[at], _elsewhere(prevention, due))
    is_latest = is_at & (offices.at[at] == _NOWHERE)
    placed = _born(block, Placed(replace(due, day=day), visit, is_latest))
    return _once_a_day(placed, wanted.last_day)


@dataclass(frozen=True, slots=True)
class _Offices:
    """Visits to offices, person after person in order of time; arrays have the shape `(visits,)`.

    Attributes:
        keys: Person and day.
        person: Place of the person in the block.
        day: Day of the visit.
        at: Place among the occurrences; -1 for the latest visit.
    """

    keys: Ints
    person: Ints
    day: Ints
    at: Ints

    def next_from(self, person: Ints, day: Ints) -> "tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], Ints]":
        """Tell whether people have a visit on a day or later, and give its place."""
        place = np.searchsorted(self.keys, _keys(person, day), side="left")
        inside = np.minimum(place, len(self.keys) - 1)
        return (place < len(self.keys)) & (self.person[inside] == person), inside


def _offices(wanted: UtilizationPlan, block: Block, seen: Occurrences) -> _Offices:
    at = np.flatnonzero(seen.kind == OFFICE)
    person, day = seen.person[at], seen.start[at] // DAY
    if block.visits is not None:
        inside = (block.visits.day >= wanted.first_day) & (block.visits.day <= wanted.last_day)
        person = np.concatenate([person, block.visits.person[inside]])
        day = np.concatenate([day, block.visits.day[inside]])
        at = np.concatenate([at, np.full(int(inside.sum()), _NOWHERE)])
    keys = _keys(person, day)
    order = np.argsort(keys, kind="stable")
    none = np.full(1, -1)
    if not order.size:
        return _Offices(none, none, none, none)
    return _Offices(keys[order], person[order], day[order], at[order])


def _keys(person: Ints, day: Ints) -> Ints:
    return (person << _DAY_BITS) + day + _EARLIEST


def _elsewhere(prevention: PreventionPlan, due: Services) -> Ints:
    """Give the days of what is done elsewhere: screenings not on weekends but on the Monday after."""
    is_screening = np.array([each.kind == "screening" for each in prevention.programmes])[due.programme]
    moved = on_weekdays(due.day, np.zeros_like(due.day), due.day, np.full(len(due.day), np.iinfo(np.int64).max))
    return np.where(is_screening, moved, due.day)


def _born(block: Block, placed: Placed) -> Placed:
    """Let vaccines of the first two days of life be given in the hospital where the person was born."""
    seen = block.background.occurrences if block.background is not None else None
    if seen is None:
        return placed
    births = np.flatnonzero(seen.kind == BIRTH)
    stay = np.full(block.people.count, _NOWHERE)
    stay[seen.person[births]] = births
    mine = stay[placed.services.person]
    last = np.append(seen.end, 0)[mine] // DAY
    is_there = (mine >= 0) & (
        placed.services.day <= np.minimum(last, block.people.birth_day[placed.services.person] + 1)
    )
    return replace(placed, at=np.where(is_there, mine, placed.at), is_latest=placed.is_latest & ~is_there)


def _once_a_day(placed: Placed, last_day: int) -> Placed:
    """Leave out what is due after the last day, and second doses of a vaccine on one day; order by person and day."""
    services = placed.services
    order = np.lexsort((services.programme, services.product, services.day, services.person))
    keys = (services.person[order], services.day[order], services.product[order], services.programme[order])
    same = np.ones(max(len(order) - 1, 0), np.bool_)
    for key in keys[:3]:
        same &= key[1:] == key[:-1]
    kept = order[~np.append(False, same)[: len(order)] & (services.day[order] <= last_day)]
    return Placed(services.chosen(kept), placed.at[kept], placed.is_latest[kept])


def visit_reasons(prevention: PreventionPlan, block: Block, placed: Placed, seen: Occurrences, reason: Ints) -> Ints:
    """Give the reasons of visits, those for a vaccine or a mammogram being visits at which there was one.

    Of the others, some of the examinations with a vaccine become such visits, and all with a mammogram.
    """
    known, services = prevention.reasons, placed.services
    kinds = np.array([each.kind == "vaccine" for each in prevention.programmes])
    has_vaccine, has_mammogram = np.zeros((2, len(seen.person)), np.bool_)
    is_here = placed.at >= 0
    has_vaccine[placed.at[is_here & kinds[services.programme]]] = True
    has_mammogram[placed.at[is_here & (services.programme == prevention.mammogram)]] = True
    examination = np.where(seen.age < ADULT, known.child_examination, known.adult_examination)
    given = reason.copy()
    given[(reason == known.vaccination) & ~has_vaccine] = -1
    given[(reason == known.mammogram) & ~has_mammogram] = -1
    given = np.where((given < 0) & (reason >= 0), examination, given)
    is_adults = given == known.adult_examination
    draws = block.people.draws.rows(seen.person)
    told = draws.event_uniform("prevention:told", seen.address) < _VACCINE_VISITS
    if known.vaccination >= 0:
        given[is_adults & has_vaccine & told] = known.vaccination
    if known.mammogram >= 0:
        given[is_adults & has_mammogram] = known.mammogram
    return given

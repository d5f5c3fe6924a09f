"""Members and what they are charged for, drawn without a chart: adjudication is a function of these alone."""

from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.payer.adjudication import planned_adjudication
from healthsim.planning.payer.adjudication_plan import AdjudicationPlan
from healthsim.planning.payer.claims_content import Authorizations, benefits_file
from healthsim.planning.payer.insurance import benefits_of, insurance_plans
from healthsim.planning.payer.services import SERVICES
from healthsim.randomness import Draws
from healthsim.simulation.payer.adjudication import Decisions, adjudicated
from healthsim.simulation.payer.charges import CLAIM_KINDS, Charges
from healthsim.simulation.payer.household import Household
from healthsim.simulation.payer.membership import OPEN, Membership
from healthsim.spec.insurance import Service

FIRST_DAY, LAST_DAY = 18_993, 20_088
"""2022-01-01 and 2024-12-31."""

_PROFESSIONAL, _OUTPATIENT, _INPATIENT = range(len(CLAIM_KINDS))
_MOST_DOLLARS = {_PROFESSIONAL: 40_000, _OUTPATIENT: 150_000, _INPATIENT: 900_000}


@dataclass(frozen=True, slots=True)
class Drawn:
    """Members with claims and all that was decided on these."""

    plan: AdjudicationPlan
    membership: Membership
    charges: Charges
    decisions: Decisions


def members(people: int, seed: int) -> Membership:
    """Draw everybody a span, and many a second one after a gap or without one."""
    random = np.random.default_rng(seed)
    first = FIRST_DAY + random.integers(0, 500, people)
    end = first + random.integers(200, 700, people)
    changes = random.random(people) < 0.4
    gap = random.choice([1, 1, 40, 200], people)
    again = end + gap
    plans = np.where(_is_senior(np.arange(people)), *(random.choice(of, (2, people)) for of in _plans()))
    person = np.concatenate([np.arange(people), np.flatnonzero(changes)])
    start = np.concatenate([first, again[changes]])
    ends = np.concatenate([end, np.full(int(changes.sum()), OPEN)])
    plan = np.concatenate([plans[0], plans[1][changes]])
    order = np.lexsort((start, person))
    household = random.integers(1, 6, people)
    return Membership(
        person[order],
        plan[order],
        start[order],
        ends[order],
        np.arange(people),
        np.zeros(people, np.int64),
        household,
        relatives_of_size(household),
    )


def relatives_of_size(size: NDArray[np.int64]) -> Household:
    """Give households of so many people each, born long ago."""
    person = np.repeat(np.arange(len(size)), size - 1)
    slot = np.arange(len(person)) - np.searchsorted(person, person)
    born = np.full(len(person), -10_000)
    return Household(person, slot, person * 100 + slot + 2, np.minimum(slot + 1, 2), born, slot % 2)


def charged(people: int, seed: int, claims_each: int, stays: float = 0.02) -> Charges:
    """Draw claims of all kinds, in order of service, and their lines; a share of them are stays."""
    random = np.random.default_rng(seed + 1)
    counts = random.poisson(claims_each, people)
    person = np.repeat(np.arange(people), counts)
    day = random.integers(FIRST_DAY, LAST_DAY + 1, len(person))
    order = np.lexsort((day, person))
    day = day[order]
    claims = len(person)
    number = np.arange(claims) - np.repeat(np.cumsum(counts) - counts, counts)
    kind = random.choice(len(CLAIM_KINDS), claims, p=[0.9 - stays, 0.1, stays])
    stay = np.where(kind == _INPATIENT, random.integers(1, 40, claims), 0)
    lines = random.integers(1, np.array([4, 10, 20])[kind] + 1)
    claim = np.repeat(np.arange(claims), lines)
    service = np.where(_is_senior(person), *_services(random, claims))[claim]
    service = np.where(kind[claim] == _INPATIENT, SERVICES.index("inpatient"), service)
    most = np.array([_MOST_DOLLARS[place] for place in range(len(CLAIM_KINDS))])[kind[claim]]
    rate = (most * random.random(len(claim)) ** 3).astype(np.int64)
    none = np.full(claims, -1)
    return Charges(
        person=person,
        number=number,
        kind=kind,
        encounter_id=none,
        from_day=day,
        to_day=day + stay,
        place_of_service=none,
        bill_type=none,
        drg=none,
        admission_type=np.where(kind == _INPATIENT, random.integers(1, 4, claims), -1),
        discharge_status=none,
        diagnosis=np.full((claims, 12), -1),
        provider_npi=none,
        facility_id=none,
        is_network=(random.random(claims) < 0.95).astype(np.int64),
        claim=claim,
        line=np.arange(len(claim)) - np.repeat(np.cumsum(lines) - lines, lines) + 1,
        code=np.full(len(claim), -1),
        modifier=np.full(len(claim), -1),
        revenue=np.full(len(claim), -1),
        units=np.ones(len(claim), np.int64),
        pointer=np.zeros(len(claim), np.int64),
        service=service,
        service_day=day[claim],
        billed=(rate * random.integers(1, 4, len(claim))).astype(np.int64),
        rate=rate,
    )


def _is_senior(person: np.ndarray[tuple[int], np.dtype[np.int64]]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell who has Medicare: every other person."""
    return person % 2 == 0


def _plans() -> tuple[list[int], list[int]]:
    """Give the places of Medicare's plans, and of the others."""
    senior = [plan.members == "medicare" for plan in insurance_plans()]
    every = range(len(senior))
    return [place for place in every if senior[place]], [place for place in every if not senior[place]]


def _services(random: np.random.Generator, claims: int) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Draw services as often as the plan expects them of seniors, and of others; stays apart, which are a kind."""
    expected = benefits_file("authorizations", Authorizations).claims
    drawn = []
    for of in (expected.seniors, expected.others):
        mix = np.array([of.services.get(service, 0.0) * (service != "inpatient") for service in get_args(Service)])
        drawn.append(random.choice(len(SERVICES), claims, p=mix / mix.sum()))
    return drawn


def drawn(people: int, seed: int, claims_each: int = 8, stays: float = 0.02) -> Drawn:
    """Draw members, claims and decisions."""
    plan = planned_adjudication(benefits_of(insurance_plans()), LAST_DAY)
    membership, charges = members(people, seed), charged(people, seed, claims_each, stays)
    return Drawn(plan, membership, charges, adjudicated(plan, membership, charges, Draws.for_people(seed, 0, people)))

"""From a profile to a plan: names looked up, populations weighed, prevalences calibrated; nothing is drawn."""

import json
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from hashlib import blake2b
from typing import Any

import numpy as np

from healthsim import randomness
from healthsim.errors import InvalidProfileError
from healthsim.planning.addresses import condensed, planned_addresses
from healthsim.planning.attributes import check_insured, planned_attributes
from healthsim.planning.body import planned_body
from healthsim.planning.body_plan import BodyPlan
from healthsim.planning.care import planned_care
from healthsim.planning.conditions import planned_conditions
from healthsim.planning.demographics import ATTRIBUTES, joint_shares
from healthsim.planning.journey_texts import tables_of
from healthsim.planning.lookup import LookedUp, look_up
from healthsim.planning.measurements import MeasurementPlan, planned_measurements
from healthsim.planning.medications import planned_medications
from healthsim.planning.places import Residence, reference_for
from healthsim.planning.plan import (
    AGES,
    CELLS,
    Floats,
    Ints,
    PeoplePlan,
    Plan,
)
from healthsim.planning.plan_texts import dictionaries_of, titles_of, visited_for
from healthsim.planning.prevention import planned_prevention
from healthsim.planning.products import Groundwork, Planned, planned_products
from healthsim.planning.reached import check_reached
from healthsim.planning.significance import rounded
from healthsim.planning.testing import planned_testing
from healthsim.planning.utilization import planned_utilization
from healthsim.planning.utilization_plan import UtilizationPlan
from healthsim.planning.visits import planned_visits
from healthsim.randomness import CategoryTable
from healthsim.reference import NATIONAL_GROUPS_SOURCE, Reference
from healthsim.skills import SkillLibrary
from healthsim.spec import Profile, profile_document
from healthsim.version import ENGINE_VERSION

_EPOCH = date(1970, 1, 1)
_HANDLE_BYTES = 10
_NO_CONTENT = {"batch_size", "storage"}
"""What a profile says of how its rows are made and kept, and nothing of the rows."""

_BORROWED = "counties of {} groups lack figures of their own and take those of their state or the nation"


def plan_of(profile: Profile, seed: int, reference: Reference, library: SkillLibrary) -> Plan:
    """Plan a run.

    Args:
        profile: What was asked.
        seed: Of all draws.
        reference: Figures of places.
        library: The skills.

    Raises:
        InvalidProfileError: Names in it are unknown or contradict each other.
    """
    held = reference_for(profile, reference)
    looked_up = look_up(profile, held, library)
    home = looked_up.home
    if home is None or looked_up.problems:
        raise InvalidProfileError(looked_up.problems)
    ground, notes = _groundwork(looked_up, home, seed, held, library)
    measurements, body = _measured(ground)
    ground = replace(ground, utilization=_with_tests(ground, measurements, body))
    ground = replace(ground, dictionaries=dictionaries_of(ground, measurements))
    others = planned_products(ground)
    document = _document(ground.profile, seed)
    versions = (ENGINE_VERSION, randomness.VERSION, f"{held.version()}-{library.version()}")
    return Plan(
        cohort_id=_handle(document, versions),
        document=document,
        products=ground.profile.products,
        count=ground.profile.generation.count,
        seed=seed,
        as_of=ground.profile.as_of,
        people=ground.people,
        address=ground.address,
        conditions=ground.conditions,
        attributes=planned_attributes(home.figures, ground.people.expected["age"], ground.profile.coverage),
        care=ground.care,
        visits=ground.visits,
        utilization=ground.utilization,
        timeline=ground.timeline,
        medications=ground.medications,
        body=body,
        measurements=measurements,
        others=others.plans,
        titles=titles_of(ground, others, has_results=measurements is not None),
        dictionaries={**ground.dictionaries, **others.dictionaries},
        sources=_sources(ground, others),
        notes=(
            *(condensed(home.figures.fallbacks, _BORROWED) if home.is_local else ()),
            *notes,
            *(ground.care.notes if ground.care else ()),
            *looked_up.notes,
            *others.notes,
        ),
        engine_version=ENGINE_VERSION,
        reference_version=versions[2],
    )


def _groundwork(
    looked_up: LookedUp, home: Residence, seed: int, reference: Reference, library: SkillLibrary
) -> tuple[Groundwork, tuple[str, ...]]:
    """Plan who the people are, what they have and what is done for it; give also what to know of their addresses."""
    profile, named, timeline = looked_up.profile, looked_up.named, looked_up.timelines.plan
    people, conditions = planned_conditions(
        named,
        joint_shares(profile.demographics, home.figures),
        home.figures,
        is_local=home.is_local,
        new=frozenset(named[each.slot].id for each in timeline.new_onsets) if timeline else frozenset(),
    )
    check_reached(conditions.conditions)
    who = _people_plan(home, people, profile.as_of)
    check_insured(profile.coverage, who.expected["age"])
    address, notes = planned_addresses(home.counties)
    visits = planned_visits(profile.clinical.baseline, conditions.codes)
    utilization = planned_utilization(profile, who, named, conditions, timeline)
    has_drugs = visits is not None or (timeline is not None and "medications" in tables_of(timeline))
    seen_for = visited_for(utilization, visits)
    ground = Groundwork(
        profile=profile,
        seed=seed,
        library=library,
        home=home,
        named=named,
        people=who,
        address=address,
        conditions=conditions,
        care=planned_care(profile, home, address, reference.network),
        visits=visits,
        utilization=utilization,
        timeline=timeline,
        medications=planned_medications(named, conditions.codes, library, seen_for) if has_drugs else None,
        dictionaries={},
    )
    return ground, notes


def _measured(ground: Groundwork) -> tuple[MeasurementPlan | None, BodyPlan | None]:
    """Plan what visits measure, and the bodies it is measured of; whoever is followed over time has one."""
    profile, timeline = ground.profile, ground.timeline
    has_bodies = (
        profile.trial is not None
        or ground.utilization is not None
        or (timeline is not None and any(event.needs_bodies for event in timeline.events))
    )
    seen_as = "visit" if ground.visits is None and has_bodies else profile.clinical.baseline
    measurements = planned_measurements(seen_as, [condition.model for condition in ground.named])
    return measurements, planned_body(seen_as, ground.named, ground.conditions.codes, ground.library)


def _with_tests(
    ground: Groundwork, measurements: MeasurementPlan | None, body: BodyPlan | None
) -> UtilizationPlan | None:
    """Give the plan of background care with what it tests and prevents."""
    care, codes = ground.utilization, ground.conditions.codes
    if care is None or measurements is None or body is None:
        return care
    return replace(
        care,
        testing=planned_testing(
            care, measurements, body, ground.named, ground.conditions, ground.people, ground.timeline
        ),
        prevention=planned_prevention(ground.people, codes, care.reasons, care.first_day, care.last_day),
    )


def _document(profile: Profile, seed: int) -> dict[str, Any]:
    """Give a profile in full, with the seed that is drawn from."""
    return profile_document(
        profile.model_copy(update={"generation": profile.generation.model_copy(update={"seed": seed})})
    )


def _sources(ground: Groundwork, others: Planned) -> tuple[str, ...]:
    return (
        *ground.home.figures.sources,
        NATIONAL_GROUPS_SOURCE,
        *(ground.care.sources if ground.care else ()),
        *(ground.utilization.sources if ground.utilization else ()),
        *(ground.timeline.sources if ground.timeline else ()),
        *others.sources,
    )


def _people_plan(home: Residence, people: Floats, as_of: date) -> PeoplePlan:
    rows = people.reshape(people.shape[0], CELLS)
    states, county_state = np.unique(home.states, return_inverse=True)
    by_county = rows.sum(axis=1) if home.is_local else home.population
    empty = rows.sum(axis=1) <= 0
    rows = np.where(empty[:, np.newaxis], 1.0, rows)
    return PeoplePlan(
        counties=home.counties,
        states=tuple(states.tolist()),
        county_state=county_state,
        places=CategoryTable.from_weights(rounded(by_county / by_county.sum())),
        row_of_county=home.row_of_county,
        rows=len(rows),
        cells=CategoryTable.from_weights(rounded(rows)),
        years_ago=_years_ago(as_of),
        expected={
            name: people.sum(axis=tuple(other for other in range(people.ndim) if other != axis))
            for axis, name in enumerate(ATTRIBUTES, start=1)
        },
    )


def _years_ago(as_of: date) -> Ints:
    """Give the day numbers of the dates 0 to 111 years before a date; where it is a leap day, of the day before it."""
    days = []
    for years in range(AGES + 1):
        year = as_of.year - years
        is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        day = 28 if (as_of.month, as_of.day) == (2, 29) and not is_leap else as_of.day
        days.append((date(year, as_of.month, day) - _EPOCH).days)
    return np.array(days, dtype=np.int64)


def _handle(document: Mapping[str, Any], versions: tuple[str, ...]) -> str:
    generation = {key: value for key, value in document["generation"].items() if key not in _NO_CONTENT}
    asked = json.dumps([{**document, "generation": generation}, *versions], sort_keys=True, separators=(",", ":"))
    digest = blake2b(asked.encode(), digest_size=_HANDLE_BYTES).digest()
    return f"co_{b32encode(digest).decode().lower()}"

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
from healthsim.planning.care import planned_care
from healthsim.planning.conditions import planned_conditions
from healthsim.planning.demographics import ATTRIBUTES, joint_shares
from healthsim.planning.journey_texts import code_titles, tables_of, with_texts
from healthsim.planning.lookup import look_up
from healthsim.planning.measurements import analyte_titles, planned_measurements
from healthsim.planning.medications import planned_medications
from healthsim.planning.places import Residence, ranks_of, reference_for
from healthsim.planning.plan import (
    AGES,
    CELLS,
    Floats,
    Ints,
    PeoplePlan,
    Plan,
)
from healthsim.planning.prevention import planned_prevention
from healthsim.planning.products import Groundwork, Texts, planned_products
from healthsim.planning.reached import check_reached
from healthsim.planning.significance import rounded
from healthsim.planning.testing import planned_testing
from healthsim.planning.texts import texts_of_people, texts_of_utilization, texts_of_visits
from healthsim.planning.utilization import planned_utilization
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
    profile, home, named, timelines = looked_up.profile, looked_up.home, looked_up.named, looked_up.timelines
    if home is None or looked_up.problems:
        raise InvalidProfileError(looked_up.problems)
    people, conditions = planned_conditions(
        named,
        joint_shares(profile.demographics, home.figures),
        home.figures,
        is_local=home.is_local,
        new=frozenset(named[each.slot].id for each in timelines.plan.new_onsets) if timelines.plan else frozenset(),
    )
    check_reached(conditions.conditions)
    who = _people_plan(home, people, profile.as_of)
    check_insured(profile.coverage, who.expected["age"])
    address, notes = planned_addresses(home.counties)
    care = planned_care(profile, home, address, held.network)
    visits = planned_visits(profile.clinical.baseline, conditions.codes)
    timeline = timelines.plan
    utilization = planned_utilization(profile, who, named, conditions, timeline)
    tables = tables_of(timeline) if timeline is not None else frozenset()
    has_drugs = visits is not None or "medications" in tables
    seen_for = utilization.reasons.codes if utilization is not None and visits is not None else ()
    medications = planned_medications(named, conditions.codes, library, seen_for) if has_drugs else None
    has_bodies = (
        profile.trial is not None
        or utilization is not None
        or (timeline is not None and any(event.needs_bodies for event in timeline.events))
    )
    seen_as = "visit" if visits is None and has_bodies else profile.clinical.baseline
    measurements = planned_measurements(seen_as, [condition.model for condition in named])
    body = planned_body(seen_as, named, conditions.codes, library)
    if utilization is not None and measurements is not None and body is not None:
        testing = planned_testing(utilization, measurements, body, named, conditions, who, timeline)
        prevention = planned_prevention(
            who, conditions.codes, utilization.reasons, utilization.first_day, utilization.last_day
        )
        utilization = replace(utilization, testing=testing, prevention=prevention)
    titles = {share.code: share.title for condition in named for share in condition.codes}
    if timeline is not None:
        titles |= code_titles(timeline)
    dictionaries: Texts = {
        **texts_of_people(who, address, conditions, care),
        **texts_of_visits(visits, measurements, tables | ({"labs", "vitals"} if utilization else frozenset())),
        **(texts_of_utilization(utilization) if utilization else {}),
        **({"medications": {**medications.texts, "reason_code": seen_for or conditions.codes}} if medications else {}),
    }
    if timeline is not None:
        dictionaries = with_texts(dictionaries, timeline, conditions.codes)
    others = planned_products(
        Groundwork(
            profile=profile,
            seed=seed,
            library=library,
            home=home,
            named=named,
            people=who,
            address=address,
            conditions=conditions,
            care=care,
            visits=visits,
            utilization=utilization,
            timeline=timeline,
            medications=medications,
            dictionaries=dictionaries,
        )
    )
    document = profile_document(
        profile.model_copy(update={"generation": profile.generation.model_copy(update={"seed": seed})})
    )
    versions = (ENGINE_VERSION, randomness.VERSION, f"{held.version()}-{library.version()}")
    return Plan(
        cohort_id=_handle(document, versions),
        document=document,
        products=profile.products,
        count=profile.generation.count,
        seed=seed,
        as_of=profile.as_of,
        people=who,
        address=address,
        conditions=conditions,
        attributes=planned_attributes(home.figures, who.expected["age"], profile.coverage),
        care=care,
        visits=visits,
        utilization=utilization,
        timeline=timeline,
        medications=medications,
        body=body,
        measurements=measurements,
        others=others.plans,
        titles={
            **others.titles,
            "icd10": {
                **others.titles.get("icd10", {}),
                **titles,
                **(visits.titles if visits else {}),
                **(utilization.reasons.titles if utilization else {}),
                **(utilization.prevention.titles if utilization and utilization.prevention else {}),
            },
            "drug_names": medications.names if medications else {},
            "vulnerability": ranks_of(home),
            **(analyte_titles() if measurements else {}),
        },
        dictionaries={**dictionaries, **others.dictionaries},
        sources=(
            *home.figures.sources,
            NATIONAL_GROUPS_SOURCE,
            *(care.sources if care else ()),
            *(utilization.sources if utilization else ()),
            *(timeline.sources if timeline else ()),
            *others.sources,
        ),
        notes=(
            *(condensed(home.figures.fallbacks, _BORROWED) if home.is_local else ()),
            *notes,
            *(care.notes if care else ()),
            *looked_up.notes,
            *others.notes,
        ),
        engine_version=ENGINE_VERSION,
        reference_version=versions[2],
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

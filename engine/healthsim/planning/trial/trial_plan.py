"""The plan of a trial, as data: what planning hands to simulation."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from healthsim.randomness import CategoryTable, QuantileTable
from healthsim.spec import Protocol

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SitesPlan:
    """Where the trial is done.

    Attributes:
        ids: Of the sites.
        names: Of the sites.
        cities: Where they are.
        states: Letters of their states.
        investigators: Invented names of those who lead them.
        of_zip: Place of the site that people of each ZIP code go to, shape `(zips,)`.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    cities: tuple[str, ...]
    states: tuple[str, ...]
    investigators: tuple[str, ...]
    of_zip: Ints


@dataclass(frozen=True, slots=True)
class EligibilityPlan:
    """What the criteria compare, looked up.

    Attributes:
        indication: Indices of the codes that make a candidate.
        conditions: Slots of the conditions by the names criteria give them; -1 where nobody has it.
        codes: Indices of the codes at or below each code that criteria name.
        drugs: Places of the drugs in the plan by the names criteria give them.
        labs: Analytes that criteria compare.
        reasons: Why people fail: the criteria in their order, then for consent that was taken back, and for a journey
            that does not randomise them.
        strata: Names of the strata.
    """

    indication: Ints
    conditions: Mapping[str, int]
    codes: Mapping[str, Ints]
    drugs: Mapping[str, Ints]
    labs: tuple[str, ...]
    reasons: tuple[str, ...]
    strata: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SchedulePlan:
    """Visits, screening first, that of randomisation second; the last one is of those who leave early.

    Attributes:
        names: Of the visits.
        day: Study day less 1, shape `(visits,)`.
        before: Days that each may be early.
        after: Days that it may be late.
        latest: Days that a visit outside its window may be late, at most.
    """

    names: tuple[str, ...]
    day: Ints
    before: Ints
    after: Ints
    latest: Ints


@dataclass(frozen=True, slots=True)
class CoursePlan:
    """What happens to subjects; rates are for a day.

    Attributes:
        waits: Waiting times at a rate of 1, by probability.
        leaving: Rate of leaving by arm, shape `(arms,)`.
        reasons: Which reason.
        outcomes: Rate of each outcome, shape `(outcomes, arms)`.
        adverse: Rate of each adverse event, shape `(events, arms)`.
        leading: Which adverse event a subject leaves for, by arm.
        responses: Which best response, by arm, among those assessed.
        progression: Rate of progression after the first assessment, by arm.
        changes: Mean change of each effect, shape `(effects, arms)`.
    """

    waits: QuantileTable
    leaving: Floats
    reasons: CategoryTable
    outcomes: Floats
    adverse: Floats
    leading: CategoryTable
    responses: CategoryTable
    progression: Floats
    changes: Floats


@dataclass(frozen=True, slots=True)
class TrialEvents:
    """What the events of journeys mean to a trial; every array has the shape `(events,)`, -1 for events of other types.

    Attributes:
        types: Types of events that there are; each takes the place of what the protocol says.
        visit: Visit of the protocol that a visit is.
        reason: Why a subject leaves, place among the terms of dispositions.
        terms: Terms of adverse events.
        term: Place of an adverse event's.
        severity: Its severity.
        serious: 1 for the serious, 0 for the others.
        dose: Dose that is given, in the unit of the arm; NaN for that of the arm.
        test: Place among the tests of what is measured.
    """

    types: frozenset[str]
    visit: Ints
    reason: Ints
    terms: tuple[str, ...]
    term: Ints
    severity: Ints
    serious: Ints
    dose: Floats
    test: Ints


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """A trial.

    Attributes:
        protocol: The protocol, with the profile's own figures.
        start_day: First day of screening, days since 1970-01-01.
        enrollment: Subjects to randomise.
        screened: Share of the candidates who are screened.
        candidates: How many are screened in the days of accrual, if as many are eligible as expected.
        sites: Where.
        eligibility: Who.
        arms: Arm of each subject of a stratum in order of randomisation, shape `(strata, enrollment)`.
        schedule: When.
        course: What happens to subjects.
        tests: Analytes that are measured at visits, laboratory tests first.
        labs: How many of them are laboratory tests.
        events: What journeys say of it.
        at_visits: Which of them are measured after screening, too, shape `(tests,)`.
    """

    protocol: Protocol
    start_day: int
    enrollment: int
    screened: float
    candidates: int
    sites: SitesPlan
    eligibility: EligibilityPlan
    arms: Ints
    schedule: SchedulePlan
    course: CoursePlan
    tests: tuple[str, ...]
    labs: int
    events: TrialEvents
    at_visits: NDArray[np.bool_]

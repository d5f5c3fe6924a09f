"""What a plan says of the care that people have anyway."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.prevention_plan import PreventionPlan
from healthsim.planning.testing_plan import TestingPlan
from healthsim.randomness import CategoryTable, Floats, Ints

Booleans = NDArray[np.bool_]

OFFICE, EMERGENCY, INPATIENT, DELIVERY, BIRTH = range(5)
"""Numbers of the kinds of care."""

CLASSES = ("AMB", "EMER", "IMP", "IMP", "IMP")
"""Class of each kind of care in HL7 v3 ActCode."""

TYPES = ("Office visit", "Emergency department visit", *("Inpatient stay",) * 3)

BETWEEN_DELIVERIES = 300
"""Days after a delivery within which there is no other."""

PREVENTIVE = "Preventive visit"


@dataclass(frozen=True, slots=True)
class ReasonCodes:
    """The codes of all that people are seen for; those of conditions come first.

    Attributes:
        codes: ICD-10-CM codes.
        is_diagnosis: Which of them are diseases, signs, injuries or deliveries, and no conditions of the profile, shape
            `(reason codes,)`.
        is_preventive: Which make a visit a preventive one, of the same shape.
        excluded: Which each code of a condition excludes, shape `(codes of conditions, reason codes)`.
        instead: Index of what people are there for whose reason is excluded: an observation that finds nothing.
        child: Index of the examination of a child.
        newborn: Indices of the reasons of visits within the first week, and within the first four.
        texts: Texts of the columns of `encounters`; the codes are those of `diagnoses` as well.
        titles: Titles of the codes added to those of conditions.
    """

    codes: tuple[str, ...]
    is_diagnosis: Booleans
    is_preventive: Booleans
    excluded: Booleans
    instead: int
    child: int
    newborn: tuple[int, int]
    texts: Mapping[str, tuple[str, ...]]
    titles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReasonsPlan:
    """What people are there for who are not there for a chronic condition of their own.

    Attributes:
        codes: Index of each reason in the texts of `encounters.reason_code`, shape `(reasons,)`.
        table: Which reason, by cell of age and sex.
    """

    codes: Ints
    table: CategoryTable


@dataclass(frozen=True, slots=True)
class PlannedCare:
    """A kind of care.

    Attributes:
        name: Its name; names its streams.
        rates: Expected times a person-year of people without a chronic condition, by years before `as_of` and cell of
            age and sex, shape `(years, 222)`; years further back are as the last. Of births, a birth.
        ratios: By how much chronic conditions multiply that, by their number, shape `(MOST_CONDITIONS + 1,)`.
        by_payer: By how much it differs by who pays, by cell of age at `as_of` and payer, shape `(111 * 4,)`; 1 on
            average over the nation's people of an age.
        counted: Which conditions count for that, shape `(slots,)`.
        needs: By how much people differ otherwise, in equally likely steps of mean 1, shape `(steps,)`.
        own_share: Share that is for a chronic condition of the person's own, where one leads here.
        leads: Which codes of conditions lead here, shape `(codes,)`.
        reasons: All other reasons.
    """

    name: str
    rates: Floats
    ratios: Floats
    by_payer: Floats
    counted: Booleans
    needs: Floats
    own_share: float
    leads: Booleans
    reasons: ReasonsPlan


@dataclass(frozen=True, slots=True)
class UtilizationPlan:
    """The care that people have anyway.

    Attributes:
        first_day: First day of it, days since 1970-01-01.
        last_day: Last day of it.
        care: The kinds of care.
        counts: How many times in a year, by row of `means`.
        means: Means of the rows of `counts`, ascending from 0, shape `(rows,)`.
        nights: Nights of the stays in which a child is born; category 0 is one.
        examined: First day and days of the examinations of children, after the birthday, by age and by turn among the
            visits of that year, shape `(ages, turns, 2)`; no days where there is none.
        reasons: What all of it may be for.
        complications: What is diagnosed during stays beside that; the last category of the table is nothing.
        expected: Expected times a person, by name of the kind of care.
        expected_diagnoses: Expected diagnoses a person that they leave.
        sources: Where the rates are from.
        testing: What is measured at it; None until the measurements are planned.
        prevention: Screening and vaccination; None until it is planned.
    """

    first_day: int
    last_day: int
    care: tuple[PlannedCare, ...]
    counts: CategoryTable
    means: Floats
    nights: CategoryTable
    examined: Ints
    reasons: ReasonCodes
    complications: ReasonsPlan
    expected: Mapping[str, float]
    expected_diagnoses: float
    sources: tuple[str, ...]
    testing: TestingPlan | None = None
    prevention: PreventionPlan | None = None

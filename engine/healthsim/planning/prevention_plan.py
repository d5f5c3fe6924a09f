"""What a plan says of screening and vaccination in the care that people have anyway."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from healthsim.randomness import Floats, Ints

Booleans = NDArray[np.bool_]

Texts = Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class PlannedProgramme:
    """A programme of screening or vaccination.

    Attributes:
        name: Its name; names its streams.
        kind: What it is.
        sex: Index of the only sex it is for; -1 for both.
        is_for_smokers: Whether only people who ever smoked are concerned.
        stream: Names the willingness that it shares with other programmes.
        season: First day of the season of each year from `FIRST_YEAR` on; None where days count from the birthday.
        days: First and last day after that on which it is due.
        first_age: Age, or age reached in the year of the season, from which it may be due.
        thresholds: Ascending shares that part people by their willingness, shape `(cells - 1,)`.
        is_due: Whether it is due, by year of birth from the plan's first on, cell and age from the first, shape
            `(years of birth, cells, ages)`.
        doses: Doses, by product.
        gap: Least and most days between doses.
        again_share: Share of people who come for a further dose.
        days_to_visit: Days that it waits for a visit.
        product_day: Day from which each product is in use, shape `(products,)`.
        product_age: Age from which each is for people.
        product: Index of its code in the table's texts; -1 where nothing is in use any more.
        reason: Index of the code of what a screening is for.
    """

    name: str
    kind: Literal["vaccine", "screening"]
    sex: int
    is_for_smokers: bool
    stream: str
    season: Ints | None
    days: tuple[int, int]
    first_age: int
    thresholds: Floats
    is_due: Booleans
    doses: Ints
    gap: tuple[int, int]
    again_share: float
    days_to_visit: int
    product_day: Ints
    product_age: Ints
    product: Ints
    reason: int


@dataclass(frozen=True, slots=True)
class VisitReasons:
    """Reasons of visits that say what is done, as indices of `encounters.reason_code`.

    Attributes:
        vaccination: For a vaccine; -1 where it is none of the reasons.
        mammogram: For a mammogram, likewise.
        adult_examination: For the examination of an adult.
        child_examination: For that of a child.
    """

    vaccination: int
    mammogram: int
    adult_examination: int
    child_examination: int


@dataclass(frozen=True, slots=True)
class PreventionPlan:
    """Screening and vaccination.

    Attributes:
        programmes: The programmes.
        first_birth_year: Year of birth at which the tables begin.
        year_days: First day of each year from `FIRST_YEAR` on, days since 1970-01-01.
        reasons: Reasons of visits that say what is done.
        mammogram: Place of the programme of mammograms.
        texts: Texts of the tables it leaves rows in.
        titles: Titles of the codes of what screenings are for.
        expected: Rows expected a person, by table.
        sources: Who recommends it, and where the shares are from.
    """

    programmes: tuple[PlannedProgramme, ...]
    first_birth_year: int
    year_days: Ints
    reasons: VisitReasons
    mammogram: int
    texts: Texts
    titles: Mapping[str, str]
    expected: Mapping[str, float]
    sources: tuple[str, ...]

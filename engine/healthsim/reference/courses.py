"""Drugs that people are ordered for a short while, by what they are seen for."""

from dataclasses import dataclass
from functools import cache

from healthsim.reference.starter import read_table


@dataclass(frozen=True, slots=True)
class Course:
    """A course of a drug for what somebody is seen for.

    Attributes:
        reason: ICD-10-CM code of that.
        share: Share of visits for it, of people of the age, at which the drug is ordered.
        id: Name of the drug.
        name: Name of the clinical drug in RxNorm.
        ingredient: What it contains.
        group: Drugs of which nobody takes two.
        rxnorm: RxCUI of the clinical drug.
        dose: What is taken at a time.
        route: By which it is taken.
        frequency: How often it is taken.
        days_supply: Days that it lasts.
        from_age: Youngest who are ordered it, completed years.
        to_age: Oldest who are.
        not_with: Groups of drugs beside which it is not ordered.
        not_in: Ids of conditions in which it is not.
    """

    reason: str
    share: float
    id: str
    name: str
    ingredient: str
    group: str
    rxnorm: str
    dose: str
    route: str
    frequency: str
    days_supply: int
    from_age: int
    to_age: int
    not_with: tuple[str, ...]
    not_in: tuple[str, ...]


@cache
def courses() -> tuple[Course, ...]:
    """Give all courses, in the order of their table."""
    return tuple(_course(row) for row in read_table("utilization_courses.csv"))


def _course(row: dict[str, str]) -> Course:
    texts = ("reason", "id", "name", "ingredient", "group", "rxnorm", "dose", "route", "frequency")
    return Course(
        **{name: row[name] for name in texts},
        share=float(row["share"]),
        days_supply=int(row["days_supply"]),
        from_age=int(row["from_age"]),
        to_age=int(row["to_age"]),
        not_with=_listed(row["not_with"]),
        not_in=_listed(row["not_in"]),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)

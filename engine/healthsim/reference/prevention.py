"""Screening and vaccination: when each is due, with what, since when, and how many take part."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, cast

from healthsim.reference.starter import read_table

_OF_AGE = "age"


@dataclass(frozen=True, slots=True)
class Uptake:
    """How many take part, at some ages, in a year; linear between the years of the same ages.

    Attributes:
        ages: First and last completed years of age.
        year: The year.
        above: Share of people who are more willing and take part in something else instead.
        share: Share of people who take part, these included.
    """

    ages: tuple[int, int]
    year: int
    above: float
    share: float


@dataclass(frozen=True, slots=True)
class Product:
    """What is given or done.

    Attributes:
        from_date: Date from which.
        from_age: Completed years of age from which; the product of the highest such age is taken.
        code: CVX code of a vaccine, or code of a procedure; empty where nothing is in use any more.
        doses: Doses; None for those of the programme.
    """

    from_date: date
    from_age: int
    code: str
    doses: int | None


@dataclass(frozen=True, slots=True)
class Programme:
    """Something preventive that is done once, or again and again.

    Attributes:
        name: Its name; names its streams.
        kind: What it is.
        sex: The only sex it is for; empty for both.
        season: Month and day from which days count; None where they count from the birthday.
        days: First and last day on which it is due.
        period_years: Years after which it is due again; 0 for once.
        doses: Doses that are given.
        gap: Least and most days between them.
        again_share: Share of people who come for a further dose.
        days_to_visit: Days that it waits for a visit to an office; if there is none, it is done elsewhere.
        stream: Names the willingness that it shares with other programmes.
        only: `smoked` where only people who ever smoked are concerned.
        uptake: How many take part.
        products: What is given or done, by age and date from which.
        source: Who recommends it.
    """

    name: str
    kind: Literal["vaccine", "screening"]
    sex: str
    season: tuple[int, int] | None
    days: tuple[int, int]
    period_years: int
    doses: int
    gap: tuple[int, int]
    again_share: float
    days_to_visit: int
    stream: str
    only: str
    uptake: tuple[Uptake, ...]
    products: tuple[Product, ...]
    source: str


@dataclass(frozen=True, slots=True)
class ScreeningCode:
    """A code of screening.

    Attributes:
        system: Code system.
        code: The code.
        name: What is done, in words of our own.
        reason_code: ICD-10-CM code of what it is for.
        reason_title: Title of that code.
    """

    system: str
    code: str
    name: str
    reason_code: str
    reason_title: str


@cache
def screening_codes() -> Mapping[str, ScreeningCode]:
    """Give the codes of screening."""
    columns = ("system", "code", "name", "reason_code", "reason_title")
    rows = read_table("screening_codes.csv")
    return {row["code"]: ScreeningCode(*(row[column] for column in columns)) for row in rows}


@cache
def programmes() -> tuple[Programme, ...]:
    """Give all programmes, in the order of the table."""
    return tuple(_programme(row) for row in read_table("preventive_programmes.csv"))


def _programme(row: Mapping[str, str]) -> Programme:
    name, timing = row["programme"], row["timing"]
    month, _, day = timing.partition("-")
    return Programme(
        name=name,
        kind=cast('Literal["vaccine", "screening"]', row["kind"]),
        sex=row["sex"],
        season=None if timing == _OF_AGE else (int(month), int(day)),
        days=(int(row["first_day"]), int(row["last_day"])),
        period_years=int(row["period_years"]),
        doses=int(row["doses"]),
        gap=(int(row["gap_first"]), int(row["gap_last"])),
        again_share=float(row["again_share"]),
        days_to_visit=int(row["days_to_visit"]),
        stream=row["stream"],
        only=row["only"],
        uptake=tuple(_uptake(each) for each in read_table("preventive_uptake.csv") if each["programme"] == name),
        products=_products(name),
        source=row["source"],
    )


def _uptake(row: Mapping[str, str]) -> Uptake:
    ages = (int(row["from_age"]), int(row["to_age"]))
    return Uptake(ages, int(row["year"]), float(row["above"]), float(row["share"]))


def _products(name: str) -> tuple[Product, ...]:
    rows = [each for each in read_table("preventive_products.csv") if each["programme"] == name]
    found = (
        Product(
            from_date=date.fromisoformat(row["from_date"]),
            from_age=int(row["from_age"]),
            code=row["code"],
            doses=int(row["doses"]) if row["doses"] else None,
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda each: (each.from_age, each.from_date)))

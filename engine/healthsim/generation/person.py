"""A person on their own: who goes through a journey without a cohort."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Person:
    """Someone known by little; the rest is drawn as for anybody of a cohort.

    Attributes:
        birth_date: Date of birth.
        gender: `F` or `M`.
        race: Race, in the words of a profile; drawn if None.
        ethnicity: `hispanic` or `not_hispanic`; drawn if None.
        county_fips: County of residence; anywhere if None, and then nobody is their provider.
        conditions: What they have, by name, alias or code; what the journey's events are for if None.
        person_id: Number of the person; the draws are addressed by it.
    """

    birth_date: date
    gender: str
    race: str | None = None
    ethnicity: str | None = None
    county_fips: str | None = None
    conditions: tuple[str, ...] | None = None
    person_id: int = 1

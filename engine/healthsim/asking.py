"""The short way to ask: a condition, a place and ages instead of a profile, and what of a profile they replace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from healthsim.errors import InvalidInputError, Problem, rendered
from healthsim.spec import Profile, parse_profile

_REPLACING = {"product", "count"}


@dataclass(frozen=True, slots=True)
class Shorthand:
    """Arguments that stand for a profile, or replace parts of one; None where not given.

    Attributes:
        product: Products to make.
        count: People.
        condition: A condition everybody has.
        county_fips: County whose population is taken.
        state: State whose population is taken.
        min_age: Lowest age, completed years.
        max_age: Highest age, completed years.
    """

    product: str | Sequence[str] | None = None
    count: int | None = None
    condition: str | None = None
    county_fips: str | int | None = None
    state: str | None = None
    min_age: int | None = None
    max_age: int | None = None

    def given(self) -> dict[str, object]:
        """Give the arguments that were given."""
        named = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in named.items() if value is not None}


def asked_profile(profile: Mapping[str, Any] | Profile | str | Path | None, shorthand: Shorthand) -> Profile:
    """Combine a profile and the short arguments.

    `product` and `count` replace the profile's own; the others describe a population in its stead.

    Raises:
        InvalidInputError: A profile and arguments that describe a population were both given.
        InvalidProfileError: The profile, or what the arguments make of it, is none.
    """
    if profile is None:
        return parse_profile(_document(shorthand))
    surplus = sorted(shorthand.given().keys() - _REPLACING)
    if surplus:
        message = "describes a population, which the profile does already"
        hint = "leave it out, or write it into the profile"
        raise InvalidInputError(
            Problem(f"$.{name}", message, rendered(getattr(shorthand, name)), hint) for name in surplus
        )
    parsed = parse_profile(profile)
    changes: dict[str, Any] = {}
    if shorthand.count is not None:
        generation = {**parsed.generation.model_dump(exclude_none=True), "count": shorthand.count}
        changes["generation"] = parse_profile({"generation": generation}).generation
    if shorthand.product is not None:
        changes["products"] = parse_profile({"product": shorthand.product}).products
    return parsed.model_copy(update=changes)


def _document(asked: Shorthand) -> dict[str, Any]:
    """Write the profile that the arguments stand for."""
    demographics: dict[str, Any] = {}
    ages = {"min": asked.min_age, "max": asked.max_age}
    if any(age is not None for age in ages.values()):
        demographics["age"] = {key: age for key, age in ages.items() if age is not None}
    place = {"fips": asked.county_fips, "state": asked.state}
    if any(part is not None for part in place.values()):
        demographics["reference"] = {key: part for key, part in place.items() if part is not None}
    document = {
        "id": asked.condition or "population",
        "products": asked.product,
        "generation": {} if asked.count is None else {"count": asked.count},
        "demographics": demographics,
        "clinical": {"primary_condition": asked.condition} if asked.condition is not None else {},
    }
    if asked.product is not None and isinstance(asked.product, str):
        document["products"] = [asked.product]
    return document

"""The short way to ask: a condition, a place and ages instead of a profile, and what of a profile they replace."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from healthsim.errors import InvalidInputError, Problem, rendered
from healthsim.spec import JourneyDefinition, Parsed, Profile, parse_journey, parsed_profile

JourneyAsked = str | Mapping[str, Any] | JourneyDefinition | Path
"""A journey: the id of a known one, or one in full."""

_REPLACING = {"product", "count", "seed", "journey", "start_date"}
_JOURNEY = "$.journeys[0]"
_ARGUMENTS = (
    ("$.products", "$.product"),
    ("$.generation.count", "$.count"),
    ("$.generation.seed", "$.seed"),
    ("$.demographics.reference.fips", "$.county_fips"),
    ("$.demographics.reference", "$.state"),
    ("$.demographics.age.max", "$.max_age"),
    ("$.demographics.age", "$.min_age"),
    ("$.clinical.primary_condition", "$.condition"),
)
"""Where an argument stands in the profile it becomes part of."""


@dataclass(frozen=True, slots=True)
class Shorthand:
    """Arguments that stand for a profile, or replace parts of one; None where not given.

    Attributes:
        product: Products to make.
        count: People.
        seed: Of all draws.
        condition: A condition everybody has.
        county_fips: County whose population is taken.
        state: State whose population is taken.
        min_age: Lowest age, completed years.
        max_age: Highest age, completed years.
        journey: Journeys people go through: ids, definitions, mappings, or files.
        start_date: Their first day.
    """

    product: str | Sequence[str] | None = None
    count: int | None = None
    seed: int | None = None
    condition: str | None = None
    county_fips: str | int | None = None
    state: str | None = None
    min_age: int | None = None
    max_age: int | None = None
    journey: JourneyAsked | Sequence[JourneyAsked] | None = None
    start_date: date | str | None = None

    def given(self) -> dict[str, object]:
        """Give the arguments that were given."""
        named = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in named.items() if value is not None}


def asked(profile: Mapping[str, Any] | Profile | str | Path | None, shorthand: Shorthand) -> Parsed:
    """Combine a profile and the short arguments.

    `product`, `count`, `seed`, `journey` and `start_date` replace the profile's own; the others describe a population
    in its stead.

    Raises:
        InvalidInputError: A profile and arguments that describe a population were both given.
    """
    if profile is None:
        parsed = parsed_profile(_document(shorthand))
        return replace(parsed, problems=in_arguments(parsed.problems))
    surplus = sorted(shorthand.given().keys() - _REPLACING)
    if surplus:
        message = "describes a population, which the profile does already"
        hint = "leave it out, or write it into the profile"
        raise InvalidInputError(
            Problem(f"$.{name}", message, rendered(getattr(shorthand, name)), hint) for name in surplus
        )
    instead = parsed_profile(_document(shorthand))
    wanted = instead.remainder.products if shorthand.product is not None and not instead.problems else None
    return _replaced(parsed_profile(profile, products=wanted), shorthand)


def in_arguments(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Give problems of a profile that stands for arguments with the paths of those arguments."""
    return tuple(replace(problem, path=_argument(problem.path)) for problem in problems)


def _replaced(parsed: Parsed, shorthand: Shorthand) -> Parsed:
    """Replace parts of a profile by the arguments for them."""
    if not shorthand.given():
        return parsed
    replacing = parsed_profile(_document(shorthand))
    generation = parsed.remainder.generation.model_copy(
        update={
            name: getattr(replacing.remainder.generation, name)
            for name in ("count", "seed")
            if getattr(shorthand, name) is not None
        }
    )
    changes: dict[str, Any] = {"generation": generation}
    if shorthand.product is not None:
        changes["products"] = replacing.remainder.products
    changes |= {
        name: getattr(replacing.remainder, name)
        for name, given in (("journeys", shorthand.journey), ("start_date", shorthand.start_date))
        if given is not None
    }
    changed = parsed.remainder.model_copy(update=changes)
    problems = (*parsed.problems, *in_arguments(replacing.problems))
    return Parsed(None if problems else changed, problems, changed)


def _document(asked_for: Shorthand) -> dict[str, Any]:
    """Write the profile that the arguments stand for."""
    ages = {"min": asked_for.min_age, "max": asked_for.max_age}
    place = {"fips": asked_for.county_fips, "state": asked_for.state}
    generation = {"count": asked_for.count, "seed": asked_for.seed}
    return {
        "id": asked_for.condition if isinstance(asked_for.condition, str) and asked_for.condition else "population",
        "product": asked_for.product,
        "generation": _present(generation),
        "demographics": {"age": _present(ages), "reference": _present(place)},
        "clinical": {"primary_condition": asked_for.condition},
        **_present({"journeys": journeys_in_full(asked_for.journey), "start_date": asked_for.start_date}),
    }


def journeys_in_full(asked_for: JourneyAsked | Sequence[JourneyAsked] | None) -> list[Any] | None:
    """Give the journeys asked for: ids as they are, all else in full.

    Raises:
        InvalidJourneyError: A text or a file is no journey.
    """
    if asked_for is None:
        return None
    if isinstance(asked_for, Sequence) and not isinstance(asked_for, str | bytes):
        return [_journey(one) for one in asked_for]
    return [_journey(asked_for)]


def _journey(asked_for: Any) -> Any:  # noqa: ANN401 - whatever was asked
    is_text = isinstance(asked_for, str) and asked_for.lstrip().startswith("{")
    return parse_journey(asked_for) if is_text or isinstance(asked_for, Path) else asked_for


def _present(values: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in values.items() if value is not None}


def _argument(path: str) -> str:
    if path.startswith(_JOURNEY):
        return f"$.journey{path.removeprefix(_JOURNEY)}"
    return next((argument for place, argument in _ARGUMENTS if path.startswith(place)), path)

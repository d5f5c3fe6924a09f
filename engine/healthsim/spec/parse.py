"""From a document to a profile, or to every problem in it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from healthsim.errors import InvalidProfileError, Problem
from healthsim.spec.checks import contradictions
from healthsim.spec.documents import Location, flat_document, without
from healthsim.spec.journey import JourneyDefinition
from healthsim.spec.journey_checks import journey_problems
from healthsim.spec.keys import section_keys
from healthsim.spec.problems import problems_of
from healthsim.spec.profile import Profile
from healthsim.spec.shorthand import expanded
from healthsim.spec.vocabulary import Product

_PRODUCT_SECTIONS = ("products", "coverage", "pharmacy", "trial")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What became of a document.

    Attributes:
        profile: The profile; None if there are problems.
        problems: Everything that is wrong, in the order of the document.
        remainder: The parts that are well formed, so that whoever knows more can find what is wrong in them too.
    """

    profile: Profile | None
    problems: tuple[Problem, ...]
    remainder: Profile


def parse_profile(document: Mapping[str, Any] | Profile | str | Path) -> Profile:
    """Read a profile.

    Args:
        document: A mapping, flat or as `{"profile": {...}}`, JSON text, or the path of a JSON file.

    Raises:
        InvalidProfileError: It cannot be read, or is not a profile; names every problem.
    """
    parsed = parsed_profile(document)
    if parsed.profile is None:
        raise InvalidProfileError(parsed.problems)
    return parsed.profile


def parsed_profile(
    document: Mapping[str, Any] | Profile | str | Path, *, products: Sequence[Product] | None = None
) -> Parsed:
    """Read a profile, and give it, or every problem in it.

    Args:
        document: As of `parse_profile`.
        products: Products to make instead of its own; None for these.
    """
    if isinstance(document, Profile):
        contradicting = tuple(_contradictions(document))
        return Parsed(None if contradicting else document, contradicting, document)
    try:
        written = expanded(flat_document(document))
        if products is not None:
            written = {**written, "products": list(products)}
    except InvalidProfileError as error:
        return Parsed(None, error.problems, Profile())
    try:
        profile = Profile.model_validate(written)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        found = problems_of(errors, written, section_keys())
        rest = _well_formed(written, [one["loc"] for one in errors])
        return Parsed(None, (*found, *_contradictions(rest)), rest)
    problems = tuple(_contradictions(profile))
    return Parsed(None if problems else profile, problems, profile)


def profile_document(profile: Profile) -> dict[str, Any]:
    """Write a profile as JSON, in full; reading it gives an equal profile."""
    return profile.model_dump(mode="json", by_alias=True, exclude_none=True)


def _contradictions(profile: Profile) -> Iterator[Problem]:
    yield from contradictions(profile)
    for index, journey in enumerate(profile.journeys):
        if isinstance(journey, JourneyDefinition):
            yield from journey_problems(journey, f"$.journeys[{index}]")


def _well_formed(document: Mapping[str, Any], locations: Iterable[Location]) -> Profile:
    """Give a profile without the wrong values or, where that is none, without the sections they are in."""
    places = list(locations)
    careful: Any = document
    for location in places:
        careful = without(careful, _whole(location))
    for attempt in (careful, _without_sections(document, places)):
        try:
            return Profile.model_validate(attempt)
        except ValidationError:
            continue
    return Profile()


def _whole(location: Location) -> Location:
    """Give the shares that a wrong one is among: what is left of them would not sum to 1."""
    return location[:2] if location[:2] == ("coverage", "payer_mix") else location


def _without_sections(document: Mapping[str, Any], locations: Iterable[Location]) -> dict[str, Any]:
    rest = dict(document)
    for location in locations:
        section = location[0] if location else None
        if section == "demographics" and len(location) > 1 and isinstance(rest.get(section), Mapping):
            rest[section] = {key: value for key, value in rest[section].items() if key != location[1]}
        elif section == "products":
            rest = {key: value for key, value in rest.items() if key not in _PRODUCT_SECTIONS}
        else:
            rest.pop(str(section), None)
    return rest

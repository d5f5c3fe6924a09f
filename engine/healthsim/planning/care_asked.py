"""What is wrong with a profile's wishes for providers and facilities."""

from collections.abc import Callable, Iterator

from healthsim.errors import InvalidInputError, Problem
from healthsim.planning.listings import listing_problems
from healthsim.reference import gazetteer
from healthsim.reference.network import facility_type_problems, specialty_named
from healthsim.spec import NetworkReference, NetworkRequest, Profile


def care_problems(profile: Profile) -> tuple[Problem, ...]:
    """Give everything that the sections of providers and facilities name and that is not there, or says nothing."""
    problems: list[Problem] = []
    if profile.providers is not None:
        problems += _of_providers(profile.providers)
    if profile.facilities is not None:
        problems += _of_facilities(profile.facilities)
    # What is listed is looked at when the names by which it is are sound.
    return tuple(problems or listing_problems(profile))


def _of_providers(request: NetworkRequest) -> Iterator[Problem]:
    place, path = request.reference or NetworkReference(), "$.providers.reference"
    yield from _of_place(place, path)
    if place.specialty is not None:
        yield from _unknown(lambda: specialty_named(place.specialty or ""), f"{path}.specialty")
    yield from _surplus(place, ("facility_type", "min_beds"), "providers")


def _of_facilities(request: NetworkRequest) -> Iterator[Problem]:
    place, path = request.reference or NetworkReference(), "$.facilities.reference"
    yield from _of_place(place, path)
    for each in facility_type_problems(place.facility_type):
        yield Problem(f"{path}.facility_type", each.message, each.received, each.hint)
    yield from _surplus(place, ("specialty",), "facilities")
    if request.assignment != "nearest":
        message = "hospitals are chosen by distance and beds"
        yield Problem("$.facilities.assignment", message, repr(request.assignment), "leave it out")


def _of_place(place: NetworkReference, path: str) -> Iterator[Problem]:
    problems = [
        *(_unknown(lambda: gazetteer.state_fips(place.state or ""), f"{path}.state") if place.state else ()),
        *(_unknown(lambda: gazetteer.county_fips(place.fips or ""), f"{path}.fips") if place.fips else ()),
    ]
    yield from problems
    if place.state and place.fips and not problems:
        digits = gazetteer.state_fips(place.state)
        if not gazetteer.county_fips(place.fips).startswith(digits):
            yield Problem(f"{path}.fips", "lies in another state", repr(place.fips), "leave one of them out")


def _unknown(looked_up: Callable[[], object], path: str) -> Iterator[Problem]:
    try:
        looked_up()
    except InvalidInputError as error:
        for each in error.problems:
            yield Problem(path, each.message, each.received, each.hint)


def _surplus(place: NetworkReference, keys: tuple[str, ...], section: str) -> Iterator[Problem]:
    for key in keys:
        if getattr(place, key) is not None:
            message = f"says nothing of {section}"
            yield Problem(f"$.{section}.reference.{key}", message, repr(getattr(place, key)), "leave it out")

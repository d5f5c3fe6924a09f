"""What a search of the network is for: the place, the taxonomy codes and the kind of facility, from words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from healthsim.errors import InvalidInputError, NotFoundError, Problem, rendered
from healthsim.reference import gazetteer
from healthsim.reference.network.hospital_files import hospital_types
from healthsim.reference.network.specialties import Calling, calling_named, calling_of_taxonomy, callings

Titles = Callable[[], Mapping[str, tuple[str, ...]]]

HOSPITAL = "hospital"
"""Stands for every kind of facility."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a search looks.

    Attributes:
        counties: FIPS codes of the counties.
        state: Letters of the state; None for the whole nation.
        county_fips: FIPS code of the one county; None for a state or the nation.
        city: City; None for every one.
        zip_code: ZIP code; None for every one.
    """

    counties: tuple[str, ...]
    state: str | None
    county_fips: str | None
    city: str | None = None
    zip_code: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What providers a search is for.

    Attributes:
        calling: What they do, in our own words; None where these have no word, or everybody is wanted.
        codes: Their taxonomy codes; empty for everybody.
        is_person: Whether only people are wanted, and no organisations of the same code.
    """

    calling: Calling | None
    codes: tuple[str, ...]
    is_person: bool


def place_searched(
    state: str | None, county_fips: str | int | None, city: str | None = None, zip_code: str | None = None
) -> tuple[Place | None, list[Problem]]:
    """Give the place that words name, and every problem with them."""
    problems: list[Problem] = []
    fips = digits = None
    try:
        fips = None if county_fips is None else gazetteer.county_fips(county_fips, path="$.county_fips")
    except InvalidInputError as error:
        problems += error.problems
    try:
        digits = None if state is None else gazetteer.state_fips(state)
    except NotFoundError as error:
        problems += [Problem("$.state", each.message, each.received, each.hint) for each in error.problems]
    if problems:
        return None, problems
    if fips and digits and not fips.startswith(digits):
        return None, [Problem("$.county_fips", "lies in another state", rendered(fips), "leave the state out")]
    if fips is None and digits is None and zip_code is None:
        hint = "name a state, a county_fips or a zip"
        return None, [Problem("$", "a search is over a place", None, hint)]
    digits = fips[:2] if fips else digits
    counties = (fips,) if fips else tuple(gazetteer.current_counties(digits or ""))
    return Place(counties, gazetteer.states()[digits][0] if digits else None, fips, city, zip_code), []


def providers_wanted(specialty: str | None, taxonomy: str | None, titles: Titles) -> tuple[Wanted, list[Problem]]:
    """Give the providers that words name, and every problem with them.

    Args:
        specialty: A word of ours, a usual one, or a title of the taxonomy.
        taxonomy: A taxonomy code.
        titles: Gives the codes that are loaded, and what they stand for; asked where our own words do not do.
    """
    problems: list[Problem] = []
    wanted, named = Wanted(None, (), is_person=False), None
    if taxonomy is not None:
        calling = calling_of_taxonomy().get(taxonomy)
        wanted = _wanted(calling, (taxonomy,))
        if calling is None and taxonomy not in titles():
            codes = [*(code for each in callings().values() for code in each.taxonomies), *titles()]
            problems += NotFoundError("taxonomy code", taxonomy, codes, path="$.taxonomy").problems
    if specialty is not None:
        try:
            named = specialty_wanted(specialty, titles)
        except NotFoundError as error:
            return wanted, [*problems, *error.problems]
        if taxonomy is not None and not problems and taxonomy not in named.codes:
            problems.append(Problem("$.taxonomy", "is not a code of the specialty", rendered(taxonomy), named.codes[0]))
    return (named if named and taxonomy is None else wanted), problems


def specialty_wanted(specialty: str, titles: Titles) -> Wanted:
    """Give the providers of a specialty; the arguments are those of `providers_wanted`.

    Raises:
        NotFoundError: Nothing answers to it; names the nearest.
    """
    try:
        calling = calling_named(specialty)
    except NotFoundError as error:
        folded = " ".join(specialty.replace("_", " ").split()).casefold()
        listed = titles()
        codes = tuple(code for code, words in listed.items() if folded in words)
        if codes:
            return _wanted(None, codes)
        names = [*callings(), *dict.fromkeys(word for words in listed.values() for word in words)]
        raise NotFoundError("specialty", specialty, [*error.nearest, *names], path="$.specialty") from error
    return _wanted(calling, calling.taxonomies)


def facility_type_problems(facility_type: str | None) -> list[Problem]:
    """Give what is wrong with a kind of facility."""
    known = (HOSPITAL, *hospital_types())
    if facility_type is None or facility_type.casefold() in known:
        return []
    return list(NotFoundError("facility type", facility_type, known, path="$.facility_type").problems)


def _wanted(calling: Calling | None, codes: tuple[str, ...]) -> Wanted:
    return Wanted(calling, codes, is_person=calling is not None and not calling.is_organisation)

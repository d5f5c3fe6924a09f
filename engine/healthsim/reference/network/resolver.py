"""NetworkSim for users: find providers and facilities of a place."""

from typing import Any

from healthsim.errors import InvalidInputError, NotFoundError, Problem, rendered
from healthsim.reference import gazetteer
from healthsim.reference.network import directory
from healthsim.reference.network.directory import Facility, Provider
from healthsim.reference.network.specialties import calling_named

_MOST = 10_000
_MOST_BEDS = 100_000
_CODES = frozenset({"county_fips", "zip"})


class NetworkSimResolver:
    """Finds providers and facilities.

    This version knows the starter's directory alone, which is invented: its providers have NPIs that are never issued.
    Official directories cannot be loaded yet.

    Args:
        conn: The workspace database; kept for the directories that will be loaded into it.
    """

    def __init__(self, conn: Any = None) -> None:  # noqa: ANN401 - any connection
        self.conn = conn

    @property
    def source(self) -> str:
        """Where the directory is from."""
        return directory.STARTER_SOURCE

    def find_providers(
        self,
        *,
        state: str | None = None,
        city: str | None = None,
        county_fips: str | int | None = None,
        zip: str | int | None = None,  # noqa: A002 - the field's own word
        taxonomy: str | None = None,
        specialty: str | None = None,
        limit: int = 20,
    ) -> list[Provider]:
        """List providers of a place, in the order of their NPIs.

        Args:
            state: Letters or name of the state.
            city: Name of the city, whatever its case.
            county_fips: FIPS code of the county.
            zip: ZIP code.
            taxonomy: NUCC code; see `TAXONOMY_MAP`.
            specialty: A word of ours or a usual one, such as `cardiology` or `cardiologist`.
            limit: At most so many.

        Raises:
            InvalidInputError: Something named is unknown; lists every problem.
        """
        _refuse(_type_problems(state=state, city=city, county_fips=county_fips, zip=zip, taxonomy=taxonomy,
                               specialty=specialty))  # fmt: skip
        zip_code = None if zip is None else f"{zip:0>5}"
        counties, problems = directory.counties_searched(state, county_fips, zip_code)
        calling, unknown = directory.calling_asked(specialty, taxonomy)
        _refuse([*problems, *unknown, *_limit_problems(limit)])
        return directory.find_providers(calling, counties, city=city, zip_code=zip_code, limit=limit)

    def find_facilities(
        self,
        *,
        state: str | None = None,
        city: str | None = None,
        county_fips: str | int | None = None,
        facility_type: str | None = None,
        min_beds: int = 0,
        limit: int = 20,
    ) -> list[Facility]:
        """List hospitals of a place, the largest first.

        Args:
            state: Letters or name of the state.
            city: Name of the city, whatever its case.
            county_fips: FIPS code of the county.
            facility_type: `hospital` for every kind, or a kind such as `general_acute_care`.
            min_beds: At least so many beds.
            limit: At most so many.

        Raises:
            InvalidInputError: Something named is unknown; lists every problem.
        """
        _refuse(_type_problems(state=state, city=city, county_fips=county_fips, facility_type=facility_type))
        counties, problems = directory.counties_searched(state, county_fips, None)
        if not isinstance(min_beds, int) or isinstance(min_beds, bool) or not 0 <= min_beds <= _MOST_BEDS:
            problems = [*problems, Problem("$.min_beds", f"must be from 0 to {_MOST_BEDS:,}", rendered(min_beds))]
        _refuse([*problems, *directory.facility_type_problems(facility_type), *_limit_problems(limit)])
        return directory.find_hospitals(counties, city=city, min_beds=min_beds, limit=limit)

    def provider(self, npi: int | str) -> Provider:
        """Give one provider.

        Raises:
            NotFoundError: Nobody has the NPI.
        """
        if not (str(npi).isascii() and str(npi).isdigit()):
            raise NotFoundError("provider", str(npi), path="$.npi")
        return directory.provider(int(npi))

    def density(self, specialty: str, *, county_fips: str | int | None = None, state: str | None = None) -> float:
        """Give providers of a specialty per 100,000 people of a county, a state or, with neither, the nation.

        Raises:
            InvalidInputError: Something named is unknown.
        """
        _refuse(_type_problems(specialty=specialty, county_fips=county_fips, state=state))
        if county_fips is None and state is None:
            return directory.density(calling_named(specialty), gazetteer.current_counties())
        counties, problems = directory.counties_searched(state, county_fips, None)
        _refuse(problems)
        return directory.density(calling_named(specialty), counties)


def _type_problems(**words: object) -> list[Problem]:
    """Give the words that are no texts; codes of places may be whole numbers."""
    return [
        Problem(f"$.{name}", "is a text" + (" or a whole number" if name in _CODES else ""), rendered(value))
        for name, value in words.items()
        if value is not None
        and not isinstance(value, str)
        and not (name in _CODES and isinstance(value, int) and not isinstance(value, bool))
    ]


def _limit_problems(limit: int) -> list[Problem]:
    if isinstance(limit, int) and not isinstance(limit, bool) and 1 <= limit <= _MOST:
        return []
    return [Problem("$.limit", f"must be from 1 to {_MOST:,}", rendered(limit))]


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise InvalidInputError(problems)

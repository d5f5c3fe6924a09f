"""NetworkSim for users: find providers and facilities of a place."""

from typing import Any

from healthsim.errors import InvalidInputError, NotFoundError, Problem, rendered
from healthsim.reference.connections import read_from
from healthsim.reference.gazetteer import current_counties
from healthsim.reference.network import directory
from healthsim.reference.network.loaded import LoadedNetwork
from healthsim.reference.network.npi import NPI_DIGITS
from healthsim.reference.network.records import Facility, Provider
from healthsim.reference.network.searching import (
    HOSPITAL,
    Place,
    facility_type_problems,
    place_searched,
    providers_wanted,
    specialty_wanted,
)

_MOST = 10_000
_MOST_BEDS = 100_000
_CODES = frozenset({"county_fips", "zip"})


class NetworkSimResolver:
    """Finds providers and facilities: those that are loaded, else the starter's.

    Providers are loaded with NPPES's file, facilities with HIFLD's or CMS's; each answers without the other. The
    starter's directory is invented: its providers have NPIs that are never issued. `source` says which answers, and
    each provider and facility whether it is invented.

    Args:
        conn: A DuckDB connection, read-only too, with loaded files or without; None for the starter alone.

    Raises:
        InvalidInputError: `conn` is no connection.
        StateError: The connection is closed, or cannot be read.
    """

    def __init__(self, conn: Any = None) -> None:  # noqa: ANN401 - checked, so that the error is ours
        self.conn = conn
        self._loaded = read_from(conn, LoadedNetwork)

    @property
    def source(self) -> str:
        """Where providers and facilities are from."""
        return f"providers: {self.provider_source}; facilities: {self.facility_source}"

    @property
    def provider_source(self) -> str:
        """Where the providers are from."""
        return self._loaded.provider_source() if self._loaded.has_providers else directory.STARTER_SOURCE

    @property
    def facility_source(self) -> str:
        """Where the facilities are from."""
        return self._loaded.facility_source() if self._loaded.has_facilities else directory.STARTER_SOURCE

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
        """List providers of a place, in the order of their NPIs; of a specialty of people, no organisations.

        Args:
            state: Letters or name of the state.
            city: Name of the city, whatever its case.
            county_fips: FIPS code of the county.
            zip: ZIP code.
            taxonomy: NUCC code, of loaded providers the primary one; see `TAXONOMY_MAP`.
            specialty: A word of ours or a usual one, such as `cardiology` or `cardiologist`; with the NUCC's file
                loaded, its titles too.
            limit: At most so many.

        Raises:
            InvalidInputError: Something named is unknown; lists every problem.
        """
        _refuse(_type_problems(state=state, city=city, county_fips=county_fips, zip=zip, taxonomy=taxonomy,
                               specialty=specialty))  # fmt: skip
        place, problems = place_searched(state, county_fips, city, None if zip is None else f"{zip:0>5}")
        wanted, unknown = providers_wanted(specialty, taxonomy, self._loaded.titles)
        _refuse([*problems, *unknown, *_limit_problems(limit)])
        if self._loaded.has_providers:
            return self._loaded.find_providers(wanted, _given(place), limit)
        return directory.find_providers(wanted, _given(place), limit)

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
        """List hospitals of a place, the largest first, those of unknown size last.

        Args:
            state: Letters or name of the state.
            city: Name of the city, whatever its case.
            county_fips: FIPS code of the county.
            facility_type: `hospital` for every kind, or a kind such as `general_acute_care` or `critical_access`.
            min_beds: At least so many beds.
            limit: At most so many.

        Raises:
            InvalidInputError: Something named is unknown; lists every problem.
        """
        _refuse(_type_problems(state=state, city=city, county_fips=county_fips, facility_type=facility_type))
        place, problems = place_searched(state, county_fips, city)
        if not isinstance(min_beds, int) or isinstance(min_beds, bool) or not 0 <= min_beds <= _MOST_BEDS:
            problems = [*problems, Problem("$.min_beds", f"must be from 0 to {_MOST_BEDS:,}", rendered(min_beds))]
        _refuse([*problems, *facility_type_problems(facility_type), *_limit_problems(limit)])
        kind = None if facility_type is None or facility_type.casefold() == HOSPITAL else facility_type.casefold()
        if self._loaded.has_facilities:
            return self._loaded.find_facilities(_given(place), kind, min_beds, limit)
        return directory.find_hospitals(_given(place), kind, min_beds, limit)

    def provider(self, npi: int | str) -> Provider:
        """Give one provider, loaded or of the starter.

        Raises:
            NotFoundError: Nobody has the NPI.
        """
        digits = str(npi)
        if not (digits.isascii() and digits.isdigit() and len(digits) == NPI_DIGITS):
            raise NotFoundError("provider", rendered(npi), path="$.npi")
        loaded = self._loaded.provider(int(npi)) if self._loaded.has_providers else None
        return loaded or directory.provider(int(npi))

    def density(self, specialty: str, *, county_fips: str | int | None = None, state: str | None = None) -> float:
        """Give providers of a specialty per 100,000 people of a county, a state or, with neither, the nation.

        Raises:
            InvalidInputError: Something named is unknown.
        """
        _refuse(_type_problems(specialty=specialty, county_fips=county_fips, state=state))
        place: Place | None = Place(tuple(current_counties()), None, None)
        problems: list[Problem] = []
        if county_fips is not None or state is not None:
            place, problems = place_searched(state, county_fips)
        _refuse(problems)
        wanted = specialty_wanted(specialty, self._loaded.titles)
        where = _given(place)
        return self._loaded.density(wanted, where) if self._loaded.has_providers else directory.density(wanted, where)


def _given(place: Place | None) -> Place:
    if place is None:
        raise ValueError("a place without problems is there")
    return place


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

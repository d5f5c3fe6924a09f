"""PopulationSim for users: the figures of counties, states and the nation, and which there are."""

from dataclasses import dataclass
from typing import Any

from healthsim.errors import InvalidInputError, Problem, rendered
from healthsim.reference import gazetteer
from healthsim.reference.connections import read_from
from healthsim.reference.figures import Reference
from healthsim.reference.gazetteer import County
from healthsim.reference.place_profile import PlaceProfile, place_profile


@dataclass(frozen=True, slots=True)
class State:
    """A state, or the District of Columbia.

    Attributes:
        fips: Two digits.
        name: Its name, such as `Texas`.
        state: Its two letters.
        population: People, after CDC PLACES 2022.
    """

    fips: str
    name: str
    state: str
    population: int


class ReferenceProfileResolver:
    """Looks up what is known of a place: prevalences, ages, sexes, races and social vulnerability.

    The figures are those loaded into the connection's database, and of the package's starter tables where nothing is
    loaded. They are read once, when the resolver is made.

    Args:
        conn: A DuckDB connection, read-only or not, with loaded files or without; None for the starter tables alone.

    Raises:
        InvalidInputError: `conn` is no connection.
        StateError: The connection is closed, or its tables cannot be read.
    """

    def __init__(self, conn: Any = None) -> None:  # noqa: ANN401 - checked, so that the error is ours
        self._reference = reference_of(conn)

    def resolve_county(self, fips: str | int) -> PlaceProfile:
        """Give the figures of a county.

        Args:
            fips: Its five digits; a number, or a text without the leading zero, will do.

        Raises:
            NotFoundError: No county has the code; names the nearest.
        """
        return place_profile(self._reference, gazetteer.county_fips(fips))

    def resolve_state(self, state: str | int) -> PlaceProfile:
        """Give the figures of a state: means of its counties, weighted by their people.

        Args:
            state: Its letters, name or code.

        Raises:
            NotFoundError: No state answers to it; names the nearest.
        """
        return place_profile(self._reference, gazetteer.state_fips(state))

    def resolve_nation(self) -> PlaceProfile:
        """Give the figures of the nation."""
        return place_profile(self._reference, gazetteer.NATION)

    def list_counties(
        self, state: str | int | None = None, search: str | None = None, limit: int | None = None
    ) -> list[County]:
        """List counties in the order of their codes.

        Args:
            state: Letters, name or code of their state; None for all.
            search: A part of their name, whatever its case.
            limit: At most so many.

        Raises:
            InvalidInputError: The state is unknown, or the limit is no number of counties.
        """
        _check(search, limit)
        within = "" if state is None else gazetteer.state_fips(state)
        wanted = (search or "").casefold()
        found = [gazetteer.counties()[fips] for fips in sorted(gazetteer.current_counties(within))]
        return [county for county in found if wanted in county.full_name.casefold()][:limit]

    def list_states(self) -> list[State]:
        """List the states and the District of Columbia in the order of their codes."""
        people = dict.fromkeys(gazetteer.states(), 0)
        for fips in gazetteer.current_counties():
            people[fips[:2]] += gazetteer.counties()[fips].population
        return [State(fips, name, state, people[fips]) for fips, (state, name) in gazetteer.states().items()]


def reference_of(conn: object) -> Reference:
    """Read the figures of a connection.

    Args:
        conn: A DuckDB connection, or None for the starter tables alone.

    Raises:
        InvalidInputError: It is no connection.
        StateError: It is closed, or its tables cannot be read.
    """
    return read_from(conn, Reference)


def _check(search: str | None, limit: int | None) -> None:
    problems = []
    if search is not None and not isinstance(search, str):
        problems.append(Problem("$.search", "is a text", rendered(search)))
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 1):
        problems.append(Problem("$.limit", "must be 1 or more", rendered(limit)))
    if problems:
        raise InvalidInputError(problems)

"""Where the people asked for live: the counties, and the figures that hold for them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from healthsim.errors import InvalidInputError, NotFoundError, Problem
from healthsim.planning.plan import Floats, Ints
from healthsim.reference import Places, Reference
from healthsim.spec import Demographics

_NATION = "00"
_FIPS_PATH = "$.demographics.reference.fips"
_STATE_PATH = "$.demographics.reference.state"


@dataclass(frozen=True, slots=True)
class Residence:
    """Where the people live.

    Attributes:
        counties: FIPS codes of the counties.
        states: Letters of their states.
        row_of_county: Row of `figures` that holds in each county, shape `(counties,)`.
        population: People of each county, shape `(counties,)`.
        figures: Figures of the rows: of each county where the profile takes them from the data, else the nation's.
        is_local: Whether the profile takes them from the data.
    """

    counties: tuple[str, ...]
    states: tuple[str, ...]
    row_of_county: Ints
    population: Floats
    figures: Places
    is_local: bool


def residence(demographics: Demographics, reference: Reference) -> Residence:
    """Find the counties of a profile and their figures.

    Without a source, people live all over the nation, each county in proportion to its people, and are as the nation's.

    Raises:
        InvalidInputError: The place is unknown, or its parts contradict each other.
    """
    local = demographics.source is not None
    counties = _counties(demographics, reference)
    own = reference.places(counties)
    return Residence(
        counties=tuple(counties),
        states=own.states,
        row_of_county=np.arange(len(counties)) if local else np.zeros(len(counties), np.int64),
        population=own.population,
        figures=own if local else reference.places([_NATION]),
        is_local=local,
    )


def _counties(demographics: Demographics, reference: Reference) -> Sequence[str]:
    place = demographics.reference
    if demographics.source is None or place is None:
        return reference.counties_of("nation")
    try:
        counties = reference.counties_of(place.type, fips=place.fips, state=place.state)
        wanted = reference.counties_of("state", state=place.state) if place.state else counties
    except NotFoundError as error:
        path = _FIPS_PATH if "county" in error.kind else _STATE_PATH
        raise NotFoundError(error.kind, error.name, error.nearest, path=path) from error
    if place.type == "state" and place.fips is not None and not counties[0].startswith(place.fips[:2]):
        hint = "leave one of them out"
        raise InvalidInputError([Problem(_FIPS_PATH, "is of another state than the one named", repr(place.fips), hint)])
    if place.type == "county" and counties[0][:2] != wanted[0][:2]:
        county = reference.find_county(counties[0])
        message = f"the state of {county.full_name} is {county.state}"
        raise InvalidInputError([Problem(_STATE_PATH, message, repr(place.state), "leave it out, or name that state")])
    return counties

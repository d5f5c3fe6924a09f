"""Where the people asked for live: the counties, and the figures that hold for them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from healthsim.errors import InvalidInputError, NotFoundError, Problem
from healthsim.planning.plan import Floats, Ints
from healthsim.reference import FrozenFigures, FrozenTable, Places, Reference
from healthsim.spec import Demographics, PlaceFigures, Profile

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
        vulnerability: Rank of each county in social vulnerability, 0 to 1, NaN where unknown, shape `(counties,)`.
        figures: Figures of the rows: of each county where the profile takes them from the data, else the nation's.
        is_local: Whether the profile takes them from the data.
    """

    counties: tuple[str, ...]
    states: tuple[str, ...]
    row_of_county: Ints
    population: Floats
    vulnerability: Floats
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
    return Residence(
        counties=tuple(counties),
        states=tuple(reference.find_county(fips).state for fips in counties),
        row_of_county=np.arange(len(counties)) if local else np.zeros(len(counties), np.int64),
        population=reference.population(counties),
        vulnerability=reference.vulnerability(counties),
        figures=reference.places(counties if local else [_NATION]),
        is_local=local,
    )


def ranks_of(home: Residence) -> Mapping[str, str]:
    """Give the rank of each county in social vulnerability, as text; counties of unknown rank are left out."""
    ranks = zip(home.counties, home.vulnerability.tolist(), strict=True)
    return {fips: str(rank) for fips, rank in ranks if not np.isnan(rank)}


def frozen_figures(demographics: Demographics, reference: Reference) -> PlaceFigures:
    """Take out of the reference data what the people of a profile need of it.

    Raises:
        InvalidInputError: The place is unknown, or its parts contradict each other.
    """
    counties = _counties(demographics, reference)
    frozen = reference.frozen(places=counties if demographics.source else [_NATION], counties=counties)
    return PlaceFigures.model_validate(
        {
            "reference": demographics.reference,
            "version": frozen.version,
            "tables": [asdict(table) for table in frozen.tables],
        }
    )


def reference_for(profile: Profile, reference: Reference) -> Reference:
    """Give the reference data that hold for a profile: what it carries with it, else what is at hand."""
    figures = profile.demographics.figures
    if figures is not None:
        tables = tuple(FrozenTable(**dict(table)) for table in figures.tables)
        reference = reference.holding(FrozenFigures(figures.version, tables))
    return reference.without_network() if _lists_its_network(profile) else reference


def _lists_its_network(profile: Profile) -> bool:
    """Tell whether a profile lists all hospitals and providers that it needs."""
    has_hospitals = profile.facilities is not None and profile.facilities.listing is not None
    return has_hospitals and (profile.providers is None or profile.providers.listing is not None)


def _counties(demographics: Demographics, reference: Reference) -> Sequence[str]:
    place = demographics.reference
    if demographics.source is None or place is None:
        return reference.counties_of("nation")
    try:
        counties = reference.counties_of(place.type, fips=place.fips, state=place.state)
        wanted = reference.counties_of("state", state=place.state) if place.state else counties
    except NotFoundError as error:
        path = _FIPS_PATH if "county" in error.kind else _STATE_PATH
        raise NotFoundError(error.kind, error.name, path=path, nearest=error.nearest) from error
    if place.type == "state" and place.fips is not None and not counties[0].startswith(place.fips[:2]):
        hint = "leave one of them out"
        raise InvalidInputError([Problem(_FIPS_PATH, "is of another state than the one named", repr(place.fips), hint)])
    if place.type == "county" and counties[0][:2] != wanted[0][:2]:
        county = reference.find_county(counties[0])
        message = f"the state of {county.full_name} is {county.state}"
        raise InvalidInputError([Problem(_STATE_PATH, message, repr(place.state), "leave it out, or name that state")])
    return counties

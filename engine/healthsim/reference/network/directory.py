"""The network: who provides care in a place, and where."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

from healthsim.errors import InvalidInputError, NotFoundError, Problem, rendered
from healthsim.reference import gazetteer
from healthsim.reference.network import starter
from healthsim.reference.network.specialties import PER, Calling, calling_named, callings

STARTER_SOURCE = "HealthSim starter directory (synthetic)"
HOSPITAL = "hospital"
_TYPES = (HOSPITAL, "general_acute_care")

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider.

    Attributes:
        npi: National Provider Identifier.
        name: Of the person or organisation.
        credential: Such as MD; None for organisations.
        taxonomy: NUCC code.
        specialty: What it stands for.
        address_line: House number and street.
        city: City.
        state: Letters of the state.
        zip: ZIP code.
        county_fips: FIPS code of the county.
        phone: Telephone number.
        latitude: Of the ZIP code, degrees north.
        longitude: Of the ZIP code, degrees east.
        is_synthetic: Whether it is invented.
    """

    npi: int
    name: str
    credential: str | None
    taxonomy: str
    specialty: str
    address_line: str
    city: str
    state: str
    zip: str
    county_fips: str
    phone: str
    latitude: float
    longitude: float
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class Facility:
    """A facility; the attributes are those of a provider, with `beds`, `facility_type`, `ownership` and `ccn`."""

    facility_id: int
    ccn: str | None
    name: str
    facility_type: str
    ownership: str | None
    beds: int | None
    address_line: str
    city: str
    state: str
    zip: str
    county_fips: str
    phone: str
    latitude: float
    longitude: float
    is_synthetic: bool


def find_providers(wanted: Calling | None, counties: Sequence[str], *, city: str | None, zip_code: str | None,
                   limit: int) -> list[Provider]:  # fmt: skip
    """List providers of a calling, or of every one, in some counties, in the order of their NPIs."""
    asked = [wanted] if wanted else list(callings().values())
    listed = starter.starter_providers(counties, asked)
    kept = _kept(listed, city=city, zip_code=zip_code, limit=limit)
    return [Provider(**row) for row in starter.described_providers(kept, asked).to_pylist()]


def find_hospitals(counties: Sequence[str], *, city: str | None, min_beds: int, limit: int) -> list[Facility]:
    """List hospitals of some counties, the largest first."""
    kept = _kept(starter.starter_hospitals(counties), city=city, zip_code=None, limit=None)
    table = starter.described_hospitals(kept)
    table = table.filter(compute.greater_equal(table["beds"], min_beds))
    ranked = table.sort_by([("beds", "descending"), ("facility_id", "ascending")]).slice(0, limit)
    return [Facility(**row) for row in ranked.to_pylist()]


def provider(npi: int) -> Provider:
    """Give one provider.

    Raises:
        NotFoundError: Nobody has the NPI.
    """
    found = starter.located(npi)
    if found is None:
        raise NotFoundError("provider", str(npi), path="$.npi")
    fips, calling = found
    listed = starter.starter_providers([fips], [calling])
    only = listed.rows(starter.provider_npis(listed) == npi)
    return Provider(**starter.described_providers(only, [calling]).to_pylist()[0])


def density(calling: Calling, counties: Sequence[str]) -> float:
    """Give providers of a calling per 100,000 people of some counties."""
    people = sum(gazetteer.counties()[fips].population for fips in counties)
    return len(starter.starter_providers(counties, [calling]).ordinal) / people * PER if people else 0.0


def counties_searched(
    state: str | None, county_fips: str | int | None, zip_code: str | None
) -> tuple[list[str], list[Problem]]:
    """Give the counties that a search is over, and every problem with the words it names them by."""
    problems: list[Problem] = []
    fips = state_digits = None
    try:
        fips = None if county_fips is None else gazetteer.county_fips(county_fips, path="$.county_fips")
    except InvalidInputError as error:
        problems += error.problems
    try:
        state_digits = None if state is None else gazetteer.state_fips(state)
    except NotFoundError as error:
        problems += [Problem("$.state", each.message, each.received, each.hint) for each in error.problems]
    if problems:
        return [], problems
    if fips and state_digits and not fips.startswith(state_digits):
        return [], [Problem("$.county_fips", "lies in another state", rendered(fips), "leave the state out")]
    if fips:
        return [fips], []
    if state_digits is None and zip_code is None:
        hint = "a state, a county_fips or a zip"
        return [], [Problem("$", "a search is over a place", None, f"name {hint}")]
    return gazetteer.current_counties(state_digits or ""), []


def calling_asked(specialty: str | None, taxonomy: str | None) -> tuple[Calling | None, list[Problem]]:
    """Give the calling that a search is for, None for all, and every problem with the words it is named by."""
    found: Calling | None = None
    problems: list[Problem] = []
    if taxonomy is not None:
        found = starter.calling_of(taxonomy)
        if found is None:
            problems += NotFoundError("taxonomy code", taxonomy, _taxonomies(), path="$.taxonomy").problems
    if specialty is not None:
        try:
            named = calling_named(specialty)
        except NotFoundError as error:
            return None, [*problems, *error.problems]
        if found is not None and named != found:
            problems.append(Problem("$.taxonomy", "is not a code of the specialty", rendered(taxonomy), named.taxonomy))
        found = named
    return found, problems


def facility_type_problems(facility_type: str | None) -> list[Problem]:
    """Give what is wrong with a kind of facility."""
    if facility_type is None or facility_type.casefold() in _TYPES:
        return []
    return list(NotFoundError("facility type", facility_type, _TYPES, path="$.facility_type").problems)


def _kept(listed: starter.Directory, *, city: str | None, zip_code: str | None, limit: int | None) -> starter.Directory:
    keep = np.ones(len(listed.ordinal), dtype=bool)
    if city is not None and city.casefold() not in {name.casefold() for name in listed.zips.cities}:
        raise NotFoundError("city of the place", city, listed.zips.cities, path="$.city")
    if zip_code is not None and zip_code not in listed.zips.zips:
        raise NotFoundError("ZIP code of the place", zip_code, listed.zips.zips, path="$.zip")
    if city is not None:
        named = np.array([name.casefold() == city.casefold() for name in listed.zips.cities])
        keep &= named[listed.zips.zip_city[listed.zip_code]]
    if zip_code is not None:
        keep &= (np.array(listed.zips.zips) == zip_code)[listed.zip_code]
    rows = np.flatnonzero(keep)
    return listed.rows(rows if limit is None else rows[:limit])


def _taxonomies() -> list[str]:
    return [code for calling in callings().values() for code in calling.taxonomies]


def used_providers(npis: Ints, listed: starter.Directory, wanted: Sequence[Calling]) -> pa.Table:
    """Describe the providers of some NPIs of a directory."""
    return starter.described_providers(listed.rows(np.isin(starter.provider_npis(listed), npis)), wanted)


def used_hospitals(ids: Ints, listed: starter.Directory) -> pa.Table:
    """Describe the hospitals of some identifiers of a directory."""
    return starter.described_hospitals(listed.rows(np.isin(starter.facility_ids(listed), ids)))

"""The starter's directory, searched: who provides care in a place, and where."""

import numpy as np
from pyarrow import compute

from healthsim.errors import NotFoundError
from healthsim.reference import gazetteer
from healthsim.reference.network import starter
from healthsim.reference.network.records import Facility, Provider
from healthsim.reference.network.searching import Place, Wanted
from healthsim.reference.network.specialties import PER, callings

STARTER_SOURCE = "HealthSim starter directory (synthetic)"


def find_providers(wanted: Wanted, place: Place, limit: int) -> list[Provider]:
    """List providers of a place, in the order of their NPIs; none for taxonomy codes that our words do not have."""
    if wanted.codes and wanted.calling is None:
        return []
    asked = [wanted.calling] if wanted.calling else list(callings().values())
    kept = _kept(starter.starter_providers(place.counties, asked), place)
    rows = np.arange(len(kept.ordinal))[:limit]
    return [Provider(**row) for row in starter.described_providers(kept.rows(rows), asked).to_pylist()]


def find_hospitals(place: Place, facility_type: str | None, min_beds: int, limit: int) -> list[Facility]:
    """List hospitals of a place, the largest first.

    Args:
        place: Where.
        facility_type: Kind of hospital; None for every one.
        min_beds: At least so many beds.
        limit: At most so many.
    """
    table = starter.described_hospitals(_kept(starter.starter_hospitals(place.counties), place))
    keep = compute.greater_equal(table["beds"], min_beds)
    if facility_type is not None:
        keep = compute.and_(keep, compute.equal(table["facility_type"], facility_type))
    ranked = table.filter(keep).sort_by([("beds", "descending"), ("facility_id", "ascending")]).slice(0, limit)
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


def density(wanted: Wanted, place: Place) -> float:
    """Give providers per 100,000 people of a place."""
    if wanted.calling is None:
        return 0.0
    return len(starter.starter_providers(place.counties, [wanted.calling]).ordinal) / people_of(place) * PER


def people_of(place: Place) -> int:
    """Give the people of a place's counties."""
    return sum(gazetteer.counties()[fips].population for fips in place.counties)


def _kept(listed: starter.Directory, place: Place) -> starter.Directory:
    """Give the rows of the place's city and ZIP code."""
    keep = np.ones(len(listed.ordinal), dtype=bool)
    cities, zips = listed.zips.cities, listed.zips.zips
    if place.city is not None:
        named = np.array([name.casefold() == place.city.casefold() for name in cities])
        if not named.any():
            raise NotFoundError("city of the place", place.city, cities, path="$.city")
        keep &= named[listed.zips.zip_city[listed.zip_code]]
    if place.zip_code is not None:
        if place.zip_code not in zips:
            raise NotFoundError("ZIP code of the place", place.zip_code, zips, path="$.zip")
        keep &= (np.array(zips) == place.zip_code)[listed.zip_code]
    return listed.rows(keep)

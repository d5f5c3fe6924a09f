"""Where ZIP codes lie: their cities, states and counties."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import zipcodes

from healthsim.reference import gazetteer
from healthsim.reference.addresses import zip_table


@dataclass(frozen=True, slots=True)
class ZipPlace:
    """A place that a ZIP code may be written with.

    Attributes:
        zip: Five digits.
        city: The city, or another name that the Postal Service accepts for it.
        state: Two letters.
        county_fips: The county; None where it has no known code.
    """

    zip: str
    city: str
    state: str
    county_fips: str | None


def zip_places(zips: Iterable[str], counties: Iterable[str] = ()) -> list[ZipPlace]:
    """Give the places of ZIP codes.

    Args:
        zips: ZIP codes; those that are unknown have no place.
        counties: Counties whose people may have the ZIP code of a neighbour for want of one of their own.
    """
    wanted = set(zips)
    return [*_official(wanted), *_standing_in(wanted, counties)]


def _official(wanted: set[str]) -> Iterator[ZipPlace]:
    for zip_code in sorted(wanted):
        for record in _records().get(zip_code, ()):
            fips = _fips().get((record["state"], record["county"]))
            for city in (record["city"], *record["acceptable_cities"]):
                yield ZipPlace(zip_code, city, record["state"], fips)


def _standing_in(wanted: set[str], counties: Iterable[str]) -> Iterator[ZipPlace]:
    known = sorted(set(counties) & gazetteer.counties().keys())
    if not known:
        return
    table = zip_table(known)
    for index, fips in enumerate(table.counties):
        for place in table.members[table.offsets[index] : table.offsets[index + 1]]:
            if table.zips[place] in wanted:
                city = table.cities[table.zip_city[place]]
                yield ZipPlace(table.zips[place], city, gazetteer.counties()[fips].state, fips)


@cache
def _records() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for record in zipcodes.list_all():  # type: ignore[no-untyped-call]  # the package has no types
        found.setdefault(record["zip_code"], []).append(record)
    return found


@cache
def _fips() -> dict[tuple[str, str], str]:
    named = {(record["state"], record["county"]) for records in _records().values() for record in records}
    return dict(gazetteer.fips_by_name({place for place in named if all(place)}))

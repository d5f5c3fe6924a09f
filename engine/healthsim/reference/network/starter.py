"""The starter's directory of providers and hospitals: invented, by rule, the same for a county whatever else is asked.

How many providers of a specialty a county has follows the nation's density; they practise in the county's ZIP codes.
Their NPIs are of a range that is never issued. Hospitals follow the nation's community hospitals per head: 5,129 with
784,112 beds for 333.3 million people (AHA, Fast Facts on US Hospitals 2024, of 2022).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from healthsim.randomness import CategoryTable, Draws
from healthsim.reference import gazetteer
from healthsim.reference.addresses import ZipTable, street_names, zip_table
from healthsim.reference.names import DECADES, family_names, given_names
from healthsim.reference.network.npi import SYNTHETIC_FIRST_DIGIT, SYNTHETIC_NPIS, synthetic_npis
from healthsim.reference.network.specialties import PER, Calling, callings
from healthsim.reference.starter import read_table
from healthsim.reference.vocabulary import GROUPS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HOSPITALS_PER_HEAD = 5_129 / 333_300_000
OWNERSHIPS = {"nonprofit": 2_978, "for_profit": 1_235, "government": 916}
"""Community hospitals by owner (AHA, Fast Facts 2024)."""

HOSPITAL_KIND = "general_acute_care"
"""The kind of every hospital."""

_SEED = 0
_BED_CLASSES = (6, 25, 50, 100, 200, 300, 400, 500, 1_000)
_BED_CLASS_SHARES = (0.11, 0.24, 0.17, 0.19, 0.12, 0.07, 0.04, 0.06)
"""Hospitals by bed-size class of the AHA; shares assumed from its pattern, so that the mean is near that of 2022."""

_WOMEN = 0.38
"""Share of women among active physicians (AAMC, US Physician Workforce Data Dashboard, 2022)."""

_PRACTISING_BORN = (1960, 1990)
_HOSPITAL_NAMES = ("General Hospital", "Medical Center", "Community Hospital", "Regional Medical Center", "Hospital")
_FACILITY_BASE = 900_000_000


@dataclass(frozen=True, slots=True)
class Directory:
    """Some providers or hospitals of the starter, in the order of their identifiers.

    Attributes:
        ordinal: Number of each among all of the starter, shape `(rows,)`.
        county: Index of the county in `zips.counties`.
        calling: Index of the calling in the order asked for; of hospitals 0.
        zip_code: Index of the ZIP code in `zips`.
        zips: The ZIP codes of the counties.
    """

    ordinal: Ints
    county: Ints
    calling: Ints
    zip_code: Ints
    zips: ZipTable

    def rows(self, chosen: NDArray[Any]) -> "Directory":
        """Give some of the rows, by their numbers or marks."""
        return Directory(
            self.ordinal[chosen], self.county[chosen], self.calling[chosen], self.zip_code[chosen], self.zips
        )


def starter_providers(counties: Sequence[str], wanted: Sequence[Calling]) -> Directory:
    """Give the providers of some callings in some counties.

    Args:
        counties: FIPS codes.
        wanted: What they do.
    """
    counts, first = _providers_by_county()
    names = list(callings())
    row, column = _county_rows(counties), np.array([names.index(calling.name) for calling in wanted], np.int64)
    return _directory(counties, counts[np.ix_(row, column)], first[np.ix_(row, column)], "practice")


def starter_hospitals(counties: Sequence[str]) -> Directory:
    """Give the hospitals of some counties."""
    counts, first = _hospitals_by_county()
    row = _county_rows(counties)
    return _directory(counties, counts[row][:, np.newaxis], first[row][:, np.newaxis], "hospital")


def provider_npis(directory: Directory) -> Ints:
    """Give the NPIs of providers, shape `(rows,)`."""
    return synthetic_npis(directory.ordinal)


def facility_ids(directory: Directory) -> Ints:
    """Give the identifiers of hospitals, shape `(rows,)`."""
    return _FACILITY_BASE + directory.ordinal


def hospital_beds(directory: Directory) -> Ints:
    """Give the beds of hospitals, shape `(rows,)`."""
    draws, edges = _draws(directory.ordinal), np.array(_BED_CLASSES)
    size = CategoryTable.from_weights(_BED_CLASS_SHARES).draw(draws.uniform("bed_class"))
    return draws.integer("beds", edges[size], edges[size + 1] - 1)


def described_providers(directory: Directory, wanted: Sequence[Calling]) -> pa.Table:
    """Describe providers: columns of the table `providers_used`, with ZIP code's latitude and longitude."""
    draws = _draws(directory.ordinal)
    titles = {name: pa.array([getattr(calling, name) for calling in wanted]) for name in ("title", "taxonomy")}
    credentials = pa.array([calling.credential or None for calling in wanted], pa.string())
    is_organisation = np.array([calling.is_organisation for calling in wanted])[directory.calling]
    people, firms = _person_names(draws), _organisation_names(directory, wanted, draws)
    calling = pa.array(directory.calling)
    return pa.table(
        {
            "npi": provider_npis(directory),
            "name": pa.array(np.where(is_organisation, firms, people), pa.string()),
            "credential": credentials.take(calling),
            "taxonomy": titles["taxonomy"].take(calling),
            "specialty": titles["title"].take(calling),
            **_where(directory, draws),
            "is_synthetic": pa.array(np.ones(len(directory.ordinal), bool)),
        }
    )


def described_hospitals(directory: Directory) -> pa.Table:
    """Describe hospitals: columns of the table `facilities_used`, with ZIP code's latitude and longitude."""
    draws = _draws(directory.ordinal)
    owner = CategoryTable.from_weights(list(OWNERSHIPS.values())).draw(draws.uniform("ownership"))
    kind = draws.integer("hospital_name", 0, len(_HOSPITAL_NAMES) - 1)
    cities = np.array(directory.zips.cities, object)[directory.zips.zip_city[directory.zip_code]]
    rows = len(directory.ordinal)
    return pa.table(
        {
            "facility_id": facility_ids(directory),
            "ccn": pa.nulls(rows, pa.string()),
            "name": pa.array(cities + " " + np.array(_HOSPITAL_NAMES, object)[kind], pa.string()),
            "facility_type": pa.array([HOSPITAL_KIND] * rows, pa.string()),
            "ownership": pa.array(tuple(OWNERSHIPS)).take(pa.array(owner)),
            "beds": pa.array(hospital_beds(directory), pa.int32()),
            "rating": pa.nulls(rows, pa.int32()),
            **_where(directory, draws),
            "is_synthetic": pa.array(np.ones(rows, bool)),
        }
    )


def located(npi: int) -> tuple[str, Calling] | None:
    """Find the county and calling of one of the starter's NPIs; None for what is none of them."""
    counts, first = _providers_by_county()
    ordinal = npi // 10 - SYNTHETIC_FIRST_DIGIT * SYNTHETIC_NPIS
    if ordinal < 0 or ordinal >= counts.sum() or int(synthetic_npis(np.array([ordinal]))[0]) != npi:
        return None
    flat = int(np.searchsorted(first.ravel() + counts.ravel(), ordinal, side="right"))
    county, calling = divmod(flat, counts.shape[1])
    return tuple(gazetteer.counties())[county], tuple(callings().values())[calling]


@cache
def _providers_by_county() -> tuple[Ints, Ints]:
    """Count the providers by county and calling, and give the ordinal of the first of each, shape `(counties, n)`."""
    people = np.array([county.population for county in gazetteer.counties().values()], dtype=np.float64)
    density = np.array([calling.per_100k for calling in callings().values()]) / PER
    draws = Draws.for_people(_SEED, 0, len(people))
    chance = np.stack([draws.uniform(f"providers:{name}") for name in callings()], axis=1)
    counts = (people[:, np.newaxis] * density + chance).astype(np.int64)
    everywhere = np.array([calling.is_everywhere for calling in callings().values()])
    counts = np.where((density > 0) & everywhere, np.maximum(counts, 1), np.where(density > 0, counts, 0))
    return counts, np.cumsum(counts).reshape(counts.shape) - counts


@cache
def _hospitals_by_county() -> tuple[Ints, Ints]:
    people = np.array([county.population for county in gazetteer.counties().values()], dtype=np.float64)
    chance = Draws.for_people(_SEED, 0, len(people)).uniform("hospitals")
    counts = (people * HOSPITALS_PER_HEAD + chance).astype(np.int64)
    return counts, np.cumsum(counts) - counts


def _county_rows(counties: Sequence[str]) -> Ints:
    rows = {fips: row for row, fips in enumerate(gazetteer.counties())}
    return np.array([rows[gazetteer.county_fips(fips)] for fips in counties], dtype=np.int64)


def _directory(counties: Sequence[str], counts: Ints, first: Ints, stream: str) -> Directory:
    """List what the counts say, shape of both `(counties, callings)`, each in a ZIP code of its county."""
    zips = zip_table(counties)
    per_cell = counts.ravel()
    cell = np.repeat(np.arange(len(per_cell)), per_cell)
    within = np.arange(len(cell)) - np.repeat(np.cumsum(per_cell) - per_cell, per_cell)
    ordinal = first.ravel()[cell] + within
    order = np.argsort(ordinal, kind="stable")
    county, calling = np.divmod(cell[order], counts.shape[1])
    begin, end = zips.offsets[county], zips.offsets[county + 1]
    place = _draws(ordinal[order]).integer(stream, 0, end - begin - 1)
    return Directory(ordinal[order], county, calling, zips.members[begin + place], zips)


def _draws(ordinals: Ints) -> Draws:
    return Draws.for_indices(_SEED, ordinals)


def _where(directory: Directory, draws: Draws) -> dict[str, pa.Array]:
    zips, streets = directory.zips, street_names()
    suffix = CategoryTable.from_weights(streets.suffix_weights).draw(draws.uniform("street_suffix"))
    name = draws.integer("street_name", 0, len(streets.names) - 1)
    number = draws.integer("house_number", 1, 9999).astype(str).astype(object)
    street = np.array(streets.names, object)[name] + " " + np.array(streets.suffixes, object)[suffix]
    line = draws.integer("phone", 0, 99)
    area = zips.area_codes[directory.zip_code]
    phones = [f"({code:03d}) 555-01{end:02d}" for code, end in zip(area.tolist(), line.tolist(), strict=True)]
    states = [gazetteer.counties()[fips].state for fips in zips.counties]
    return {
        "address_line": pa.array(number + " " + street, pa.string()),
        "city": pa.array(zips.cities).take(pa.array(zips.zip_city[directory.zip_code])),
        "state": pa.array(states).take(pa.array(directory.county)),
        "zip": pa.array(zips.zips).take(pa.array(directory.zip_code)),
        "county_fips": pa.array(zips.counties).take(pa.array(directory.county)),
        "phone": pa.array(phones, pa.string()),
        "latitude": pa.array(zips.latitude[directory.zip_code]),
        "longitude": pa.array(zips.longitude[directory.zip_code]),
    }


def _person_names(draws: Draws) -> NDArray[np.object_]:
    given, given_table, family, family_table, groups = _name_tables()
    sex = (draws.uniform("provider_sex") >= _WOMEN).astype(np.int64)
    group = groups.draw(draws.uniform("provider_group"))
    low, high = (DECADES.index(year) for year in _PRACTISING_BORN)
    row = (sex * len(DECADES) + draws.integer("provider_decade", low, high)) * len(GROUPS) + group
    first = given[given_table.draw(draws.uniform("provider_given"), row)]
    last = family[family_table.draw(draws.uniform("provider_family"), group)]
    names: NDArray[np.object_] = first + " " + last
    return names


def _organisation_names(directory: Directory, wanted: Sequence[Calling], draws: Draws) -> NDArray[np.object_]:
    words = [calling.words or ("",) for calling in wanted]
    most = np.array([len(each) for each in words])[directory.calling]
    choice = draws.integer("organisation_name", 0, most - 1)
    padded = np.array([[*each, *[""] * (max(map(len, words)) - len(each))] for each in words], object)
    cities = np.array(directory.zips.cities, object)[directory.zips.zip_city[directory.zip_code]]
    names: NDArray[np.object_] = cities + " " + padded[directory.calling, choice]
    return names


@cache
def _name_tables() -> tuple[NDArray[np.object_], CategoryTable, NDArray[np.object_], CategoryTable, CategoryTable]:
    given, family = given_names(), family_names()
    shares = {row["group"]: float(row["share"]) for row in read_table("provider_groups.csv")}
    return (
        np.array(given.names, object),
        CategoryTable.from_weights(given.weights.reshape(-1, len(given.names))),
        np.array(family.names, object),
        CategoryTable.from_weights(family.weights),
        CategoryTable.from_weights([shares[group] for group in GROUPS]),
    )

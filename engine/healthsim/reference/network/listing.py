"""Providers and hospitals to choose from: where each is, as numbers, and how the chosen ones are described."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from healthsim.reference import gazetteer
from healthsim.reference.network import starter
from healthsim.reference.network.specialties import Calling

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

UNKNOWN = -1
"""Number of a place that is not known."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where the rows of a listing are; numbers of what is not known are `UNKNOWN`.

    Attributes:
        zips: ZIP codes.
        zip_code: Number of each row's ZIP code, shape `(rows,)`.
        cities: Names of cities, in small letters.
        city: Number of each row's city.
        counties: FIPS codes.
        county: Number of each row's county.
        state: FIPS number of each row's state.
    """

    zips: tuple[str, ...]
    zip_code: Ints
    cities: tuple[str, ...]
    city: Ints
    counties: tuple[str, ...]
    county: Ints
    state: Ints

    def in_city(self, name: str | None) -> NDArray[np.bool_]:
        """Tell which rows are in a city of this name, all where none is named, shape `(rows,)`."""
        if name is None:
            return np.ones(len(self.city), dtype=bool)
        # The mark at the end is that of `UNKNOWN`.
        named: NDArray[np.bool_] = np.array([*(city == name.casefold() for city in self.cities), False], dtype=bool)
        return named[self.city]

    def kept(self, chosen: NDArray[np.bool_]) -> "Whereabouts":
        """Give where some of the rows are."""
        numbers = {name: getattr(self, name)[chosen] for name in ("zip_code", "city", "county", "state")}
        return replace(self, **numbers)


@dataclass(frozen=True, slots=True)
class StarterRows:
    """Rows that the starter invents.

    Attributes:
        directory: Who they are.
        callings: What providers do, by the directory's numbers; none for hospitals.
    """

    directory: starter.Directory
    callings: tuple[Calling, ...]

    def kept(self, chosen: NDArray[np.bool_]) -> "StarterRows":
        """Give some of the rows."""
        return replace(self, directory=self.directory.rows(chosen))

    def described(self) -> pa.Table:
        """Describe them: columns of the table `providers_used` or `facilities_used`, and more."""
        if self.callings:
            return starter.described_providers(self.directory, self.callings)
        return starter.described_hospitals(self.directory)


@dataclass(frozen=True, slots=True)
class LoadedRows:
    """Rows of official files.

    Attributes:
        table: Columns of the table `providers_used` or `facilities_used`, and more.
    """

    table: pa.Table

    def kept(self, chosen: NDArray[np.bool_]) -> "LoadedRows":
        """Give some of the rows."""
        return LoadedRows(self.table.filter(pa.array(chosen)))

    def described(self) -> pa.Table:
        """Describe them."""
        return self.table


@dataclass(frozen=True, slots=True)
class Listing:
    """Providers or hospitals to choose from, in the order of their identifiers.

    Attributes:
        identifier: NPI or identifier of the facility, shape `(rows,)`.
        calling: Number of what each provider does, in the order asked for; of hospitals 0.
        where: Where they are.
        rows: What describes them.
    """

    identifier: Ints
    calling: Ints
    where: Whereabouts
    rows: StarterRows | LoadedRows

    def kept(self, chosen: NDArray[np.bool_]) -> "Listing":
        """Give some of them."""
        return Listing(self.identifier[chosen], self.calling[chosen], self.where.kept(chosen), self.rows.kept(chosen))

    def described(self, identifiers: Ints) -> pa.Table:
        """Describe those of some identifiers: columns of the table `providers_used` or `facilities_used`, and more."""
        return self.rows.kept(np.isin(self.identifier, identifiers)).described()


def starter_provider_listing(counties: Sequence[str], wanted: Sequence[Calling]) -> Listing:
    """List the starter's providers of some callings in some counties."""
    directory = starter.starter_providers(counties, wanted)
    rows = StarterRows(directory, tuple(wanted))
    return Listing(starter.provider_npis(directory), directory.calling, starter_where(directory), rows)


def loaded_provider_listing(table: pa.Table, wanted: Sequence[Calling], titles: Mapping[str, str]) -> Listing:
    """List loaded providers.

    Args:
        table: Their columns, without `specialty` and `is_synthetic`; each has a taxonomy code of one of the callings.
        wanted: The callings.
        titles: What taxonomy codes stand for.
    """
    numbers = {code: number for number, calling in enumerate(wanted) for code in calling.taxonomies}
    codes, names = _coded(table["taxonomy"])
    calling = np.array([numbers[name] for name in names], np.int64)[codes]
    specialty = pa.array([titles.get(name) for name in names], pa.string()).take(pa.array(codes))
    described = table.append_column("specialty", specialty)
    described = described.append_column("is_synthetic", pa.array(np.zeros(len(table), bool)))
    return Listing(np.asarray(table["npi"]).astype(np.int64), calling, loaded_where(table), LoadedRows(described))


def starter_where(directory: starter.Directory) -> Whereabouts:
    """Give where the starter's rows are."""
    zips = directory.zips
    states = np.array([int(fips[:2]) for fips in zips.counties], np.int64)
    return Whereabouts(
        zips=zips.zips,
        zip_code=directory.zip_code,
        cities=tuple(name.casefold() for name in zips.cities),
        city=zips.zip_city[directory.zip_code],
        counties=zips.counties,
        county=directory.county,
        state=states[directory.county],
    )


def loaded_where(table: pa.Table) -> Whereabouts:
    """Give where loaded rows are, by their columns `zip`, `city`, `county_fips` and `state`."""
    zip_code, zips = _coded(table["zip"])
    city, cities = _coded(table["city"])
    county, counties = _coded(table["county_fips"])
    state, states = _coded(table["state"])
    numbers = {letters: int(digits) for digits, (letters, _) in gazetteer.states().items()}
    own = np.array([numbers.get(letters, UNKNOWN) for letters in states], np.int64)
    return Whereabouts(zips, zip_code, tuple(map(str.casefold, cities)), city, counties, county, own[state])


def _coded(column: pa.ChunkedArray) -> tuple[Ints, tuple[str, ...]]:
    """Give the number of each text and the texts, `UNKNOWN` for null."""
    coded = column.combine_chunks().dictionary_encode()
    numbers: Ints = np.asarray(coded.indices.fill_null(UNKNOWN)).astype(np.int64)
    return numbers, tuple(coded.dictionary.to_pylist())

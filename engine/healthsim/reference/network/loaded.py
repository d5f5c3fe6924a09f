"""The loaded directory, searched: providers of NPPES, hospitals of HIFLD and CMS; every value of a search is bound."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa

from healthsim.errors import NotFoundError
from healthsim.reference.addresses import zip_places
from healthsim.reference.connections import readable
from healthsim.reference.network.directory import people_of
from healthsim.reference.network.records import Facility, Provider
from healthsim.reference.network.searching import Place, Wanted
from healthsim.reference.network.specialties import PER, calling_of_taxonomy

_PERSON = 1
_TABLES = "SELECT table_name FROM duckdb_tables()"
_PROVIDER = "npi, name, credential, taxonomy, address_line, city, state, zip, county_fips, phone"
_TITLES = {
    "providers": "NPPES",
    "hifld_hospitals": "HIFLD hospitals",
    "cms_hospitals": "CMS Hospital General Information",
}


class LoadedNetwork:
    """The tables of the schema `network` of a database, as far as they are loaded.

    Args:
        connection: The database; None for one with nothing loaded. It is read whenever this is asked.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection | None = None) -> None:
        self._connection = connection
        self._tables = frozenset[str]()
        if connection is not None:
            rows = self._rows(f"{_TABLES} WHERE schema_name = 'network' AND database_name = current_database()")
            self._tables = frozenset(name for (name,) in rows)

    @property
    def is_loaded(self) -> bool:
        """Whether anything is loaded, so that the connection is read when this is asked."""
        return bool(self._tables)

    @property
    def has_providers(self) -> bool:
        """Whether providers are loaded."""
        return "providers" in self._tables

    @property
    def has_facilities(self) -> bool:
        """Whether hospitals are loaded."""
        return "facilities" in self._tables

    def provider_source(self) -> str:
        """Name the files of the loaded providers, with the year of the latest."""
        return self._source("providers")

    def facility_source(self) -> str:
        """Name the files of the loaded hospitals, with their years."""
        return self._source("hifld_hospitals", "cms_hospitals")

    def titles(self) -> Mapping[str, tuple[str, ...]]:
        """Give what each taxonomy code stands for: its title and the names of its parts, in small letters.

        Without a loaded taxonomy there are the codes of the loaded providers, with no words.
        """
        if "taxonomy" in self._tables:
            query = "SELECT taxonomy, lower(title), lower(classification), lower(specialization) FROM network.taxonomy"
        elif self.has_providers:
            query = "SELECT DISTINCT taxonomy FROM network.providers"
        else:
            return {}
        rows = self._rows(f"{query} ORDER BY taxonomy")
        return {code: tuple(word for word in words if word) for code, *words in rows}

    def find_providers(self, wanted: Wanted, place: Place, limit: int) -> list[Provider]:
        """List providers of a place, in the order of their NPIs.

        Raises:
            NotFoundError: Nobody practises in a city or ZIP code of this name.
        """
        where, values = _provider_conditions(wanted, place)
        found = self._records(f"SELECT {_PROVIDER} FROM network.providers WHERE {where} ORDER BY npi LIMIT ?",  # noqa: S608 - bound
                              [*values, limit])  # fmt: skip
        if not found:
            self._check_place("providers", place)
        return self._providers(found)

    def find_facilities(self, place: Place, facility_type: str | None, min_beds: int, limit: int) -> list[Facility]:
        """List hospitals of a place, the largest first, those of unknown size last.

        Args:
            place: Where.
            facility_type: Kind of hospital; None for every one.
            min_beds: At least so many beds.
            limit: At most so many.

        Raises:
            NotFoundError: No hospital is in a city of this name.
        """
        where, values = _place_conditions(place, city="upper(city)")
        kind = "" if facility_type is None else " AND facility_type = ?"
        query = (
            f"SELECT *, false AS is_synthetic FROM network.facilities WHERE {where}{kind} AND coalesce(beds, 0) >= ? "  # noqa: S608 - bound
            "ORDER BY beds DESC NULLS LAST, facility_id LIMIT ?"
        )
        found = self._records(query, [*values, *([] if facility_type is None else [facility_type]), min_beds, limit])
        if not found:
            self._check_place("facilities", place)
        return [Facility(**row) for row in found]

    def provider(self, npi: int) -> Provider | None:
        """Give one provider; None where nobody has the NPI."""
        found = self._records(f"SELECT {_PROVIDER} FROM network.providers WHERE npi = ?", [npi])  # noqa: S608 - bound
        return self._providers(found)[0] if found else None

    def density(self, wanted: Wanted, place: Place) -> float:
        """Give providers per 100,000 people of a place."""
        where, values = _provider_conditions(wanted, place)
        ((count,),) = self._rows(f"SELECT count(*) FROM network.providers WHERE {where}", values)  # noqa: S608 - bound
        return float(count / people_of(place) * PER)

    def provider_table(self, states: Sequence[str], codes: Sequence[str], county_fips: str | None) -> pa.Table:
        """Read the people of some taxonomy codes who practise in some states, in the order of their NPIs.

        Args:
            states: Letters of the states.
            codes: Taxonomy codes.
            county_fips: The one county they practise in; None for all.
        """
        where = f"entity_type = {_PERSON} AND state IN ({_marks(states)}) AND taxonomy IN ({_marks(codes)})"
        county = "" if county_fips is None else "AND county_fips = ?"
        query = f"SELECT {_PROVIDER} FROM network.providers WHERE {where} {county} ORDER BY npi"  # noqa: S608 - bound
        return self._table(query, [*states, *codes, *([] if county_fips is None else [county_fips])])

    def facility_table(self, states: Sequence[str], county_fips: str | None) -> pa.Table:
        """Read the hospitals of some states, or of one county, in the order of their identifiers."""
        where = f"state IN ({_marks(states)}) {'' if county_fips is None else 'AND county_fips = ?'}"
        query = f"SELECT *, false AS is_synthetic FROM network.facilities WHERE {where} ORDER BY facility_id"  # noqa: S608 - bound
        return self._table(query, [*states, *([] if county_fips is None else [county_fips])])

    def specialties_of(self, codes: Iterable[str]) -> dict[str, str]:
        """Give what taxonomy codes stand for, in our words, else in the loaded taxonomy's; left out where unknown."""
        own = {code: calling.title for code in codes if (calling := calling_of_taxonomy().get(code))}
        others = [code for code in codes if code not in own]
        if not others or "taxonomy" not in self._tables:
            return own
        query = f"SELECT taxonomy, title FROM network.taxonomy WHERE taxonomy IN ({_marks(others)})"  # noqa: S608 - bound
        return {**own, **dict(self._rows(query, others))}

    def _providers(self, rows: Sequence[Mapping[str, Any]]) -> list[Provider]:
        specialties = self.specialties_of(list(dict.fromkeys(row["taxonomy"] for row in rows)))
        places = [zip_places().get(row["zip"]) for row in rows]
        return [
            Provider(
                **row,
                specialty=specialties.get(row["taxonomy"]),
                latitude=place.latitude if place else None,
                longitude=place.longitude if place else None,
                is_synthetic=False,
            )
            for row, place in zip(rows, places, strict=True)
        ]

    def _source(self, *kinds: str) -> str:
        rows = self._rows("SELECT kind, max(release) FROM population.loads WHERE list_contains(?, kind) "
                          "GROUP BY kind ORDER BY kind DESC", [list(kinds)])  # fmt: skip
        named = [f"{_TITLES[kind]} {year}" if year else _TITLES[kind] for kind, year in rows]
        return f"{' and '.join(named)} (loaded)"

    def _check_place(self, table: str, place: Place) -> None:
        """Refuse a city or ZIP code that nobody is in.

        Raises:
            NotFoundError: There is nobody; names the nearest.
        """
        if place.zip_code is not None and place.zip_code not in zip_places():
            raise NotFoundError("ZIP code of the place", place.zip_code, zip_places(), path="$.zip")
        if place.city is None:
            return
        where, values = _place_conditions(Place((), place.state, place.county_fips))
        rows = self._rows(f"SELECT DISTINCT upper(city) FROM network.{table} WHERE {where}", values)  # noqa: S608 - bound
        cities = [city for (city,) in rows]
        if place.city.upper() not in cities:
            raise NotFoundError("city of the place", place.city, sorted(cities), path="$.city")

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._cursor() as cursor:
            return cursor.execute(query, list(values)).fetchall()

    def _records(self, query: str, values: Sequence[object]) -> list[dict[str, Any]]:
        with self._cursor() as cursor:
            found = cursor.execute(query, list(values))
            names = [column[0] for column in found.description or []]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def _table(self, query: str, values: Sequence[object]) -> pa.Table:
        with self._cursor() as cursor:
            return cursor.sql(query, params=list(values)).to_arrow_table()

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a connection of our own to the same database, so that an answer the user is reading stays.

        Raises:
            StateError: Its tables are not as we load them.
        """
        if self._connection is None:
            raise ValueError("nothing is loaded")
        with readable(), self._connection.cursor() as cursor:
            yield cursor


def _marks(values: Sequence[object]) -> str:
    """Give a mark for each value that a query binds."""
    return ", ".join("?" for _ in values)


def _provider_conditions(wanted: Wanted, place: Place) -> tuple[str, list[object]]:
    where, values = _place_conditions(place)
    if wanted.codes:
        where, values = f"{where} AND taxonomy IN ({_marks(wanted.codes)})", [*values, *wanted.codes]
    return (f"{where} AND entity_type = {_PERSON}" if wanted.is_person else where), values


def _place_conditions(place: Place, *, city: str = "city") -> tuple[str, list[object]]:
    """Give the conditions of a place, and the values that they bind; the state goes first, by which the tables lie."""
    conditions = [
        ("county_fips = ?", place.county_fips),
        ("zip = ?", place.zip_code),
        (f"{city} = ?", place.city.upper() if place.city else None),
    ]
    kept = [(text, value) for text, value in [("state = ?", place.state), *conditions] if value is not None]
    return " AND ".join(text for text, _ in kept) or "true", [value for _, value in kept]

"""The official files of hospitals: HIFLD's with beds and places, and CMS's with certification, owner and rating."""

from collections.abc import Sequence
from functools import cache

import duckdb
import pyarrow as pa

from healthsim.errors import ReferenceFileError
from healthsim.reference import gazetteer
from healthsim.reference.checking import Check, number, problems_of
from healthsim.reference.network.facilities import joined_facilities
from healthsim.reference.network.official_places import (
    ZIPS,
    known_sql,
    phone_sql,
    registered_zips,
    states_sql,
    zip_sql,
)
from healthsim.reference.network.outcome import Outcome, left_out
from healthsim.reference.official_csv import STAGED, OfficialFile, quoted, read_header, stage
from healthsim.reference.official_source import Source, as_file
from healthsim.reference.starter import read_table

_UNKNOWN_BEDS = -999
_MOST_BEDS = 10_000
_COUNTY_NAMES = "official_county_names"

HIFLD_COLUMNS = (
    *("ID", "NAME", "ADDRESS", "CITY", "STATE", "ZIP", "TELEPHONE", "TYPE", "STATUS", "COUNTYFIPS", "LATITUDE"),
    *("LONGITUDE", "OWNER", "BEDS", "SOURCEDATE", "ALT_NAME"),
)
CMS_COLUMNS = (
    *("Facility ID", "Facility Name", "Address", "State", "ZIP Code", "Hospital Type", "Hospital Ownership"),
    *("Emergency Services", "Hospital overall rating"),
)
_CITY = ("City/Town", "City")
_COUNTY = ("County/Parish", "County Name")
_PHONE = ("Telephone Number", "Phone Number")
"""Columns of CMS that have changed their names, the present one first."""

_HIFLD_CHECKS = (
    Check("ID", pattern="[0-9]{1,10}", is_needed=True),
    Check("NAME", pattern=".+", is_needed=True),
    Check("CITY", pattern=".+", is_needed=True),
    Check("STATE", pattern="[A-Z]{2}", is_needed=True),
    Check("ZIP", pattern="[0-9]{3,5}|NOT AVAILABLE"),
    Check("COUNTYFIPS", pattern="[0-9]{4,5}|NOT AVAILABLE"),
    Check("LATITUDE", low=-90, high=90, missing=_UNKNOWN_BEDS),
    Check("LONGITUDE", low=-180, high=180, missing=_UNKNOWN_BEDS),
    Check("BEDS", high=_MOST_BEDS, missing=_UNKNOWN_BEDS),
)
_CMS_CHECKS = (
    Check("Facility ID", pattern="[0-9A-Z]{5,6}", is_needed=True),
    Check("Facility Name", pattern=".+", is_needed=True),
    Check("State", pattern="[A-Z]{2}", is_needed=True),
    Check("ZIP Code", pattern="[0-9]{3,5}"),
    Check("Emergency Services", pattern="Yes|No"),
    Check("Hospital overall rating", pattern="[1-5]|Not Available"),
)
_CCN = "lpad(\"Facility ID\", 6, '0')"


def load_hifld(connection: duckdb.DuckDBPyConnection, source: Source) -> Outcome:
    """Load HIFLD's hospitals in place of those of before; closed ones and those outside the states are left out.

    Raises:
        ReferenceFileError: Something in the file is wrong.
    """
    file = _staged(connection, source, _HIFLD_CHECKS, ('try_cast("ID" AS BIGINT)',))
    closed, inside = "\"STATUS\" = 'CLOSED'", f'"STATE" IN {states_sql()}'
    counties = f"(SELECT unnest({list(gazetteer.counties())}) AS fips)"
    with registered_zips(connection):
        connection.execute(f"""
            CREATE OR REPLACE TABLE network.hifld_hospitals AS
            SELECT "ID"::BIGINT AS facility_id, "NAME" AS name, {known_sql('"ALT_NAME"')} AS other_name,
                coalesce({_word("hifld", "type", "TYPE")}, 'other') AS facility_type,
                {_word("hifld", "owner", "OWNER")} AS ownership,
                {number("BEDS", _UNKNOWN_BEDS)}::INTEGER AS beds, "ADDRESS" AS address_line, "CITY" AS city,
                "STATE" AS state, {zip_sql('"ZIP"')} AS zip, coalesce(known.fips, zip_fips) AS county_fips,
                {phone_sql('"TELEPHONE"')} AS phone,
                coalesce({number("LATITUDE", _UNKNOWN_BEDS)}, zip_latitude) AS latitude,
                coalesce({number("LONGITUDE", _UNKNOWN_BEDS)}, zip_longitude) AS longitude
            FROM {STAGED} LEFT JOIN {counties} AS known ON known.fips = lpad("COUNTYFIPS", 5, '0')
                LEFT JOIN {ZIPS} ON zip_code = {zip_sql('"ZIP"')}
            WHERE NOT {closed} AND {inside} ORDER BY facility_id
        """)  # noqa: S608 - our own expressions
    counted = _counted(connection, "hifld_hospitals")
    years = "max(regexp_extract(\"SOURCEDATE\", '20[0-9]{2}')::INTEGER)"
    queries = f"count(*) FILTER ({closed}), count(*) FILTER (NOT {closed} AND NOT {inside})"
    year, shut, outside = _only(connection, f"SELECT {years}, {queries} FROM {STAGED}")  # noqa: S608 - as above
    reasons = {"closed": shut or 0, "outside the 50 states and DC": outside or 0}
    connection.execute(f"DROP TABLE {STAGED}")
    return Outcome(*counted, file.sha256, year, (*left_out(reasons), *joined_facilities(connection)))


def load_cms(connection: duckdb.DuckDBPyConnection, source: Source) -> Outcome:
    """Load CMS's hospitals in place of those of before.

    Raises:
        ReferenceFileError: Something in the file is wrong.
    """
    file = _staged(connection, source, _CMS_CHECKS, (_CCN,))
    city, county, phone = (_present(file, names) for names in (_CITY, _COUNTY, _PHONE))
    inside = f'"State" IN {states_sql()}'
    with registered_zips(connection):
        _register_counties(connection, county)
        connection.execute(f"""
            CREATE OR REPLACE TABLE network.cms_hospitals AS
            SELECT {_CCN} AS ccn, "Facility Name" AS name,
                coalesce({_word("cms", "type", "Hospital Type")}, 'other') AS facility_type,
                {_word("cms", "owner", "Hospital Ownership")} AS ownership,
                try_cast("Hospital overall rating" AS INTEGER) AS rating,
                "Emergency Services" = 'Yes' AS has_emergency_services, "Address" AS address_line, {city} AS city,
                "State" AS state, {zip_sql('"ZIP Code"')} AS zip, coalesce(named_fips, zip_fips) AS county_fips,
                {phone_sql(phone)} AS phone, zip_latitude AS latitude, zip_longitude AS longitude
            FROM {STAGED} LEFT JOIN {_COUNTY_NAMES} ON named_state = "State" AND named_county = {county}
                LEFT JOIN {ZIPS} ON zip_code = {zip_sql('"ZIP Code"')}
            WHERE {inside} ORDER BY ccn
        """)  # noqa: S608 - our own expressions
        connection.unregister(_COUNTY_NAMES)
    counted = _counted(connection, "cms_hospitals")
    (outside,) = _only(connection, f"SELECT count(*) FROM {STAGED} WHERE NOT {inside}")  # noqa: S608 - as above
    connection.execute(f"DROP TABLE {STAGED}")
    notes = (*left_out({"outside the 50 states and DC": outside or 0}), *joined_facilities(connection))
    return Outcome(*counted, file.sha256, None, notes)


@cache
def hospital_types() -> tuple[str, ...]:
    """Give our words for the kinds of hospitals."""
    return tuple(dict.fromkeys(row["word"] for row in read_table("hospital_words.csv") if row["column"] == "type"))


def _staged(
    connection: duckdb.DuckDBPyConnection, source: Source, checks: Sequence[Check], key: Sequence[str]
) -> OfficialFile:
    """Stage a file's rows, and refuse those that are wrong."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS network")
    with as_file(source) as path:
        file = read_header(path)
        stage(connection, file)
    problems = problems_of(connection, checks, None, key)
    if problems:
        raise ReferenceFileError(problems)
    return file


def _word(file: str, column: str, official: str) -> str:
    """Give SQL of our word for an official one; one that is not listed is written as a word."""
    listed = " ".join(
        f"WHEN '{row['official']}' THEN '{row['word']}'"
        for row in read_table("hospital_words.csv")
        if (row["file"], row["column"]) == (file, column)
    )
    text = known_sql(quoted(official))
    return f"CASE {text} {listed} ELSE regexp_replace(lower({text}), '[^a-z]+', '_', 'g') END"


def _present(file: OfficialFile, names: Sequence[str]) -> str:
    """Give SQL of the first of some columns that a file has, NULL where it has none."""
    return next((quoted(name) for name in names if name in file.header), "NULL::VARCHAR")


def _register_counties(connection: duckdb.DuckDBPyConnection, county: str) -> None:
    """Make the codes of the counties known that the staged rows name."""
    pairs = connection.execute(f'SELECT DISTINCT "State", {county} FROM {STAGED} WHERE {county} IS NOT NULL').fetchall()  # noqa: S608
    found = gazetteer.fips_by_name(pairs)
    columns = ([state for state, _ in found], [name for _, name in found], list(found.values()))
    table = pa.table({name: pa.array(column, pa.string()) for name, column in
                      zip(("named_state", "named_county", "named_fips"), columns, strict=True)})  # fmt: skip
    connection.register(_COUNTY_NAMES, table)


def _counted(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[int, int]:
    rows, counties = _only(connection, f"SELECT count(*), count(DISTINCT county_fips) FROM network.{table}")  # noqa: S608
    return rows or 0, counties or 0


def _only(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int | None, ...]:
    (row,) = connection.execute(query).fetchall()
    return tuple(row)

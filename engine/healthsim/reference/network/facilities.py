"""The table of facilities: HIFLD's hospitals, and what CMS says of those that are the same; else CMS's alone.

A hospital of CMS is one of HIFLD's where both lie in the same state and agree in name and city, in street and city, or
in telephone number. Names are compared without case, punctuation, and words such as `the` or `inc`, with the usual
abbreviations written out; HIFLD's other name counts as well. Of several candidates the one that agrees in most wins, a
name above an address, an address above a number, the same kind of hospital above another; only pairs that are each
other's best are joined.
"""

import duckdb

_MATCHES = "hospital_matches"
_CMS_IDS = 10_000_000_000
"""Identifiers of hospitals that CMS alone has begin above those of HIFLD, which have ten digits with leading zeros."""

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CCN_LENGTH = 6

_DROPPED = "the|inc|llc|lp|llp|corp|corporation|co|ltd|of|at|and"
_WRITTEN_OUT = {
    "saint": "st",
    "ctr": "center",
    "centre": "center",
    "hosp": "hospital",
    "med": "medical",
    "mt": "mount",
    "reg": "regional",
    "comm": "community",
    "mem": "memorial",
    "univ": "university",
    "street": "st",
    "avenue": "ave",
    "boulevard": "blvd",
    "drive": "dr",
    "road": "rd",
    "highway": "hwy",
    "lane": "ln",
    "parkway": "pkwy",
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
}


def joined_facilities(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Make the table `network.facilities` anew from the hospitals that are loaded.

    Returns:
        How many of CMS's hospitals are HIFLD's; nothing while only one file is loaded.
    """
    tables = _tables(connection)
    if "hifld_hospitals" not in tables:
        connection.execute(_cms_alone())
        return ()
    if "cms_hospitals" not in tables:
        connection.execute(_hifld(certified=False))
        return ()
    connection.execute(_matches())
    connection.execute(_hifld(certified=True))
    ((matched, certified),) = connection.execute(
        f"SELECT (SELECT count(*) FROM {_MATCHES}), (SELECT count(*) FROM network.cms_hospitals)"  # noqa: S608 - ours
    ).fetchall()
    connection.execute(f"DROP TABLE {_MATCHES}")
    return (f"{matched:,} of {certified:,} hospitals of CMS are the same as one of HIFLD; the others are left out",)


def folded_sql(column: str) -> str:
    """Give SQL of a name or address reduced to what identifies it."""
    text = f"regexp_replace(replace(lower({column}), '&', ' and '), '['']|[.]', '', 'g')"
    text = f"regexp_replace({text}, '[^a-z0-9]+', ' ', 'g')"
    for long, short in _WRITTEN_OUT.items():
        text = f"regexp_replace({text}, '\\b{long}\\b', '{short}', 'g')"
    return f"trim(regexp_replace(regexp_replace({text}, '\\b({_DROPPED})\\b', '', 'g'), ' +', ' ', 'g'))"


def _tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    rows = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'network' AND database_name = current_database()"
    ).fetchall()
    return {name for (name,) in rows}


def _matches() -> str:
    folded = ", ".join(f"{folded_sql(column)} AS {alias}" for column, alias in
                       (("name", "called"), ("city", "town"), ("address_line", "street")))  # fmt: skip
    same_name = "(cms.called = hifld.called OR cms.called = hifld.also_called)"
    score = (
        f"8 * coalesce({same_name} AND cms.town = hifld.town, false)::INTEGER "
        "+ 4 * (cms.street = hifld.street AND cms.town = hifld.town)::INTEGER "
        "+ 2 * coalesce(cms.phone = hifld.phone, false)::INTEGER"
    )
    return f"""
        CREATE OR REPLACE TEMP TABLE {_MATCHES} AS
        WITH cms AS (SELECT *, {folded} FROM network.cms_hospitals),
        hifld AS (SELECT *, {folded}, {folded_sql("other_name")} AS also_called FROM network.hifld_hospitals),
        candidates AS (
            SELECT ccn, facility_id, {score} AS agreement,
                agreement + (cms.facility_type = hifld.facility_type)::INTEGER AS score
            FROM cms JOIN hifld ON cms.state = hifld.state AND (cms.town = hifld.town OR cms.phone = hifld.phone)
            WHERE agreement > 0
        )
        SELECT ccn, facility_id FROM candidates
        QUALIFY row_number() OVER (PARTITION BY ccn ORDER BY score DESC, facility_id) = 1
            AND row_number() OVER (PARTITION BY facility_id ORDER BY score DESC, ccn) = 1
    """  # noqa: S608 - our own expressions


def _hifld(*, certified: bool) -> str:
    cms = "coalesce(cms.ownership, hifld.ownership) AS ownership" if certified else "hifld.ownership"
    joins = f"LEFT JOIN {_MATCHES} USING (facility_id) LEFT JOIN network.cms_hospitals AS cms USING (ccn)"
    return f"""
        CREATE OR REPLACE TABLE network.facilities AS
        SELECT facility_id, {"ccn" if certified else "NULL::VARCHAR AS ccn"}, hifld.name, hifld.facility_type, {cms},
            hifld.beds, {"cms.rating" if certified else "NULL::INTEGER AS rating"}, hifld.address_line, hifld.city,
            hifld.state, hifld.zip, hifld.county_fips, hifld.phone, hifld.latitude, hifld.longitude
        FROM network.hifld_hospitals AS hifld {joins if certified else ""} ORDER BY facility_id
    """  # noqa: S608 - our own expressions


def _cms_alone() -> str:
    place = range(1, _CCN_LENGTH + 1)
    number = " + ".join(f"(strpos('{_DIGITS}', ccn[{n}]) - 1) * {len(_DIGITS) ** (_CCN_LENGTH - n)}" for n in place)
    return f"""
        CREATE OR REPLACE TABLE network.facilities AS
        SELECT {_CMS_IDS} + {number} AS facility_id, ccn, name, facility_type, ownership, NULL::INTEGER AS beds, rating,
            address_line, city, state, zip, county_fips, phone, latitude, longitude
        FROM network.cms_hospitals ORDER BY facility_id
    """  # noqa: S608 - our own expressions

"""SQL over official rows of providers and hospitals: their ZIP codes, counties, states and telephone numbers."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from healthsim.reference import gazetteer
from healthsim.reference.addresses import zip_places

ZIPS = "official_zips"
"""ZIP codes with their county and place, while `registered_zips` lasts."""

_SHORT, _LONG = 5, 9


@contextmanager
def registered_zips(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Make the ZIP codes known to a connection, with their county and place; a rollback forgets them too."""
    listed = zip_places()
    table = pa.table(
        {
            "zip_code": list(listed),
            "zip_fips": [place.county_fips for place in listed.values()],
            "zip_latitude": [place.latitude for place in listed.values()],
            "zip_longitude": [place.longitude for place in listed.values()],
        }
    )
    connection.register(ZIPS, table)
    yield
    connection.unregister(ZIPS)


def zip_sql(column: str) -> str:
    """Give SQL of a five-digit ZIP code; what lost its leading zeros as a number gets them back, NULL for no code."""
    text = f"replace(trim({column}), '-', '')"
    return (
        f"CASE WHEN regexp_full_match({text}, '[0-9]{{3,{_SHORT}}}') THEN lpad({text}, {_SHORT}, '0') "
        f"WHEN regexp_full_match({text}, '[0-9]{{{_SHORT + 1},{_LONG}}}') "
        f"THEN left(lpad({text}, {_LONG}, '0'), {_SHORT}) END"
    )


def phone_sql(column: str) -> str:
    """Give SQL of a telephone number as `(713) 555-0123`, NULL for what has not ten digits."""
    digits = f"regexp_replace({column}, '[^0-9]', '', 'g')"
    written = f"'(' || {digits}[1:3] || ') ' || {digits}[4:6] || '-' || {digits}[7:10]"
    return f"CASE WHEN length({digits}) = 10 THEN {written} END"


def known_sql(column: str) -> str:
    """Give SQL of a text, NULL where it is empty or says that it is not available."""
    return f"CASE WHEN lower({column}) NOT IN ('', 'not available') THEN {column} END"


def states_sql() -> str:
    """Give SQL of the letters of the 50 states and the District of Columbia."""
    letters = ", ".join(f"'{letters}'" for letters, _ in gazetteer.states().values())
    return f"({letters})"

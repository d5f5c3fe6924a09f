"""Changes to a database that are made all together or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import duckdb


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit what is done inside the `with` block; take it back if it is left by an exception."""
    connection.begin()
    try:
        yield
        connection.commit()
    except BaseException:
        # After a commit that failed, as on a full disk, there is nothing to roll back any more.
        with suppress(duckdb.Error):
            connection.rollback()
        raise

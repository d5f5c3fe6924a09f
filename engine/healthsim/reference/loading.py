"""Loading of official files: recognised by their header, checked whole, and kept in one transaction or not at all."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from healthsim.errors import InvalidInputError, Problem, ReferenceFileError, rendered
from healthsim.reference.checking import problems_of
from healthsim.reference.file_kind import FileKind
from healthsim.reference.file_places import KNOWN, keep_places
from healthsim.reference.network.official import NetworkKind
from healthsim.reference.official_csv import STAGED, OfficialFile, quoted, read_header, release_in_name, stage
from healthsim.reference.official_source import Source, as_file
from healthsim.reference.recognition import kind_of, source_of_file

_ROWS = "reference_rows"
_RELEASES = range(2000, 2100)
_LOADS_TABLE = """
    CREATE TABLE IF NOT EXISTS population.loads (
        ordinal INTEGER, kind VARCHAR, release INTEGER, rows BIGINT, counties INTEGER, sha256 VARCHAR, file_name VARCHAR
    )
"""
_LOADED_AT = "ALTER TABLE population.loads ADD COLUMN IF NOT EXISTS loaded_at TIMESTAMP"


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """What loading a file did.

    Attributes:
        kind: `places_county`, `svi_county`, `age_sex_county`, `providers`, `hifld_hospitals`, `cms_hospitals` or
            `taxonomy`.
        release: Release year; None where nothing tells it.
        rows: Rows written.
        counties: Counties it has figures of.
        table: Where they are, such as `population.places_county`.
        title: What the file is, for messages.
        notes: What of it was left out, and what it lacks, a sentence each.
    """

    kind: str
    release: int | None
    rows: int
    counties: int
    table: str
    title: str
    notes: tuple[str, ...] = ()


def load_file(connection: duckdb.DuckDBPyConnection, path: Path, *, release: int | None = None) -> LoadedFile:
    """Load an official file, whole or not at all.

    Figures go to the schema `population`: a file's counties replace those of the same release. Providers and hospitals
    go to the schema `network`: a file's providers replace those of the same NPI, its hospitals and codes all of their
    kind.

    Args:
        connection: A database open for writing, with no transaction under way.
        path: The file: CSV, or a ZIP with it.
        release: Release year; None to take it from the file itself or from its name.

    Raises:
        InvalidInputError: The release is no year.
        ReferenceFileError: The file is not one that is known, or something in it is wrong; then nothing has changed.
    """
    _check_release(release)
    source = source_of_file(path)
    kind = kind_of(source)
    connection.begin()
    try:
        if isinstance(kind, NetworkKind):
            loaded = _load_network(connection, source, kind, release)
        else:
            with as_file(source) as extracted:
                loaded = _load(connection, read_header(extracted), kind, release)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return loaded


def _check_release(release: object) -> None:
    is_year = isinstance(release, int) and not isinstance(release, bool) and release in _RELEASES
    if release is not None and not is_year:
        message = f"a release is a year from {_RELEASES.start} to {_RELEASES.stop - 1}"
        raise InvalidInputError([Problem("$.release", message, rendered(release))])


def _load_network(
    connection: duckdb.DuckDBPyConnection, source: Source, kind: NetworkKind, release: int | None
) -> LoadedFile:
    outcome = kind.load(connection, source)
    if not outcome.rows:
        raise ReferenceFileError([Problem(str(source.path), "the file has no rows to load")])
    year = release or release_in_name(source.member or "") or release_in_name(source.path.name) or outcome.release
    connection.execute("CREATE SCHEMA IF NOT EXISTS population")
    if kind.is_whole:
        connection.execute(_LOADS_TABLE)
        connection.execute("DELETE FROM population.loads WHERE kind = ?", [kind.name])
    _record(connection, (kind.name, year, outcome.rows, outcome.counties, outcome.sha256, source.path.name))
    return LoadedFile(kind.name, year, outcome.rows, outcome.counties, kind.table, kind.title, outcome.notes)


def _load(connection: duckdb.DuckDBPyConnection, file: OfficialFile, kind: FileKind, release: int | None) -> LoadedFile:
    stage(connection, file)
    problems = problems_of(connection, kind.checks(file.header), kind.place, kind.key)
    if problems:
        raise ReferenceFileError(problems)
    year = release or _release(connection, file, kind)
    left_out = keep_places(connection, kind.place)
    _select(connection, kind.rows(file.header), year)
    local = "count(DISTINCT fips) FILTER (length(fips) = 5)"
    rows, counties = _counted(connection, f"SELECT count(*), {local} FROM {_ROWS}")  # noqa: S608 - our own table
    if not rows:
        raise ReferenceFileError([Problem(str(file.path), "the file has no figures")])
    remarks = kind.remarks(connection, _ROWS) if kind.remarks else ()
    table = f"population.{kind.table}"
    _write(connection, kind.create, table)
    for target in kind.more:
        query = target.rows(file.header)
        if query is not None:
            _select(connection, query, year)
            _write(connection, target.create, f"population.{target.table}")
    _record(connection, (kind.table, year, rows, counties, file.sha256, file.path.name))
    connection.execute(f"DROP TABLE {_ROWS}; DROP TABLE {STAGED}; DROP TABLE {KNOWN}")
    return LoadedFile(kind.table, year, rows, counties, table, kind.title, (*left_out, *remarks))


def _select(connection: duckdb.DuckDBPyConnection, query: str, year: int) -> None:
    """Put the rows of the places that are kept into a temporary table, with their release."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_ROWS} AS SELECT figures.* REPLACE (places.fips AS fips), "  # noqa: S608
        f"{year}::INTEGER AS release FROM ({query}) AS figures JOIN {KNOWN} AS places ON figures.fips = places.code"
    )


def _release(connection: duckdb.DuckDBPyConnection, file: OfficialFile, kind: FileKind) -> int:
    """Give the release year, from the file's name or else its rows.

    Raises:
        ReferenceFileError: Neither tells.
    """
    year = file.release_in_name
    if year is None and kind.release is not None:
        (year,) = connection.execute(f"SELECT {kind.release} FROM {STAGED}").fetchone() or (None,)  # noqa: S608
    if year is None:
        hint = "name the release, or give the file a name with its year, such as the official one"
        raise ReferenceFileError([Problem(file.path.name, "the file does not tell its release year", hint=hint)])
    return int(year)


def _write(connection: duckdb.DuckDBPyConnection, create: str, table: str) -> None:
    """Put the rows into their table, in place of those of the same counties and release."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS population")
    connection.execute(create)
    described = connection.execute(f"SELECT * FROM {_ROWS} LIMIT 0").description or []  # noqa: S608 - our own table
    present = connection.execute(f"SELECT * FROM {table} LIMIT 0").description or []  # noqa: S608 - our own table
    for name in dict.fromkeys(column[0] for column in described):
        if name not in {column[0] for column in present}:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {quoted(name)} DOUBLE")
    connection.execute(f"DELETE FROM {table} AS old USING (SELECT DISTINCT fips, release FROM {_ROWS}) AS new "  # noqa: S608
                       "WHERE old.fips = new.fips AND old.release = new.release")  # fmt: skip
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM {_ROWS}")  # noqa: S608 - our own table


def _record(connection: duckdb.DuckDBPyConnection, load: tuple[str, int | None, int, int, str, str]) -> None:
    """Note the load, at the time of the world; the same file loaded again counts once."""
    connection.execute(_LOADS_TABLE)
    connection.execute(_LOADED_AT)
    connection.execute(
        "DELETE FROM population.loads WHERE sha256 = ? AND release IS NOT DISTINCT FROM ?", [load[4], load[1]]
    )
    connection.execute(
        "INSERT INTO population.loads (ordinal, kind, release, rows, counties, sha256, file_name, loaded_at) "
        "SELECT coalesce(max(ordinal), 0) + 1, ?, ?, ?, ?, ?, ?, ? FROM population.loads",
        [*load, datetime.now(UTC).replace(tzinfo=None, microsecond=0)],
    )


def _counted(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, int]:
    (counts,) = connection.execute(query).fetchall()
    return int(counts[0]), int(counts[1])

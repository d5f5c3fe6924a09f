"""Official CSV files as they come: found, decoded, staged row by row with their line numbers."""

import re
from codecs import getincrementaldecoder
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

import duckdb

from healthsim.errors import Problem, ReferenceFileError
from healthsim.reference.official_source import find_source, opened

STAGED = "official_rows"
"""The file's rows as text, with their line number."""

_PART = 1 << 22
_RELEASE_IN_NAME = re.compile(r"(?<!\d)(20[12]\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class OfficialFile:
    """A CSV file whose header was read.

    Attributes:
        path: Where it lies.
        header: Column names without surrounding spaces.
        delimiter: What separates the columns.
        encoding: `utf-8` or `latin-1`.
        sha256: Of the content, 64 hexadecimal digits.
    """

    path: Path
    header: tuple[str, ...]
    delimiter: str
    encoding: str
    sha256: str

    @property
    def release_in_name(self) -> int | None:
        """The first year in the file's name, None where there is none."""
        return release_in_name(self.path.name)


def read_header(path: Path) -> OfficialFile:
    """Read what identifies a file; its content passes by in parts.

    Raises:
        ReferenceFileError: It is no file, or empty.
    """
    source = find_source(path, lambda _header: True)
    with opened(source) as content:
        encoding, digest = _fingerprint(content)
    return OfficialFile(path, source.header, source.delimiter, encoding, digest)


def release_in_name(name: str) -> int | None:
    """Give the first year in a file's name, None where there is none."""
    found = _RELEASE_IN_NAME.search(name)
    return int(found.group(1)) if found else None


def stage(connection: duckdb.DuckDBPyConnection, file: OfficialFile) -> None:
    """Read a file's rows into a temporary table, all as text, with a column `line` that counts from the header's 1.

    Raises:
        ReferenceFileError: A row has too few or too many columns, or the file is no CSV.
    """
    columns = {f"column_{index}": "VARCHAR" for index in range(len(file.header))}
    named = ", ".join(f"trim(column_{index}) AS {quoted(name)}" for index, name in enumerate(file.header))
    try:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {STAGED} AS SELECT row_number() OVER () + 1 AS line, {named} "  # noqa: S608 - quoted
            "FROM read_csv($path, columns = $columns, delim = $delim, encoding = $encoding, header = false, skip = 1, "
            "quote = '\"', escape = '\"', auto_detect = false, strict_mode = true, null_padding = false)",
            {"path": str(file.path), "columns": columns, "delim": file.delimiter, "encoding": file.encoding},
        )
    except duckdb.Error as error:
        raise ReferenceFileError([_row_problem(file, str(error))]) from error


def quoted(name: str) -> str:
    """Quote a column's name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def _row_problem(file: OfficialFile, message: str) -> Problem:
    """Render DuckDB's complaint about a row: which line, how many columns."""
    line = re.search(r"CSV Error on Line: (\d+)", message)
    found = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", message)
    where = f"line {line.group(1)}" if line else str(file.path)
    if found:
        hint = "the file may be truncated: download it again"
        return Problem(where, f"expected {found.group(1)} columns, found {found.group(2)}", hint=hint)
    return Problem(where, f"not readable as CSV: {message.strip().splitlines()[0]}")


def _fingerprint(content: IO[bytes]) -> tuple[str, str]:
    """Give a file's encoding and its SHA-256."""
    digest, decoder, encoding = sha256(), getincrementaldecoder("utf-8")(), "utf-8"
    is_last = False
    while not is_last:
        part = content.read(_PART)
        digest.update(part)
        is_last = not part
        try:
            decoder.decode(part, final=is_last)
        except UnicodeDecodeError:
            encoding = "latin-1"
    return encoding, digest.hexdigest()

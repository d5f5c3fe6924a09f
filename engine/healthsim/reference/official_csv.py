"""Official CSV files as they come: found, decoded, staged row by row with their line numbers."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import duckdb

from healthsim.errors import Problem, ReferenceFileError

STAGED = "official_rows"
"""The file's rows as text, with their line number."""

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = (",", ";", "\t")
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
        found = _RELEASE_IN_NAME.search(self.path.name)
        return int(found.group(1)) if found else None


def read_header(path: Path) -> OfficialFile:
    """Read what identifies a file.

    Raises:
        ReferenceFileError: It is no file, or empty.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "not readable"
        raise ReferenceFileError([Problem(str(path), f"the file cannot be read: {reason}")]) from error
    if content.startswith(_UTF_16):
        hint = "save it as CSV in UTF-8, or download it again"
        raise ReferenceFileError([Problem(str(path), "the file is UTF-16, as a spreadsheet saves text", hint=hint)])
    encoding = _encoding(content)
    first_line = content.partition(b"\n")[0].decode(encoding).removeprefix("\ufeff").strip("\r")
    if not first_line.strip():
        raise ReferenceFileError([Problem(str(path), "the file has no header")])
    try:
        split = {mark: next(csv.reader([first_line], delimiter=mark)) for mark in _DELIMITERS}
    except csv.Error as error:
        raise ReferenceFileError([Problem("line 1", f"not readable as the header of a CSV file: {error}")]) from error
    delimiter = max(split, key=lambda mark: len(split[mark]))
    header = tuple(name.strip() for name in split[delimiter])
    return OfficialFile(path, header, delimiter, encoding, sha256(content).hexdigest())


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


def missing_columns(file: OfficialFile, wanted: Sequence[str]) -> list[str]:
    """Name the wanted columns that the file lacks."""
    return [name for name in wanted if name not in file.header]


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


def _encoding(content: bytes) -> str:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"

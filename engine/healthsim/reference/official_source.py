"""Where the rows of an official file come from: a CSV file, or the one within a ZIP; read as a stream, never whole."""

import csv
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from healthsim.errors import Problem, ReferenceFileError

Header = tuple[str, ...]

_DELIMITERS = (",", ";", "\t")
_LONGEST_HEADER = 1 << 20
_ZIP_MARK = b"PK"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError)


@dataclass(frozen=True, slots=True)
class Source:
    """A CSV file whose header was read.

    Attributes:
        path: The file, or the ZIP that it lies in.
        member: Its name within the ZIP; None for a file of its own.
        header: Column names without surrounding spaces.
        delimiter: What separates the columns.
    """

    path: Path
    member: str | None
    header: Header
    delimiter: str


def find_source(path: Path, is_known: Callable[[Header], bool]) -> Source:
    """Read the header of a CSV file; in a ZIP, of the first CSV file with a known one, else of the first.

    Args:
        path: The file.
        is_known: Whether a header is that of an official file.

    Raises:
        ReferenceFileError: It cannot be read, is empty, or is a ZIP without a CSV file.
    """
    with _readable(path):
        if not _is_zip(path):
            with path.open("rb") as lines:
                return Source(path, None, *_header(lines, str(path)))
        with zipfile.ZipFile(path) as archive:
            found = [_within(archive, path, name) for name in _members(archive, path)]
    return next((source for source in found if is_known(source.header)), found[0])


@contextmanager
def opened(source: Source) -> Iterator[IO[bytes]]:
    """Open a source at its beginning.

    Raises:
        ReferenceFileError: It cannot be read, or the ZIP is damaged.
    """
    with _readable(source.path):
        if source.member is None:
            with source.path.open("rb") as lines:
                yield lines
        else:
            with zipfile.ZipFile(source.path) as archive, archive.open(source.member) as lines:
                yield BufferedReader(lines)  # type: ignore[type-var]  # what zipfile gives is a raw stream


@contextmanager
def as_file(source: Source) -> Iterator[Path]:
    """Give a source as a file of its own; one in a ZIP is taken out for as long as the block lasts."""
    if source.member is None:
        yield source.path
        return
    with TemporaryDirectory(prefix="healthsim-") as folder:
        path = Path(folder) / PurePosixPath(source.member).name
        with opened(source) as lines, path.open("wb") as copy:
            shutil.copyfileobj(lines, copy)
        yield path


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turn what goes wrong while reading into one clear error; what is no file could be waited for without end."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise ReferenceFileError([Problem(str(path), "not a file, but a pipe or a device")])
    try:
        yield
    except OSError as error:
        reason = error.strerror or "not readable"
        raise ReferenceFileError([Problem(str(path), f"the file cannot be read: {reason}")]) from error
    except NotImplementedError as error:
        hint = "unpack it, and load the CSV file"
        raise ReferenceFileError(
            [Problem(str(path), "the ZIP file is packed in a way not known here", hint=hint)]
        ) from error
    except _DAMAGE as error:
        hint = "it may be truncated: download it again"
        raise ReferenceFileError([Problem(str(path), f"the ZIP file is damaged: {error}", hint=hint)]) from error


def _is_zip(path: Path) -> bool:
    with path.open("rb") as content:
        return content.read(len(_ZIP_MARK)) == _ZIP_MARK


def _members(archive: zipfile.ZipFile, path: Path) -> list[str]:
    """Name the CSV files within a ZIP."""
    listed = [member for member in archive.infolist() if member.filename.lower().endswith(".csv")]
    if not listed:
        hint = "unpack it, and load the CSV file"
        raise ReferenceFileError([Problem(str(path), "the ZIP file holds no CSV file", hint=hint)])
    if any(member.flag_bits & 1 for member in listed):
        hint = "unpack it, and load the CSV file"
        raise ReferenceFileError([Problem(str(path), "the ZIP file is protected by a password", hint=hint)])
    return [member.filename for member in listed]


def _within(archive: zipfile.ZipFile, path: Path, name: str) -> Source:
    with archive.open(name) as lines:
        return Source(path, name, *_header(lines, f"{path}: {name}"))


def _header(lines: IO[bytes], where: str) -> tuple[Header, str]:
    """Read the first line: its column names, and what separates them."""
    line = lines.readline(_LONGEST_HEADER)
    if line.startswith(_UTF_16) or b"\0" in line:
        hint = "save it as CSV in UTF-8, or download it again"
        raise ReferenceFileError([Problem(where, "the file is UTF-16, as a spreadsheet saves text", hint=hint)])
    text = _decoded(line).removeprefix("\ufeff").strip("\r\n")
    if not text.strip():
        raise ReferenceFileError([Problem(where, "the file has no header")])
    try:
        split = {mark: next(csv.reader([text], delimiter=mark)) for mark in _DELIMITERS}
    except csv.Error as error:
        raise ReferenceFileError([Problem("line 1", f"not readable as the header of a CSV file: {error}")]) from error
    delimiter = max(split, key=lambda mark: len(split[mark]))
    return tuple(name.strip() for name in split[delimiter]), delimiter


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")

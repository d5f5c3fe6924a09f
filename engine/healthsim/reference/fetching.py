"""Fetching of official files: found, received, recognised, and only then put in place of an earlier one."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from healthsim.errors import DownloadError, ReferenceFileError
from healthsim.reference.downloads import Download, month_of, year_of
from healthsim.reference.recognition import kind_of, name_of, source_of_file
from healthsim.reference.transfer import Progress, Transfer

_DATASET = re.compile(r"/rows\.csv.*")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_MONTHS_BACK = 3
_REMEDY = "download it by hand, and load it with `healthsim reference load PATH`"


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """An official file that was fetched.

    Attributes:
        source: `places`, `svi`, `hospitals` or `nppes`.
        release: Release year, None where nothing tells it.
        address: Where it came from.
        path: Where it is.
        bytes: Its size.
        is_new: Whether it was transferred; False where the same file was there already.
    """

    source: str
    release: int | None
    address: str
    path: Path
    bytes: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a file may be.

    Attributes:
        address: URL.
        name: What the file is called.
        release: Release year, None where nothing tells it.
    """

    address: str
    name: str
    release: int | None


def fetch_file(
    transfer: Transfer, download: Download, directory: Path, progress: Progress, *, today: date | None = None
) -> FetchedFile:
    """Fetch an official file into a folder.

    Args:
        transfer: Receives files.
        download: Which file.
        directory: The folder; it is made where it is not there.
        progress: Is told how far it is.
        today: For the latest of monthly files; None for the day it is.

    Raises:
        DownloadError: It cannot be fetched, or is not the file it should be; an earlier file is as it was.
    """
    places = list(_places(transfer, download, today or datetime.now(UTC).date()))
    for place in places[:-1]:
        try:
            return _fetched(transfer, download, place, directory, progress)
        except DownloadError as error:
            if not error.is_missing:
                raise
    return _fetched(transfer, download, places[-1], directory, progress)


def _fetched(transfer: Transfer, download: Download, place: _Place, directory: Path, progress: Progress) -> FetchedFile:
    target = directory / place.name
    is_new = transfer.receive(place.address, target, lambda path, size: _wrong(path, size, download), progress)
    return FetchedFile(download.source, place.release, place.address, target, target.stat().st_size, is_new)


def _wrong(path: Path, size: int, download: Download) -> str | None:
    """Tell what is wrong with a file that came, by its size and its header."""
    if size < download.least_bytes:
        return f"{size:,} bytes, at least {download.least_bytes:,} were expected"
    try:
        found = name_of(kind_of(source_of_file(path)))
    except ReferenceFileError as error:
        return "; ".join(
            f"{problem.message}{f', {problem.hint}' if problem.hint else ''}" for problem in error.problems
        )
    return None if found == download.kind else f"it is a file of {found}, not of {download.kind}"


def _places(transfer: Transfer, download: Download, today: date) -> Iterator[_Place]:
    """Find where a file may be, the likeliest place first."""
    match download.how:
        case "file":
            yield _Place(download.address, download.file_name, year_of(download.release))
        case "socrata":
            release = _described_release(transfer, download)
            yield _Place(download.address, download.file_name.format(release=release), release)
        case "metastore":
            yield _Place(_described_address(transfer, download), download.file_name, None)
        case "monthly":
            for year, month in _months(download, today):
                named = {"year": year, "month": calendar.month_name[month]}
                yield _Place(download.address.format(**named), download.file_name.format(**named), year)


def _described_release(transfer: Transfer, download: Download) -> int:
    """Read the year in a dataset's title, such as `PLACES: County Data (GIS Friendly Format), 2024 release`."""
    address = _DATASET.sub(".json", download.address)
    document = transfer.document(address)
    title = str(document.get("name", "")) if isinstance(document, dict) else ""
    found = _YEAR.search(title)
    if found is None:
        raise DownloadError(address, "the dataset's title does not name its release", "name one with --release")
    return int(found.group())


def _described_address(transfer: Transfer, download: Download) -> str:
    """Read the address of the file from the description of its dataset."""
    found = next(_download_urls(transfer.document(download.address)), None)
    if found is None:
        raise DownloadError(download.address, "the dataset's description names no file", _REMEDY)
    return found


def _download_urls(document: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(document, dict):
        url = document.get("downloadURL")
        if isinstance(url, str) and url.startswith(("https://", "http://")):
            yield url
    parts = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    for part in parts:
        yield from _download_urls(part)


def _months(download: Download, today: date) -> Iterator[tuple[int, int]]:
    """Give the month asked for, or the latest ones, in which the file of the first may not be out yet."""
    if download.release is not None:
        yield month_of(download.release)
        return
    for back in range(_MONTHS_BACK):
        months = today.year * 12 + today.month - 1 - back
        yield months // 12, months % 12 + 1

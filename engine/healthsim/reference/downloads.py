"""The official files that can be fetched, and where they are: one table for all of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from healthsim.errors import InvalidInputError, NotFoundError, Problem, rendered
from healthsim.reference.starter import read_table

How = Literal["file", "socrata", "metastore", "monthly"]

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
_YEAR = re.compile(r"20\d\d")


@dataclass(frozen=True, slots=True)
class Download:
    """An official file that can be fetched.

    Attributes:
        source: `places`, `svi`, `hospitals` or `nppes`.
        release: Release year, or `2026-10` the month of a monthly file; None for the latest.
        kind: What it must turn out to be, as loads are called.
        how: What the address is: the file itself (`file`); a dataset of the latest release, whose description names it
            (`socrata`); a description that gives the file's address (`metastore`); a file a month (`monthly`).
        address: URL, with `{month}` and `{year}` where there is a file a month.
        file_name: What the file is called, with `{release}`, or `{month}` and `{year}`.
        least_bytes: A smaller file is not whole.
    """

    source: str
    release: str | None
    kind: str
    how: How
    address: str
    file_name: str
    least_bytes: int


@cache
def downloads() -> tuple[Download, ...]:
    """Give every file that can be fetched, of each source the latest first."""
    return tuple(_download(row) for row in read_table("downloads.csv"))


def download_of(source: str, release: str | None = None) -> Download:
    """Find the file of a source and release.

    Args:
        source: Such as `places`.
        release: Release year, or a month such as `2026-10` for NPPES; None for the latest.

    Raises:
        NotFoundError: There is no such source; names the nearest.
        InvalidInputError: The source has no such release; names those it has.
    """
    of_source = [each for each in downloads() if each.source == source]
    if not of_source:
        raise NotFoundError("source", source, sources(), path="$.source")
    latest = of_source[0]
    if release is None:
        return latest
    if latest.how == "monthly" and _MONTH.fullmatch(release):
        return Download(source, release, latest.kind, "monthly", latest.address, latest.file_name, latest.least_bytes)
    for each in of_source:
        if each.release == release:
            return each
    raise InvalidInputError(
        [Problem("$.release", f"{source} has no such release", rendered(release), _known(of_source))]
    )


def sources() -> tuple[str, ...]:
    """Name the sources."""
    return tuple(dict.fromkeys(each.source for each in downloads()))


def month_of(release: str) -> tuple[int, int]:
    """Give year and month of a monthly release such as `2026-10`."""
    year, month = release.split("-")
    return int(year), int(month)


def year_of(release: str | None) -> int | None:
    """Give the year of a release, None where it has none."""
    return int(found.group()) if release and (found := _YEAR.match(release)) else None


def _known(of_source: list[Download]) -> str:
    if of_source[0].how == "monthly":
        return "name a month, such as 2026-10"
    named = [each.release for each in of_source if each.release]
    return f"known are {', '.join(named)}" if named else "it has the latest only: name none"


def _download(row: Mapping[str, str]) -> Download:
    return Download(
        source=row["source"],
        release=row["release"] or None,
        kind=row["kind"],
        how=cast("How", row["how"]),
        address=row["address"],
        file_name=row["file_name"],
        least_bytes=int(row["least_bytes"]),
    )

"""What a file is: official files are told apart by their header, whatever their name."""

from pathlib import Path

from healthsim.errors import Problem, ReferenceFileError, rendered
from healthsim.reference.file_kind import FileKind
from healthsim.reference.file_kinds import FILE_KINDS
from healthsim.reference.file_places import other_places_problem
from healthsim.reference.network.official import NETWORK_KINDS, NetworkKind, network_kind_of
from healthsim.reference.official_source import Header, Source, find_source


def source_of_file(path: Path) -> Source:
    """Read the header of a file; of a ZIP, that of the official file within.

    Raises:
        ReferenceFileError: It cannot be read, or has no header.
    """
    return find_source(path, _is_known)


def kind_of(source: Source) -> FileKind | NetworkKind:
    """Find the kind whose columns the header has.

    Raises:
        ReferenceFileError: There is none, and the nearest is named; or the file is of other places than counties.
    """
    network = network_kind_of(source.header)
    if network is not None:
        return network
    for kind in FILE_KINDS:
        if _has(source.header, kind):
            _check_is_of_counties(source.header, kind)
            return kind
    for kind in FILE_KINDS:
        if len(_lacking(source.header, kind)) < len(kind.columns):
            _check_is_of_counties(source.header, kind)
    raise ReferenceFileError([_unknown(source.header)])


def name_of(kind: FileKind | NetworkKind) -> str:
    """Give a kind's name among the loads, such as `places_county`."""
    return kind.name if isinstance(kind, NetworkKind) else kind.table


def _is_known(header: Header) -> bool:
    return network_kind_of(header) is not None or any(_has(header, kind) for kind in FILE_KINDS)


def _has(header: Header, kind: FileKind) -> bool:
    return not _lacking(header, kind) and bool(kind.measures(header))


def _lacking(header: Header, kind: FileKind | NetworkKind) -> list[str]:
    return [name for name in kind.columns if name not in header]


def _check_is_of_counties(header: Header, kind: FileKind) -> None:
    for column, places in kind.other_places:
        if column in header:
            raise ReferenceFileError([other_places_problem(places)])


def _unknown(header: Header) -> Problem:
    """Say that a header is none of those known, and name the nearest."""
    kinds: tuple[FileKind | NetworkKind, ...] = (*FILE_KINDS, *NETWORK_KINDS)
    nearest = min(kinds, key=lambda kind: len(_lacking(header, kind)) / len(kind.columns))
    lacking = _lacking(header, nearest)
    if len(lacking) == len(nearest.columns):
        hint = f"known are: {'; '.join(kind.title for kind in kinds)}"
    else:
        hint = f"it resembles {nearest.title}, but lacks {', '.join(lacking) or 'its figures'}"
    return Problem("line 1", "not the header of a known official file", rendered(", ".join(header)), hint)

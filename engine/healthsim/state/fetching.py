"""Official files fetched and loaded into a workspace, one by one: what fails of one does not stop the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from healthsim.errors import DownloadError, InvalidInputError, Problem, ReferenceFileError
from healthsim.reference import LoadedFile, load_file
from healthsim.reference.downloads import Download, download_of
from healthsim.state.store import Workspace

if TYPE_CHECKING:
    from healthsim.reference.fetching import FetchedFile
    from healthsim.reference.transfer import Progress

FOLDER = "downloads"
"""Folder beside the workspace database where files are kept."""

Watch = Callable[[str], "Progress"]
"""Gives the function that is told how far a source's file is."""


@dataclass(frozen=True, slots=True)
class FetchOutcome:
    """What became of a source.

    Attributes:
        source: Such as `places`.
        file: What was fetched, None where that failed.
        loaded: What loading it did, None where it failed or was not wanted.
        error: What failed, None where nothing did.
    """

    source: str
    file: "FetchedFile | None"
    loaded: LoadedFile | None
    error: DownloadError | ReferenceFileError | None


def fetch_into(
    workspace: Workspace,
    sources: Sequence[str],
    *,
    release: str | None,
    directory: Path | None,
    load: bool,
    watch: Watch,
) -> list[FetchOutcome]:
    """Fetch the files of some sources, and load them.

    Args:
        workspace: Where they are loaded.
        sources: Such as `places` and `svi`.
        release: Release year or month; None for the latest.
        directory: Where the files go; None for the folder `downloads` beside the workspace database.
        load: Whether to load them.
        watch: Is asked for each source whom to tell how far its file is.

    Raises:
        InvalidInputError: A source or release is unknown; then nothing was fetched.
    """
    wanted = _wanted(sources, release)
    folder = directory or workspace.path.parent / FOLDER
    return [_outcome(workspace, download, folder, load=load, progress=watch(download.source)) for download in wanted]


def _wanted(sources: Sequence[str], release: str | None) -> list[Download]:
    """Look the files up; tells every problem at once."""
    found: list[Download] = []
    problems: list[Problem] = []
    for source in dict.fromkeys(sources):
        try:
            found.append(download_of(source, release))
        except InvalidInputError as error:
            problems += error.problems
    if problems:
        raise InvalidInputError(problems)
    return found


def _outcome(
    workspace: Workspace, download: Download, folder: Path, *, load: bool, progress: "Progress"
) -> FetchOutcome:
    from healthsim.reference.fetching import fetch_file  # noqa: PLC0415 - few need HTTP
    from healthsim.reference.transfer import Transfer  # noqa: PLC0415 - as above

    file = None
    try:
        with Transfer() as transfer:
            file = fetch_file(transfer, download, folder, progress)
        if not load:
            return FetchOutcome(download.source, file, None, None)
        with workspace.writing() as connection:
            loaded = load_file(connection, file.path, release=file.release)
    except (DownloadError, ReferenceFileError) as error:
        return FetchOutcome(download.source, file, None, error)
    return FetchOutcome(download.source, file, loaded, None)

"""What a cohort is on the disk, a file or a folder: moved, given a second name, and removed as one thing."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from healthsim.errors import StateError

_DOOMED = "removed-"
"""How folders begin that nobody sees any more, and whose files are being removed."""


def move(path: Path, target: Path) -> None:
    """Move a finished file or folder, written out, to its place.

    Raises:
        StateError: It cannot be moved.
    """
    try:
        for part in _parts_of(path):
            _write_out(part)
        if target.is_dir():  # of no cohort: a folder, unlike a file, is not replaced by moving another to its place
            remove(target)
        path.replace(target)
        if os.name == "posix":
            _write_out(target.parent)
    except OSError as error:
        raise StateError(f"{target} cannot be written: {error.strerror}") from error


def take_copy(source: Path, target: Path) -> None:
    """Give a cohort's files a second name, which costs no space; copy them where the file system has no such thing.

    Raises:
        StateError: They can neither be linked nor copied.
    """
    try:
        if source.is_dir():
            shutil.copytree(source, target, copy_function=_linked)
        else:
            _linked(source, target)
    except OSError as error:
        raise StateError(f"{source.name} cannot be copied: {error.strerror}") from error


def remove(path: Path) -> None:
    """Remove a cohort's file or folder, if it is there; a folder is gone at once, however long its files take.

    Raises:
        OSError: It cannot be removed, and is there as before.
    """
    if path.is_dir():
        doomed = path.with_name(f"{_DOOMED}{uuid4().hex}")
        path.replace(doomed)
        shutil.rmtree(doomed, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def sweep_removed(directory: Path) -> None:
    """Remove what is left of folders whose removal was cut short."""
    for doomed in directory.glob(f"{_DOOMED}*"):
        shutil.rmtree(doomed, ignore_errors=True)


def _linked(source: str | Path, target: str | Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _parts_of(path: Path) -> Iterator[Path]:
    """Give the files of a folder, then the folders, itself the last; a file is its own only part."""
    if not path.is_dir():
        yield path
        return
    for folder, _, files in os.walk(path, topdown=False):
        yield from (Path(folder) / file for file in files)
        if os.name == "posix":
            yield Path(folder)


def _write_out(path: Path) -> None:
    """See that what was written into a file, or the names in a folder, outlive a failure of power."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

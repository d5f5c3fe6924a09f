"""Paths that users give, and where the workspace database lies."""

import os
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from healthsim.errors import InvalidInputError, Problem, rendered

_VARIABLE = "HEALTHSIM_DB"
_FILE = "healthsim.duckdb"


def workspace_path(db: str | Path | None = None) -> Path:
    """Give the workspace database: the argument, else `$HEALTHSIM_DB`, else a file in the user's data directory.

    Raises:
        InvalidInputError: What was given is no path.
    """
    if named := db or os.environ.get(_VARIABLE):
        return given_path(named, "$.db")
    return Path(platformdirs.user_data_dir("healthsim", appauthor=False)) / _FILE


def given_path(path: object, argument: str) -> Path:
    """Read a path that a user gave, from the root on, `~` being the user's home.

    Args:
        path: What was given.
        argument: Where, for the problem.

    Raises:
        InvalidInputError: It is no path.
    """
    if problems := list(path_problems(path, argument)):
        raise InvalidInputError(problems)
    return Path(str(path)).expanduser().absolute()


def path_problems(path: object, argument: str) -> Iterator[Problem]:
    """Find what keeps a value from being a path; whether anything is there is not looked at."""
    if not isinstance(path, str | Path):
        yield Problem(argument, "not a path", rendered(path), "a path is a text, or a pathlib.Path")
        return
    try:
        is_possible = b"\0" not in os.fsencode(Path(path).expanduser())
    except (ValueError, RuntimeError):
        is_possible = False
    if not is_possible:
        yield Problem(argument, "not a path that can be", rendered(str(path)), "no file has such a name")

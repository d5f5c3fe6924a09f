"""Where the workspace database lies."""

import os
from pathlib import Path

import platformdirs

_VARIABLE = "HEALTHSIM_DB"
_FILE = "healthsim.duckdb"


def workspace_path(db: str | Path | None = None) -> Path:
    """Give the workspace database: the argument, else `$HEALTHSIM_DB`, else a file in the user's data directory."""
    named = db or os.environ.get(_VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    return Path(platformdirs.user_data_dir("healthsim", appauthor=False)) / _FILE

"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

Db = Annotated[
    Path | None,
    typer.Option("--db", help="Workspace database; default $HEALTHSIM_DB, else one in the user's data directory."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")]

Journey = Annotated[
    list[str] | None,
    typer.Option("--journey", help="Journey people go through: its id, or a JSON file. May be given again."),
]
StartDate = Annotated[
    str | None, typer.Option("--start-date", help="First day of the journeys, as 2025-01-31; as_of if left out.")
]


def journeys_from(named: list[str] | None) -> list[str | Path] | None:
    """Take what ends in .json, or is a file, for a file, and all else for an id."""
    return [Path(each) if each.endswith(".json") or Path(each).is_file() else each for each in named or []] or None

"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

Db = Annotated[
    Path | None,
    typer.Option("--db", help="Workspace database; default $HEALTHSIM_DB, else one in the user's data directory."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")]

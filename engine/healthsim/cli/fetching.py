"""The command that fetches official files from their publishers."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from healthsim.cli.options import Db, Json
from healthsim.cli.places import echo_loaded

if TYPE_CHECKING:
    from healthsim.state.fetching import FetchOutcome

_USUAL = ("places", "svi", "hospitals")
_INTERRUPTED = 130


def fetch_command(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE]…",
            help="places, svi, census (150 MB), hospitals or nppes (1 GB); without one places, svi and hospitals.",
        ),
    ] = None,
    *,
    release: Annotated[
        str | None, typer.Option(help="Release year, or a month such as 2026-10 for nppes; default the latest.")
    ] = None,
    directory: Annotated[
        Path | None, typer.Option(help="Where the files go; default `downloads` beside the workspace database.")
    ] = None,
    load: Annotated[bool, typer.Option("--load/--no-load", help="Load what was fetched.")] = True,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Fetch official files from CDC and CMS, and load them; a file cut off is taken up where it stopped.

    Example: healthsim reference fetch places svi --release 2022
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light
    from healthsim.cli.printing import download_bars, print_json  # noqa: PLC0415 - as above

    try:
        with download_bars() as watch:
            outcomes = get_manager(db).fetch_reference(
                sources or _USUAL, release=release, directory=directory, load=load, watch=watch
            )
    except KeyboardInterrupt:
        typer.echo("healthsim: interrupted; run the command again to go on where it stopped", err=True)
        raise typer.Exit(_INTERRUPTED) from None
    if as_json:
        print_json([_document(outcome) for outcome in outcomes])
    else:
        for outcome in outcomes:
            _echo(outcome)
    failures = [outcome.error for outcome in outcomes if outcome.error is not None]
    for failure in failures[:-1]:
        typer.echo(f"healthsim: {failure}", err=True)
    if failures:
        raise failures[-1]


def _document(outcome: "FetchOutcome") -> dict[str, Any]:
    return {
        "source": outcome.source,
        "file": asdict(outcome.file) if outcome.file else None,
        "loaded": asdict(outcome.loaded) if outcome.loaded else None,
        "error": str(outcome.error) if outcome.error else None,
    }


def _echo(outcome: "FetchOutcome") -> None:
    if outcome.file is not None:
        there = "fetched" if outcome.file.is_new else "already there"
        typer.echo(f"{outcome.source}: {outcome.file.path} ({outcome.file.bytes:,} bytes, {there})")
    if outcome.loaded is not None:
        echo_loaded(outcome.loaded)

"""Commands about reference data: loading official files, looking places up."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from healthsim.cli.options import Db, Json

if TYPE_CHECKING:
    from healthsim.reference import LoadedFile

reference_app = typer.Typer(
    help="Load official reference files, and see which are loaded.\n\nExample: healthsim reference status",
    no_args_is_help=True,
)


@reference_app.command("load")
def load_command(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH…",
            help="Official files: CDC PLACES, SVI, HIFLD or CMS hospitals, NPPES, NUCC taxonomy; CSV, or ZIP with it.",
        ),
    ],
    *,
    release: Annotated[int | None, typer.Option(help="Release year, where neither name nor content tells it.")] = None,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Load official files, recognised by their header; each whole or not at all.

    Example: healthsim reference load PLACES_county_2022.csv SVI_2022_US_county.csv
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light
    from healthsim.cli.printing import print_json  # noqa: PLC0415 - as above

    loaded = get_manager(db).load_reference(paths, release=release)
    if as_json:
        print_json([asdict(file) for file in loaded])
        return
    for file in loaded:
        echo_loaded(file)


def echo_loaded(file: "LoadedFile") -> None:
    """Say what loading a file did."""
    of_year = f", release {file.release}" if file.release else ""
    typer.echo(f"{file.title}{of_year}: {file.counties:,} counties, {file.rows:,} rows")
    for note in file.notes:
        typer.echo(f"  {note}")


@reference_app.command("status")
def status_command(*, db: Db = None, as_json: Json = False) -> None:
    """Tell which official files are loaded; places without one take the starter tables of the package.

    Example: healthsim reference status
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light
    from healthsim.cli.printing import print_json, print_table  # noqa: PLC0415 - as above

    loads = get_manager(db).reference_status()
    if as_json:
        print_json(loads)
        return
    columns = ("kind", "release", "counties", "rows", "loaded_at", "file_name")
    if loads:
        print_table("", columns, [[load[column] for column in columns] for load in loads])
    typer.echo("Starter tables: the nation, the states and the most populous counties (CDC PLACES and SVI 2022).")
    typer.echo("Starter directory: invented providers and hospitals, in place of those that are not loaded.")


def county_command(
    place: Annotated[str | None, typer.Argument(metavar="[COUNTY]", help="FIPS code, or name with --state.")] = None,
    *,
    state: Annotated[str | None, typer.Option(help="State, by letters or name; alone for the state's figures.")] = None,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Look up the figures of a county or state, with source and year.

    Example: healthsim county Harris --state TX
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light
    from healthsim.cli.printing import print_json, print_table  # noqa: PLC0415 - as above

    is_code = place is not None and place.isdigit()
    named = {"fips": place} if is_code else {"name": place, "state": state}
    figures = get_manager(db).lookup_county(**named)
    if as_json:
        print_json(figures)
        return
    title = f"{figures['name']}, {figures['state']} ({figures['fips']}): {figures['population']:,} people"
    rows = [
        (figure["title"], round(figure["value"], 1), figure["among"], figure["source"])
        for figure in figures["figures"].values()
    ]
    print_table(title, ("figure", "percent", "among", "source"), rows)


def counties_command(
    *,
    state: Annotated[str | None, typer.Option(help="State, by letters or name; all states if left out.")] = None,
    search: Annotated[str | None, typer.Option(help="A part of the name, whatever its case.")] = None,
    as_json: Json = False,
) -> None:
    """List the counties there are, with their FIPS codes and people.

    Example: healthsim counties --state IL --search cook
    """
    from healthsim.cli.printing import print_json, print_table  # noqa: PLC0415 - keeps `--help` light
    from healthsim.generation import ReferenceProfileResolver  # noqa: PLC0415 - as above

    found = ReferenceProfileResolver(None).list_counties(state, search)
    columns = ("fips", "full_name", "state", "population")
    rows = [[getattr(county, column) for column in columns] for county in found]
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    print_table("", columns, rows)

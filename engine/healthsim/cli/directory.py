"""Commands that look providers and facilities up."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from healthsim.cli.options import Db, Json

State = Annotated[str | None, typer.Option(help="State, by letters or name.")]
City = Annotated[str | None, typer.Option(help="City, whatever its case.")]
County = Annotated[str | None, typer.Option(help="FIPS code of a county.")]
Limit = Annotated[int, typer.Option(help="At most so many.")]


def providers_command(  # noqa: PLR0913 - the options are the search
    *,
    state: State = None,
    city: City = None,
    county: County = None,
    zip_code: Annotated[str | None, typer.Option("--zip", help="ZIP code.")] = None,
    specialty: Annotated[str | None, typer.Option(help="Specialty, such as cardiology.")] = None,
    taxonomy: Annotated[str | None, typer.Option(help="NUCC taxonomy code.")] = None,
    limit: Limit = 20,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Find providers of a place: loaded ones, else the starter's, which are invented.

    Example: healthsim providers --state TX --city Houston --specialty cardiology
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light

    found = get_manager(db).find_providers(
        state=state, city=city, county_fips=county, zip=zip_code, specialty=specialty, taxonomy=taxonomy, limit=limit
    )
    columns = ("npi", "name", "credential", "specialty", "address_line", "city", "state", "zip")
    _print(found, "providers", columns, as_json=as_json)


def facilities_command(
    *,
    state: State = None,
    city: City = None,
    county: County = None,
    facility_type: Annotated[str | None, typer.Option("--type", help="Kind, such as critical_access.")] = None,
    min_beds: Annotated[int, typer.Option(help="At least so many beds.")] = 0,
    limit: Limit = 20,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Find hospitals of a place, the largest first: loaded ones, else the starter's, which are invented.

    Example: healthsim facilities --state TX --min-beds 200
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light

    found = get_manager(db).find_facilities(
        state=state, city=city, county_fips=county, facility_type=facility_type, min_beds=min_beds, limit=limit
    )
    columns = ("facility_id", "ccn", "name", "facility_type", "beds", "rating", "city", "state", "zip")
    _print(found, "facilities", columns, as_json=as_json)


def _print(found: Mapping[str, Any], kind: str, columns: Sequence[str], *, as_json: bool) -> None:
    from healthsim.cli.printing import print_json, print_table  # noqa: PLC0415 - as above

    if as_json:
        print_json(found)
        return
    print_table("", columns, [[row[column] for column in columns] for row in found[kind]])
    typer.echo(f"Source: {found['source']}")

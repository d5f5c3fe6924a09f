"""The command that lists journeys, shows one, or lets a person go through it."""

from datetime import date
from typing import Annotated, Any

import typer

from healthsim.cli.options import Db, Json, journeys_from


def journey_command(
    name: Annotated[
        str | None, typer.Argument(metavar="[JOURNEY]", help="Journey: its id, or a JSON file; all are listed without.")
    ] = None,
    *,
    birth_date: Annotated[
        str | None, typer.Option(help="Date of birth of the person who goes through it, as 1955-03-15.")
    ] = None,
    gender: Annotated[str, typer.Option(help="F or M.")] = "F",
    start_date: Annotated[str, typer.Option(help="First day of the journey.")] = "2025-01-01",
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of all draws; drawn and printed if left out.")] = None,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """List the journeys that are known, show one, or tell what happens to a person who goes through it.

    Example: healthsim journey diabetic-year-one --birth-date 1955-03-15 --gender M --seed 42
    """
    from healthsim.cli.printing import print_json, print_lines, print_table  # noqa: PLC0415 - keeps `--help` light
    from healthsim.generation import JourneyEngine, Person  # noqa: PLC0415 - as above
    from healthsim.planning.journey_library import journey_library  # noqa: PLC0415 - as above
    from healthsim.spec import journey_json, parse_journey  # noqa: PLC0415 - as above

    library = journey_library()
    if name is None:
        rows = [(each.id, each.name or "", each.description or "") for each in library.journeys.values()]
        columns = ("id", "name", "description")
        if as_json:
            print_json([dict(zip(columns, row, strict=True)) for row in rows])
        else:
            print_table("", columns, rows)
        return
    (source,) = journeys_from([name]) or [name]
    journey = library.find(source, path="$.journey") if isinstance(source, str) else parse_journey(source)
    if birth_date is None:
        print_json(journey_json(journey))
        return
    person = Person(_date(birth_date, "$.birth_date"), gender)
    events = JourneyEngine(db).execute(journey, person, start_date=_date(start_date, "$.start_date"), seed=seed)
    if as_json:
        print_json({"seed": events.seed, "events": list(events)})
        return
    shown = [(str(event["date"]), event["event_id"], event["event_type"], _rows(event)) for event in events]
    print_table("Events", ("date", "event", "type", "rows"), shown)
    print_lines({"Seed": [str(events.seed)]})


def _rows(event: dict[str, Any]) -> str:
    return ", ".join(f"{table} {len(rows)}" for table, rows in event["records"].items())


def _date(text: str, path: str) -> date:
    """Read a date.

    Raises:
        InvalidInputError: The text is none.
    """
    from healthsim.errors import InvalidInputError, Problem  # noqa: PLC0415 - keeps `--help` light

    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError([Problem(path, "no date", repr(text), "write it as 2025-01-31")]) from error

"""Commands that generate, or tell what would be generated."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from healthsim.cli.options import Db, Journey, Json, StartDate, journeys_from

Source = Annotated[
    str | None, typer.Argument(metavar="[PROFILE]", help="Profile: a JSON file, or - for standard input.")
]
Condition = Annotated[str | None, typer.Option(help="Condition everybody has: name, alias or ICD-10-CM code.")]
County = Annotated[str | None, typer.Option("--county", help="County whose population is taken: FIPS code.")]
State = Annotated[str | None, typer.Option(help="State whose population is taken: letters or name.")]
MinAge = Annotated[int | None, typer.Option(help="Lowest age, completed years.")]
MaxAge = Annotated[int | None, typer.Option(help="Highest age, completed years.")]
Count = Annotated[int | None, typer.Option(help="People.")]
Product = Annotated[list[str] | None, typer.Option(help="Product to make, such as patientsim. May be given again.")]
Seed = Annotated[
    int | None, typer.Option(min=0, max=2**63 - 1, help="Seed of all draws; drawn and reported if left out.")
]


def generate_command(  # noqa: PLR0913 - a command has the options it has
    source: Source = None,
    *,
    saved: Annotated[str | None, typer.Option("--profile", help="Saved profile, by name or number.")] = None,
    condition: Condition = None,
    county: County = None,
    state: State = None,
    min_age: MinAge = None,
    max_age: MaxAge = None,
    count: Count = None,
    product: Product = None,
    seed: Seed = None,
    journey: Journey = None,
    start_date: StartDate = None,
    name: Annotated[str | None, typer.Option(help="Name of the cohort.")] = None,
    persist: Annotated[bool, typer.Option(help="Keep the cohort in the workspace.")] = True,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Generate a cohort from a profile, or from a condition, a place and ages, and print its summary.

    Example: healthsim generate --condition diabetes --county 48201 --min-age 18 --count 1000 --seed 42
    """
    from healthsim import generate  # noqa: PLC0415 - keeps `--help` light
    from healthsim.cli.printing import print_json, print_summary, progress_bar  # noqa: PLC0415 - as above

    _check_is_saved(saved)
    with progress_bar("Generating") as progress:
        result = generate(
            profile=profile_from(source),
            profile_name=saved,
            condition=condition,
            county_fips=county,
            state=state,
            min_age=min_age,
            max_age=max_age,
            count=count,
            product=product or None,
            seed=seed,
            journey=journeys_from(journey),
            start_date=start_date,
            name=name,
            persist=persist,
            db=db,
            progress=progress,
        )
    if as_json:
        print_json(result.summary)
    else:
        print_summary(result.summary)


def explain_command(  # noqa: PLR0913 - a command has the options it has
    source: Source = None,
    *,
    condition: Condition = None,
    county: County = None,
    state: State = None,
    min_age: MinAge = None,
    max_age: MaxAge = None,
    count: Count = None,
    product: Product = None,
    seed: Seed = None,
    journey: Journey = None,
    start_date: StartDate = None,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Tell what a profile would generate: rows, expected prevalences, sources. Draws nobody.

    Example: healthsim explain profile.json
    """
    from healthsim import explain  # noqa: PLC0415 - keeps `--help` light
    from healthsim.cli.printing import print_json, print_lines, print_table  # noqa: PLC0415 - as above

    plan = explain(
        profile_from(source),
        condition=condition,
        county_fips=county,
        state=state,
        min_age=min_age,
        max_age=max_age,
        count=count,
        product=product or None,
        seed=seed,
        journey=journeys_from(journey),
        start_date=start_date,
        db=db,
    )
    if as_json:
        print_json(plan)
        return
    rows = [(f"rows of {table}", f"about {expected:,}") for table, expected in plan["estimated_rows"].items()]
    facts: list[tuple[str, Any]] = [(key, plan[key]) for key in ("count", "seed", "as_of", "counties")]
    print_table("Plan", ("fact", "value"), [*((name, str(value)) for name, value in facts), *rows])
    columns = ("code", "name", "among", "asked", "expected")
    print_table("\nConditions", columns, [[each[column] for column in columns] for each in plan["conditions"]])
    if "journeys" in plan:
        events = [
            (each["journey"], each["event_id"], *each["days"], each["expected_per_person"]) for each in plan["journeys"]
        ]
        print_table("\nEvents", ("journey", "event", "first day", "last day", "expected a person"), events)
    print_lines({"Sources": plan["sources"], "Notes": plan["notes"]})


def profile_from(source: str | None) -> str | Path | None:
    """Read a profile's text: `-` is standard input, anything else a file."""
    if source == "-":
        return sys.stdin.read()
    return Path(source) if source is not None else None


def _check_is_saved(saved: str | None) -> None:
    """Refuse a file where the name of a saved profile belongs.

    Raises:
        InvalidInputError: It is one.
    """
    from healthsim.errors import InvalidInputError, Problem  # noqa: PLC0415 - keeps `--help` light

    if saved is not None and (saved.endswith(".json") or Path(saved).is_file()):
        hint = f"a file is given without it: healthsim generate {saved}"
        raise InvalidInputError([Problem("$.profile_name", "--profile takes the name of a saved profile", saved, hint)])

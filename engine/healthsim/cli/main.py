"""The `healthsim` command: one module a subject, errors on stderr with their exit codes."""

import sys

import typer

from healthsim.cli import (
    benchmark,
    cohorts,
    demonstration,
    directory,
    fetching,
    generation,
    journeys,
    places,
    profiles,
    reading,
    scoring,
    serving,
    skills,
)

app = typer.Typer(
    name="healthsim",
    help=(
        "Synthetic healthcare data: describe a population, get linked tables in DuckDB."
        "\n\nExample: healthsim generate --condition diabetes --count 1000 --seed 42"
    ),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

app.command("generate")(generation.generate_command)
app.command("explain")(generation.explain_command)
app.command("query")(reading.query_command)
app.command("summary")(reading.summary_command)
app.command("score")(scoring.score_command)
app.add_typer(cohorts.app, name="cohorts")
app.add_typer(profiles.app, name="profiles")
places.reference_app.command("fetch")(fetching.fetch_command)
app.add_typer(places.reference_app, name="reference")
app.command("county")(places.county_command)
app.command("counties")(places.counties_command)
app.command("providers")(directory.providers_command)
app.command("facilities")(directory.facilities_command)
app.add_typer(skills.app, name="skills")
app.command("journey")(journeys.journey_command)
app.command("serve", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(serving.serve_command)
app.command("demo")(demonstration.demo_command)
app.command("bench")(benchmark.bench_command)

_BAD_INPUT = 2
_FAILURE = 1
_INTERRUPTED = 130
_STOPPED = "interrupted; nothing was kept"


def main() -> None:
    """Run the command; exit 2 for bad input, 1 for a failure, 130 when interrupted."""
    from healthsim.errors import HealthSimError, InvalidInputError  # noqa: PLC0415 - keeps `--help` light

    try:
        app(standalone_mode=True)
    except InvalidInputError as error:
        _fail(str(error), _BAD_INPUT)
    except HealthSimError as error:
        _fail(str(error), _FAILURE)
    except KeyboardInterrupt:
        _fail(_STOPPED, _INTERRUPTED)
    except RuntimeError as error:
        # What DuckDB raises when the interrupt comes while it works.
        if str(error) != "Query interrupted":
            raise
        _fail(_STOPPED, _INTERRUPTED)


def _fail(message: str, code: int) -> None:
    sys.stderr.write(f"healthsim: {message}\n")
    sys.exit(code)

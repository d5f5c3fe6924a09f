"""Commands that keep cohorts in order: listed, labelled, cloned, merged, moved and deleted."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from healthsim.cli.options import Db, Json
from healthsim.cli.reading import Cohort

app = typer.Typer(
    help="List, label, clone, merge, move and delete cohorts.\n\nExample: healthsim cohorts list", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name, its own among cohorts.")]
FreeName = Annotated[str | None, typer.Option("--name", help="Name of the cohort.")]


@app.command("list")
def list_command(
    *,
    search: Annotated[str | None, typer.Option(help="Text in the name.")] = None,
    tags: Annotated[list[str] | None, typer.Option("--tag", help="Tag they have; may be repeated.")] = None,
    product: Annotated[str | None, typer.Option(help="Product they are of, such as patientsim.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Most cohorts.")] = 50,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """List the cohorts of the workspace, the newest first.

    Example: healthsim cohorts list --tag study
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light
    from healthsim.cli.printing import print_json, print_table  # noqa: PLC0415 - as above

    cohorts = get_manager(db).list_cohorts(limit, search=search, tags=tags, product=product)
    if as_json:
        print_json(cohorts)
        return
    columns = ("cohort_id", "name", "count", "tags", "created_at")
    print_table("", columns, [[*_cells(cohort, columns)] for cohort in cohorts])


@app.command("rename")
def rename_command(cohort: Cohort, name: Name, *, db: Db = None, as_json: Json = False) -> None:
    """Give a cohort another name.

    Example: healthsim cohorts rename diabetes harris-2025
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light

    _print(get_manager(db).rename_cohort(cohort, name), "renamed", as_json=as_json)


@app.command("tag")
def tag_command(
    cohort: Cohort,
    tags: Annotated[list[str] | None, typer.Argument(metavar="[TAG…]", help="Tags to add.")] = None,
    *,
    remove: Annotated[list[str] | None, typer.Option(help="Tag to remove; may be repeated.")] = None,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Add tags to a cohort, and remove others.

    Example: healthsim cohorts tag diabetes study texas --remove draft
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light

    _print(get_manager(db).tag_cohort(cohort, tags or [], remove=remove or []), "tagged", as_json=as_json)


@app.command("clone")
def clone_command(cohort: Cohort, name: Name, *, db: Db = None, as_json: Json = False) -> None:
    """Keep a cohort a second time under another name; it outlives the first and costs no space.

    Example: healthsim cohorts clone diabetes diabetes-backup
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light

    _print(get_manager(db).clone_cohort(cohort, name), "cloned as", as_json=as_json)


@app.command("merge")
def merge_command(
    cohorts: Annotated[list[str], typer.Argument(metavar="COHORT…", help="Handles or names, two or more.")],
    *,
    name: FreeName = None,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Keep the rows of several cohorts as one more; their people stay different people.

    Example: healthsim cohorts merge harris dallas --name texas
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light

    _print(get_manager(db).merge_cohorts(cohorts, name=name), "merged as", as_json=as_json)


@app.command("publish")
def publish_command(*, db: Db = None, as_json: Json = False) -> None:
    """Enter finished cohorts into the catalogue that could not reach it when they were made.

    Example: healthsim cohorts publish
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light
    from healthsim.cli.printing import print_json  # noqa: PLC0415 - as above
    from healthsim.errors import StateError  # noqa: PLC0415 - as above

    answers = get_manager(db).publish_cohorts()
    if as_json:
        print_json(answers)
    elif not answers:
        typer.echo("there is nothing to publish")
    for answer in answers:
        if "problem" not in answer and not as_json:
            typer.echo(f"published {answer['cohort_id']} ({answer['name']})")
    problems = [answer["problem"] for answer in answers if "problem" in answer]
    if problems:
        raise StateError("; ".join(problems))


@app.command("export")
def export_command(
    cohort: Cohort,
    directory: Annotated[Path | None, typer.Argument(metavar="[FOLDER]", help="New or empty folder.")] = None,
    *,
    tables: Annotated[list[str] | None, typer.Option("--table", help="Table; all if left out.")] = None,
    format_name: Annotated[Literal["parquet", "csv", "jsonl"], typer.Option("--format", help="Format.")] = "parquet",
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Write a cohort's tables into a folder, with a manifest of what it is.

    Example: healthsim cohorts export diabetes ./diabetes
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light
    from healthsim.cli.printing import print_json, print_table  # noqa: PLC0415 - as above

    exported = get_manager(db).export_cohort(cohort, directory, tables=tables or None, format=format_name)
    if as_json:
        print_json(exported)
        return
    typer.echo(exported["directory"])
    columns = ("file", "rows", "bytes")
    print_table("", columns, [[*_cells(file, columns)] for file in exported["files"]])


@app.command("import")
def import_command(
    directory: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of an export as Parquet.")],
    *,
    name: FreeName = None,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Keep a cohort that was exported, once its files are seen to be whole.

    Example: healthsim cohorts import ./diabetes
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light

    _print(get_manager(db).import_cohort(directory, name=name), "imported", as_json=as_json)


@app.command("delete")
def delete_command(cohort: Cohort, *, db: Db = None, as_json: Json = False) -> None:
    """Delete a cohort and give back its space.

    Example: healthsim cohorts delete diabetes
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light

    _print(get_manager(db).delete_cohort(cohort), "deleted", as_json=as_json)


def _print(answer: Mapping[str, Any], done: str, *, as_json: bool) -> None:
    from healthsim.cli.printing import print_json  # noqa: PLC0415 - keeps `--help` light

    if as_json:
        print_json(answer)
    else:
        tags = f", tags {', '.join(answer['tags'])}" if answer.get("tags") else ""
        typer.echo(f"{done} {answer['cohort_id']} ({answer['name']}){tags}")


def _cells(row: Mapping[str, Any], columns: tuple[str, ...]) -> list[object]:
    return [", ".join(row[column]) if isinstance(row[column], list) else row[column] for column in columns]

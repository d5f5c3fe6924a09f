"""Commands that save profiles and tell what was executed of them."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from healthsim.cli.generation import profile_from
from healthsim.cli.options import Db, Json

if TYPE_CHECKING:
    from healthsim.state.profiles import SavedProfile

app = typer.Typer(
    help="Save profiles under names, in versions, and see what was executed.\n\nExample: healthsim profiles list",
    no_args_is_help=True,
)

Saved = Annotated[str, typer.Argument(metavar="PROFILE", help="Name or number of a saved profile.")]
Source = Annotated[str, typer.Argument(metavar="FILE", help="Profile: a JSON file, or - for standard input.")]
Description = Annotated[str | None, typer.Option(help="What it is for.")]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="Tag; may be repeated.")]
Limit = Annotated[int, typer.Option(min=1, help="Most lines.")]

_COLUMNS = ("id", "name", "version", "products", "tags", "updated_at", "description")
_EXECUTION = (
    *("execution_id", "profile_id", "profile_version", "cohort_id", "seed", "count"),
    *("status", "recorded_by", "created_at"),
)


@app.command("save")
def save_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name, its own among profiles.")],
    source: Source,
    *,
    description: Description = None,
    tags: Tags = None,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Save a profile that can be executed; the same again is the one that is there.

    Example: healthsim profiles save harris-diabetic profile.json --tag diabetes --tag texas
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light

    profiles = get_manager(db).profiles
    number = profiles.save_profile(name, profile_from(source) or "", description, tags)
    _print([profiles.load_profile(number)], as_json=as_json, is_list=False)


@app.command("update")
def update_command(
    profile: Saved,
    source: Annotated[str | None, typer.Argument(metavar="[FILE]", help="The new version: a JSON file, or -.")] = None,
    *,
    name: Annotated[str | None, typer.Option(help="New name.")] = None,
    description: Description = None,
    tags: Tags = None,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Save a new version of a profile, or change its name, description or tags.

    Example: healthsim profiles update harris-diabetic profile.json
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light

    updated = get_manager(db).profiles.update_profile(
        profile, profile_from(source), name=name, description=description, tags=tags or None
    )
    _print([updated], as_json=as_json, is_list=False)


@app.command("list")
def list_command(
    *,
    search: Annotated[str | None, typer.Option(help="Text in name or description.")] = None,
    tags: Tags = None,
    product: Annotated[str | None, typer.Option(help="Product they are of, such as patientsim.")] = None,
    limit: Limit = 50,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """List saved profiles, the last saved first.

    Example: healthsim profiles list --tag diabetes
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light

    found = get_manager(db).profiles.list_profiles(search, tags, product, limit)
    _print(found, as_json=as_json, is_list=True)


@app.command("show")
def show_command(
    profile: Saved,
    *,
    version: Annotated[int | None, typer.Option(min=1, help="Version; the latest if left out.")] = None,
    db: Db = None,
) -> None:
    """Print a saved profile as JSON, as `healthsim generate` takes it.

    Example: healthsim profiles show harris-diabetic --version 1
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light
    from healthsim.cli.printing import print_json  # noqa: PLC0415 - as above

    print_json(get_manager(db).profiles.load_profile(profile, version).profile_spec)


@app.command("versions")
def versions_command(profile: Saved, *, db: Db = None, as_json: Json = False) -> None:
    """List all versions of a profile.

    Example: healthsim profiles versions harris-diabetic
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light

    _print(get_manager(db).profiles.versions(profile), as_json=as_json, is_list=True)


@app.command("diff")
def diff_command(
    profile: Saved,
    before: Annotated[int | None, typer.Argument(metavar="[BEFORE]", help="Version; the one before AFTER.")] = None,
    after: Annotated[int | None, typer.Argument(metavar="[AFTER]", help="Version; the latest.")] = None,
    *,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Tell what differs in meaning between two versions of a profile.

    Example: healthsim profiles diff harris-diabetic 1 2
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light
    from healthsim.cli.printing import print_json, print_table  # noqa: PLC0415 - as above

    found = [asdict(each) for each in get_manager(db).profiles.diff(profile, before, after)]
    if as_json:
        print_json(found)
    else:
        print_table("", ("path", "change", "before", "after"), [list(each.values()) for each in found])


@app.command("delete")
def delete_command(profile: Saved, *, db: Db = None, as_json: Json = False) -> None:
    """Delete a profile with all its versions; what was executed of it stays recorded.

    Example: healthsim profiles delete harris-diabetic
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light

    _print([get_manager(db).profiles.delete_profile(profile)], as_json=as_json, is_list=False)


@app.command("executions")
def executions_command(
    profile: Annotated[str | None, typer.Argument(metavar="[PROFILE]", help="Saved profile; all without one.")] = None,
    *,
    limit: Limit = 50,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """List what was executed, the newest first.

    Example: healthsim profiles executions harris-diabetic
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light
    from healthsim.cli.printing import print_json, print_table  # noqa: PLC0415 - as above

    found = get_manager(db).profiles.list_executions(profile, limit=limit)
    if as_json:
        print_json([asdict(each) for each in found])
    else:
        print_table("", _EXECUTION, [[getattr(each, column) for column in _EXECUTION] for each in found])


@app.command("rerun")
def rerun_command(
    execution: Annotated[int, typer.Argument(metavar="EXECUTION", help="Number of an execution.")],
    *,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Execute again what was executed, keeping nothing, and compare the digests.

    Example: healthsim profiles rerun 1
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light
    from healthsim.cli.printing import print_json, print_lines, progress_bar  # noqa: PLC0415 - as above

    with progress_bar("Executing again") as progress:
        answer = get_manager(db).rerun_execution(execution, progress=progress)
    if as_json:
        print_json(asdict(answer))
        return
    verdicts = {True: "the same rows", False: "other rows", None: "nothing to compare with"}
    typer.echo(f"{verdicts[answer.is_equal]}: digest {answer.digest_then} then, {answer.digest_now} now")
    print_lines({"Changes": answer.changes})


def _print(profiles: Sequence["SavedProfile"], *, as_json: bool, is_list: bool) -> None:
    from healthsim.cli.printing import print_json, print_table  # noqa: PLC0415 - keeps `--help` light

    if as_json:
        documents = [asdict(each) for each in profiles]
        print_json(documents if is_list else documents[0])
        return
    rows = [[_shown(getattr(each, column)) for column in _COLUMNS] for each in profiles]
    print_table("", _COLUMNS, rows)


def _shown(value: object) -> object:
    return ", ".join(value) if isinstance(value, tuple) else value

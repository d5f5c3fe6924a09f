"""The commands about skills: list them, look up what they say, check one's own."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from healthsim.cli.options import Json


class _ShowingByDefault(TyperGroup):
    """Takes `healthsim skills copd` for `healthsim skills show copd`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer does not export its context
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["show", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    help="List the skills, look up what they say, check your own.\n\nExample: healthsim skills diabetes-management",
    cls=_ShowingByDefault,
    rich_markup_mode=None,
)


@app.command("show")
def show_command(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Skill; all are listed without one.")] = None,
    *,
    path: Annotated[str | None, typer.Option(help="Dotted path in it, such as monitoring.labs.hba1c.")] = None,
    as_json: Json = False,
) -> None:
    """List the skills, show one, or look up what it says at a path, with its source; `show` may be left out.

    Example: healthsim skills show diabetes-management --path monitoring.labs.hba1c
    """
    from healthsim.cli.printing import print_json, print_table  # noqa: PLC0415 - keeps `--help` light
    from healthsim.errors import InvalidInputError, Problem  # noqa: PLC0415 - as above
    from healthsim.skills import lookup, skill_library  # noqa: PLC0415 - as above

    library = skill_library()
    if name is None:
        if path is not None:
            raise InvalidInputError([Problem("$.name", "a path needs the skill it leads into", None, "name the skill")])
        rows = [
            (skill.name, ", ".join(model.id for model in skill.conditions), skill.description)
            for skill in library.skills.values()
        ]
        columns = ("name", "conditions", "description")
        if as_json:
            print_json([dict(zip(columns, row, strict=True)) for row in rows])
        else:
            print_table("", columns, rows)
        return
    answer = library.skill(name, path="$.name").document if path is None else asdict(lookup(library, name, path))
    print_json(answer)


@app.command("validate")
def validate_command(
    folder: Annotated[Path, typer.Argument(help="Folder of skills, or a single skill.")],
    *,
    as_json: Json = False,
) -> None:
    """Check skills of your own, as they would be with those of the package; every problem is told.

    Example: healthsim skills validate my-skills
    """
    from healthsim.cli.printing import print_json  # noqa: PLC0415 - keeps `--help` light
    from healthsim.skills import check_folder  # noqa: PLC0415 - as above

    names = check_folder(folder)
    if as_json:
        print_json({"sound": names})
    else:
        typer.echo(f"sound: {', '.join(names)}")

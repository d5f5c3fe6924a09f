"""The command that lists skills and looks up what they say."""

from dataclasses import asdict
from typing import Annotated

import typer

from healthsim.cli.options import Json


def skills_command(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Skill; all are listed without one.")] = None,
    *,
    path: Annotated[str | None, typer.Option(help="Dotted path in it, such as monitoring.labs.hba1c.")] = None,
    as_json: Json = False,
) -> None:
    """List the skills, show one, or look up what it says at a path, with its source.

    Example: healthsim skills diabetes-management --path monitoring.labs.hba1c
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

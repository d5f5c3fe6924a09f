"""Commands that read a cohort: its summary, one of its people, and answers about its rows."""

from typing import Annotated, Literal

import typer

from healthsim.cli.options import Db, Json

Cohort = Annotated[str, typer.Argument(metavar="COHORT", help="Handle or name.")]


def query_command(
    cohort: Cohort,
    sql: Annotated[str, typer.Argument(metavar="SQL", help="One SELECT over the cohort's tables.")],
    *,
    limit: Annotated[int, typer.Option(min=1, help="Most rows.")] = 100,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Answer one SELECT over a cohort's tables.

    Example: healthsim query diabetes "SELECT code, count(*) FROM diagnoses GROUP BY code"
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light
    from healthsim.cli.printing import print_json, print_table  # noqa: PLC0415 - as above

    answer = get_manager(db).query(cohort, sql, limit=limit)
    if as_json:
        print_json(
            {"columns": answer.columns, "rows": answer.rows, "total": answer.total, "truncated": answer.truncated}
        )
        return
    print_table("", answer.columns, answer.rows)
    if answer.truncated:
        typer.echo(f"the first {limit:,} of {answer.total or 'many'} rows; --limit gives more", err=True)


def person_command(
    cohort: Cohort,
    person: Annotated[int, typer.Argument(metavar="PERSON", help="The person's number, person_id.")],
    *,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Show one person whole: their rows of every table.

    Example: healthsim person diabetes 1
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light
    from healthsim.cli.printing import print_json, print_table  # noqa: PLC0415 - as above

    rows = get_manager(db).get_person(cohort, person)
    if as_json:
        print_json(rows)
        return
    for table, of_person in rows.items():
        print_table(f"\n{table}", list(of_person[0]), [list(row.values()) for row in of_person])


def summary_command(
    cohort: Cohort,
    *,
    detail: Annotated[Literal["concise", "detailed"], typer.Option(help="How much.")] = "concise",
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Summarise a cohort: counts, people, asked against reached prevalences.

    Example: healthsim summary diabetes
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light
    from healthsim.cli.printing import print_json, print_summary, print_table  # noqa: PLC0415 - as above

    summary = get_manager(db).get_summary(cohort, detail=detail)
    if as_json:
        print_json(summary)
        return
    print_summary(summary)
    for table, rows in summary.get("samples", {}).items():
        print_table(f"\nThe first {table}", list(rows[0]) if rows else [], [list(row.values()) for row in rows])

"""The command that scores a cohort."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from healthsim.cli.options import Db, Json

Card = Mapping[str, Any]

_STATES = ("passed", "broken", "not_applicable")


def score_command(
    cohort: Annotated[str, typer.Argument(metavar="COHORT", help="Handle or name.")],
    *,
    every: Annotated[bool, typer.Option("--all", help="List every rule, not only the broken ones.")] = False,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Score a cohort: clinical rules broken, and figures beside those asked for and published.

    Example: healthsim score diabetes
    """
    from healthsim import get_manager  # noqa: PLC0415 - keeps `--help` light
    from healthsim.cli.printing import print_json, print_table  # noqa: PLC0415 - as above

    card = get_manager(db).score(cohort)
    if as_json:
        print_json(card)
        return
    typer.echo(f"Cohort {card['cohort_id']} ({card['name']}): {_in_words(card['score'])}")
    print_table("", ("subject", "passed", "broken", "not applicable"), _by_subject(card["rules"]))
    columns = ("rule", "title", "rows checked", "rows broken", "for example")
    listed = [rule for rule in card["rules"] if every or rule["status"] == "broken"]
    if listed:
        print_table("\nEvery rule" if every else "\nBroken rules", columns, [_line(rule) for rule in listed])


def _in_words(score: Mapping[str, Any]) -> str:
    return "{rules_checked} rules checked, {rules_broken} broken, in {rows_broken:,} rows".format(**score)


def _by_subject(rules: Sequence[Card]) -> list[list[object]]:
    counts: dict[str, Counter[str]] = {}
    for rule in rules:
        counts.setdefault(rule["subject"], Counter())[rule["status"]] += 1
    return [[subject, *(found[state] for state in _STATES)] for subject, found in counts.items()]


def _line(rule: Card) -> list[object]:
    examples = rule.get("examples", ())
    shown = ", ".join(f"{name} {value}" for name, value in examples[0].items()) if examples else rule.get("reason")
    return [rule["id"], rule["title"], rule.get("checked"), rule.get("broken"), shown]

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
    every: Annotated[
        bool, typer.Option("--all", help="List every rule and figure, not only those that matter.")
    ] = False,
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
    figures = [figure for figure in card["figures"] if every or _is_listed(figure)]
    if figures:
        headings = ("figure", "expected", "after", "reached", "95 %", "people", "within tolerance")
        print_table("\nFigures", headings, [_figure_line(figure) for figure in figures])


def _in_words(score: Mapping[str, Any]) -> str:
    rules = "{rules_checked} rules checked, {rules_broken} broken, in {rows_broken:,} rows"
    return f"{rules}; {{figures_compared}} figures compared, {{figures_outside}} outside their tolerance".format(
        **score
    )


def _by_subject(rules: Sequence[Card]) -> list[list[object]]:
    counts: dict[str, Counter[str]] = {}
    for rule in rules:
        counts.setdefault(rule["subject"], Counter())[rule["status"]] += 1
    return [[subject, *(found[state] for state in _STATES)] for subject, found in counts.items()]


def _line(rule: Card) -> list[object]:
    examples = rule.get("examples", ())
    shown = ", ".join(f"{name} {value}" for name, value in examples[0].items()) if examples else rule.get("reason")
    return [rule["id"], rule["title"], rule.get("checked"), rule.get("broken"), shown]


def _is_listed(figure: Card) -> bool:
    """Tell whether a figure is listed unasked: the prevalences are, and whatever is outside its tolerance."""
    return figure["kind"] == "prevalence" or not figure["is_within"]


def _figure_line(figure: Card) -> list[object]:
    interval = "{low:.3f} to {high:.3f}".format(**figure)
    told = [figure[name] for name in ("what", "expected", "source", "reached")]
    return [*told, interval, figure["people"], "yes" if figure["is_within"] else "NO"]

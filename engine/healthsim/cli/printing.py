"""How answers are printed: tables for people, JSON for programs."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table
from rich.text import Text

_UNFOLDED = 100_000
"""Characters of a line nobody folds: what a program reads has a row a line."""


def print_json(answer: object) -> None:
    """Print one JSON document."""
    sys.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False, default=str) + "\n")


_MOST_LINES = 12
"""Sentences of a list that are printed at most."""


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under their columns."""
    table = Table(title=Text(title) if title else None, title_justify="left", show_edge=False, pad_edge=False)
    for index, column in enumerate(columns):
        is_number = all(isinstance(row[index], int | float) or row[index] is None for row in rows)
        table.add_column(Text(column), justify="right" if is_number and rows else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_shown(value) for value in row))
    _console().print(table)


def print_summary(summary: Mapping[str, Any]) -> None:
    """Print what a cohort holds."""
    console = _console()
    state = "existed already" if summary["existing"] else "was generated"
    console.print(f"Cohort {summary['cohort_id']} ({summary['name']}) {state}", highlight=False, markup=False)
    facts = [(key, summary[key]) for key in ("count", "seed", "as_of", "digest", "engine_version")]
    facts += [(f"rows of {table}", f"{rows:,}") for table, rows in summary["tables"].items()]
    for part in ("claims", "trial"):
        facts += [(f"{part}: {name.replace('_', ' ')}", f"{value:,}") for name, value in summary.get(part, {}).items()]
    if "score" in summary:
        facts += [(name.replace("_", " "), summary["score"][name]) for name in ("rules_checked", "rules_broken")]
    print_table("", ("fact", "value"), [(name, str(value)) for name, value in facts])
    if summary["demographics"]:
        print_table("\nPeople", ("of", "who", "share"), list(_shares(summary["demographics"])))
    if summary["conditions"]:
        columns = ("code", "name", "among", "asked", "expected", "reached")
        rows = [[condition.get(column) for column in columns] for condition in summary["conditions"]]
        print_table("\nConditions", columns, rows)
    print_lines({"Sources": summary["sources"], "Notes": summary["notes"]})


def print_lines(lists: Mapping[str, Sequence[str]]) -> None:
    """Print lists of sentences under their headings, long ones in part; none that is empty."""
    for heading, lines in lists.items():
        if lines:
            rest = len(lines) - _MOST_LINES
            more = (f"- and {rest} more, which --json tells",) if rest > 0 else ()
            text = "\n".join((f"\n{heading}", *(f"- {line}" for line in lines[:_MOST_LINES]), *more))
            _console().print(text, highlight=False, markup=False)


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on stderr while a terminal watches; gives the function to report to."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@contextmanager
def download_bars() -> Iterator[Callable[[str], Callable[[int, int | None], None]]]:
    """Show bars of bytes on stderr while a terminal watches; gives what makes a bar, a function to report to."""
    console = Console(stderr=True)
    columns = (
        *(TextColumn("{task.description}"), BarColumn(), DownloadColumn()),
        *(TransferSpeedColumn(), TimeRemainingColumn()),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:

        def bar(title: str) -> Callable[[int, int | None], None]:
            task = progress.add_task(title, total=None)
            return lambda done, total: progress.update(task, completed=done, total=total)

        yield bar


def _shares(demographics: Mapping[str, Any]) -> Iterator[tuple[str, str, float]]:
    yield from (("age", band, share) for band, share in demographics["age"]["bands"].items())
    for attribute in ("gender", "race", "ethnicity"):
        yield from ((attribute, name, share) for name, share in demographics[attribute].items())


def _shown(value: object) -> Text:
    """Write a cell as it is: no markup, and no separators in numbers, which may be years or identifiers."""
    return Text("" if value is None else str(value))


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=_UNFOLDED, no_color=True)

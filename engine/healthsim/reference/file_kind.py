"""What a kind of official file is: what tells it apart, what it must hold, and the rows it becomes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb

from healthsim.reference.checking import Check
from healthsim.reference.official_csv import quoted

Header = Sequence[str]


@dataclass(frozen=True, slots=True)
class Target:
    """A further table that a kind of file fills.

    Attributes:
        table: The table in schema `population`.
        create: SQL that makes the table where it is not there.
        rows: Gives the SQL of the table's rows, without their release; None where the header has none.
    """

    table: str
    create: str
    rows: Callable[[Header], str | None]


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of official file.

    Attributes:
        title: What it is, for messages.
        table: The table in schema `population` that its rows go to.
        create: SQL that makes the table where it is not there.
        columns: Columns that the header must hold; by them the kind is recognised.
        place: SQL of a row's place: five digits, `00` for the nation.
        key: SQL of what may come only once in a file.
        checks: Gives what the columns of a header must hold.
        rows: Gives the SQL of the table's rows, without their release.
        measures: Gives the columns with figures; a header without any is of no use.
        release: SQL of the release year over the staged rows, None where only the file's name can tell.
        other_places: Columns that files of other places than counties have, and what these places are.
        more: Further tables that it fills.
        remarks: Says what figures the rows of a table lack, None where there is nothing to say.
    """

    title: str
    table: str
    create: str
    columns: tuple[str, ...]
    place: str
    key: tuple[str, ...]
    checks: Callable[[Header], list[Check]]
    rows: Callable[[Header], str]
    measures: Callable[[Header], list[str]]
    release: str | None = None
    other_places: tuple[tuple[str, str], ...] = ()
    more: tuple[Target, ...] = ()
    remarks: Callable[[duckdb.DuckDBPyConnection, str], tuple[str, ...]] | None = None


def county_code(column: str) -> str:
    """Give SQL that reads a county's code, whose leading zero a spreadsheet may have dropped."""
    return f"lpad({quoted(column)}, greatest(5, length({quoted(column)}))::INTEGER, '0')"

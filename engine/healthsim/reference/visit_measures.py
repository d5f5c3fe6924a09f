"""What is measured at visits and stays, and how often tests that a condition calls for are really done."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from healthsim.reference.starter import read_table


@dataclass(frozen=True, slots=True)
class Adherence:
    """How often a test is done when it is due.

    Attributes:
        test: The test; empty for all that have no row of their own.
        until_days: Longest interval it holds for.
        share: Share of the times when it is due and the person is seen.
    """

    test: str
    until_days: int
    share: float


@cache
def measure_shares(kind: str, what: str) -> Mapping[str, float]:
    """Give the shares of visits of a kind at which something is measured, by whom or what it is a share of.

    Args:
        kind: `office`, `emergency` or `inpatient`.
        what: `vitals`, `blood`, or a panel.
    """
    rows = read_table("visit_measures.csv")
    return {row["who"]: float(row["share"]) for row in rows if (row["kind"], row["what"]) == (kind, what)}


def monitoring_share(test: str, interval_days: int) -> float:
    """Give the share of the times when a test is due, and the person is seen, at which it is done."""
    known = [each for each in _adherence() if each.test in {"", test} and interval_days <= each.until_days]
    own = [each for each in known if each.test] or known
    return own[0].share


@cache
def _adherence() -> tuple[Adherence, ...]:
    rows = read_table("monitoring_adherence.csv")
    return tuple(Adherence(row["test"], int(row["until_days"]), float(row["share"])) for row in rows)


@cache
def test_years() -> Mapping[str, int]:
    """Give the years from which tests and vital signs were in use, of those that have not always been."""
    return {row["test"]: int(row["from_year"]) for row in read_table("test_history.csv")}

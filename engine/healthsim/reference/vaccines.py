"""Vaccines by their CVX codes, in words of our own."""

from collections.abc import Mapping
from functools import cache

from healthsim.reference.starter import read_table


@cache
def vaccine_names() -> Mapping[str, str]:
    """Give the vaccines' names by CVX code."""
    return {row["cvx"]: row["name"] for row in read_table("vaccines.csv")}

"""County files of the CDC/ATSDR Social Vulnerability Index: releases 2018, 2020 and 2022, whose columns differ."""

import re

from healthsim.reference.checking import Check, number
from healthsim.reference.file_kind import FileKind, Header, county_code
from healthsim.reference.official_csv import STAGED, quoted

_MISSING = -999
_COLUMN = re.compile(r"(E|EP|RPL)_\w+")
_HIGHEST = {"E": None, "EP": 100.0, "RPL": 1.0}

# The index of 2018 gives the income per head in dollars, under the name of a percentage.
_DOLLARS = frozenset({"EP_PCI"})


def _figures(header: Header) -> list[str]:
    return [name for name in header if _COLUMN.fullmatch(name)]


def _checks(header: Header) -> list[Check]:
    return [Check(name, high=_highest(name), missing=_MISSING) for name in _figures(header)]


def _highest(name: str) -> float | None:
    return None if name in _DOLLARS else _HIGHEST[name.partition("_")[0]]


def _rows(header: Header) -> str:
    figures = ", ".join(f"{number(name, _MISSING)} AS {quoted(name)}" for name in _figures(header))
    return f"SELECT {_PLACE} AS fips, {figures} FROM {STAGED}"  # noqa: S608 - names of the header, quoted


_PLACE = county_code("FIPS")

SVI = FileKind(
    title="CDC/ATSDR SVI county data",
    table="svi_county",
    create="CREATE TABLE IF NOT EXISTS population.svi_county (fips VARCHAR, release INTEGER)",
    columns=("FIPS", "E_TOTPOP", "E_AGE65", "E_AGE17", "RPL_THEMES"),
    place=_PLACE,
    key=(_PLACE,),
    checks=_checks,
    rows=_rows,
    measures=_figures,
)

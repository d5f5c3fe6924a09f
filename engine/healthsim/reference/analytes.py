"""What is measured of people: the catalogue of analytes and vital signs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from healthsim.reference.starter import table_text
from healthsim.reference.vocabulary import AGES

_NO_LIMIT = 1e6

OLDEST = AGES - 1
"""Highest age, completed years."""


@dataclass(frozen=True, slots=True)
class ReferenceRange:
    """Between which values results count as normal.

    Attributes:
        sex: The only sex it is for, None for both.
        from_age: Age from which it holds, completed years.
        low: Lowest normal value, None for none.
        high: Highest normal value, None for none.
    """

    sex: str | None
    from_age: int
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Analyte:
    """An analyte or vital sign.

    Attributes:
        id: Its name here; skills and drugs know it by it.
        kind: Whether its results are laboratory results or vital signs.
        loinc: LOINC code.
        name: For people, our own wording.
        unit: UCUM unit.
        decimals: Decimals that are reported.
        cv: Coefficient of variation within a person, from day to day; 0 for what is computed.
        shared_with: Analyte whose variation it shares, None for none.
        shared: Correlation of their variations.
        computed_from: What it is computed from; none for what is measured.
        ranges: Reference ranges; later ones of an age hold over earlier ones.
        critical_low: Below it a result is critical, None for none.
        critical_high: Above it a result is critical, None for none.
        first_age: Completed years from which it is measured.
        last_age: Completed years up to which it is.
        least: Least value that is reported.
        highest: Highest value that is reported.
    """

    id: str
    kind: Literal["lab", "vital"]
    loinc: str
    name: str
    unit: str
    decimals: int
    cv: float
    shared_with: str | None
    shared: float
    computed_from: tuple[str, ...]
    ranges: tuple[ReferenceRange, ...]
    critical_low: float | None
    critical_high: float | None
    first_age: int
    last_age: int
    least: float
    highest: float


@dataclass(frozen=True, slots=True)
class Panel:
    """Tests that are ordered together.

    Attributes:
        id: Its name here.
        name: For people, our own wording.
        loinc: LOINC code of the panel.
        members: Ids of the analytes.
        routine_share: Share of adults' visits at which it is ordered whatever people have.
    """

    id: str
    name: str
    loinc: str
    members: tuple[str, ...]
    routine_share: float


@cache
def analytes() -> Mapping[str, Analyte]:
    """Give the catalogue, by id."""
    document = json.loads(table_text("analytes.json"))
    return {entry["id"]: _analyte(entry) for entry in document["analytes"]}


@cache
def panels() -> Mapping[str, Panel]:
    """Give the panels, by id."""
    return {
        entry["id"]: Panel(
            entry["id"], entry["name"], entry["loinc"], tuple(entry["members"]), entry["routine"]["share"]
        )
        for entry in json.loads(table_text("panels.json"))["panels"]
    }


def _analyte(entry: Mapping[str, Any]) -> Analyte:
    varies = entry.get("within_person", {})
    shared = varies.get("shared_with", {})
    reference = entry.get("reference", {})
    critical = reference.get("critical", {})
    first_age, last_age = entry.get("ages", (0, OLDEST))
    least, highest = entry.get("possible", (10.0 ** -entry["decimals"], _NO_LIMIT))
    return Analyte(
        id=entry["id"],
        kind=entry["kind"],
        loinc=entry["loinc"],
        name=entry["name"],
        unit=entry["unit"],
        decimals=entry["decimals"],
        cv=varies.get("cv", 0.0),
        shared_with=shared.get("id"),
        shared=shared.get("correlation", 0.0),
        computed_from=tuple(entry.get("computed_from", ())),
        ranges=tuple(
            ReferenceRange(each.get("sex"), each["from_age"], each["low"], each["high"])
            for each in reference.get("ranges", ())
        ),
        critical_low=critical.get("low"),
        critical_high=critical.get("high"),
        first_age=first_age,
        last_age=last_age,
        least=least,
        highest=highest,
    )

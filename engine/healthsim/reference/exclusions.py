"""Codes of ICD-10-CM that exclude each other: the Excludes1 notes of the tabular list."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from healthsim.reference.codes import exclusion_notes, is_icd10

_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_CODE = r"[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?"
_NAMED = re.compile(rf"({_CODE})(?:\.?-(?!{_CODE})|-({_CODE})(?:\.?-)?)?")


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Two codes that must not be coded together.

    Attributes:
        code: The code whose note it is.
        other: The other.
        note: The note.
    """

    code: str
    other: str
    note: str


def exclusions_among(codes: Iterable[str]) -> list[Exclusion]:
    """Find the pairs of some codes that exclude each other.

    Args:
        codes: ICD-10-CM codes with their dots; what is no code excludes nothing.
    """
    known = sorted({code for code in codes if is_icd10(code)})
    notes = ((code, note, tuple(_named(note))) for code in known for note in exclusion_notes(code))
    return [
        Exclusion(code, other, note)
        for code, note, ranges in notes
        for other in known
        if other != code and any(first <= other[: len(first)] and other[: len(last)] <= last for first, last in ranges)
    ]


def _named(note: str) -> Iterator[tuple[str, str]]:
    """Give the codes that a note names, as first and last of a range."""
    for bracket in _IN_BRACKETS.findall(note):
        for first, last in _NAMED.findall(bracket):
            yield first, last or first

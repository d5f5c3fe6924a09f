"""ICD-10-CM codes and their titles, after the `simple-icd-10-cm` package (release of April 2026)."""

import warnings
from functools import cache
from types import ModuleType
from typing import cast

from healthsim.errors import nearest_names
from healthsim.reference.starter import read_table

_CATEGORY_LENGTH = 3


def icd10_title(code: str) -> str | None:
    """Give the official title of a code or category, None for what is not one."""
    return cast("str", _icd10().get_description(_dotted(code))) if is_icd10(code) else None


def is_icd10(code: str) -> bool:
    """Tell whether a text is an ICD-10-CM code or category, such as `E11.9` or `E11`, with its dot or without."""
    dotted = _dotted(code)
    # Chapters (`4`) and blocks (`E08-E13`) are in the same tree, and are not codes.
    return bool(dotted[:1].isalpha() and "-" not in dotted and _icd10().is_valid_item(dotted))


def sex_and_age_of(code: str) -> tuple[str | None, int]:
    """Give the only sex that a code is of, None for both, and the age before which it is nobody's, completed years."""
    category = _dotted(code)[:_CATEGORY_LENGTH]
    for row in read_table("sex_specific_codes.csv"):
        if row["first"] <= category <= row["last"]:
            return row["sex"], int(row["minimum_age"])
    return None, 0


def is_billable(code: str) -> bool:
    """Tell whether a text is a code that may stand on a claim: one that is not divided further."""
    return is_icd10(code) and bool(_icd10().is_leaf(_dotted(code)))


def billable_below(code: str) -> list[str]:
    """Give the billable codes a category is divided into.

    Returns:
        The code itself when it is billable; none for what is no code.
    """
    if not is_icd10(code):
        return []
    dotted = _dotted(code)
    if is_billable(dotted):
        return [dotted]
    return [below for below in cast("list[str]", _icd10().get_descendants(dotted)) if is_billable(below)]


def nearest_codes(code: str) -> tuple[str, ...]:
    """Give the codes that most resemble a text, best first: those of its category, else of its first two characters."""
    dotted = _dotted(code)
    for length in (_CATEGORY_LENGTH, 2, 1):
        near = [known for known in _all_codes() if known.startswith(dotted[:length])]
        if near and dotted:
            return nearest_names(dotted, near)
    return ()


def exclusion_notes(code: str) -> list[str]:
    """Give the Excludes1 notes of a code and of the categories and blocks it lies in; none for what is no code."""
    if not is_icd10(code):
        return []
    dotted = _dotted(code)
    levels = [dotted, *cast("list[str]", _icd10().get_ancestors(dotted))]
    notes = (note for level in levels for note in cast("list[str]", _icd10().get_excludes1(level)))
    return list(dict.fromkeys(notes))


def _dotted(code: str) -> str:
    bare = code.strip().upper().replace(".", "")
    return bare if len(bare) <= _CATEGORY_LENGTH else f"{bare[:_CATEGORY_LENGTH]}.{bare[_CATEGORY_LENGTH:]}"


@cache
def _all_codes() -> tuple[str, ...]:
    listed = cast("list[str]", _icd10().get_all_codes())
    return tuple(known for known in listed if known[:1].isalpha() and "-" not in known)


@cache
def _icd10() -> ModuleType:
    with warnings.catch_warnings():
        # The package reads its tables by a deprecated function of the standard library.
        warnings.simplefilter("ignore", DeprecationWarning)
        import simple_icd_10_cm  # noqa: PLC0415 - takes three seconds, which only those pay who ask for codes

    return cast("ModuleType", simple_icd_10_cm)

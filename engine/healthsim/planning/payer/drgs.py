"""Groups of inpatient stays (MS-DRG) of the diagnoses and procedures that a chart may hold."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from healthsim.planning.payer.billing_plan import Groups
from healthsim.planning.payer.fees import billing_rules, drg_rules
from healthsim.randomness import Ints

_CENTS = 100
_CATEGORY = 3
_TITLES = ("with a major complication or comorbidity", "with a complication or comorbidity", "without complications")


def planned_groups(reasons: Sequence[str], procedures: Sequence[str]) -> Groups:
    """Group stays by principal diagnosis, secondary ones, and procedures that decide.

    Args:
        reasons: ICD-10-CM codes.
        procedures: Codes of procedures.
    """
    rules = drg_rules()
    families = [*rules["families"], *rules["operations"]]
    drgs = sorted({number for family in families for number, _ in family["drgs"]})
    weights = {number: weight for family in families for number, weight in family["drgs"]}
    base = billing_rules()["base_rates"]["inpatient"]
    categories = sorted({code[:_CATEGORY] for code in reasons})
    operations = {each["code"]: each for each in rules["operations"]}
    return Groups(
        drgs=tuple(drgs),
        titles=_titles(families),
        rates=np.array([round(base * weights[number] * _CENTS) for number in drgs], np.int64),
        of_reason=np.array([_numbers(_family(code, rules["families"]), drgs) for code in reasons], np.int64),
        of_procedure=np.array(
            [_numbers(operations[code], drgs) if code in operations else [-1] * 3 for code in procedures], np.int64
        ).reshape(-1, 3),
        complication=np.array([_complication(code) for code in reasons], np.int64),
        category=np.array([categories.index(code[:_CATEGORY]) for code in reasons], np.int64),
    )


def _family(code: str, families: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Give the family with the longest prefix of a code; the last one has the empty prefix."""
    lengths = {
        max((len(prefix) for prefix in family["prefixes"] if code.startswith(prefix)), default=-1): family
        for family in reversed(families)
    }
    longest: dict[str, Any] = lengths[max(lengths)]
    return longest


def _numbers(family: dict[str, Any], drgs: Sequence[str]) -> list[int]:
    """Give the groups of a family without complications, with one, and with a major one."""
    return [drgs.index(number) for number, _ in reversed(family["drgs"])]


def _titles(families: Sequence[dict[str, Any]]) -> dict[str, str]:
    titles: dict[str, str] = {}
    for family in families:
        numbers = [number for number, _ in family["drgs"]]
        for number in dict.fromkeys(numbers):
            levels = [_TITLES[place] for place, each in enumerate(numbers) if each == number]
            whole = len(levels) == len(numbers)
            titles.setdefault(number, family["title"] if whole else f"{family['title']}, {' or '.join(levels)}")
    return titles


def _complication(code: str) -> int:
    levels = drg_rules()["complications"]
    for level, name in ((2, "major"), (1, "other")):
        if any(code.startswith(prefix) for prefix in levels[name]):
            return level
    return 0


def complications_of(groups: Groups, principal: Ints, secondary: Ints) -> Ints:
    """Give the level of complications of stays: 0 none, 1 one, 2 a major one, shape `(stays,)`.

    Args:
        groups: The groups.
        principal: Principal diagnoses, shape `(stays,)`.
        secondary: Secondary ones, -1 for none, shape `(stays, codes)`.
    """
    level = np.where(secondary >= 0, groups.complication[secondary], 0)
    level[groups.category[secondary] == groups.category[principal][:, np.newaxis]] = 0
    highest: Ints = level.max(axis=1, initial=0)
    return highest

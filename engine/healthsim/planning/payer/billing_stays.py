"""How stays in a hospital are grouped and paid."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from healthsim.planning.payer.billing_codes import CENTS
from healthsim.planning.payer.billing_content import billing_rules, drg_groups
from healthsim.planning.payer.billing_figures import Group
from healthsim.planning.payer.billing_plan import StayPlan
from healthsim.planning.significance import rounded
from healthsim.randomness import CategoryTable, Ints

EMERGENCY, URGENT, ELECTIVE, NEWBORN = range(1, 5)
"""UB-04 types of admission."""

_NO_CC, _CC, _MCC = range(3)
_TITLES = ("without complications", "with complications", "with major complications")


def planned_stays(
    diagnoses: Sequence[str], procedures: Sequence[str], place: Mapping[str, int]
) -> tuple[StayPlan, tuple[str, ...]]:
    """Plan how stays are grouped, and name the MS-DRGs.

    Args:
        diagnoses: ICD-10-CM codes that claims may name.
        procedures: Codes of procedures that a chart may have.
        place: Places of the codes of services.
    """
    groups, stays = drg_groups(), billing_rules().stays
    by_name = {group.group: number for number, group in enumerate(groups)}
    drgs = tuple(sorted({drg for group in groups for drg in _drgs(group)}))
    weights = [(group.without_weight, group.cc_weight, group.mcc_weight) for group in groups]
    statuses = tuple(dict.fromkeys(status for band in stays.discharge.values() for status in band))
    shares = [[stays.discharge[band].get(status, 0.0) for status in statuses] for band in ("under_65", "from_65")]
    plan = StayPlan(
        group=_groups(diagnoses, {code: place for place, group in enumerate(groups) for code in group.principal}),
        group_of_procedure=_groups(
            procedures, {c: place for place, group in enumerate(groups) for c in group.procedures}
        ),
        operation=np.array([_place_of(group.operation, by_name) for group in groups], np.int64),
        operated=rounded(np.array([group.operated for group in groups])),
        surgeon=np.array([_place_of(group.surgeon, place) for group in groups], np.int64),
        severity=np.array([_severity(code) for code in diagnoses], np.int64),
        drg=np.array([[drgs.index(drg) for drg in _drgs(group)] for group in groups], np.int64),
        rate=np.array([[round(weight * stays.base_rate * CENTS) for weight in row] for row in weights], np.int64),
        is_newborn=np.array([code.startswith(stays.newborn) for code in diagnoses], np.bool_),
        admission=np.array([_admission(code) for code in diagnoses], np.int64),
        is_elective=np.array([code.startswith(stays.elective.procedures) for code in procedures], np.bool_),
        discharge=CategoryTable.from_weights(rounded(np.array(shares))),
        statuses=np.array([int(status) for status in statuses], np.int64),
        home=int(stays.home),
        expired=int(stays.expired),
    )
    return plan, drgs


def drg_titles() -> Mapping[str, str]:
    """Give the titles of MS-DRGs, in own words."""
    titles: dict[str, str] = {}
    for group in drg_groups():
        numbers = _drgs(group)
        for number in dict.fromkeys(numbers):
            levels = [_TITLES[level] for level, each in enumerate(numbers) if each == number]
            is_all = len(levels) == len(numbers)
            titles.setdefault(number, group.title if is_all else f"{group.title}, {' or '.join(levels)}")
    return titles


def longest_prefix(code: str, prefixes: Iterable[str]) -> str | None:
    """Give the longest of some beginnings that a code has; None for none."""
    return max((prefix for prefix in prefixes if code.startswith(prefix)), key=len, default=None)


def _place_of(name: str | None, places: Mapping[str, int]) -> int:
    return -1 if name is None else places[name]


def _drgs(group: Group) -> tuple[str, str, str]:
    return group.without, group.cc, group.mcc


def _groups(codes: Sequence[str], by_prefix: dict[str, int]) -> Ints:
    found = [longest_prefix(code, by_prefix) for code in codes]
    return np.array([-1 if prefix is None else by_prefix[prefix] for prefix in found], np.int64)


def _severity(code: str) -> int:
    severity = billing_rules().severity
    levels = {
        **dict.fromkeys(severity.mcc, _MCC),
        **dict.fromkeys(severity.cc, _CC),
        **dict.fromkeys(severity.none, _NO_CC),
    }
    prefix = longest_prefix(code, levels)
    return _NO_CC if prefix is None else levels[prefix]


def _admission(code: str) -> int:
    stays = billing_rules().stays
    for prefixes, kind in ((stays.newborn, NEWBORN), (stays.urgent, URGENT), (stays.elective.reasons, ELECTIVE)):
        if code.startswith(prefixes):
            return kind
    return EMERGENCY

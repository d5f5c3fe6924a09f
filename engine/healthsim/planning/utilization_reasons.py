"""What people are seen for who are not seen for a chronic condition of their own."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np

from healthsim.planning.plan import Floats
from healthsim.planning.significance import rounded
from healthsim.planning.utilization_plan import CLASSES, PREVENTIVE, TYPES, Booleans, ReasonCodes, ReasonsPlan
from healthsim.planning.visits import ENCOUNTERS, EXAMINATIONS, OBSERVATION
from healthsim.randomness import CategoryTable
from healthsim.reference import CareKind, Reason
from healthsim.reference.exclusions import exclusions_among

_NEWBORN = {
    "Z00.110": "Health examination for newborn under 8 days old",
    "Z00.111": "Health examination for newborn 8 to 28 days old",
}
_PERCENT = 100.0
_PREVENTIVE_PREFIXES = ("Z00", "Z01", "Z12", "Z23")


def reason_codes(
    kinds: Sequence[CareKind], complications: Sequence[Reason], of_conditions: Sequence[str], *, knows_all: bool
) -> ReasonCodes:
    """Plan the codes of all that people are seen for, and of what is diagnosed beside it.

    Args:
        kinds: The kinds of care.
        complications: What happens to people in hospitals.
        of_conditions: Codes of the conditions people have; they come first.
        knows_all: Whether a skill knows all of these.
    """
    reasons = {reason.code: reason for kind in kinds for reason in kind.reasons}
    reasons |= {reason.code: reason for reason in complications if reason.code not in reasons}
    codes = tuple(dict.fromkeys((*of_conditions, *EXAMINATIONS, *_NEWBORN, OBSERVATION, *reasons)))
    titles = {code: reason.title for code, reason in reasons.items()}
    titles |= {**EXAMINATIONS, **_NEWBORN, OBSERVATION: ENCOUNTERS[OBSERVATION]}
    added = codes[len(of_conditions) :]
    return ReasonCodes(
        codes=codes,
        is_diagnosis=np.array([code in added and is_disease(code) for code in codes], np.bool_),
        is_preventive=np.array([code.startswith(_PREVENTIVE_PREFIXES) for code in codes], np.bool_),
        excluded=_excluded(codes, len(of_conditions), _known_pairs(reasons) if knows_all else _pairs(codes)),
        instead=codes.index(OBSERVATION),
        child=codes.index("Z00.129"),
        newborn=(codes.index("Z00.110"), codes.index("Z00.111")),
        texts={
            "class_code": tuple(dict.fromkeys(CLASSES)),
            "type": tuple(dict.fromkeys((TYPES[0], PREVENTIVE, *TYPES))),
            "reason_code": codes,
        },
        titles={code: title for code, title in titles.items() if code in added},
    )


def is_disease(code: str) -> bool:
    """Tell whether a code stands for a disease, a sign, an injury or a delivery, and not for another reason of care."""
    return not code.startswith("Z")


def planned_reasons(reasons: Sequence[Reason], codes: Sequence[str]) -> ReasonsPlan:
    """Tabulate the reasons of a kind of care by age and sex."""
    weights = np.stack([reason.weights.ravel() for reason in reasons], axis=1)
    return ReasonsPlan(
        codes=np.array([codes.index(reason.code) for reason in reasons], np.int64),
        table=_table(weights),
    )


def planned_complications(complications: Sequence[Reason], codes: Sequence[str]) -> ReasonsPlan:
    """Tabulate what is diagnosed during stays by age and sex, nothing last."""
    shares = np.stack([reason.weights.ravel() for reason in complications], axis=1) / _PERCENT
    none = 1.0 - shares.sum(axis=1, keepdims=True)
    return ReasonsPlan(
        codes=np.array([codes.index(reason.code) for reason in complications], np.int64),
        table=CategoryTable.from_weights(rounded(np.concatenate([shares, none], axis=1))),
    )


def _excluded(codes: Sequence[str], of_conditions: int, pairs: Iterable[tuple[str, str]]) -> Booleans:
    """Tell which reasons must not be coded beside each code of the conditions, which come first."""
    excluded = np.zeros((of_conditions, len(codes)), np.bool_)
    place = {code: index for index, code in enumerate(codes)}
    for one, other in pairs:
        for condition, reason in ((one, other), (other, one)):
            if place.get(condition, of_conditions) < of_conditions <= place.get(reason, -1):
                excluded[place[condition], place[reason]] = True
    return excluded


def _known_pairs(reasons: Mapping[str, Reason]) -> Iterable[tuple[str, str]]:
    """Give the pairs that exclude each other where all codes of conditions are skills': those of the table."""
    return [(reason.excluded_by, code) for code, reason in reasons.items() if reason.excluded_by]


@cache
def _pairs(codes: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    """Give all pairs that exclude each other."""
    return [(pair.code, pair.other) for pair in exclusions_among(code for code in codes if is_disease(code))]


def _table(weights: Floats) -> CategoryTable:
    """Tabulate reasons; at ages that have none, such as those of births after the first year, all are as likely."""
    is_empty = weights.sum(axis=1, keepdims=True) == 0
    return CategoryTable.from_weights(rounded(np.where(is_empty, 1.0, weights)))

"""How encounters of each class and type are billed."""

from collections.abc import Mapping, Sequence

import numpy as np

from healthsim.planning.payer.billing_codes import CodeBook
from healthsim.planning.payer.billing_content import billing_rules
from healthsim.planning.payer.billing_plan import (
    EMERGENCY,
    HOME,
    INPATIENT,
    MOST_MINUTES,
    OFFICE,
    PREVENTIVE,
    TELEHEALTH,
    VisitCodes,
)
from healthsim.planning.payer.billing_rules import AgeRung, MinutesLadder, MinutesRung
from healthsim.planning.payer.services import SERVICES
from healthsim.planning.significance import rounded
from healthsim.randomness import CategoryTable, Ints

_BY_CLASS = {"AMB": OFFICE, "VR": TELEHEALTH, "HH": HOME, "EMER": EMERGENCY, "IMP": INPATIENT}
_PREVENTIVE_TYPE = "Preventive visit"
_AGES = 111


def planned_visit_codes(
    dictionaries: Mapping[str, Mapping[str, tuple[str, ...]]], book: CodeBook, modifiers: Sequence[str]
) -> VisitCodes:
    """Plan how encounters are billed.

    Args:
        dictionaries: Texts of the clinical tables.
        book: All codes.
        modifiers: All modifiers.
    """
    rules = billing_rules()
    texts = dictionaries.get("encounters", {})
    classes, types = texts.get("class_code", ()), texts.get("type", ())
    kinds, places = rules.visit_types, rules.places
    levels, days = rules.emergency.levels, rules.inpatient
    shares = (days.first, days.later, days.last)
    most = max(len(each) for each in shares)
    return VisitCodes(
        setting=np.array([[_setting(code, name) for name in types] for code in classes], np.int64),
        special=np.array([book.place[kinds.codes[name]] if name in kinds.codes else -1 for name in types], np.int64),
        is_visit=np.array([name not in kinds.none for name in types], np.bool_),
        least=book.place[kinds.least],
        service=np.array([_service(name) for name in types], np.int64),
        by_minutes=np.stack([_ladder(each, book) for each in (rules.office, rules.office, rules.home)]),
        by_age=np.array([_by_age(rules.preventive.new, book), _by_age(rules.preventive.known, book)], np.int64),
        new_share=rules.new_patients.share,
        emergency=CategoryTable.from_weights(rounded(np.array(list(levels.values())))),
        emergency_codes=np.array([book.place[code] for code in levels], np.int64),
        hospital=CategoryTable.from_weights(rounded(np.array([_filled(list(each.values()), most) for each in shares]))),
        hospital_codes=np.array([_filled([book.place[code] for code in each], most) for each in shares], np.int64),
        newborn=(book.place[days.newborn_first], book.place[days.newborn_later]),
        places=np.array(
            [
                places.office,
                places.telehealth,
                places.home,
                places.office,
                places.emergency,
                places.inpatient,
                places.laboratory,
            ],
            np.int64,
        ),
        telehealth=modifiers.index("95"),
        separate=modifiers.index("25"),
    )


def _setting(class_code: str, name: str) -> int:
    setting = _BY_CLASS.get(class_code, OFFICE)
    return PREVENTIVE if setting == OFFICE and name == _PREVENTIVE_TYPE else setting


def _service(name: str) -> int:
    kinds = billing_rules().visit_types
    if name in kinds.therapy:
        return SERVICES.index("therapy")
    return SERVICES.index("specialist") if name in kinds.specialist else -1


def _ladder(ladder: MinutesLadder, book: CodeBook) -> Ints:
    return np.array([_by_minutes(ladder.new, book), _by_minutes(ladder.known, book)], np.int64)


def _by_minutes(rungs: Sequence[MinutesRung], book: CodeBook) -> list[int]:
    return [
        book.place[next(rung.code for rung in reversed(rungs) if rung.from_minutes <= minutes)]
        for minutes in range(MOST_MINUTES + 1)
    ]


def _by_age(rungs: Sequence[AgeRung], book: CodeBook) -> list[int]:
    return [book.place[next(rung.code for rung in reversed(rungs) if rung.from_age <= age)] for age in range(_AGES)]


def _filled(values: list[float] | list[int], length: int) -> list[float]:
    return [*values, *[0] * (length - len(values))]

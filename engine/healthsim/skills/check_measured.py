"""Whether what a condition measures can be: LOINC codes with their check digits, and analytes that are made."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from healthsim.errors import Problem, did_you_mean, nearest_names, rendered
from healthsim.reference import analytes
from healthsim.skills.files import at


def measurement_problems(skill: str, condition: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """Give everything that is wrong with what a well-formed condition measures and governs.

    Args:
        skill: Name of the skill.
        condition: Its part of the document.
        path: Where it stands.
    """
    monitoring = condition.get("monitoring", {})
    for kind in ("labs", "vitals"):
        for key, measured in monitoring.get(kind, {}).items():
            where = at(skill, f"{path}.monitoring.{kind}.{key}.loinc")
            number, _, check = measured["loinc"].partition("-")
            if check != str(loinc_check_digit(number)):
                hint = f"the check digit of {number} is {loinc_check_digit(number)}"
                yield Problem(where, "not a LOINC code", rendered(measured["loinc"]), hint)
            elif key in analytes() and analytes()[key].loinc != measured["loinc"]:
                hint = f"write {analytes()[key].loinc}, or choose another key"
                yield Problem(where, f"is not the code of {key}", rendered(measured["loinc"]), hint)
            elif key not in analytes():
                yield _unknown(skill, f"{path}.monitoring.{kind}.{key}", key, analytes())
    for index, aspect in enumerate(condition.get("physiology", ())):
        yield from _aspect_problems(skill, condition, aspect, f"{path}.physiology[{index}]")


def _aspect_problems(
    skill: str, condition: Mapping[str, Any], aspect: Mapping[str, Any], path: str
) -> Iterator[Problem]:
    keys = {
        "none": (),
        "stage": [item["id"] for item in condition.get("stages", {}).get("items", ())],
        "code": [entry["code"] for entry in condition["codes"]["mix"]],
    }[aspect["keyed_by"]]
    for side in ("absent", "present"):
        for index, state in enumerate(aspect[side]):
            where = f"{path}.{side}[{index}]"
            for part in ("bounds", "shifts"):
                for key in state.get(part, {}).keys() - analytes().keys():
                    yield _unknown(skill, f"{where}.{part}.{key}", key, analytes())
            for key in state.get("of", ()):
                if key not in keys:
                    hint = did_you_mean(nearest_names(key, keys)) or f"it is keyed by {aspect['keyed_by']}"
                    yield Problem(at(skill, f"{where}.of"), "names none of what it is keyed by", rendered(key), hint)


def _unknown(skill: str, path: str, key: str, known: Iterable[str]) -> Problem:
    names = sorted(known)
    hint = did_you_mean(nearest_names(key, names)) or f"measured are {', '.join(names)}"
    return Problem(at(skill, path), "this version measures no such analyte", rendered(key), hint)


def loinc_check_digit(number: str) -> int:
    """Give the check digit of a LOINC number, by the Luhn formula (LOINC Users' Guide, appendix C).

    Args:
        number: The digits before the hyphen.
    """
    digits = [int(digit) for digit in reversed(number)]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[::2])
    return -(doubled + sum(digits[1::2])) % 10

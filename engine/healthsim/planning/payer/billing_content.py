"""The files of `benefits` on how care is billed, checked as they are read."""

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from healthsim.content import content_directory
from healthsim.errors import InvalidInputError, Problem, rendered
from healthsim.planning.payer.billing_figures import Fee, Group, Locality
from healthsim.planning.payer.billing_rules import Billing

Content = TypeVar("Content", bound=BaseModel)


@cache
def billing_rules() -> Billing:
    """Read `benefits/billing.json`.

    Raises:
        InvalidInputError: It is not as it must be, or names a code without a fee; all problems at once.
    """
    path = "benefits/billing.json"
    text = (content_directory("benefits") / "billing.json").read_text(encoding="utf-8")
    try:
        rules = Billing.model_validate_json(text)
    except ValidationError as error:
        raise InvalidInputError(_problems(path, error)) from error
    unknown = tuple(
        Problem(f"{path}: {where}", "has no fee in benefits/fees.csv", rendered(code))
        for where, code in _codes(rules.model_dump(), "$")
        if code not in fees()
    )
    if unknown:
        raise InvalidInputError(unknown)
    return rules


@cache
def fees() -> Mapping[str, Fee]:
    """Read `benefits/fees.csv`, by code."""
    return {fee.code: fee for fee in _rows("fees.csv", Fee)}


@cache
def drg_groups() -> tuple[Group, ...]:
    """Read `benefits/drgs.csv`."""
    return _rows("drgs.csv", Group)


@cache
def localities() -> Mapping[str, float]:
    """Read `benefits/localities.csv`: factors by state."""
    return {locality.state: locality.factor for locality in _rows("localities.csv", Locality)}


_LISTS = ("principal", "procedures")


def _rows(name: str, model: type[Content]) -> tuple[Content, ...]:
    with (content_directory("benefits") / name).open(encoding="utf-8", newline="") as file:
        rows = [(line, _cells(row)) for line, row in enumerate(csv.DictReader(file), 2)]
    found: list[Content] = []
    problems: list[Problem] = []
    for line, row in rows:
        try:
            found.append(model.model_validate(row))
        except ValidationError as error:
            problems += _problems(f"benefits/{name}, line {line}", error)
    if problems:
        raise InvalidInputError(tuple(problems))
    return tuple(found)


def _cells(row: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: tuple(part for part in cell.split(";") if part) if name in _LISTS else cell
        for name, cell in row.items()
        if cell or name in _LISTS
    }


def _problems(path: str, error: ValidationError) -> tuple[Problem, ...]:
    return tuple(
        Problem(f"{path}: {'.'.join(map(str, each['loc']))}", each["msg"], rendered(each["input"]))
        for each in error.errors()
    )


def _codes(part: Any, path: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - whatever JSON holds
    """Give the codes of services that rules name, with where."""
    if isinstance(part, dict):
        for name, each in part.items():
            where = f"{path}.{name}"
            if name in _NAMED_CODES and isinstance(each, str):
                yield where, each
            elif name in _CODES_BY_NAME:
                yield from ((f"{where}.{key}", code) for key, code in each.items())
            elif name in _SHARES_BY_CODE:
                yield from ((where, code) for code in each)
            else:
                yield from _codes(each, where)
    elif isinstance(part, tuple):
        for index, each in enumerate(part):
            yield from _codes(each, f"{path}[{index}]")


_NAMED_CODES = {"code", "least", "drawing", "first", "further", "newborn_first", "newborn_later"}
_CODES_BY_NAME = {"codes", "surgeons", "deliveries", "apart"}
_SHARES_BY_CODE = {"levels", "first", "later", "last"}

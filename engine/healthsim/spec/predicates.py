"""A small language of conditions: comparisons, and `all`, `any`, `not` of conditions. Nothing is evaluated as code."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, assert_never

import numpy as np
from numpy.typing import NDArray
from pydantic import Discriminator, Field, StrictBool, StrictFloat, StrictInt, StrictStr, Tag

from healthsim.spec.model import Part

Booleans = NDArray[np.bool_]
Operator = Literal["eq", "ne", "gt", "gte", "lt", "lte", "in", "not_in", "contains"]
Scalar = StrictBool | StrictInt | StrictFloat | StrictStr


class Comparison(Part):
    """An attribute compared with a value."""

    attribute: str = Field(description="Name of the attribute.")
    operator: Operator = Field(description="How to compare; `contains` asks whether a set has the value as a member.")
    value: Scalar | tuple[Scalar, ...] = Field(description="What to compare with; a list for `in` and `not_in`.")


class AllOf(Part):
    """Holds when every condition in it holds."""

    all: tuple["Predicate", ...] = Field(min_length=1, description="Conditions that must all hold.")


class AnyOf(Part):
    """Holds when one of the conditions in it holds."""

    any: tuple["Predicate", ...] = Field(min_length=1, description="Conditions of which one must hold.")


class Not(Part):
    """Holds when the condition in it does not."""

    condition: "Predicate" = Field(alias="not", description="Condition that must not hold.")


def _kind(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, Mapping):
        return next((key for key in ("all", "any", "not") if key in value), "comparison")
    kinds: dict[type, str] = {AllOf: "all", AnyOf: "any", Not: "not"}
    return kinds.get(type(value), "comparison")


Predicate = Annotated[
    Annotated[Comparison, Tag("comparison")]
    | Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")],
    Discriminator(_kind),
]

for _part in (AllOf, AnyOf, Not):
    _part.model_rebuild()


def comparisons_of(predicate: Predicate) -> tuple[Comparison, ...]:
    """Give every comparison in a condition."""
    match predicate:
        case Comparison():
            return (predicate,)
        case AllOf():
            return tuple(found for part in predicate.all for found in comparisons_of(part))
        case AnyOf():
            return tuple(found for part in predicate.any for found in comparisons_of(part))
        case Not():
            return comparisons_of(predicate.condition)
        case _:
            assert_never(predicate)


def attributes_of(predicate: Predicate) -> frozenset[str]:
    """Name the attributes a condition compares."""
    return frozenset(comparison.attribute for comparison in comparisons_of(predicate))


def evaluate(predicate: Predicate, columns: Mapping[str, Any]) -> Booleans:
    """Tell for each row whether a condition holds, shape `(rows,)`.

    Args:
        predicate: The condition.
        columns: Attributes by name: arrays of shape `(rows,)` or, for `contains`, mappings from member to an array
            that tells which rows have it.

    Raises:
        KeyError: It compares an attribute that is not among the columns.
    """
    match predicate:
        case Comparison():
            return _compared(predicate, columns[predicate.attribute])
        case AllOf():
            every: Booleans = np.logical_and.reduce([evaluate(part, columns) for part in predicate.all])
            return every
        case AnyOf():
            some: Booleans = np.logical_or.reduce([evaluate(part, columns) for part in predicate.any])
            return some
        case Not():
            return ~evaluate(predicate.condition, columns)
        case _:
            assert_never(predicate)


def _compared(comparison: Comparison, column: Any) -> Booleans:  # noqa: ANN401 - an array, or a mapping of them
    value = comparison.value
    result: Booleans
    match comparison.operator:
        case "eq":
            result = column == value
        case "ne":
            result = column != value
        case "gt":
            result = column > value
        case "gte":
            result = column >= value
        case "lt":
            result = column < value
        case "lte":
            result = column <= value
        case "in":
            result = np.isin(column, value)
        case "not_in":
            result = ~np.isin(column, value)
        case "contains":
            members = next(iter(column.values()))
            result = column.get(value, np.zeros_like(members, dtype=np.bool_))
        case _:
            assert_never(comparison.operator)
    return result
